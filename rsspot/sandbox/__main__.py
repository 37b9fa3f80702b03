"""Serve a local Rackspace Spot until interrupted.

It prints its URL and its refresh tokens. `-- COMMAND` runs a command against it instead and ends
with the exit status of the command; `--env` starts it in the background for a shell.

A fault is written as a kind and options, such as
`status,status=429,retry_after=2,path=spotnodepools,times=3`. The kinds are latency, status,
status_after, drop_before, drop_after, truncate, html, expired_token and drip.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import time
import webbrowser
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rsspot.sandbox import SpotSandbox
    from rsspot.sandbox.faults.plan import Fault

__all__ = ["main"]

PAUSE = 0.1
"""Seconds between two checks for a signal."""


def main(arguments: Sequence[str] | None = None, prog: str = "python -m rsspot.sandbox") -> int:
    """Serve until a signal, and print how to reach the sandbox. Return the exit code."""
    words = [*(sys.argv[1:] if arguments is None else arguments)]
    at = words.index("--") if "--" in words else len(words)
    options, command = _parser(prog).parse_args(words[:at]), words[at + 1 :]
    if options.port is None:
        options.port = 0 if command or options.env else 8711
    if options.env:
        from rsspot.sandbox.background import start_in_background

        return start_in_background([word for word in words[:at] if word != "--env"])
    try:
        sandbox = _sandbox(options)
    except (ImportError, ValueError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    try:
        sandbox.start()
    except OSError as error:
        print(
            f"Cannot listen on {options.host}:{options.port}: {error.strerror}. "
            "Choose another --port, or 0 for a free one.",
            file=sys.stderr,
        )
        return 2
    if not command:
        return _serve(sandbox, options)
    from rsspot.sandbox.background import run_against

    try:
        return run_against(sandbox, command)
    finally:
        sandbox.stop()


def _serve(sandbox: SpotSandbox, options: argparse.Namespace) -> int:
    # A flag, and no exception: Python drops one that is raised while it runs a weak reference's
    # callback, as imports have, and the signal would be lost. A shell may have set SIGINT to be
    # ignored, for a command in the background.
    received: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda number, _frame: received.append(number))
    try:
        _print_settings(sandbox)
        if options.open and not webbrowser.open(sandbox.url):
            print(f"There is no browser here. Open {sandbox.url} in one.", file=sys.stderr)
        while not received and _is_alive(options.until_exit):
            time.sleep(PAUSE)
    finally:
        sandbox.stop()
        if options.save:
            sandbox.save(options.save)
    return 0


def _parser(prog: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=prog,
        usage="%(prog)s [options] [-- COMMAND …]",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add(
        "--port",
        type=int,
        help="port to listen on; 0 is a free one (default: 8711, with COMMAND or --env a free one)",
    )
    add(
        "--env",
        action="store_true",
        help='start in the background, and print settings for a shell: eval "$(rsspot sandbox '
        '--env)"; it ends with the session of the terminal',
    )
    add("--until-exit", type=int, metavar="PID", help=argparse.SUPPRESS)
    add(
        "--host",
        default="127.0.0.1",
        help="address to listen on (default: 127.0.0.1, this machine only)",
    )
    add(
        "--allow-host",
        action="append",
        default=[],
        metavar="NAME",
        help="also serve this host name, such as that of a container; can be repeated "
        "(default: loopback names only)",
    )
    add("--seed", type=int, default=1, help="seed of market, names and tokens (default: 1)")
    add(
        "--speed",
        type=_speed,
        default=60.0,
        metavar="N",
        help="simulated seconds per real second; with 0 the clock is stopped until a control "
        "request advances it (default: 60)",
    )
    add(
        "--start",
        type=_time,
        metavar="TIME",
        help="time at which its clock starts, such as 2026-01-01T00:00:00Z (default: now)",
    )
    add(
        "--token-lifetime",
        type=int,
        default=86400,
        metavar="SECONDS",
        help="simulated seconds until an access token expires (default: 86400)",
    )
    add(
        "--strict",
        action="store_true",
        help="require everything that the published document marks as required",
    )
    add(
        "--rotate-refresh-tokens",
        action="store_true",
        help="allow each refresh token to be used only once",
    )
    add(
        "--fault",
        action="append",
        default=[],
        metavar="FAULT",
        help="plan a fault; can be repeated",
    )
    add(
        "--faults",
        type=Path,
        metavar="FILE",
        help="plan the faults of a JSON list, in the format of GET /_sandbox/faults",
    )
    add(
        "--snapshot",
        type=Path,
        metavar="FILE",
        help="restore the state from a file written by --save",
    )
    add("--open", action="store_true", help="open its page in a browser")
    add(
        "--save",
        type=Path,
        metavar="FILE",
        help="save the state to this file when the sandbox stops",
    )
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
        strict=options.strict,
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


def _print_settings(sandbox: SpotSandbox) -> None:
    from rsspot.sandbox.app import is_loopback

    reach = "only this machine can reach it"
    if not is_loopback(sandbox.host):
        reach = "OTHER MACHINES CAN REACH IT, and its refresh token is printed here"
    print(f"The sandbox listens on {sandbox.url} ({reach}).")
    print(f"export RSSPOT_BASE_URL={sandbox.url} RSSPOT_OAUTH_URL={sandbox.url}")
    print(f"export RSSPOT_PUBLIC_DATA_URL={sandbox.url}")
    print(f"export RSSPOT_REFRESH_TOKEN={sandbox.refresh_token}")
    others = list(sandbox.refresh_tokens.items())[1:]
    for name, token in others:
        print(f"Refresh token of the organization {name}: {token}")
    speed = sandbox.clock.speed
    pace = "is stopped" if speed is None else f"runs {speed:g} times as fast as real time"
    print(f"Its clock {pace}. Its page: {sandbox.url}/, its status: {sandbox.url}/_sandbox/status.")
    print("Press Ctrl-C to stop.", flush=True)


def _is_alive(pid: int | None) -> bool:
    """Return whether a process runs; True for none."""
    if pid is None:
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _speed(text: str) -> float | None:
    speed = float(text)
    if not 0 <= speed <= 1e6:  # noqa: PLR2004 - faster, a day passes between two requests
        raise argparse.ArgumentTypeError(f"must be from 0 to 1000000, not {text}")
    return speed or None


def _time(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"must be a time in ISO 8601, such as 2026-01-01T00:00:00Z, not {text!r}"
        ) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


if __name__ == "__main__":
    sys.exit(main())
