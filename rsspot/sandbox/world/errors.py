"""Errors of the API, by the reasons of Kubernetes."""

from __future__ import annotations

from typing import Any, Literal

__all__ = ["ApiError", "Causes", "Reason"]

Causes = list[dict[str, str]]
Reason = Literal[
    "AlreadyExists",
    "BadRequest",
    "Conflict",
    "Expired",
    "Forbidden",
    "InternalError",
    "Invalid",
    "NotFound",
    "UnsupportedMediaType",
]


class ApiError(Exception):
    """A request that the API rejects.

    `reason` is a machine-readable reason of Kubernetes, `causes` name the invalid fields, and
    `details` identify the object (`name`, `group`, `kind`).
    """

    def __init__(
        self, reason: Reason, message: str, *, causes: Causes | None = None, **details: Any
    ) -> None:
        super().__init__(message)
        self.reason = reason
        self.message = message
        self.causes: list[dict[str, str]] = causes or []
        self.details = details
