"""`python -m rsspot.sandbox`: serve a local Spot until it is interrupted."""

from __future__ import annotations

import argparse
import contextlib
import ipaddress
import sys
import time
from typing import TYPE_CHECKING

from rsspot.sandbox.faults import Fault
from rsspot.sandbox.server import SpotSandbox

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None, prog: str = "python -m rsspot.sandbox") -> int:
    """Serve, and say how to reach it."""
    parser = argparse.ArgumentParser(prog=prog, description=__doc__)
    parser.add_argument("--port", type=int, default=8711, help="0 takes a free one")
    parser.add_argument("--host", default="127.0.0.1", help="where to listen (loopback)")
    parser.add_argument("--seed", type=int, default=1, help="the market follows from it")
    parser.add_argument("--speed", type=float, default=60.0, help="its seconds in a real one")
    parser.add_argument("--token-lifetime", type=int, default=86400, help="seconds")
    parser.add_argument("--rotate-refresh-tokens", action="store_true")
    parser.add_argument("--fault", action="append", default=[], help="such as drop_after,times=1")
    options = parser.parse_args(arguments)
    sandbox = SpotSandbox(
        options.seed,
        speed=options.speed,
        port=options.port,
        host=options.host,
        token_lifetime=options.token_lifetime,
        rotate_refresh_tokens=options.rotate_refresh_tokens,
    )
    try:
        sandbox.faults.faults += [Fault.parse(text) for text in options.fault]
        sandbox.start()
    except ValueError as error:
        print(f"--fault: {error}", file=sys.stderr)
        return 2
    except OSError as error:
        print(
            f"Cannot listen on {options.host}:{options.port} ({error.strerror}); "
            "choose another --port, or 0 for a free one",
            file=sys.stderr,
        )
        return 2
    with contextlib.ExitStack() as stack:
        stack.callback(sandbox.stop)
        reach = "only this machine reaches it"
        if not _is_loopback(options.host):
            reach = "OTHER MACHINES CAN REACH IT, and its token is printed here"
        print(f"A local Spot listens at {sandbox.url} ({reach}).")
        print(f"export RSSPOT_BASE_URL={sandbox.url} RSSPOT_OAUTH_URL={sandbox.url}")
        print(f"export RSSPOT_PUBLIC_DATA_URL={sandbox.url}")
        print(f"export RSSPOT_REFRESH_TOKEN={sandbox.refresh_token}")
        print(f"One real second is {options.speed:g} of its own. Ctrl-C ends it.", flush=True)
        try:
            while True:
                time.sleep(3600)
        except KeyboardInterrupt:
            return 0


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


if __name__ == "__main__":
    sys.exit(main())
