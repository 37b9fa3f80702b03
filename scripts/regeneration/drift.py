"""Check that a generated package matches its lock, works, and is what we would generate now.

python scripts/drift.py              generated/rsspot_api, against openapi/generated.lock
python scripts/drift.py --out DIR    a package of another document, against the lock inside it
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from regeneration import lockfile, making, overlay, pins, tree
from regeneration.project import OURS
from rsspot.api_diff import document, source
from rsspot.api_diff.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from regeneration.lockfile import Lock
    from regeneration.project import Project

__all__ = ["findings", "main"]

FIX = "run `make generate` and commit what it wrote"
SHOWN = 20


@dataclass(frozen=True)
class _Package:
    """A package and its sources: our own, or one in another folder."""

    project: Project
    folder: Path
    lock: Path
    document: Path
    overlay: Path

    def short(self, path: Path) -> str:
        return self.project.short(path)


def findings(
    project: Project = OURS, out: Path | None = None, corrections: Path | None = None
) -> list[str]:
    """Return what has drifted, a line for each file, or an empty list. Quick checks come first.

    `out` is the folder of another package than our own; `corrections` the overlay it was made with,
    where that is another than ours.
    """
    package = _package(project, out, corrections or project.overlay)
    lock = lockfile.read(package.lock, package.short(package.lock))
    found = [
        *_links(package),
        *_tools(package, lock),
        *_inputs(package, lock),
        *_locks(package, lock),
        *_files(package, lock.files, _hashes(package), "the lock"),
        *(_neighbours(project) if out is None else ()),
    ]
    return found or _regenerated(package, lock)


def _package(project: Project, out: Path | None, overlay_path: Path) -> _Package:
    if out is None:
        return _Package(project, project.package, project.lock, project.document, overlay_path)
    found = sorted(out.glob("openapi.*"))
    if not found:
        raise Problem(f"{out}: has no document in it; give a folder that `make generate` wrote")
    return _Package(project, out, out / lockfile.NAME, found[0], overlay_path)


def _regenerated(package: _Package, lock: Lock) -> list[str]:
    """Return what is wrong although the lock matches the files."""
    project = package.project
    corrected = making.Source(
        document.load(package.document), overlay.load(package.overlay)
    ).corrected(drop_stale=True)
    try:
        making.judged(corrected, package.folder, project)
    except Problem as broken:
        return str(broken).splitlines()
    with tempfile.TemporaryDirectory() as scratch:
        fresh = Path(scratch) / package.folder.name
        made = making.write(corrected, fresh, project).lock
    what = "what the scripts now generate"
    found = list(_files(package, made.files, lock.files, what))
    if not found and made != lock:
        found.append(f"{package.short(package.lock)}: differs from {what}; {FIX}")
    return found


def _links(package: _Package) -> Iterator[str]:
    for path in (package.folder, package.folder.parent, package.lock):
        if path.is_symlink():
            yield f"{package.short(path)}: is a symbolic link; put what it points to in its place"


def _tools(package: _Package, lock: Lock) -> Iterator[str]:
    for tool in pins.TOOLS:
        try:
            version = pins.check(package.project, tool)
        except Problem as mismatch:
            yield str(mismatch)
            continue
        if lock.tools.get(tool) != version:
            yield (
                f"{package.short(package.lock)}: made with {tool} {lock.tools.get(tool)}, "
                f"but {version} is pinned; {FIX}"
            )


def _inputs(package: _Package, lock: Lock) -> Iterator[str]:
    paths = {
        "document": package.document,
        "overlay": package.overlay,
        "generator": package.project.settings,
    }
    for name, path in paths.items():
        recorded = lock.inputs.get(name)
        if recorded != source.read(path).sha256 and not (name == "overlay" and recorded == ""):
            yield f"{package.short(path)}: changed since the package was generated; {FIX}"


def _locks(package: _Package, lock: Lock) -> Iterator[str]:
    """Compare the lock with its own hash, and with its copy inside the package."""
    name = package.short(package.lock)
    if lockfile.make(lock.version, lock.inputs, lock.tools, lock.files) != lock:
        yield f"{name}: its sha256 is not that of its content; {FIX}"
    inside = package.folder / lockfile.NAME
    if not inside.is_file() or inside.read_bytes() != lockfile.render(lock).encode():
        yield f"{package.short(inside)}: is not the lock as it was written; {FIX}"


def _hashes(package: _Package) -> dict[str, str]:
    found = tree.hashes(package.folder)
    if found.get(lockfile.NAME) != tree.LINK:
        found.pop(lockfile.NAME, None)
    return found


def _files(
    package: _Package, wanted: Mapping[str, str], found: Mapping[str, str], what: str
) -> Iterator[str]:
    for name in sorted(wanted.keys() | found.keys()):
        path = package.short(package.folder / name)
        if name not in found:
            yield f"{path}: missing, {what} has it; {FIX}"
        elif name not in wanted:
            yield f"{path}: extra, {what} does not have it; remove it"
        elif found[name] == tree.LINK:
            yield f"{path}: is a symbolic link; remove it, and {FIX}"
        elif wanted[name] != found[name]:
            yield f"{path}: differs from {what}; edit openapi/ instead, and {FIX}"


def _neighbours(project: Project) -> Iterator[str]:
    """Yield other files in generated/; a second package there would be built too."""
    ours = project.package.name
    for path in sorted(project.package.parent.glob("*")):
        if path.name not in {ours, "__pycache__"}:
            yield f"{project.short(path)}: extra, only {ours} belongs there; remove it"


def main(arguments: Sequence[str] | None = None, project: Project = OURS) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path, help="the folder of another package")
    parser.add_argument("--overlay", type=Path, help="the corrections that it was made with")
    given = parser.parse_args(arguments)
    found = findings(project, given.out, given.overlay)
    for line in found[:SHOWN]:
        print(line, file=sys.stderr)
    if len(found) > SHOWN:
        print(f"and {len(found) - SHOWN} more", file=sys.stderr)
    if found:
        return 1
    folder = given.out or project.package
    lock = lockfile.read(folder / lockfile.NAME, str(folder))
    print(f"{project.short(folder)}: {len(lock.files)} files, sha256 {lock.sha256}: no drift")
    return 0
