"""What the ledger refuses, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rsspot.errors import InvalidInput, RegistrationError
from rsspot.state.ledger.record import storable

if TYPE_CHECKING:
    from rsspot.state.ledger.record import RegistrationRecord

__all__ = ["check_lease", "refuse_held", "stale", "text"]


def refuse_held(record: RegistrationRecord, who: str) -> None:
    """Refuse what another worker holds. Raises `RegistrationError`."""
    if record.is_leased and record.owner != who:
        raise RegistrationError(
            f"Record {record.key} ({record.server}) is held by {record.owner} for another "
            f"{record.due_in:.0f} s",
            key=record.key,
            hint="Wait until its lease ends",
        )


def stale(record: RegistrationRecord, current: RegistrationRecord) -> RegistrationError:
    """Return the error for a change of a record that is no longer as it was read."""
    return RegistrationError(
        f"Record {record.key} ({record.server}) has changed since it was read: it was "
        f"{record.status} in version {record.version} and is {current.status} in version "
        f"{current.version}",
        key=record.key,
        hint="Another worker has taken it over, or somebody marked it: read it again",
    )


def check_lease(n: int, owner: str) -> None:
    """Check what a lease is asked for with. Raises `RegistrationError` or `InvalidInput`."""
    if n < 1:
        raise RegistrationError(f"A lease needs a number of records above 0, not {n}")
    if not owner:
        raise RegistrationError("A lease needs an owner, a text that is not empty")
    text("owner", owner)


def text(argument: str, value: object) -> str:
    """Return an argument that is a text which any database can hold. Raises `InvalidInput`."""
    if not isinstance(value, str) or storable(value) != value:
        raise InvalidInput(
            f"{argument} must be a text without NUL and surrogates, not {value!r}",
            argument=argument,
        )
    return value
