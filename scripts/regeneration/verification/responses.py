"""Every documented response, read by the generated package."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import httpx

from regeneration.verification import contents
from regeneration.verification.losses import Loss, is_part, without_optional
from regeneration.verification.objects import back, same, unheld
from regeneration.verification.samples import samples
from regeneration.verification.styles import text
from rsspot.api_diff.document import pointer, resolve
from rsspot.shapes import is_object

if TYPE_CHECKING:
    from collections.abc import Iterator

    from regeneration.verification.calls import Target
    from rsspot.api_diff.document import OperationNode
    from rsspot.shapes import Json

__all__ = ["losses"]


CODES = frozenset(each.value for each in HTTPStatus)


def losses(root: Json, operation: OperationNode, target: Target) -> Iterator[Loss]:
    """Yield the responses that come back as something else than the document says."""
    responses: Json = operation.node.get("responses") or {}
    for status, node in responses.items():
        if status.startswith("x-") or not is_object(node):
            continue
        if status.isdecimal() and int(status) not in CODES:
            at = f"{operation.pointer}/responses/{status}"
            detail = "the package reads no status that Python has no name for"
            yield Loss("response", operation.title, f"response {status}", detail, at)
            continue
        content: Json = resolve(root, node).get("content") or {}
        readable = {key: each for key, each in content.items() if contents.reader(key)}
        for media_type, media in list(readable.items())[:1]:
            # The others are alternatives to it: the client asks for none of them.
            yield from _losses(root, operation, target, (status, media_type), media)
        if content and not readable:
            at = f"{operation.pointer}/responses/{status}"
            kinds = ", ".join(content)
            yield Loss(
                "response", operation.title, f"response {status}", f"{kinds} is not read", at
            )


def _losses(
    root: Json, operation: OperationNode, target: Target, key: tuple[str, str], media: Json
) -> Iterator[Loss]:
    status, media_type = key
    code = _code(status, operation.node["responses"])
    at = f"{operation.pointer}/responses/{status}/content/{pointer(media_type)}"
    lost = f"response {status} {media_type}"
    if "schema" not in media:
        return
    found_samples = samples(root, media["schema"])
    for value in found_samples:
        try:
            parsed = _parsed(target, code, media_type, value)
            found = _as(value, back(parsed))
        except Exception as error:  # noqa: BLE001 - any failure of the package is a loss
            detail = f"{type(error).__name__}: {error} for {value}"
            loss = Loss("response", operation.title, lost, detail, at)
            fuller = value is not found_samples[0] and is_part(value, found_samples[0])
            yield without_optional(loss) if fuller else loss
            return
        if not same(found, value):
            detail = f"{found} is read instead of {value}"
            yield Loss("response", operation.title, lost, detail, at)
            return
        if contents.reader(media_type) != "json":
            continue
        if names := list(unheld(root, media["schema"], value, parsed)):
            held = type(parsed).__name__
            detail = f"{', '.join(names)}: no attribute of {held} holds it"
            yield Loss("property", operation.title, f"properties of {lost}", detail, at)
            return


def _as(value: Any, found: Any) -> Any:
    """Return what was read in the form of the sample: bytes as text, and text as JSON."""
    found = found.decode() if isinstance(found, bytes) else found
    if isinstance(found, str) and not isinstance(value, str):
        try:
            return json.loads(found)
        except ValueError:
            return found
    return found


def _code(status: str, responses: Json) -> int:
    """Return a status that is answered so; for `default` or a range, one that no other is for."""
    if status.isdecimal():
        return int(status)
    ranges = {each[0] for each in responses if each[1:] == "XX"} - {status[0]}
    free = (each for each in HTTPStatus if str(each.value) not in responses)
    fitting = (each for each in free if status == "default" or str(each.value)[0] == status[0])
    apart = (each for each in fitting if str(each.value)[0] not in ranges)
    return int(next((each for each in apart if each >= HTTPStatus.OK), HTTPStatus.OK))


def _parsed(target: Target, code: int, media_type: str, value: Any) -> Any:
    headers = {"Content-Type": media_type}
    is_json = contents.reader(media_type) == "json"
    content = json.dumps(value) if is_json else text(value)
    response = httpx.Response(code, content=content.encode(), headers=headers)
    built = target.module._build_response(client=target.client, response=response)  # noqa: SLF001
    return built.parsed
