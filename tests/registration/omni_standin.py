#!/usr/bin/env python3
"""Stands in for omnictl and talosctl: one Omni, in the file that OMNI_STANDIN names.

It does what the example needs, and remembers every call. With `.down` beside the file, it fails.
"""

from __future__ import annotations

import fcntl
import json
import os
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Generator

FILE = Path(os.environ["OMNI_STANDIN"])


@contextmanager
def omni() -> Generator[dict[str, Any]]:
    """What Omni knows, changed in one step that is on disk before anybody hears of it."""
    with Path(f"{FILE}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        known: dict[str, Any] = {"tokens": {}, "machines": {}, "calls": []}
        if FILE.exists():
            known = json.loads(FILE.read_text())
        yield known
        new = FILE.with_suffix(".new")
        new.write_text(json.dumps(known))
        new.replace(FILE)


def main(program: str, words: list[str]) -> int:
    if Path(f"{FILE}.down").exists():
        sys.stderr.write("rpc error: code = Unavailable desc = connection refused\n")
        return 1
    with omni() as known:
        known["calls"].append([program, *words])
        if words[:2] == ["jointoken", "list"]:
            sys.stdout.write("ID   NAME   STATE   EXPIRATION   USE COUNT   DEFAULT\n")
            for token, name in known["tokens"].items():
                expires = "2099-01-01 00:00:00 +0000 UTC"
                sys.stdout.write(f"{token}   {name}   ACTIVE   {expires}   0   \n")
        elif words[:2] == ["jointoken", "create"]:
            token = f"w7uVuW3zbVKIYQuzEcyetAHeYMeo5q{len(known['tokens'])}="
            known["tokens"][token] = words[2]
            sys.stdout.write(f"{token}\n")
        elif words[0] == "apply-config":
            token = sys.stdin.read().partition("jointoken=")[2].strip()
            if token not in known["tokens"]:
                sys.stderr.write(f"no such token: {token}\n")
                return 1
            address = words[words.index("--nodes") + 1]
            known["machines"].setdefault(address, []).append(known["tokens"][token])
        elif words[:2] == ["get", "machinestatus"]:
            for address in known["machines"]:
                spec = {"network": {"addresses": [f"{address}/24", "fdae::1/64"]}}
                sys.stdout.write(json.dumps({"metadata": {}, "spec": spec}, indent=2) + "\n")
        else:
            sys.stderr.write(f"unknown: {program} {words}\n")
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[0]).name, sys.argv[1:]))
