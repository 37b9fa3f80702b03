"""Write the files of a package from a document, and verify them."""

from __future__ import annotations

import copy
import dataclasses
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from regeneration import (
    builders,
    command,
    generator,
    lockfile,
    operations,
    package,
    pins,
    places,
    rewriting,
    table,
    tree,
)
from regeneration.verification import contents, judging, losses, verify
from rsspot.api_diff import document, source

if TYPE_CHECKING:
    from collections.abc import Sequence

    from regeneration.lockfile import Lock
    from regeneration.overlay import Applied, Overlay
    from regeneration.project import Project
    from regeneration.verification.losses import Loss
    from rsspot.api_diff.document import Document

__all__ = ["Corrected", "Made", "Source", "inputs", "write"]


@dataclass(frozen=True)
class Made:
    """The result of a run: what was written, and what to report."""

    lock: Lock
    operations: int
    accepted: Sequence[Loss]
    notes: Sequence[str]


@dataclass(frozen=True)
class Source:
    """A document as published, and the overlay that may correct it."""

    published: Document
    overlay: Overlay | None

    def corrected(self, *, drop_stale: bool = False) -> Corrected:
        """Apply the overlay if it is meant for this document."""
        published, overlay = self.published, self.overlay
        if overlay is None or not overlay.is_for(published.root):
            return Corrected(published, published, overlay)
        root = copy.deepcopy(published.root)
        applied = overlay.apply(root, drop_stale=drop_stale)
        document.check(root, f"{published.name} (corrected by {overlay.name})")
        dropped = [each.action for each in applied if not each.changed]
        return Corrected(
            published,
            dataclasses.replace(published, root=root),
            overlay,
            tuple(applied),
            tuple(f"left out: {action.title}, changes nothing" for action in dropped),
        )


@dataclass(frozen=True)
class Corrected:
    """A document as published, and as the generator gets it."""

    published: Document
    document: Document
    overlay: Overlay | None
    """The overlay that was read, even if it is meant for another document."""
    applied: tuple[Applied, ...] = ()
    notes: tuple[str, ...] = ()


def write(corrected: Corrected, folder: Path, project: Project) -> Made:
    """Write the package of a document into a new folder, and verify it there."""
    described = corrected.document
    tools = lockfile.tools(project)
    table.check_names(described)
    generator.generate(rewriting.rewritten(described), folder, project.settings)
    _complete(corrected, folder, tools[pins.GENERATOR])
    generator.format_tree(folder)
    accepted = judged(corrected, folder, project)
    lock = lockfile.make(described.version, inputs(corrected, project), tools, tree.hashes(folder))
    (folder / lockfile.NAME).write_text(lockfile.render(lock), "utf-8", newline="\n")
    count = sum(1 for _ in described.operations())
    return Made(lock, count, accepted, corrected.notes)


def judged(corrected: Corrected, folder: Path, project: Project) -> list[Loss]:
    """Return the accepted losses of a package. Raises `Problem` for any other."""
    published = corrected.published
    classes = table.model_names(rewriting.rewritten(corrected.document), folder)
    accepted = losses.accepted_in(project.settings)
    if corrected.overlay and corrected.overlay.is_for(published.root):
        accepted += corrected.overlay.losses
    return judging.judge(
        published.name,
        published.title,
        verify.losses(folder, published, classes),
        accepted=accepted,
        applied=corrected.applied,
    )


def inputs(corrected: Corrected, project: Project) -> dict[str, str]:
    """Return the hashes of what a package depends on."""
    return {
        "document": corrected.published.sha256,
        "overlay": corrected.overlay.sha256 if corrected.overlay else "",
        "generator": source.read(project.settings).sha256,
    }


def _complete(corrected: Corrected, folder: Path, generator_version: str) -> None:
    """Add the files that the generator does not write as they are needed."""
    described = corrected.document
    where = places.places_of(described)
    published = {(each.method, each.path): each for each in corrected.published.operations()}
    rows = table.rows(described, folder, where)
    for row, operation in zip(rows, described.operations(), strict=True):
        module = folder / "api" / row.tag / f"{row.id}.py"
        builders.complete(module)
        # The overlay may remove media types; the server knows them all the same.
        known = published.get((operation.method, operation.path), operation)
        if wanted := contents.asked_for(corrected.published.root, known):
            builders.ask_for(module, wanted)
        if base := where.url_of(described.root, operation):
            builders.serve(module, base)
    files = {
        "py.typed": "",
        "operations.py": operations.render(rows, where, table.schemes(described)),
        "models/__init__.py": package.models_init(folder),
        "__main__.py": Path(command.__file__).read_text("utf-8"),
        "__init__.py": package.init(
            title=described.title,
            version=described.version,
            sha256=corrected.published.sha256,
            generator=generator_version,
        ),
    }
    for name, content in files.items():
        (folder / name).write_text(content, "utf-8", newline="\n")
    suffix = "json" if corrected.published.content.lstrip()[:1] in {b"{", b"["} else "yaml"
    (folder / f"openapi.{suffix}").write_bytes(corrected.published.content)
