"""The lock of a generated package: what it was made from, with which tools, and what it is.

It stands inside each package as `generated.lock`; that of our own stands in `openapi/`, too.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from regeneration import pins, tree
from rsspot.api_diff import source
from rsspot.api_diff.problem import Problem
from rsspot.shapes import is_object

if TYPE_CHECKING:
    from collections.abc import Mapping

    from regeneration.project import Project

__all__ = ["NAME", "Lock", "faults", "make", "read", "render", "tools", "write"]

NAME = "generated.lock"
"""The lock inside a package; it is the one file there that it does not hash."""


@dataclass(frozen=True)
class Lock:
    """What a package was made from, and what it consists of.

    `inputs` has the hashes of document, overlay and generator configuration; the overlay's is empty
    where none was applied. `sha256` is one hash over all of the rest.
    """

    version: str
    inputs: dict[str, str]
    tools: dict[str, str]
    files: dict[str, str]
    sha256: str


def make(
    version: str, inputs: Mapping[str, str], tools: Mapping[str, str], files: Mapping[str, str]
) -> Lock:
    """Return a lock with its hash over everything else."""
    parts: dict[str, Any] = {
        "version": version,
        "inputs": dict(sorted(inputs.items())),
        "tools": dict(sorted(tools.items())),
        "files": dict(sorted(files.items())),
    }
    # The program inside the package (`command.py`) computes the same.
    whole = json.dumps(parts, sort_keys=True, separators=(",", ":"))
    return Lock(**parts, sha256=hashlib.sha256(whole.encode()).hexdigest())


def tools(project: Project) -> dict[str, str]:
    """Return the versions of the pinned tools, which have to be installed."""
    return {tool: pins.check(project, tool) for tool in pins.TOOLS}


def render(lock: Lock) -> str:
    """Return the text of the file."""
    return json.dumps(asdict(lock), indent=2) + "\n"


def write(path: Path, lock: Lock) -> None:
    """Replace the lock file in one step."""
    handle, name = tempfile.mkstemp(prefix=".lock-", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(render(lock))
        Path(name).chmod(0o644)
        Path(name).replace(path)
    finally:
        Path(name).unlink(missing_ok=True)


def read(path: Path, name: str) -> Lock:
    """Return the lock at `path`, called `name` in messages. Raises `Problem` if it is unusable."""
    if not path.exists():
        raise Problem(f"{name}: no such file; run `make generate`")
    content = source.read(path).content
    try:
        lock = json.loads(content)
        texts = all(isinstance(lock[key], str) for key in ("version", "sha256"))
        if texts and all(_is_record(lock[key]) for key in ("inputs", "tools", "files")):
            return Lock(**lock)
    except (ValueError, TypeError, KeyError):
        pass
    raise Problem(f"{name}: is not what `make generate` writes; run it again")


def _is_record(value: object) -> bool:
    return is_object(value) and all(isinstance(each, str) for each in value.values())


def faults(lock: Lock, folder: Path) -> list[str]:
    """The files below `folder` that are not as the lock has them, and whether its hash is wrong."""
    found = tree.hashes(folder)
    found.pop(NAME, None)
    wrong = [
        name
        for name in sorted(found.keys() | lock.files.keys())
        if found.get(name) != lock.files.get(name)
    ]
    if make(lock.version, lock.inputs, lock.tools, lock.files) != lock:
        wrong.insert(0, NAME)
    return wrong
