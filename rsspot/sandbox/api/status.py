"""Answers that are errors: Kubernetes `Status` objects (docs/api-facts.md#errors)."""

from __future__ import annotations

from typing import Any

__all__ = ["Refused", "status"]

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


class Refused(Exception):
    """The request is answered with a `Status`."""

    def __init__(
        self,
        code: int,
        message: str,
        *,
        reason: str | None = None,
        causes: list[dict[str, str]] | None = None,
        **details: Any,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.body = status(code, message, reason=reason, causes=causes, **details)


def status(
    code: int,
    message: str,
    *,
    reason: str | None = None,
    causes: list[dict[str, str]] | None = None,
    **details: Any,
) -> dict[str, Any]:
    """A `Status` object."""
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
