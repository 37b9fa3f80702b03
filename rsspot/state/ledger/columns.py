"""The values that the columns of the ledger may have."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from math import inf
from typing import TYPE_CHECKING, Any

from rsspot.errors import DamagedRecordError, RegistrationError
from rsspot.shapes import is_object
from rsspot.state.database import LATEST, FromNow
from rsspot.state.ledger.status import RegistrationStatus
from rsspot.state.text import storable

if TYPE_CHECKING:
    from collections.abc import Callable

    from rsspot.state.database import Row

__all__ = ["MISSING", "as_moment", "check_row", "read_columns"]

EARLIEST = -62135596800.0
"""The first second of the year 1, in seconds since the epoch: the first one a datetime has."""


def as_moment(value: Any) -> datetime | None:
    """Return a column of seconds since the epoch as a time in UTC. Raises `ValueError`."""
    if value is None:
        return None
    if type(value) not in {int, float} or not EARLIEST <= value <= LATEST:
        raise ValueError("a time is not a number of seconds within the years 1 to 9999")
    return datetime.fromtimestamp(value, UTC)


def check_row(row: Row) -> None:
    """Check that columns can be read again after they are written. Raises `RegistrationError`."""
    try:
        # The database can read the times that it sets itself.
        read_columns({name: value for name, value in row.items() if type(value) is not FromNow})
    except DamagedRecordError as error:
        raise RegistrationError(
            f"The record cannot be stored: {error.message}", key=row.get("key")
        ) from None


def read_columns(row: Row, key: Any = None) -> Row:
    """Return the values in columns. Raises `DamagedRecordError`."""
    name = ""
    try:
        values: Row = {}
        for name, value in row.items():
            read: Callable[[Any], Any] = READERS.get(name, _text)
            values[name] = read(value)
    except (ValueError, TypeError, ArithmeticError, OSError, RecursionError) as error:
        # The exceptions of conversions on all platforms.
        raise DamagedRecordError(f"{name}: {error}", key=str(key)) from None
    return values


MISSING = object()


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("a text is missing")  # noqa: TRY004 - a damaged row, however
    if storable(value) != value:
        raise ValueError("a text has characters that a database cannot store")
    return value


STATUSES = {status.value: status for status in RegistrationStatus}


def _status(value: Any) -> RegistrationStatus:
    return STATUSES.get(value) or RegistrationStatus(value)


def _maybe_text(value: Any) -> str | None:
    return None if value is None else _text(value)


def _count(value: Any) -> int:
    if type(value) is not int or value < 0:
        raise ValueError("a count is not a number")
    return value


def _always(value: Any) -> datetime:
    moment = as_moment(value)
    if moment is None:
        raise ValueError("a time is missing")
    return moment


def _object(value: Any) -> dict[str, Any]:
    if value == "{}":
        return {}
    found: Any = json.loads(_text(value))
    if not is_object(found):
        raise ValueError("the payload is not a JSON object")
    return found


def _seconds(value: Any) -> float | None:
    if value is None:
        return None
    if type(value) not in {int, float} or not 0 <= value < inf:
        raise ValueError("a duration is not a number of seconds")
    return float(value)


READERS: dict[str, Callable[[Any], Any]] = {
    "status": _status,
    "token_id": _maybe_text,
    "token_expires_at": as_moment,
    "submitted_at": as_moment,
    "owner": _maybe_text,
    "lease_id": _maybe_text,
    "due_at": as_moment,
    "due_in": _seconds,
    "attempts": _count,
    "generation": _count,
    "last_error": _maybe_text,
    "payload": _object,
    "created_at": _always,
    "updated_at": _always,
    "version": _count,
}
