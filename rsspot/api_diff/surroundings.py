"""What stands around an operation: its servers and its security, side by side."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from rsspot.api_diff.difference import Difference, Level
from rsspot.api_diff.nodes import resolve
from rsspot.api_diff.servers import servers_of
from rsspot.api_diff.values import is_object

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rsspot.api_diff.document import OperationNode
    from rsspot.api_diff.servers import Server
    from rsspot.api_diff.values import Json

__all__ = ["security", "servers"]

PORTS = {"http": 80, "https": 443}

HEADER: dict[str, str] = dict.fromkeys(
    ("http bearer", "oauth2", "openIdConnect", "key in header authorization"), "Authorization"
)
"""Credentials that are the same on the wire."""

Side = tuple["Json", "OperationNode"]


def servers(name: str, ours: Side, upstream: Side) -> Iterator[Difference]:
    """Another default server is breaking; another alternative to it is not."""
    own = any(
        operation.node.get("servers") or operation.item.get("servers")
        for _, operation in (ours, upstream)
    )
    where = name if own else "the document"
    one, other = servers_of(*ours), servers_of(*upstream)
    left, right = (_normal(each[0]) for each in (one, other))
    if left != right and not _is_silent(other[0], one[0]):
        yield Difference(Level.BREAKING, "server", where, one[0].template, other[0].template)
    more = [{_normal(each) for each in side[1:]} for side in (one, other)]
    if more[0] != more[1]:
        shown = (", ".join(each.template for each in side[1:]) or "none" for side in (one, other))
        yield Difference(Level.COMPATIBLE, "further servers", where, *shown)


def _is_silent(upstream: Server, ours: Server) -> bool:
    """Whether the other document says nothing of its host, and has our path."""
    return upstream.url.startswith("/") and _path(upstream.url) == _path(ours.url)


def _normal(server: Server) -> str:
    parts = urlsplit(server.url)
    port = parts.port if parts.port != PORTS.get(parts.scheme) else None
    variables = json.dumps(sorted(server.variables)) if server.variables else ""
    return f"{parts.scheme}://{(parts.hostname or '').lower()}:{port}{_path(server.url)}{variables}"


def _path(url: str) -> str:
    return urlsplit(url).path.rstrip("/")


def security(name: str, ours: Side, upstream: Side) -> Iterator[Difference]:
    """Which credentials an operation takes; fewer choices than ours are breaking."""
    one, other = _choices(*ours), _choices(*upstream)
    if one == other:
        return
    # A caller of ours has one of our choices, whichever it is.
    sent = [{HEADER.get(each, each) for each in side} for side in (one, other)]
    level = Level.COMPATIBLE if sent[0] <= sent[1] or "none" in other else Level.BREAKING
    yield Difference(level, "security", name, _listed(one), _listed(other))


def _listed(choices: set[str]) -> str:
    return " or ".join(sorted(choices))


def _choices(root: Json, operation: OperationNode) -> set[str]:
    given: Any = operation.node.get("security", root.get("security")) or [{}]
    return {_choice(root, each) for each in given if is_object(each)}


def _choice(root: Json, choice: Json) -> str:
    schemes: Any = root.get("components", {}).get("securitySchemes", {})
    parts: list[str] = []
    for name, scopes in choice.items():
        scheme = schemes.get(name)
        kind = _kind(resolve(root, scheme)) if is_object(scheme) else name
        parts.append(" ".join([kind, *sorted(map(str, scopes or ()))]))
    return " and ".join(sorted(parts)) or "none"


def _kind(scheme: Json) -> str:
    kind = str(scheme.get("type"))
    if kind == "apiKey":
        name = str(scheme.get("name"))
        place = str(scheme.get("in"))
        return f"key in {place} {name.lower() if place == 'header' else name}"
    if kind == "http":
        return f"http {str(scheme.get('scheme', '')).lower()}"
    return kind
