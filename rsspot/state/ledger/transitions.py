"""The allowed transitions of a record, and the changes of each event. Nothing here does I/O.

::

    discovered   → token_issued, failed, skipped
    token_issued → submitted, failed, skipped; token_issued again (reissued)
    submitted    → registered, failed; token_issued (reissued)
    failed       → discovered (retried), skipped
    skipped      → discovered (reopened)
    registered   → discovered (reopened)
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeAlias, assert_never

from attrs import field, frozen

from rsspot.errors import InvalidInput, RegistrationError
from rsspot.redaction.redact import redact
from rsspot.state.database import LATEST, NOW, FromNow
from rsspot.state.durations import check_seconds
from rsspot.state.ledger.columns import as_moment
from rsspot.state.ledger.record import as_json
from rsspot.state.ledger.status import RegistrationStatus as Status
from rsspot.state.text import storable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rsspot.state.database import Row
    from rsspot.state.ledger.record import RegistrationRecord

__all__ = [
    "SETTLED",
    "TRANSITIONS",
    "Event",
    "Failed",
    "Registered",
    "Reissued",
    "Reopened",
    "Retried",
    "Skipped",
    "Submitted",
    "TokenIssued",
    "decide",
]

LONGEST = 2000
"""Maximum characters of a stored error."""


def _not_empty(_event: object, _attribute: object, value: Any) -> None:
    if not isinstance(value, str) or not value or storable(value) != value:
        raise RegistrationError(
            "The id of a token must be text that is not empty, without NUL and surrogates"
        )


def _as_stored(value: Any) -> datetime | None:
    """Return a time as it is stored: in UTC, within the years 1 to 9999."""
    if value is None:
        return None
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise RegistrationError(
            "The expiry of a token must have a time zone", hint="Use datetime.UTC"
        )
    try:
        return as_moment(min(value.astimezone(UTC).timestamp(), LATEST))
    except (ValueError, ArithmeticError, OSError):
        raise InvalidInput(
            f"The expiry of a token, {value}, is outside the years 1 to 9999 in UTC",
            argument="expires_at",
            hint="Leave it out for a token that does not expire",
        ) from None


def _wait(value: Any) -> float | None:
    return None if value is None else check_seconds("retry_in", value)


def _stored_payload(payload: Mapping[str, Any] | None) -> dict[str, Any]:
    kept: dict[str, Any] = json.loads(as_json(payload)) if payload else {}
    return kept


def _cleaned(text: str) -> str:
    # Most of a long text is cut off: redacting all of it would take seconds for each megabyte.
    return redact(storable(text[: 8 * LONGEST]))[:LONGEST]


@frozen
class TokenIssued:
    """A token was issued. The ledger does not store its text."""

    token_id: str = field(validator=_not_empty)
    expires_at: datetime | None = field(default=None, converter=_as_stored)


@frozen
class Reissued(TokenIssued):
    """A token was issued again: the previous one expired, or was lost before it was submitted."""


@frozen
class Submitted:
    """The VM was submitted to the orchestrator. The payload is added to the existing one."""

    payload: dict[str, Any] = field(default=None, converter=_stored_payload)


@frozen
class Registered:
    """The orchestrator has registered the VM. The payload is added to the existing one."""

    payload: dict[str, Any] = field(default=None, converter=_stored_payload)


@frozen
class Failed:
    """A step failed; it is repeated in `retry_in` seconds, or not before `Retried`."""

    error: str = field(converter=_cleaned)
    retry_in: float | None = field(default=None, eq=False, converter=_wait)


@frozen
class Skipped:
    """The VM must not be registered."""

    reason: str = field(converter=_cleaned)


@frozen
class Retried:
    """The registration starts over after a failure; `afresh` resets the number of failures."""

    afresh: bool = False


@frozen
class Reopened:
    """A finished record is reopened. If it had been registered, this is a new registration."""

    reason: str = field(default="", converter=_cleaned)


Event: TypeAlias = (
    TokenIssued | Reissued | Submitted | Registered | Failed | Skipped | Retried | Reopened
)

TRANSITIONS: Mapping[type[Event], tuple[frozenset[Status], Status]] = {
    TokenIssued: (frozenset({Status.DISCOVERED}), Status.TOKEN_ISSUED),
    Reissued: (frozenset({Status.TOKEN_ISSUED, Status.SUBMITTED}), Status.TOKEN_ISSUED),
    Submitted: (frozenset({Status.TOKEN_ISSUED}), Status.SUBMITTED),
    Registered: (frozenset({Status.SUBMITTED}), Status.REGISTERED),
    Failed: (frozenset({Status.DISCOVERED, Status.TOKEN_ISSUED, Status.SUBMITTED}), Status.FAILED),
    Skipped: (frozenset({Status.DISCOVERED, Status.TOKEN_ISSUED, Status.FAILED}), Status.SKIPPED),
    Retried: (frozenset({Status.FAILED}), Status.DISCOVERED),
    Reopened: (frozenset({Status.SKIPPED, Status.REGISTERED}), Status.DISCOVERED),
}
"""For each event: the possible states before it, and the state after it."""


def decide(record: RegistrationRecord, event: Event) -> tuple[Row, str] | None:
    """Return the columns that `event` changes, and the reason; None if it was applied already.

    Raises `RegistrationError` if it is not allowed, or was applied with other data.
    """
    sources, to = TRANSITIONS[type(event)]
    if record.status is to and _has_happened(record, event):
        return None
    if record.status not in sources:
        again = " with other data" if record.status is to else ""
        raise RegistrationError(
            f"Record {record.key} ({record.server}) is {record.status} and cannot become "
            f"{to}{again}",
            key=record.key,
            before=str(record.status),
            after=str(to),
            hint=_allowed(record.status),
        )
    changes, why = _effect(record, event)
    return {"status": to.value, "updated_at": NOW, **changes}, why


def _allowed(status: Status) -> str:
    names = [kind.__name__ for kind, (sources, _) in TRANSITIONS.items() if status in sources]
    return f"Allowed from this status: {', '.join(names)}"


def _has_happened(record: RegistrationRecord, event: Event) -> bool:
    match event:
        case TokenIssued():
            known = (record.token_id, record.token_expires_at)
            return known == (event.token_id, event.expires_at)
        case Submitted() | Registered():
            return not event.payload or event.payload.items() <= record.payload.items()
        case Failed():
            return record.last_error == event.error
        case Skipped():
            return record.last_error == event.reason
        case Retried() | Reopened():
            return True


def _effect(record: RegistrationRecord, event: Event) -> tuple[Row, str]:
    match event:
        case TokenIssued():
            expiry = None if event.expires_at is None else event.expires_at.timestamp()
            changes: Row = {"token_id": event.token_id, "token_expires_at": expiry}
            why = f"token {event.token_id}"
            if record.token_id:
                why += f" after token {record.token_id}"
        case Submitted():
            changes, why = {**_added(record, event.payload), "submitted_at": NOW}, "submitted"
        case Registered():
            changes, why = {**_added(record, event.payload), **SETTLED}, "registered"
        case Failed():
            due = None if event.retry_in is None else FromNow(event.retry_in)
            changes = {**SETTLED, "due_at": due, "attempts": record.attempts + 1}
            changes["last_error"] = why = event.error
        case Skipped():
            changes, why = {**SETTLED, "last_error": event.reason}, event.reason
        case Retried():
            attempts = 0 if event.afresh else record.attempts
            changes, why = {**_opened(record), "attempts": attempts}, "tried again"
        case Reopened():
            anew = record.status is Status.REGISTERED
            generation = record.generation + 1 if anew else record.generation
            changes = {**_opened(record), "attempts": 0, "generation": generation}
            why = event.reason or "opened again"
        case _:
            assert_never(event)
    return changes, why


SETTLED: Row = {"owner": None, "lease_id": None, "due_at": None}


def _opened(record: RegistrationRecord) -> Row:
    return {} if record.owner is not None and record.due_at is not None else {"due_at": NOW}


def _added(record: RegistrationRecord, payload: Mapping[str, Any]) -> Row:
    return {"payload": as_json({**record.payload, **payload}, record.key)} if payload else {}
