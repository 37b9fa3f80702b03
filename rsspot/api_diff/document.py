"""OpenAPI documents as plain data: read leniently, and checked before they are used."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rsspot.api_diff import nodes, source, structure
from rsspot.api_diff.forms import WORDS
from rsspot.api_diff.nodes import (
    DATA,
    TEMPLATE,
    OperationNode,
    lookup,
    operations,
    pointer,
    resolve,
)
from rsspot.api_diff.problem import Problem, one_line
from rsspot.shapes import is_array, is_object

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from rsspot.shapes import Json

__all__ = [
    "Document",
    "OperationNode",
    "check",
    "faults",
    "load",
    "pointer",
    "resolve",
]

KNOWN_VERSION = re.compile(r"3\.[01](\.|$)")
PLACES = frozenset({"path", "query", "header", "cookie"})


def faults(root: Json) -> Iterator[str]:
    """Yield each fault with its place and the fix, in the order of discovery."""
    yield from _version(root)
    for where, fault in structure.faults(root):
        advice = "" if ";" in fault else "; correct it there"
        yield f"{one_line(where, 200)} {one_line(fault)}{advice}"
    for where, reference in _references(root):
        if not reference.startswith("#"):
            yield (
                f"$ref at {one_line(where, 200)} leaves the document ({one_line(reference, 100)}); "
                "bundle the documents into one first"
            )
        if lookup(root, reference) is None:
            yield (
                f"$ref at {one_line(where, 200)} points at {one_line(reference, 100)}, which does "
                "not exist; add what it names, or correct it"
            )
        if _is_dangling(root, reference):
            yield (
                f"$ref at {one_line(where, 200)} leads to nothing but references "
                f"({one_line(reference, 100)}); describe what it stands for"
            )
    yield from _path_references(root)
    found = list(operations(root))
    for where, fault in nodes.server_faults(root, found):
        yield f"{one_line(where, 200)} {one_line(fault)}"
    for operation in found:
        for fault in (
            *_parameters(root, operation),
            *_path(root, operation),
            *_security(root, operation),
        ):
            yield f"{one_line(operation.title, 200)} {one_line(fault)}"


def _version(root: Json) -> Iterator[str]:
    if "swagger" in root:
        yield f"is Swagger {one_line(str(root['swagger']), 20)}; convert it to OpenAPI 3 first"
    version = root.get("openapi")
    if version is None:
        yield "has no `openapi` key; give an OpenAPI 3 document"
    if not KNOWN_VERSION.match(str(version)):
        yield f"OpenAPI {one_line(str(version), 20)} is not known; give OpenAPI 3.0 or 3.1"
    if not is_object(root.get("paths")):
        yield "`paths` is missing or not an object; is this the whole document?"


def _references(root: Json) -> Iterator[tuple[str, str]]:
    """Yield every reference with a pointer to its place."""
    waiting: list[tuple[str, Any]] = [("#", root)]
    while waiting:
        where, node = waiting.pop()
        if is_object(node):
            if isinstance(reference := node.get("$ref"), str):
                yield where, reference
            waiting += [
                (f"{where}/{pointer(key)}", child) for key, child in node.items() if key not in DATA
            ]
        elif is_array(node):
            waiting += [(f"{where}/{index}", child) for index, child in enumerate(node)]


def _is_dangling(root: Json, reference: str) -> bool:
    """Whether references follow on references in a circle."""
    seen: set[str] = set()
    while reference not in seen:
        seen.add(reference)
        target = lookup(root, reference) if reference.startswith("#") else None
        following = target.get("$ref") if is_object(target) and len(target) == 1 else None
        if not isinstance(following, str):
            return False
        reference = following
    return True


def _path_references(root: Json) -> Iterator[str]:
    for path, item in root["paths"].items():
        if path.startswith("/") and "$ref" in item and (beside := {*item} - WORDS - {"$ref"}):
            yield (
                f"#/paths/{one_line(pointer(path), 200)} has `{min(beside)}` beside its $ref, "
                "for which OpenAPI defines no meaning; move it into what the $ref points at"
            )


def _parameters(root: Json, operation: OperationNode) -> Iterator[str]:
    for parameter in operation.parameters(root):
        name, place = str(parameter.get("name", "")), str(parameter.get("in", ""))
        if not name or place not in PLACES:
            yield f"has a parameter `{name}` in `{place}`; name it, and say where it is"
        if "schema" in parameter and "content" in parameter:
            yield f"has a {place} parameter `{name}` with both `schema` and `content`; keep one"
        if len(parameter.get("content", "1")) != 1:
            yield f"has a {place} parameter `{name}` without one media type; name one"


def _path(root: Json, operation: OperationNode) -> Iterator[str]:
    named = TEMPLATE.findall(operation.path)
    if set("{}") & set(TEMPLATE.sub("", operation.path)) or not all(named):
        yield "has a path whose braces do not match; write each parameter as `{name}`"
    parameters = operation.parameters(root)
    known = [str(each.get("name")) for each in parameters if each.get("in") == "path"]
    for name in named:
        if name not in known:
            yield f"has no path parameter `{name}`; add it, or remove it from the path"
    for name in known:
        if name not in named:
            yield f"has the path parameter `{name}`, but not in its path; add it there"
    if len(set(named)) != len(named):
        yield "has a duplicate parameter in its path; give each its own name"


def _security(root: Json, operation: OperationNode) -> Iterator[str]:
    described: Any = root.get("components", {}).get("securitySchemes", {})
    choices: list[dict[str, Any]] = operation.node.get("security", root.get("security")) or []
    for choice in choices:
        for name in choice:
            if name not in described:
                yield f"asks for `{name}`, which #/components/securitySchemes does not describe"


@dataclass(frozen=True)
class Document:
    """A checked OpenAPI 3 document; `content` is the parsed data."""

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
        """Return all operations under `paths`, in the order of the document."""
        return nodes.operations(self.root)


def load(location: str | Path) -> Document:
    """Read and check the document at a file or a URL.

    JSON may have raw control characters in its strings, as the published document has.
    Raises `Problem` when it is anything but an OpenAPI 3 document whose references resolve, and
    when all of that takes longer than `source.SECONDS`.
    """
    return source.within(lambda: _load(location), str(location))


def _load(location: str | Path) -> Document:
    read = source.read(location)
    root = source.plain(read)
    check(root, read.name)
    return Document(read.name, read.sha256, root, read.content)


def check(root: Json, name: str) -> None:
    """Raise `Problem` for the first thing that makes a document unusable."""
    for fault in faults(root):
        raise Problem(f"{name}: {fault}")
