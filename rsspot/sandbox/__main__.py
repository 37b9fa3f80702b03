"""Serve a local Rackspace Spot until it is interrupted.

It prints its URL and a refresh token. Faults are written like
`status,status=429,retry_after=2,path=spotnodepools,times=3`; their kinds are latency, status,
status_after, drop_before, drop_after, truncate, html, expired_token and drip.
"""

from __future__ import annotations

import argparse
import json
import signal
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rsspot.sandbox import SpotSandbox
    from rsspot.sandbox.faults.plan import Fault

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None, prog: str = "python -m rsspot.sandbox") -> int:
    """Serve, and say how to reach it. Returns the exit code."""
    options = _parser(prog).parse_args(arguments)
    try:
        sandbox = _sandbox(options)
    except (ImportError, ValueError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    try:
        sandbox.start()
    except OSError as error:
        print(
            f"Cannot listen on {options.host}:{options.port} ({error.strerror}); "
            "choose another --port, or 0 for a free one",
            file=sys.stderr,
        )
        return 2
    # Also where a shell that put it into the background had it ignore one of them.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _interrupt)
    try:
        _introduce(sandbox)
        while True:
            time.sleep(3600)
    except KeyboardInterrupt:
        return 0
    finally:
        sandbox.stop()
        if options.save:
            sandbox.save(options.save)


def _parser(prog: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=prog, description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--port", type=int, default=8711, help="8711; 0 takes a free one")
    add("--host", default="127.0.0.1", help="where to listen (127.0.0.1: this machine only)")
    add(
        "--allow-host",
        action="append",
        default=[],
        metavar="NAME",
        help="serve requests for this host too, such as the name of a container; may be given "
        "repeatedly (names of loopback only)",
    )
    add("--seed", type=int, default=1, help="1; market, names and tokens follow from it")
    add(
        "--speed",
        type=_speed,
        default=60.0,
        metavar="N",
        help="60; its seconds in a real one, 0 for a clock that only control requests move",
    )
    add(
        "--start",
        type=_time,
        metavar="TIME",
        help="what its clock shows first, such as 2026-01-01T00:00:00Z (now)",
    )
    add("--token-lifetime", type=int, default=86400, metavar="SECONDS", help="86400")
    add("--rotate-refresh-tokens", action="store_true", help="each one can be used once")
    add("--fault", action="append", default=[], metavar="FAULT", help="may be given repeatedly")
    add(
        "--faults",
        type=Path,
        metavar="FILE",
        help="a plan: a JSON list, as GET /_sandbox/faults answers it",
    )
    add("--snapshot", type=Path, metavar="FILE", help="go on where one that was saved stopped")
    add("--save", type=Path, metavar="FILE", help="save all that it knows when it ends")
    return parser  # fmt: skip


def _sandbox(options: argparse.Namespace) -> SpotSandbox:
    from rsspot.sandbox import SpotSandbox

    sandbox = SpotSandbox(
        options.seed,
        speed=options.speed,
        start=options.start,
        snapshot=options.snapshot,
        port=options.port,
        host=options.host,
        allow_hosts=options.allow_host,
        token_lifetime=options.token_lifetime,
        rotate_refresh_tokens=options.rotate_refresh_tokens,
    )
    sandbox.faults.extend(_faults(options))
    return sandbox


def _faults(options: argparse.Namespace) -> list[Fault]:
    from rsspot.sandbox.faults.plan import Fault

    found: list[Fault] = []
    for text in options.fault:
        try:
            found.append(Fault.parse(text))
        except ValueError as error:
            raise ValueError(f"--fault {text}: {error}") from None
    if options.faults:
        try:
            found += [Fault(**item) for item in json.loads(options.faults.read_text("utf-8"))]
        except (ValueError, TypeError) as error:
            raise ValueError(f"--faults {options.faults}: {error}") from None
    return found


def _introduce(sandbox: SpotSandbox) -> None:
    from rsspot.sandbox.api.hosts import is_loopback

    reach = "only this machine reaches it"
    if not is_loopback(sandbox.host):
        reach = "OTHER MACHINES CAN REACH IT, and its token is printed here"
    print(f"A local Spot listens at {sandbox.url} ({reach}).")
    print(f"export RSSPOT_BASE_URL={sandbox.url} RSSPOT_OAUTH_URL={sandbox.url}")
    print(f"export RSSPOT_PUBLIC_DATA_URL={sandbox.url}")
    print(f"export RSSPOT_REFRESH_TOKEN={sandbox.refresh_token}")
    others = list(sandbox.refresh_tokens.items())[1:]
    for name, token in others:
        print(f"The organization {name} has the refresh token {token}.")
    speed = sandbox.clock.speed
    pace = "Its clock stands still" if speed is None else f"One real second is {speed:g} of its own"
    print(f"{pace}. Control: {sandbox.url}/_sandbox/status. Ctrl-C ends it.", flush=True)


def _interrupt(*_: Any) -> NoReturn:
    raise KeyboardInterrupt


def _speed(text: str) -> float | None:
    speed = float(text)
    if not 0 <= speed <= 1e6:  # noqa: PLR2004 - faster than that, a day is gone between requests
        raise argparse.ArgumentTypeError(f"{text} is not from 0 to 1000000")
    return speed or None


def _time(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no time as in ISO 8601") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


if __name__ == "__main__":
    sys.exit(main())
