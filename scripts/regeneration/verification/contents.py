"""Bodies as they are on the wire, read back so that they can be compared."""

from __future__ import annotations

import json
from email.parser import BytesParser
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from regeneration.verification.objects import same
from regeneration.verification.styles import pairs, text
from rsspot.shapes import is_array, is_object

if TYPE_CHECKING:
    import httpx

    from regeneration.verification.expected import Body

__all__ = ["difference", "reader", "simple"]

SHOWN = 160


def simple(media_type: str) -> str:
    """Return a media type without its parameters."""
    return media_type.partition(";")[0].strip().lower()


def reader(media_type: str) -> str:
    """How the package reads a response: as `json`, `text` or `bytes`; empty where it cannot."""
    kind = simple(media_type)
    if kind == "application/json" or kind.endswith("+json"):
        return "json"
    if kind.startswith("text/"):
        return "text"
    return "bytes" if kind == "application/octet-stream" else ""


def difference(body: Body, request: httpx.Request) -> str:
    """What is not as the document says it is; empty where all is."""
    kind = simple(body.media_type)
    given = simple(request.headers.get("content-type", ""))
    if given != kind:
        return f"sent as {given or 'no media type'} instead of {kind}"
    content = request.read()
    if kind == "application/x-www-form-urlencoded":
        return _compared(
            _form(body.value), sorted(parse_qsl(content.decode(), keep_blank_values=True))
        )
    if kind == "multipart/form-data":
        return _compared(_fields(body.value), _parts(request, content))
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


def _form(value: Any) -> list[tuple[str, Any]]:
    """Return the pairs of a form: each property in the style `form`, objects as JSON."""
    made: list[tuple[str, Any]] = []
    for name, each in value.items():
        if is_object(each):
            made.append((name, json.dumps(each)))
        elif each is not None:
            made += pairs({"name": name}, each)
    return sorted(made)


def _fields(value: Any) -> list[tuple[str, Any]]:
    made: list[tuple[str, Any]] = []
    for name, each in value.items():
        for one in each if is_array(each) else [each]:
            content = one.decode(errors="replace") if isinstance(one, bytes) else text(one)
            made.append((name, _decoded(content)))
    return sorted(made, key=str)


def _parts(request: httpx.Request, content: bytes) -> list[tuple[str, Any]]:
    head = f"Content-Type: {request.headers['content-type']}\r\n\r\n".encode()
    message = BytesParser().parsebytes(head + content)
    made: list[tuple[str, Any]] = []
    for part in message.walk():
        if "content-disposition" not in part:
            continue
        name = part.get_param("name", header="content-disposition")
        payload: Any = part.get_payload(decode=True)
        made.append((str(name), _decoded(payload.decode(errors="replace"))))
    return sorted(made, key=str)


def _decoded(content: str) -> str:
    """Text in one form: what is JSON without the choices of whoever wrote it."""
    try:
        return json.dumps(json.loads(content), sort_keys=True)
    except ValueError:
        return content
