"""The meaning of responses: their JSON and the objects in it, or the error that they report.

Forms of errors (docs/api-facts.md#errors): Kubernetes `Status`, OAuth objects, and the text, HTML
or XML of a proxy in front of the API.
"""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from rsspot.errors import (
    APIError,
    AuthError,
    BadRequestError,
    BidTooLowError,
    ConflictError,
    ForbiddenError,
    GoneError,
    NotFoundError,
    RateLimitedError,
    ServerError,
    UnexpectedResponseError,
    UnprocessableError,
)
from rsspot.models.quantities import read_money
from rsspot.senders.reporting import gave_up, sanitize
from rsspot.senders.retry.retry_after import retry_after
from rsspot.shapes import as_list, as_object, is_object, objects_in

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rsspot.errors import OutcomeUnknown, RSSpotError
    from rsspot.models.view import View
    from rsspot.senders.messages import Request, Response

__all__ = [
    "continue_token",
    "error_of",
    "is_failure",
    "is_success",
    "json_object",
    "views_of",
]

V = TypeVar("V", bound="View[Any]")

OK = 200
UNAUTHORIZED, TIMED_OUT, CONFLICT, UNPROCESSABLE = 401, 408, 409, 422
TOO_MANY, UNAVAILABLE = 429, 503
ERRORS = range(400, 600)
SERVER_ERRORS = range(500, 600)
_LONG = 1_000_000
_OBJECTS = frozenset({dict})
MAX_BODY = 10_000
"""Characters of the body that an error keeps."""
SHORT = 100
"""Fields that hold a word or a sentence of an error."""

_FLOOR = (
    r"(?i)(?:minimum|at least|floor|reserve|greater than or equal to)[^0-9]{0,60}?(\d+(?:\.\d+)?)"
)

_BY_STATUS: dict[int, type[APIError]] = {
    400: BadRequestError,
    403: ForbiddenError,
    404: NotFoundError,
    409: ConflictError,
    410: GoneError,
    422: UnprocessableError,
    429: RateLimitedError,
}

_HINTS = {
    CONFLICT: "Read the object again, and repeat the change on its current version",
    UNAUTHORIZED: "Get a new refresh token at https://spot.rackspace.com/ui/api-access/terraform",
}


def json_object(request: Request, response: Response) -> dict[str, Any]:
    """Return the JSON object of a success. Raises the error of any other response."""
    content = response.content
    if content.__class__ is dict and response.status_code == OK and content.get("kind") != "Status":
        data: dict[str, Any] = content
        return data  # the usual case; the others are checked below
    if is_success(response):
        return as_object(content)
    if not response.ok or is_failure(response):
        raise error_of(request, response)
    what = "nothing" if not response.body else type(content).__name__
    if content is None and response.body:
        what = f"{_kind(response)}: {sanitize(response.text, 120)}"
    error = UnexpectedResponseError(
        f"{request.method} {request.target} returned {response.status_code} "
        f"with {what} instead of a JSON object",
        hint="Check that the URL is that of the Spot API, and that no proxy responds in its place",
        status=response.status_code,
        **_details(request, response),
    )
    if not _is_write(request):
        raise error
    # A proxy may have responded, so whether the API received the request is not known.
    raise _unknown(request, response, error)


def views_of(kind: type[V], request: Request, data: dict[str, Any], key: str = "items") -> list[V]:
    """Return the objects of one page. A null list is empty, and so is a missing one in a `…List`.

    Items that are not objects are omitted and reported. Raises `UnexpectedResponseError` without a
    list of objects.
    """
    items = data.get(key)
    if items is None and (key in data or str(data.get("kind")).endswith("List")):
        return []
    if items is None or items.__class__ is not list or not _OBJECTS.issuperset(map(type, items)):
        items = _objects_among(request, items, key)
    return kind.each_of(items)


def _objects_among(request: Request, items: Any, key: str) -> list[dict[str, Any]]:
    objects = objects_in(items) if isinstance(items, list) else []
    strange = len(as_list(items)) - len(objects)
    if not isinstance(items, list) or (strange and not objects):
        raise UnexpectedResponseError(
            f"{request.method} {request.target} returned no list of objects under `{key}`",
            hint="Check that the URL is that of the Spot API",
            status=200,
            method=request.method,
            url=request.target,
        )
    if strange:
        from rsspot.senders.reporting import report

        report(
            f"{request.method} {request.target} returned {strange} of {len(objects) + strange} "
            "items that are not objects; they are left out"
        )
    return objects


def continue_token(data: dict[str, Any]) -> str | None:
    """Return the token of the next page of a Kubernetes list, or None after the last."""
    metadata: dict[str, Any] | None = data.get("metadata")  # or something else in its place
    token = metadata.get("continue") if isinstance(metadata, dict) else None
    return token if isinstance(token, str) and token else None


def is_success(response: Response) -> bool:
    """Return whether the response is an object of the API: no failure, and no page of a proxy."""
    return response.ok and is_object(response.content) and not is_failure(response)


