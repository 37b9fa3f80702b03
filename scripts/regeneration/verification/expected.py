"""The request that a document requires for an operation and values of its arguments."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urljoin

from regeneration.verification import styles
from rsspot.api_diff.document import resolve
from rsspot.api_diff.nodes import servers_of
from rsspot.api_diff.schemas import merged
from rsspot.shapes import is_array, is_object

if TYPE_CHECKING:
    from regeneration.verification.styles import Pairs
    from rsspot.api_diff.document import OperationNode
    from rsspot.shapes import Json

__all__ = [
    "HOST",
    "TOKEN",
    "Body",
    "Sent",
    "base_url",
    "bodies",
    "ignored",
    "request",
    "unsupported_security",
    "with_bytes",
]

HOST = "http://host.invalid"
"""The host of a document whose servers are relative to itself."""

IGNORED = frozenset({"accept", "content-type", "authorization"})
"""Header parameters that OpenAPI defines to be ignored (3.1.1, section 4.8.12.1)."""

CHALLENGED = frozenset({"digest", "hoba", "mutual", "negotiate", "scram-sha-1", "scram-sha-256"})
"""Schemes whose credentials follow from what the server sends (registry of HTTP schemes, IANA)."""
TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
"""The name of a header or a cookie (RFC 9110, section 5.6.2; RFC 6265, section 4.1.1)."""


class Body(NamedTuple):
    """A media type that a body may have, with its schema; `value` where one is sent."""

    media_type: str
    schema: Any
    value: Any = None
    encoding: Json = {}  # noqa: RUF012 - never written to
    """How properties are sent, by name, unless by the default."""


@dataclass
class Sent:
    """A request, split into the parts that are compared; `query` and others by parameter."""

    method: str
    base: str
    path: str
    query: dict[str, Pairs] = field(default_factory=dict[str, "Pairs"])
    cookies: dict[str, Pairs] = field(default_factory=dict[str, "Pairs"])
    headers: dict[str, str] = field(default_factory=dict[str, str])
    body: Body | None = None
    secured: bool = False


def base_url(root: Json, operation: OperationNode | None) -> str:
    """Return the default server, absolute."""
    return urljoin(HOST, servers_of(root, operation)[0].url).rstrip("/")


def ignored(parameter: Json) -> bool:
    """Return whether OpenAPI says to ignore the parameter."""
    return parameter.get("in") == "header" and str(parameter.get("name")).lower() in IGNORED


def bodies(root: Json, operation: OperationNode) -> list[Body]:
    """Return the media types of the body, in the order of the document."""
    body = resolve(root, operation.node.get("requestBody") or {})
    content: Json = body.get("content") or {}
    return [
        Body(name, each.get("schema", True), encoding=each.get("encoding") or {})
        for name, each in content.items()
    ]


def request(
    root: Json, operation: OperationNode, values: dict[tuple[str, str], Any], body: Body | None
) -> Sent:
    """Return the expected request; `values` are by place and name of the parameter."""
    security: list[Json] = operation.node.get("security", root.get("security")) or []
    sent = Sent(
        operation.method.upper(),
        base_url(root, operation),
        operation.path,
        body=body,
        secured=bool(security) and {} not in security,
    )
    for parameter in operation.parameters(root):
        place, name = str(parameter.get("in")), str(parameter.get("name"))
        if (place, name) not in values:
            continue
        value = values[place, name]
        if content := parameter.get("content"):
            value = json.dumps(value) if "json" in next(iter(content)) else value
        if place == "path":
            sent.path = sent.path.replace("{" + name + "}", styles.in_path(parameter, value))
        elif place == "query":
            sent.query[name] = styles.pairs(parameter, value)
        elif place == "cookie":
            sent.cookies[name] = styles.pairs(parameter, value)
        else:
            sent.headers[name.lower()] = styles.in_path(parameter, value)
    return sent


def unsupported_security(root: Json, operation: OperationNode) -> str:
    """Return the credentials that the client has no place for, where there is no other choice.

    It sends one of any kind in a header of any name; a key in a query or a cookie it does not.
    """
    choices: list[Json] = operation.node.get("security", root.get("security")) or [{}]
    schemes: Json = root.get("components", {}).get("securitySchemes", {})
    found = ""
    for choice in choices:
        kinds = [resolve(root, schemes.get(name) or {}) for name in choice]
        wrong = [f"credential of type {each.get('type')}" for each in kinds if not _is_known(each)]
        places = [f"key in a {each.get('in')}" for each in kinds if each.get("type") == "apiKey"]
        wrong += [each for each in places if each != "key in a header"]
        names = [str(each.get("name")) for each in kinds if each.get("in") == "header"]
        wrong += [f"header called {each!a}" for each in names if not TOKEN.fullmatch(each)]
        wrong += ["certificate" for each in kinds if each.get("type") == "mutualTLS"]
        if len(kinds) > 1 and not wrong:
            wrong = ["second credential"]
        if not wrong:
            return ""
        found = wrong[0]
    return found


def _is_known(scheme: Json) -> bool:
    """Return whether its credential is one header that is known before the request."""
    if scheme.get("type") == "http":
        return str(scheme.get("scheme")).lower() not in CHALLENGED
    return scheme.get("type") in {"apiKey", "oauth2", "openIdConnect", "mutualTLS"}


def with_bytes(root: Json, schema: Any, value: Any) -> Any:
    """Return a sample with bytes for what is binary."""
    if not is_object(schema):
        return value
    whole = merged(root, schema)
    if isinstance(value, str) and whole.get("format") == "binary":
        return value.encode()
    if is_array(value):
        return [with_bytes(root, whole.get("items"), each) for each in value]
    if is_object(value):
        known: Json = whole.get("properties", {})
        return {key: with_bytes(root, known.get(key), each) for key, each in value.items()}
    return value
