"""OpenAPI documents as plain data: read leniently, checked before anything trusts them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rsspot.api_diff import checks, deadline, nodes, reading, source
from rsspot.api_diff.nodes import OperationNode, pointer, resolve
from rsspot.api_diff.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from rsspot.api_diff.values import Json

__all__ = ["Document", "OperationNode", "check", "load", "pointer", "resolve"]


@dataclass(frozen=True)
class Document:
    """A checked OpenAPI 3 document; `content` is what was read."""

    name: str
    sha256: str
    root: Json
    content: bytes = b""

    @property
    def version(self) -> str:
        """`info.version`."""
        return str(self.root.get("info", {}).get("version", ""))

    @property
    def title(self) -> str:
        """`info.title`."""
        return str(self.root.get("info", {}).get("title", "an HTTP API"))

    def operations(self) -> Iterator[OperationNode]:
        """All operations under `paths`, in the order of the document."""
        return nodes.operations(self.root)


def load(location: str | Path) -> Document:
    """Read and check the document at a file or a URL.

    JSON may have raw control characters in its strings, as the published document has.
    Raises `Problem` when it is anything but an OpenAPI 3 document whose references resolve, and
    when all of that takes longer than `deadline.SECONDS`.
    """
    return deadline.within(lambda: _load(location), str(location))


def _load(location: str | Path) -> Document:
    read = source.read(location)
    root = reading.plain(read)
    check(root, read.name)
    return Document(read.name, read.sha256, root, read.content)


def check(root: Json, name: str) -> None:
    """Raise `Problem` for the first thing that makes a document unusable."""
    for fault in checks.faults(root):
        raise Problem(f"{name}: {fault}")
