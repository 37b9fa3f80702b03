"""Compare two descriptions of one API, operation by operation."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from rsspot.api_diff import leftovers, messages, unused
from rsspot.api_diff.difference import Difference, Level, Place, deprecations, lacking
from rsspot.api_diff.forms import as_text, form
from rsspot.api_diff.nodes import TEMPLATE, resolve, servers_of
from rsspot.api_diff.schema_comparison import SchemaComparison
from rsspot.api_diff.structure import METHODS
from rsspot.shapes import is_array, is_object

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rsspot.api_diff.document import Document, OperationNode
    from rsspot.api_diff.nodes import BaseURL
    from rsspot.shapes import Json

__all__ = ["compare"]

OPERATION = frozenset(
    {"operationId", "tags", "parameters", "requestBody", "responses", "servers", "security"}
    | {"deprecated"}
)
PATH_ITEM = frozenset({"$ref", "parameters", "servers", *METHODS})
"""Keys that are compared one by one."""
PORTS = {"http": 80, "https": 443}

HEADER: dict[str, str] = dict.fromkeys(
    ("http bearer", "oauth2", "openIdConnect", "key in header authorization"), "Authorization"
)
"""Credentials that are the same on the wire."""

Side = tuple["Json", "OperationNode"]


def _servers(name: str, ours: Side, upstream: Side) -> Iterator[Difference]:
    """Compare servers: another default is breaking, another alternative is not."""
    own = any(
        operation.node.get("servers") or operation.item.get("servers")
        for _, operation in (ours, upstream)
    )
    where = name if own else "the document"
    one, other = servers_of(*ours), servers_of(*upstream)
    left, right = (_normal_url(each[0]) for each in (one, other))
    if left != right and not _names_no_host(other[0], one[0]):
        yield Difference(Level.BREAKING, "server", where, one[0].template, other[0].template)
    kinds = [", ".join(each.values) or "any" for each in (one[0], other[0])]
    if kinds[0] != kinds[1]:
        yield Difference(Level.COMPATIBLE, "server variables", where, *kinds)
    more = [{_normal_url(each) for each in side[1:]} for side in (one, other)]
    if more[0] != more[1]:
        shown = (", ".join(each.template for each in side[1:]) or "none" for side in (one, other))
        yield Difference(Level.COMPATIBLE, "further servers", where, *shown)


def _names_no_host(upstream: BaseURL, ours: BaseURL) -> bool:
    """Return whether the other document names no host, and has our path."""
    return upstream.url.startswith("/") and _path(upstream.url) == _path(ours.url)


def _normal_url(server: BaseURL) -> str:
    parts = urlsplit(server.url)
    port = parts.port if parts.port != PORTS.get(parts.scheme) else None
    variables = json.dumps(sorted(server.variables)) if server.variables else ""
    return f"{parts.scheme}://{(parts.hostname or '').lower()}:{port}{_path(server.url)}{variables}"


def _path(url: str) -> str:
    return urlsplit(url).path.rstrip("/")


def _security(name: str, ours: Side, upstream: Side) -> Iterator[Difference]:
    """Compare the accepted credentials: fewer choices than ours are breaking."""
    one, other = _credential_choices(*ours), _credential_choices(*upstream)
    if one == other:
        details = [sorted(_details(*each)) for each in (ours, upstream)]
        if details[0] != details[1]:
            shown = (", ".join(each) for each in details)
            yield Difference(Level.COMPATIBLE, "security scheme", name, *shown)
        return
    # A caller of ours has one of our choices, whichever it is.
    sent = [{HEADER.get(each, each) for each in side} for side in (one, other)]
    level = Level.COMPATIBLE if sent[0] <= sent[1] or "none" in other else Level.BREAKING
    yield Difference(level, "security", name, _listed(one), _listed(other))


def _name_differences(
    name: str, ours: OperationNode, upstream: OperationNode
) -> Iterator[Difference]:
    """Compare what functions, their modules and their arguments are called after."""
    for key in ("operationId", "tags"):
        one, other = (_name(each.node.get(key)) or "none" for each in (ours, upstream))
        if one != other:
            yield Difference(Level.COMPATIBLE, key, name, one, other)
    names = zip(*(TEMPLATE.findall(each.path) for each in (ours, upstream)), strict=True)
    for number, (one, other) in enumerate(names, start=1):
        if one != other:
            where = f"{name} path parameter {number}"
            yield Difference(Level.COMPATIBLE, "name", where, one, other)


def _name(value: Any) -> str:
    return ", ".join(map(str, value)) if is_array(value) else str(value or "")


def _listed(choices: set[str]) -> str:
    return " or ".join(sorted(choices))


def _credential_choices(root: Json, operation: OperationNode) -> set[str]:
    found: Any = operation.node.get("security", root.get("security")) or [{}]
    return {_choice(root, each) for each in found if is_object(each)}


def _details(root: Json, operation: OperationNode) -> Iterator[str]:
    """Return the accepted credentials with all their details."""
    found: Any = operation.node.get("security", root.get("security")) or []
    schemes: Any = root.get("components", {}).get("securitySchemes", {})
    for name in {name for each in found if is_object(each) for name in each}:
        if is_object(scheme := schemes.get(name)):
            made = form(root, resolve(root, scheme))
            case = {"name"} if made.get("in") == "header" else {"scheme"}
            lowered = {key: str(made[key]).lower() for key in case & made.keys()}
            yield as_text(dict(sorted({**made, **lowered}.items())))


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


def compare(ours: Document, upstream: Document) -> list[Difference]:
    """Return all differences, the worst level first, each place once.

    Without any, the documents are equal except for their texts (descriptions, examples, external
    documentation, titles unless a class is called after them), the version, and the parts of
    `components` that no operation uses and that are no schemas.
    """
    worst: dict[tuple[str, ...], Difference] = {}
    for found in _differences(ours, upstream):
        key = found.kind, found.where, found.ours, found.upstream
        if key not in worst or found.level < worst[key].level:
            worst[key] = found
    all_found = list(worst.values()) or list(leftovers.differences(ours, upstream))
    return sorted(all_found, key=lambda each: (each.level, each.kind, each.where, each.upstream))


def _differences(ours: Document, upstream: Document) -> Iterator[Difference]:
    left, right = (
        {_key(operation): operation for operation in each.operations()} for each in (ours, upstream)
    )
    schemas = SchemaComparison(ours.root, upstream.root)
    one, other = ((each.root, _rest(each.root)) for each in (ours, upstream))
    yield from leftovers.other_keys("the document", one, other, frozenset())
    for key in left.keys() | right.keys():
        if key not in right:
            level = lacking(evidence="x-evidence" in left[key].node)
            yield Difference(level, "operation", left[key].title, "present", "absent")
        elif key not in left:
            title = right[key].title
            yield Difference(Level.ADDITION, "operation", title, "absent", "present")
        else:
            yield from _operation(schemas, left[key], right[key])
    yield from unused.differences(schemas)


def _rest(root: Json) -> Json:
    """Return what is beside the operations; of other keys, a document may have any as targets."""
    known = {"webhooks", "jsonSchemaDialect"}
    return {key: root[key] for key in root if key in known or key.startswith("x-")}


def _operation(
    schemas: SchemaComparison, ours: OperationNode, upstream: OperationNode
) -> Iterator[Difference]:
    evidence = "x-evidence" in ours.node
    name = str(ours.node.get("operationId") or ours.title)
    left, right = (schemas.ours, ours), (schemas.upstream, upstream)
    yield from deprecations(name, ours.node, upstream.node)
    yield from _name_differences(name, ours, upstream)
    yield from _servers(name, left, right)
    yield from _security(name, left, right)
    nodes = (schemas.ours, ours.node), (schemas.upstream, upstream.node)
    yield from leftovers.other_keys(name, *nodes, OPERATION)
    items = (schemas.ours, ours.item), (schemas.upstream, upstream.item)
    yield from leftovers.other_keys(name, *items, PATH_ITEM)
    one, other = messages.keyed(*left), messages.keyed(*right)
    yield from messages.parameter_differences(name, one, other, evidence=evidence)
    for key in one.keys() & other.keys():
        where = f"{name} {key}"
        covered = evidence or "x-evidence" in one[key]
        pair = messages.schema_of(one[key]), messages.schema_of(other[key])
        yield from messages.serialization_differences(
            where, (schemas.ours, one[key]), (schemas.upstream, other[key])
        )
        yield from schemas.differences(*pair, Place(where, sent=True, evidence=covered))
    yield from messages.bodies(schemas, ours, upstream, Place(name, sent=True, evidence=evidence))
    yield from messages.responses(
        schemas, ours, upstream, Place(name, sent=False, evidence=evidence)
    )


def _key(operation: OperationNode) -> tuple[str, str]:
    # The name of a path parameter is not on the wire.
    return operation.method, re.sub(r"\{[^}]*\}", "{}", operation.path)
