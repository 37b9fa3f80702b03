"""Prove that generated/ is what openapi/generated.lock says, works, and is what we would write.

python scripts/drift.py
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import document
import lockfile
import pins
import problem
import regenerate
import tree
import verify
from problem import Problem
from project import OURS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from lockfile import Lock
    from project import Project

__all__ = ["findings", "main"]

MEND = "run `make generate` and commit what it wrote"
SHOWN = 20


def findings(project: Project = OURS) -> list[str]:
    """What has drifted, a line for each file, the cheap proofs first; empty when nothing has."""
    lock = lockfile.read(project)
    found = [
        *_tools(project, lock),
        *_inputs(project, lock),
        *_files(project, lock.files, tree.hashes(project.package), "the lock"),
        *_neighbours(project),
    ]
    if found:
        return found
    described = document.load(project.document)
    try:
        verify.verify(project.package, described)
    except Problem as broken:
        return [str(broken)]
    with tempfile.TemporaryDirectory() as folder:
        fresh = Path(folder) / project.package.name
        regenerate.write(described, fresh, project)
        return list(
            _files(project, tree.hashes(fresh), lock.files, "what the scripts now generate")
        )


def _tools(project: Project, lock: Lock) -> Iterator[str]:
    for tool in pins.TOOLS:
        try:
            version = pins.check(project, tool)
        except Problem as mismatch:
            yield str(mismatch)
            continue
        if lock.tools.get(tool) != version:
            yield (
                f"{project.short(project.lock)}: made with {tool} {lock.tools.get(tool)}, "
                f"but {version} is pinned; {MEND}"
            )


def _inputs(project: Project, lock: Lock) -> Iterator[str]:
    now = lockfile.inputs(project)
    for name in sorted(now.keys() | lock.inputs.keys()):
        if now.get(name) != lock.inputs.get(name):
            yield f"{name}: changed since the package was generated; {MEND}"


def _files(
    project: Project, wanted: Mapping[str, str], found: Mapping[str, str], what: str
) -> Iterator[str]:
    for name in sorted(wanted.keys() | found.keys()):
        path = project.short(project.package / name)
        if name not in found:
            yield f"{path}: missing, {what} has it; {MEND}"
        elif name not in wanted:
            yield f"{path}: extra, {what} does not have it; remove it, or {MEND}"
        elif wanted[name] != found[name]:
            yield f"{path}: differs from {what}; edit openapi/ instead, and {MEND}"


def _neighbours(project: Project) -> Iterator[str]:
    """What else is in generated/: a second package there would be imported, and built."""
    ours = project.package.name
    for path in sorted(project.package.parent.glob("*")):
        if path.name not in {ours, "__pycache__"}:
            yield f"{project.short(path)}: extra, only {ours} belongs there; remove it"


def main(arguments: Sequence[str] | None = None, project: Project = OURS) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.parse_args(arguments)
    found = findings(project)
    for line in found[:SHOWN]:
        print(line, file=sys.stderr)
    if len(found) > SHOWN:
        print(f"and {len(found) - SHOWN} more", file=sys.stderr)
    if found:
        return 1
    lock = lockfile.read(project)
    print(
        f"{project.short(project.package)}: {len(lock.files)} files, sha256 {lock.sha256}: no drift"
    )
    return 0


if __name__ == "__main__":
    sys.exit(problem.run(main))
