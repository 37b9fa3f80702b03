"""Error responses: Kubernetes `Status` objects (docs/api-facts.md#errors)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from rsspot.sandbox.world import ApiError

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from rsspot.sandbox.world import Causes

__all__ = ["HANDLERS", "reject", "status"]

REASONS = {
    400: "BadRequest",
    401: "Unauthorized",
    403: "Forbidden",
    404: "NotFound",
    405: "MethodNotAllowed",
    409: "Conflict",
    410: "Expired",
    413: "RequestEntityTooLarge",
    415: "UnsupportedMediaType",
    421: "MisdirectedRequest",
    422: "Invalid",
    429: "TooManyRequests",
    500: "InternalError",
    503: "ServiceUnavailable",
}
CODES = {"AlreadyExists": 409} | {reason: code for code, reason in REASONS.items()}


def status(
    code: int,
    message: str,
    *,
    reason: str | None = None,
    causes: Causes | None = None,
    **details: Any,
) -> dict[str, Any]:
    """Return a `Status` object. The reason follows from `code` unless it is passed."""
    success = code // 100 == 2  # noqa: PLR2004 - a class of statuses
    body: dict[str, Any] = {
        "apiVersion": "v1",
        "kind": "Status",
        "metadata": {},
        "status": "Success" if success else "Failure",
        "message": message,
        "code": code,
    }
    if not success:
        body["reason"] = reason or REASONS.get(code, "Unknown")
    if causes:
        details["causes"] = causes
    if details:
        body["details"] = details
    return body


def reject(code: int, message: str) -> Response:
    """Return an error response with a `Status` as its body."""
    return JSONResponse(status(code, message), code)


async def _api_error(_request: Request, error: Exception) -> Response:
    assert isinstance(error, ApiError)  # noqa: S101 - what it is registered for
    code = CODES[error.reason]
    body = status(code, error.message, reason=error.reason, causes=error.causes, **error.details)
    return JSONResponse(body, code)


async def _unrouted(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - what it is registered for
    text = "the server could not find the requested resource"
    if error.status_code == 405:  # noqa: PLR2004 - method not allowed
        text = "the server does not allow this method on the requested resource"
    return JSONResponse(status(error.status_code, text), error.status_code, error.headers)


HANDLERS: dict[Any, Any] = {HTTPException: _unrouted, ApiError: _api_error}
"""Starlette's exception handlers, for every application of the sandbox."""
