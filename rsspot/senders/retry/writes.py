"""Determine the outcome of a write whose response was lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rsspot.errors import OutcomeUnknown
from rsspot.shapes import as_list, as_object

if TYPE_CHECKING:
    from rsspot.senders.messages import Request

__all__ = ["holds", "unknown_outcome"]

SERVER_FIELDS = frozenset({"status"})
SERVER_METADATA = frozenset({"creationTimestamp", "generation", "managedFields", "resourceVersion"})
"""Fields that the server sets itself, whoever makes a change."""


def holds(found: Any, sent: Any) -> bool:
    """Return whether `found` is the object that was `sent`, apart from the server's additions."""
    wanted = {key: value for key, value in as_object(sent).items() if key not in SERVER_FIELDS}
    metadata = as_object(wanted.pop("metadata", None))
    there = as_object(found)
    return _within(wanted, there) and _within(
        {key: value for key, value in metadata.items() if key not in SERVER_METADATA},
        as_object(there.get("metadata")),
    )


def _within(sent: Any, found: Any) -> bool:
    if isinstance(sent, dict):
        there = as_object(found)
        return all(_within(value, there.get(key)) for key, value in as_object(sent).items())
    if isinstance(sent, list):
        one, other = as_list(sent), as_list(found)
        return len(one) == len(other) and all(map(_within, one, other))
    return type(sent) is type(found) and bool(sent == found)


def unknown_outcome(request: Request, error: Exception, **details: Any) -> OutcomeUnknown:
    """Return the error that says that `request` may or may not have had an effect."""
    what = f"{request.method} {request.target}"
    came = str(getattr(error, "message", error))
    reason = f"it {came.removeprefix(what).lstrip()}" if came.startswith(what) else came
    return OutcomeUnknown(
        f"It is not known whether {what} took effect: {reason}",
        hint="Check whether the change was made before you repeat it",
        **{"method": request.method, "url": request.target, **details},
    )
