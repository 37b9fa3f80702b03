"""Turn the description of the API into the typed package, all of it or nothing.

python scripts/regenerate.py                            openapi/spot.yaml → generated/rsspot_api
python scripts/regenerate.py --spec FILE|URL --out DIR  another document, corrected by the overlay
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import document
import generator
import lockfile
import overlay
import package
import pins
import problem
import table
import tree
import verify
from problem import Problem
from project import OURS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from document import Document
    from overlay import Action
    from project import Project

__all__ = ["Generated", "main", "regenerate", "write"]

MARK = "operations.py"


@dataclass(frozen=True)
class Generated:
    """What a run wrote."""

    document: Document
    files: dict[str, str]
    operations: int
    dropped: Sequence[Action]


def regenerate(
    spec: str | Path,
    out: Path,
    *,
    corrections: Path | None = None,
    drop_stale: bool = False,
    project: Project = OURS,
) -> Generated:
    """Generate the package of the document at `spec` into the folder `out`.

    Raises `Problem`, and leaves `out` as it was, when anything on the way is not right.
    """
    described = document.load(spec)
    dropped: list[Action] = []
    if corrections:
        dropped = overlay.load(corrections).apply(described.root, drop_stale=drop_stale)
        document.check(described.root, f"{described.name} (corrected by {corrections})")
    with tree.replacement(out, mark=MARK) as folder:
        write(described, folder, project)
        operations = verify.verify(folder, described)
    return Generated(described, tree.hashes(out), operations, dropped)


def write(described: Document, folder: Path, project: Project = OURS) -> None:
    """Write the package of a document into a new folder."""
    versions = {tool: pins.check(project, tool) for tool in pins.TOOLS}
    generator.generate(described, folder, project.settings)
    rows = table.rows(described, folder)
    contents = {
        "py.typed": "",
        MARK: table.render(rows),
        "models/__init__.py": package.models_init(folder),
        "__init__.py": package.init(
            title=described.title,
            version=described.version,
            sha256=described.sha256,
            generator=versions[pins.GENERATOR],
        ),
    }
    for name, content in contents.items():
        (folder / name).write_text(content, "utf-8", newline="\n")
    generator.format_tree(folder)


def main(arguments: Sequence[str] | None = None, project: Project = OURS) -> int:
    """The command line."""
    given = _parser().parse_args(arguments)
    if given.spec and not given.out:
        raise Problem(f"{given.spec}: where to? Give the folder for its package as --out (OUT=…)")
    ours = not (given.spec or given.out or given.overlay)
    out: Path = given.out or project.package
    done = regenerate(
        given.spec or project.document,
        out,
        corrections=given.overlay or (project.overlay if given.spec else None),
        drop_stale=given.drop_stale,
        project=project,
    )
    if ours:
        lockfile.write(project, lockfile.record(project, done.document.version))
    for action in done.dropped:
        print(f"left out: {action.title}, changes nothing", file=sys.stderr)
    print(
        f"{project.short(out)}: {len(done.files)} files, {done.operations} operations, "
        f"sha256 {tree.total(done.files)}"
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


if __name__ == "__main__":
    sys.exit(problem.run(main))
