"""Check that the installed package is the one that is expected, and as it was generated.

    python -m PACKAGE check --version VERSION --sha256 HASH

Exit status: 0 as expected, 1 something else is installed, 2 a wrong command. Only the standard
library is needed.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import sys
from pathlib import Path
from typing import Any

__all__ = ["check", "main"]

LOCK = "generated.lock"


def check(version: str | None = None, sha256: str | None = None) -> list[str]:
    """What is not as expected, a line for each; empty where all is.

    `version` is that of the API's description, `sha256` the hash in `GENERATION_SHA256`; either
    may be left out. The files of the package are compared with its lock in any case.
    """
    folder = Path(__file__).resolve().parent
    name = folder.name
    try:
        lock = json.loads((folder / LOCK).read_text("utf-8"))
        parts = {key: lock[key] for key in ("version", "inputs", "tools", "files")}
        recorded = dict(lock["files"])
    except (OSError, ValueError, KeyError, TypeError):
        return [f"{name}: {LOCK} is missing or damaged; install the package again"]
    found: list[str] = []
    if version is not None and version != lock["version"]:
        found.append(f"{name}: version {lock['version']} is installed, {version} is expected")
    if sha256 is not None and sha256.lower() != lock["sha256"]:
        found.append(f"{name}: sha256 {lock['sha256']} is installed, {sha256} is expected")
        found += [f"{name}: made of {key} {value}" for key, value in sorted(lock["inputs"].items())]
        found += [
            f"{name}: made with {key} {value}" for key, value in sorted(lock["tools"].items())
        ]
    text = json.dumps(parts, sort_keys=True, separators=(",", ":"))
    if hashlib.sha256(text.encode()).hexdigest() != lock["sha256"]:
        found.append(f"{name}: {LOCK} was changed; install the package again")
    files = _files(folder)
    for path in sorted(files.keys() | recorded.keys()):
        if path not in files:
            found.append(f"{name}: {path} is missing; install the package again")
        elif path not in recorded:
            found.append(f"{name}: {path} does not belong to it; install the package again")
        elif files[path] != recorded[path]:
            found.append(f"{name}: {path} was changed; install the package again")
    return found


def _files(folder: Path) -> dict[str, str]:
    found: dict[str, str] = {}
    for place, folders, files in os.walk(folder):
        here = Path(place)
        links = [each for each in folders if (here / each).is_symlink()]
        for each in (*files, *links):
            path = here / each
            if (here.name == "__pycache__" and path.suffix == ".pyc") or path == folder / LOCK:
                continue
            regular = path.is_file() and not path.is_symlink()
            content = path.read_bytes() if regular else b""
            found[path.relative_to(folder).as_posix()] = (
                hashlib.sha256(content).hexdigest() if regular else "a symbolic link"
            )
    return found


def _hash(text: str) -> str:
    if not re.fullmatch("[0-9a-fA-F]{64}", text):
        raise argparse.ArgumentTypeError("give all 64 digits")
    return text


def main(arguments: list[str] | None = None) -> int:
    """The command line."""
    folder = Path(__file__).resolve().parent
    parser = argparse.ArgumentParser(prog=f"python -m {folder.name}", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    checking = commands.add_parser("check", help="compare what is installed with what is expected")
    checking.add_argument("--version", help="the version of the description")
    checking.add_argument("--sha256", type=_hash, help="the hash of the generation")
    given = parser.parse_args(arguments)
    found = check(given.version, given.sha256)
    for line in found:
        print(line, file=sys.stderr)
    if found:
        return 1
    lock: dict[str, Any] = json.loads((folder / LOCK).read_text("utf-8"))
    print(f"{folder.name} {lock['version']}, sha256 {lock['sha256']}: as expected")
    return 0


if __name__ == "__main__":
    sys.exit(main())