def is_failure(response: Response) -> bool:
    """Return whether the response is a Kubernetes `Status` of a failure, in any HTTP status."""
    content = as_object(response.content)
    return content.get("kind") == "Status" and content.get("status") == "Failure"


def error_of(request: Request, response: Response) -> RSSpotError:
    """Return the error that an unsuccessful response means.

    For a write that the server may have acted on before it failed, that is `OutcomeUnknown`.
    """
    error = _error_of(request, response)
    return _unknown(request, response, error) if _may_have_acted(request, response) else error


def _unknown(request: Request, response: Response, error: RSSpotError) -> OutcomeUnknown:
    from rsspot.senders.retry.writes import unknown_outcome

    unknown = unknown_outcome(request, error, **_details(request, response))
    unknown.__cause__ = error
    return unknown


def _may_have_acted(request: Request, response: Response) -> bool:
    status = response.status_code
    if not _is_write(request):
        return False
    if status == UNAVAILABLE and retry_after(response.headers) is not None:
        return False
    return status == TIMED_OUT or status in SERVER_ERRORS


def _is_write(request: Request) -> bool:
    return request.method in {"POST", "PATCH"} and not request.options.secret


def _error_of(request: Request, response: Response) -> RSSpotError:
    body = as_object(response.content)
    status = response.status_code
    code: Any = body.get("code")
    if response.ok and isinstance(code, int) and code in ERRORS:
        status = code  # a failure in the form of a success has its status in the body
    message, reason = _message(body, response), sanitize(_text(body.get("reason")), SHORT)
    summary = f"{request.method} {request.target} returned {status}"
    summary += f" {reason}" if reason else ""
    summary += f": {message}" if message else ""
    summary += gave_up(response.tries, response.elapsed)
    details = _details(request, response)
    if status == UNAUTHORIZED:
        return AuthError(summary, status=status, hint=_HINTS[UNAUTHORIZED], **details)
    status_details = as_object(body.get("details"))
    kind = _BY_STATUS.get(status, ServerError if status in SERVER_ERRORS else APIError)
    causes = _causes(status_details)
    if status == UNPROCESSABLE and (floor := _bid_floor(message, causes)):
        kind = BidTooLowError
        details["minimum"] = read_money(floor)
        details["hint"] = f"Bid at least {floor} USD an hour"
    elif kind is ForbiddenError:
        from rsspot.wire.permissions import why_forbidden

        details["condition"], details["hint"] = why_forbidden(request, message, response.claims)
    elif status == CONFLICT and reason == "Conflict":
        details["hint"] = _HINTS[CONFLICT]
    elif status // 100 == 3:  # noqa: PLR2004 - a class of statuses
        details["hint"] = f"Redirects{_redirect_target(response)} are not followed; check the URLs"
    wait = retry_after(response.headers) or _seconds(status_details.get("retryAfterSeconds"))
    if wait is not None and status in {TOO_MANY, UNAVAILABLE}:
        details["hint"] = f"The server requests a pause of {wait:g} s"
    return kind(
        summary,
        status=status,
        reason=reason or None,
        causes=causes,
        retry_after=wait,
        body=None if request.options.secret else sanitize(response.text, MAX_BODY) or None,
        **details,
    )


def _seconds(value: Any) -> float | None:
    return float(value) if isinstance(value, int) and 0 <= value < _LONG else None


def _redirect_target(response: Response) -> str:
    """Return where a redirect leads: the host only, since a URL may hold secrets."""
    with suppress(ValueError):
        host = urlsplit(response.headers.get("location", "")).hostname
        if host:
            return f" (this one to {host[:100]})"
    return ""


def _details(request: Request, response: Response) -> dict[str, Any]:
    headers: Mapping[str, str] = response.headers
    return {
        "method": request.method,
        "url": request.target,
        "tries": response.tries,
        "elapsed": response.elapsed,
        "request_id": sanitize(headers.get("x-request-id") or headers.get("audit-id") or "", SHORT)
        or None,
    }


def _message(body: dict[str, Any], response: Response) -> str:
    if body:
        known = (body.get(key) for key in ("error_description", "message", "error"))
        return sanitize(next((text for text in map(_text, known) if text), ""))
    return sanitize(response.text) if response.content is None else ""


def _causes(details: dict[str, Any]) -> dict[str, str]:
    causes = objects_in(details.get("causes"))
    return {
        sanitize(_text(cause.get("field")), SHORT) or "?": sanitize(_text(cause.get("message")))
        for cause in causes
    }


def _bid_floor(message: str, causes: dict[str, str]) -> str | None:
    for text in (*(causes[field] for field in causes if "bid" in field.lower()), message):
        if re.search(r"bid|price", text, re.IGNORECASE) and (found := re.search(_FLOOR, text)):
            with suppress(ValueError):
                return f"{read_money(found[1]).normalize():f}"
    return None


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _kind(response: Response) -> str:
    return sanitize(response.headers.get("content-type", "").partition(";")[0], SHORT) or "text"
