"""openapi/generated.lock: what the generated package was made from, and what it consists of."""

from __future__ import annotations

import json
import os
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pins
import source
import tree
from problem import Problem
from values import is_object

if TYPE_CHECKING:
    from project import Project

__all__ = ["Lock", "inputs", "read", "record", "write"]


@dataclass(frozen=True)
class Lock:
    """The hashes of the inputs and of each file made of them, and the versions of the tools."""

    version: str
    inputs: dict[str, str]
    tools: dict[str, str]
    sha256: str
    files: dict[str, str]


def inputs(project: Project) -> dict[str, str]:
    """The hashes of the files that a generation depends on."""
    paths = (project.document, project.overlay, project.settings)
    return {project.short(path): source.read(path).sha256 for path in paths}


def record(project: Project, version: str) -> Lock:
    """The lock of the project as it is now; `version` is that of the document."""
    files = tree.hashes(project.package)
    return Lock(
        version=version,
        inputs=inputs(project),
        tools={tool: pins.check(project, tool) for tool in pins.TOOLS},
        sha256=tree.total(files),
        files=files,
    )


def write(project: Project, lock: Lock) -> None:
    """Replace the lock file in one step."""
    content = json.dumps(asdict(lock), indent=2) + "\n"
    handle, name = tempfile.mkstemp(prefix=".lock-", dir=project.lock.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(content)
        Path(name).chmod(0o644)
        Path(name).replace(project.lock)
    finally:
        Path(name).unlink(missing_ok=True)


def read(project: Project) -> Lock:
    """What was recorded. Raises `Problem` where that cannot be used."""
    if not project.lock.exists():
        raise Problem(f"{project.short(project.lock)}: no such file; run `make generate`")
    content = source.read(project.lock).content
    try:
        lock = json.loads(content)
        if all(is_object(lock[key]) for key in ("inputs", "tools", "files")):
            return Lock(**lock)
    except (ValueError, TypeError, KeyError):
        pass
    raise Problem(
        f"{project.short(project.lock)}: is not what `make generate` writes; run it again"
    )
