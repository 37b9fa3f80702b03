"""Turn the description of the API into the typed package, all of it or nothing.

python scripts/regenerate.py                            openapi/spot.yaml → generated/rsspot_api
python scripts/regenerate.py --spec FILE|URL --out DIR  another document, corrected by the overlay
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from regeneration import lockfile, making, overlay, tree
from regeneration.project import OURS
from rsspot.api_diff import document
from rsspot.api_diff.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from regeneration.making import Made
    from regeneration.project import Project

__all__ = ["main", "regenerate"]


def regenerate(
    spec: str | Path,
    out: Path,
    *,
    corrections: Path | None = None,
    drop_stale: bool = False,
    project: Project = OURS,
) -> Made:
    """Generate the package of the document at `spec` into the folder `out`.

    `corrections` is an overlay; it is applied to any document unless it names those that it is
    for (`x-applies-when`). Raises `Problem`, and leaves `out` as it was, when anything on the way
    is not right.
    """
    published = document.load(spec)
    source = making.Source(published, overlay.load(corrections) if corrections else None)
    corrected = source.corrected(drop_stale=drop_stale)
    ours = out.resolve() == project.package.resolve()
    with tree.replacement(out, lambda folder: foreign(folder, ours=ours)) as folder:
        return making.write(corrected, folder, project)


def foreign(folder: Path, *, ours: bool) -> str:
    """What in a folder is not generated; empty where all is.

    In our own package a file that was generated may have been changed since: it is committed, and
    drift says to generate it again.
    """
    path = folder / lockfile.NAME
    if not path.is_file():
        return f"has no {lockfile.NAME}, so it is not a generated package"
    try:
        lock = lockfile.read(path, str(path))
    except Problem:
        return f"{lockfile.NAME} in it is damaged"
    known = {*lock.files, lockfile.NAME} if ours else set[str]()
    wrong = [name for name in lockfile.faults(lock, folder) if name not in known]
    return f"{wrong[0]} in it is not as it was generated" if wrong else ""


def main(arguments: Sequence[str] | None = None, project: Project = OURS) -> int:
    """The command line."""
    given = _parser().parse_args(arguments)
    if given.spec and not given.out:
        raise Problem(f"{given.spec}: where to? Give the folder for its package as --out (OUT=…)")
    out: Path = given.out or project.package
    ours = out.resolve() == project.package.resolve()
    if ours and (given.spec or given.overlay):
        raise Problem(
            f"{project.short(project.package)}: is the package of our own description; "
            "give another folder for another document (OUT=…)"
        )
    done = regenerate(
        given.spec or project.document,
        out,
        corrections=given.overlay or project.overlay,
        drop_stale=given.drop_stale,
        project=project,
    )
    if ours:
        lockfile.write(project.lock, done.lock)
    for note in done.notes:
        print(note, file=sys.stderr)
    for loss in done.accepted:
        print(f"accepted: {loss}")
    print(
        f"{project.short(out)}: {len(done.lock.files)} files, {done.operations} operations, "
        f"sha256 {done.lock.sha256}"
    )
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--spec", help="an OpenAPI 3 document: a file or a URL")
    parser.add_argument("--out", type=Path, help="the folder that becomes the package")
    parser.add_argument("--overlay", type=Path, help="other corrections than openapi/overlay.yaml")
    parser.add_argument(
        "--drop-stale", action="store_true", help="go on without actions that change nothing"
    )
    return parser
