"""The operations of a document, and what references in it point at."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from rsspot.api_diff.structure import METHODS
from rsspot.api_diff.values import is_array, is_object

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rsspot.api_diff.values import Json

__all__ = ["DATA", "TEMPLATE", "OperationNode", "lookup", "operations", "pointer", "resolve"]

TEMPLATE = re.compile(r"\{([^{}]*)\}")
"""A parameter in a path, or a variable in the URL of a server."""
DATA = frozenset({"const", "default", "enum", "example", "value"})
"""Keys whose value is data: what looks like a reference there is none."""


@dataclass(frozen=True)
class OperationNode:
    """One operation and the path item around it."""

    path: str
    method: str
    node: Json
    item: Json

    @property
    def title(self) -> str:
        """How messages name it."""
        return f"{self.method.upper()} {self.path}"

    @property
    def pointer(self) -> str:
        """Its place in the document."""
        return f"#/paths/{pointer(self.path)}/{self.method}"

    def parameters(self, root: Json) -> Iterator[Json]:
        """Its parameters, then those of its path that it does not replace."""
        seen: set[tuple[Any, Any]] = set()
        for node in (*self.node.get("parameters", ()), *self.item.get("parameters", ())):
            parameter = resolve(root, node)
            key = parameter.get("name"), parameter.get("in")
            if key not in seen:
                seen.add(key)
                yield parameter


def operations(root: Json) -> Iterator[OperationNode]:
    """All operations under `paths`, in the order of the document."""
    for path, item in root["paths"].items():
        if not path.startswith("/"):
            continue  # an extension
        shared = resolve(root, item) if is_object(item) else {}
        for method in METHODS:
            if is_object(shared.get(method)):
                yield OperationNode(path, method, shared[method], shared)


def pointer(key: str) -> str:
    """A key as one part of a JSON pointer (RFC 6901)."""
    return key.replace("~", "~0").replace("/", "~1")


def resolve(root: Json, node: Json) -> Json:
    """The node, or what it refers to; a cycle of references alone gives an empty node."""
    seen: set[str] = set()
    while isinstance(reference := node.get("$ref"), str):
        if reference in seen:
            return {}
        seen.add(reference)
        node = lookup(root, reference) or {}
    return node


def lookup(root: Json, reference: str) -> Json | None:
    """The object that a reference inside the document points at; None where there is none."""
    node: Any = root
    for part in unquote(reference.removeprefix("#")).split("/")[1:]:
        key = part.replace("~1", "/").replace("~0", "~")
        if is_object(node) and key in node:
            node = node[key]
        elif is_array(node) and key.isdecimal() and int(key) < len(node):
            node = node[int(key)]
        else:
            return None
    return node if is_object(node) else None
