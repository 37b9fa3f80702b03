"""Checks of the ledger, and the errors for what it refuses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from rsspot.arguments import check_whole
from rsspot.errors import InvalidInput, RegistrationError
from rsspot.redaction.quoting import quoted
from rsspot.shapes import type_name
from rsspot.state.kinds import KINDS
from rsspot.state.ledger.status import RegistrationStatus
from rsspot.state.text import storable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rsspot.state.database import Row
    from rsspot.state.ledger.record import RegistrationRecord
    from rsspot.state.ledger.transitions import Event

__all__ = [
    "check_lease",
    "event_pairs",
    "given",
    "refuse_held",
    "stale",
    "status_name",
    "text",
]


def refuse_held(record: RegistrationRecord, who: str) -> None:
    """Refuse a record that another worker holds. Raises `RegistrationError`."""
    if record.is_leased and record.owner != who:
        raise RegistrationError(
            f"Record {record.key} ({record.server}) is held by {record.owner} for another "
            f"{record.due_in:.0f} s",
            key=record.key,
            hint="Wait until its lease expires",
        )


def stale(record: RegistrationRecord, current: RegistrationRecord) -> RegistrationError:
    """Return the error for a change of a record that has changed since it was read."""
    return RegistrationError(
        f"Record {record.key} ({record.server}) has changed since it was read: it was "
        f"{record.status} in version {record.version} and is {current.status} in version "
        f"{current.version}",
        key=record.key,
        hint="Another worker took it over, or it was changed by hand. Read it again",
    )


def check_lease(limit: int, owner: str) -> None:
    """Check the arguments of a request for leases. Raises `RegistrationError` or `InvalidInput`."""
    if type(limit) is int and limit < 1:
        raise RegistrationError(f"The number of records to lease must be at least 1, not {limit}")
    check_whole("limit", limit, 1)
    if not owner:
        raise RegistrationError("owner must be text that is not empty")
    text("owner", owner)


def event_pairs(
    events: Iterable[tuple[RegistrationRecord, Event]],
) -> Iterator[tuple[RegistrationRecord, Event]]:
    """Yield the same pairs of a record and an event. Raises `InvalidInput` for anything else."""
    pairs: Iterable[Any] = events
    for pair in pairs:
        if not _is_pair(pair) or not all(PAIR[place].fits(pair[place]) for place in (0, 1)):
            raise InvalidInput(
                f"events must be pairs of a record and an event, not {type(pair).__name__}",
                argument="events",
            )
        yield pair


def _is_pair(value: Any) -> bool:
    return isinstance(value, Sequence) and len(value) == len(PAIR)  # pyright: ignore[reportUnknownArgumentType] - of anything


PAIR = (KINDS["RegistrationRecord"], KINDS["Event"])


def text(argument: str, value: object) -> str:
    """Return a string that any database can store. Raises `InvalidInput` for anything else."""
    if not isinstance(value, str) or storable(value) != value:
        kind = "one with such" if isinstance(value, str) else type_name(value)
        raise InvalidInput(
            f"{argument} must be a text without NUL and surrogates, not {kind}", argument=argument
        )
    return value


def given(**where: Any) -> Row:
    """Return the conditions that are set. Raises `InvalidInput`."""
    return {name: text(name, value) for name, value in where.items() if value is not None}


def status_name(value: str) -> str:
    """Return the name of a status. Raises `InvalidInput` for anything else."""
    names = [status.value for status in RegistrationStatus]
    if value not in names:
        raise InvalidInput(
            f"status must be one of {', '.join(names)}, not {quoted(value, names)}",
            argument="status",
        )
    return names[names.index(value)]
