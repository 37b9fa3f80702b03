"""The ledger's record of one VM: its identity, and the status of its registration."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Self

from attrs import field, fields, frozen

from rsspot.errors import RegistrationError
from rsspot.state.ledger.columns import MISSING, read_columns

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from rsspot.state.database import Row
    from rsspot.state.ledger.status import RegistrationStatus

__all__ = ["LEGACY_KEY", "RegistrationRecord", "as_json"]

LEGACY_KEY = "registration_key"
"""Where the payload of a record that was imported from rsspot 0.3.0 keeps its key there."""


def as_json(payload: Mapping[str, Any], key: str | None = None) -> str:
    """Return the text of a payload. Raises `RegistrationError` if JSON cannot represent it."""
    try:
        return _ENCODER.encode(dict(payload))
    except (TypeError, ValueError, RecursionError):
        raise RegistrationError(
            "The payload cannot be stored as JSON",
            key=key,
            hint="Use text, numbers, booleans, None, lists and objects of these",
        ) from None


_ENCODER = json.JSONEncoder(allow_nan=False)


@frozen(kw_only=True, slots=False)
class RegistrationRecord:
    """One VM of one VM cloudspace for one target. Times are in UTC, and for people.

    Attributes:
        key: Key of the record.
        target: Name of the orchestrator.
        namespace: Namespace of the organization.
        vm_cloudspace: Name of the VM cloudspace.
        vm_cloudspace_uid: Uid of the VM cloudspace, or empty.
        server: Key of the server in its VM cloudspace.
        pool: Name of the pool, or empty.
        address: IP address, or empty.
        status: State of the registration.
        token_id: Id of the token, or None.
        token_expires_at: Time at which the token expires, or None.
        submitted_at: Time at which it was submitted, or None.
        owner: Worker that holds the lease, or None.
        lease_id: Random id of the lease, or None.
        due_at: Time from which it may be claimed, or None if it is finished.
        attempts: Number of failures since it was last discovered.
        generation: Number of times that it was reopened after it had been registered.
        last_error: Text of the last error, or None.
        payload: Further data about the VM.
        created_at: Time of the first discovery.
        updated_at: Time of the last change.
        version: Number that increases with each change.
        due_in: Seconds from reading it until it can be claimed, 0 for at once, or None if it
            is not open.
    """

    key: str
    target: str
    namespace: str
    vm_cloudspace: str
    vm_cloudspace_uid: str
    server: str
    pool: str
    address: str
    status: RegistrationStatus
    token_id: str | None
    token_expires_at: datetime | None
    submitted_at: datetime | None
    owner: str | None
    lease_id: str | None
    due_at: datetime | None
    """When it may be claimed; None for a finished record."""
    attempts: int
    generation: int
    """How often it was reopened after it had been registered."""
    last_error: str | None
    payload: dict[str, Any]
    created_at: datetime
    updated_at: datetime
    version: int
    due_in: float | None = field(eq=False)

    @property
    def idempotency_key(self) -> str:
        """The key of this registration for an orchestrator, the same after retries and crashes.

        For a registration that rsspot 0.3.0 started, it is the key of that version.
        """
        if self.generation:
            return f"{self.key}-{self.generation}"
        legacy = self.payload.get(LEGACY_KEY) if self.payload else None
        return legacy if isinstance(legacy, str) and legacy.startswith("vmreg-") else self.key

    @property
    def lease_until(self) -> datetime | None:
        """The time until which `owner` holds it, unless the lease is renewed."""
        return self.due_at if self.owner is not None else None

    @property
    def is_leased(self) -> bool:
        """Whether a lease was in force when it was read."""
        return self.owner is not None and bool(self.due_in)

    @property
    def is_open(self) -> bool:
        """Whether the record is not finished."""
        return self.due_at is not None

    if not TYPE_CHECKING:  # a type checker would accept any name

        def __getattr__(self, name: str) -> object:
            from rsspot.renamed import missing_attribute

            raise missing_attribute(self, name, ("a registration",))

    @classmethod
    def from_row(cls, row: Row) -> Self:
        """Return the record in a row of the ledger.

        Args:
            row: Row of the table of records.

        Raises:
            DamagedRecordError: If the row cannot have been written by rsspot.
        """
        return cls(
            **read_columns({name: row.get(name, MISSING) for name in COLUMNS}, row.get("key"))
        )

    def changed(self, changes: Row) -> Self:
        """Return this record with changes, as the next version.

        Args:
            changes: New values of columns, as the database has them.

        Raises:
            DamagedRecordError: If a value cannot be read.
        """
        new = object.__new__(type(self))
        # In one step, which takes half as long as an update of its attributes.
        values = {**self.__dict__, **read_columns(changes, self.key)}
        object.__setattr__(new, "__dict__", values)
        return new


COLUMNS = tuple(each.name for each in fields(RegistrationRecord))
