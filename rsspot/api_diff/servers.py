"""Where an operation is served: its servers, else its path's, else the document's."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from rsspot.api_diff.nodes import TEMPLATE
from rsspot.api_diff.values import is_object

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rsspot.api_diff.nodes import OperationNode
    from rsspot.api_diff.values import Json

__all__ = ["Server", "faults", "servers_of"]


class Server(NamedTuple):
    """A base URL: `url` with the defaults of its variables, and as the document has it."""

    url: str
    template: str
    variables: tuple[tuple[str, str], ...]


def servers_of(root: Json, operation: OperationNode | None = None) -> tuple[Server, ...]:
    """The servers of an operation, the default first; without one, those of the document."""
    own = (operation.node.get("servers") or operation.item.get("servers")) if operation else None
    nodes = own or root.get("servers") or [{"url": "/"}]
    return tuple(_server(node) for node in nodes)


def _server(node: Json) -> Server:
    template = str(node.get("url", "/"))
    known: Json = node.get("variables") or {}
    variables = {
        name: str(known[name].get("default", "")) if is_object(known.get(name)) else ""
        for name in TEMPLATE.findall(template)
    }
    url = TEMPLATE.sub(lambda match: variables[match[1]], template)
    return Server(url, template, tuple(variables.items()))


def faults(root: Json, operations: Iterable[OperationNode]) -> Iterator[tuple[str, str]]:
    """Each server that cannot be called: where it stands, and what is wrong with it."""
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
        return f"which is none ({error})"
    absolute = bool(parts.scheme or parts.netloc)
    wrong = {
        "which has a space or a control character": not url.isprintable() or " " in url,
        "which is not http or https": absolute and parts.scheme not in {"http", "https", ""},
        "which has no host or no port": absolute and (not parts.hostname or port == 0),
        "which has no scheme and does not begin with `/`": not parts.scheme and url[:1] != "/",
        "which has a query, a fragment or a user": bool(
            parts.query or parts.fragment or "@" in parts.netloc
        ),
    }
    return next((reason for reason, is_so in wrong.items() if is_so), "")
