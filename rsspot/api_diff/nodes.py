"""The operations of a document, where they are served, and the targets of references."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote, urlsplit

from rsspot.api_diff.structure import METHODS
from rsspot.shapes import is_array, is_object

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rsspot.shapes import Json

__all__ = [
    "DATA",
    "TEMPLATE",
    "BaseURL",
    "OperationNode",
    "lookup",
    "operations",
    "pointer",
    "resolve",
    "server_faults",
    "servers_of",
]

TEMPLATE = re.compile(r"\{([^{}]*)\}")
"""A parameter in a path, or a variable in the URL of a server."""
DATA = frozenset({"const", "default", "enum", "example", "value"})
"""Keys whose value is data, in which nothing is a reference."""


@dataclass(frozen=True)
class OperationNode:
    """One operation and the path item around it."""

    path: str
    method: str
    node: Json
    item: Json

    @property
    def title(self) -> str:
        """The name of the operation in messages."""
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
    """Yield all operations under `paths`, in the order of the document."""
    for path, item in root["paths"].items():
        if not path.startswith("/"):
            continue  # an extension
        shared = resolve(root, item) if is_object(item) else {}
        for method in METHODS:
            if is_object(shared.get(method)):
                yield OperationNode(path, method, shared[method], shared)


def pointer(key: str) -> str:
    """Return a key as one part of a JSON pointer (RFC 6901)."""
    return key.replace("~", "~0").replace("/", "~1")


def resolve(root: Json, node: Json) -> Json:
    """Return the node, or the target of its reference; for a cycle, an empty node."""
    seen: set[str] = set()
    while isinstance(reference := node.get("$ref"), str):
        if reference in seen:
            return {}
        seen.add(reference)
        node = lookup(root, reference) or {}
    return node


def lookup(root: Json, reference: str) -> Json | None:
    """Return the object that a reference inside the document points at, or None."""
    node: Any = root
    place = unquote(reference.removeprefix("#"))
    if place and not place.startswith("/"):
        return None  # the name of an anchor
    for part in place.split("/")[1:]:
        key = part.replace("~1", "/").replace("~0", "~")
        if is_object(node) and key in node:
            node = node[key]
        elif is_array(node) and key.isdecimal() and int(key) < len(node):
            node = node[int(key)]
        else:
            return None
    return node if is_object(node) else None


class BaseURL(NamedTuple):
    """A base URL: `url` with the defaults of its variables, and as the document has it."""

    url: str
    template: str
    variables: tuple[tuple[str, str], ...]
    values: tuple[str, ...] = ()
    """What each variable may be, for those that say so."""


def servers_of(root: Json, operation: OperationNode | None = None) -> tuple[BaseURL, ...]:
    """Return the servers of an operation, the default first, or those of the document."""
    own = (operation.node.get("servers") or operation.item.get("servers")) if operation else None
    nodes = own or root.get("servers") or [{"url": "/"}]
    return tuple(_server(node) for node in nodes)


def _server(node: Json) -> BaseURL:
    template = str(node.get("url", "/"))
    known: Json = node.get("variables") or {}
    variables = {
        name: str(known[name].get("default", "")) if is_object(known.get(name)) else ""
        for name in TEMPLATE.findall(template)
    }
    url = TEMPLATE.sub(lambda match: variables[match[1]], template)
    values = tuple(
        f"{name}: {' or '.join(sorted(map(str, known[name]['enum'])))}"
        for name in variables
        if is_object(known.get(name)) and is_array(known[name].get("enum"))
    )
    return BaseURL(url, template, tuple(variables.items()), values)


def server_faults(root: Json, operations: Iterable[OperationNode]) -> Iterator[tuple[str, str]]:
    """Yield each server that cannot be called: its place, and the problem."""
    yield from _faults("#/servers", root.get("servers") or ())
    for operation in operations:
        for node in (operation.node, operation.item):
            yield from _faults(f"{operation.title} servers", node.get("servers") or ())


def _faults(where: str, nodes: Iterable[Json]) -> Iterator[tuple[str, str]]:
    for node in nodes:
        server = _server(node)
        known: Json = node.get("variables") or {}
        for name, default in server.variables:
            if not is_object(known.get(name)) or not default:
                yield where, f"has a variable `{name}` without a default; give it one"
        if reason := _unusable(server.url):
            yield where, f"has the URL `{server.template}`, {reason}; write an http(s) URL"


def _unusable(url: str) -> str:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        return f"which is not valid ({error})"
    absolute = bool(parts.scheme or parts.netloc)
    wrong = {
        "which has a space or a control character": not url.isprintable() or " " in url,
        "which has a backslash": "\\" in url,
        "which is not http or https": absolute and parts.scheme not in {"http", "https", ""},
        "which has no host or no port": absolute and (not parts.hostname or port == 0),
        "which has no scheme and does not begin with `/`": not parts.scheme and url[:1] != "/",
        "which has a query, a fragment or a user": bool(
            parts.query or parts.fragment or "@" in parts.netloc
        ),
    }
    return next((reason for reason, is_so in wrong.items() if is_so), "")
