"""Compare the body of a request with the document."""

from __future__ import annotations

import json
from email.parser import BytesParser
from fnmatch import fnmatch
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import parse_qsl

from regeneration.verification.objects import same
from regeneration.verification.styles import pairs, text
from rsspot.api_diff.nodes import resolve
from rsspot.shapes import is_array, is_object

if TYPE_CHECKING:
    import httpx

    from regeneration.verification.expected import Body
    from rsspot.api_diff.nodes import OperationNode
    from rsspot.shapes import Json

__all__ = ["asked_for", "difference", "reader", "simple"]

SHOWN = 160


def simple(media_type: str) -> str:
    """Return a media type without its parameters."""
    return media_type.partition(";")[0].strip().lower()


def reader(media_type: str) -> str:
    """Return how the package reads a response: `json`, `text`, `bytes`, or empty if it cannot."""
    kind = simple(media_type)
    if kind == "application/json" or kind.endswith("+json"):
        return "json"
    if kind.startswith("text/"):
        return "text"
    return "bytes" if kind == "application/octet-stream" else ""


def asked_for(root: Json, operation: OperationNode) -> str:
    """Return the media types to ask for, where a success has one that the package does not read.

    The package reads the first one of each response that it can.
    """
    read: dict[str, None] = {}
    several = False
    responses: Json = operation.node.get("responses") or {}
    for status, node in responses.items():
        content: Json = resolve(root, node).get("content") or {} if is_object(node) else {}
        if known := next(filter(reader, content), ""):
            read[simple(known)] = None
            several |= len(content) > 1 and status[:1] == "2"
    return ", ".join(read) if several else ""


def difference(body: Body, request: httpx.Request) -> str:
    """Return how the body differs from the document, or empty text."""
    kind = simple(body.media_type)
    given = simple(request.headers.get("content-type", ""))
    if given != kind:
        return f"sent as {given or 'no media type'} instead of {kind}"
    content = request.read()
    if kind == "application/x-www-form-urlencoded":
        return _compared(_form(body), sorted(parse_qsl(content.decode(), keep_blank_values=True)))
    if kind == "multipart/form-data":
        parts = _parts(request, content)
        found = sorted([(part.name, _decoded(part.content)) for part in parts], key=str)
        return _wrong_part(body, parts) or _compared(_fields(body.value), found)
    if "json" in kind or "yaml" in kind:  # the JSON of a value is its YAML, too
        try:
            found = json.loads(content)
        except ValueError:
            return f"sent as {content[:SHOWN]!r}, which is not JSON"
        return "" if same(found, body.value) else _instead(body.value, found)
    wanted = body.value if isinstance(body.value, bytes) else text(body.value).encode()
    return "" if content == wanted else _instead(wanted, content)


def _compared(wanted: list[tuple[str, Any]], found: list[tuple[str, Any]]) -> str:
    return "" if wanted == found else _instead(wanted, found)


def _instead(wanted: Any, found: Any) -> str:
    return f"{str(found)[:SHOWN]} is sent instead of {str(wanted)[:SHOWN]}"


def _form(body: Body) -> list[tuple[str, Any]]:
    """Return the pairs of a form: each property in its style, objects as JSON."""
    made: list[tuple[str, Any]] = []
    for name, each in body.value.items():
        if is_object(each):
            made.append((name, json.dumps(each)))
        elif each is not None:
            style: Json = body.encoding.get(name) or {}
            made += pairs({**style, "name": name}, each)
    return sorted(made)


def _fields(value: Any) -> list[tuple[str, Any]]:
    made: list[tuple[str, Any]] = []
    for name, each in value.items():
        for one in each if is_array(each) else [each]:
            content = one.decode(errors="replace") if isinstance(one, bytes) else text(one)
            made.append((name, _decoded(content)))
    return sorted(made, key=str)


class _Part(NamedTuple):
    """One part of a body of several."""

    name: str
    media_type: str
    content: str
    headers: frozenset[str]


def _parts(request: httpx.Request, content: bytes) -> list[_Part]:
    head = f"Content-Type: {request.headers['content-type']}\r\n\r\n".encode()
    message = BytesParser().parsebytes(head + content)
    made: list[_Part] = []
    for part in message.walk():
        if "content-disposition" in part:
            name = part.get_param("name", header="content-disposition")
            payload: Any = part.get_payload(decode=True)
            made.append(
                _Part(
                    str(name),
                    part.get_content_type(),
                    payload.decode(errors="replace"),
                    frozenset(key.lower() for key in part.keys()),  # noqa: SIM118 - no mapping
                )
            )
    return made


def _wrong_part(body: Body, parts: list[_Part]) -> str:
    """Return what a part lacks of its `encoding`: a header, or the media type.

    A file has the media type that its caller gives it.
    """
    for part in parts:
        encoding: Json = body.encoding.get(part.name) or {}
        headers: Json = encoding.get("headers") or {}
        for name in headers:
            if name.lower() not in {"content-type", *part.headers}:
                return f"part {part.name} is sent without its header {name}"
        kinds = str(encoding.get("contentType", "*/*")).split(",")
        if isinstance(body.value.get(part.name), bytes) or is_array(body.value.get(part.name)):
            continue
        if not any(fnmatch(part.media_type, simple(kind)) for kind in kinds):
            return f"part {part.name} is sent as {part.media_type} instead of {', '.join(kinds)}"
    return ""


def _decoded(content: str) -> str:
    """Return text in one form: if it is JSON, with sorted keys."""
    try:
        return json.dumps(json.loads(content), sort_keys=True)
    except ValueError:
        return content
