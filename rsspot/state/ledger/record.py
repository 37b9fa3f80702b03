"""What the ledger keeps of one VM: who it is, and how far its registration has come."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from hashlib import sha256
from math import inf
from typing import TYPE_CHECKING, Any, Self

from attrs import field, fields, frozen

from rsspot.errors import DamagedRecordError, RegistrationError
from rsspot.shapes import is_object
from rsspot.state.database import LATEST, FromNow
from rsspot.state.ledger.status import RegistrationStatus
from rsspot.state.text import storable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from rsspot.state.database import Row

__all__ = [
    "LEGACY_KEY",
    "RegistrationCandidate",
    "RegistrationRecord",
    "as_json",
    "as_moment",
    "check_row",
    "identity",
]

LEGACY_KEY = "registration_key"
"""Where the payload of a record that was imported from rsspot 0.3.0 keeps its key there."""
EARLIEST = -62135596800.0
"""The first second of the year 1, in seconds since the epoch: the first one a datetime has."""


def identity(namespace: str, cloudspace: str, uid: str, server: str, target: str) -> str:
    """The key of a VM for one target.

    A recreated VM cloudspace has another uid, so its machines are other machines; its name stands
    in where there is no uid. Pool and address change, and are no part of it.
    """
    where = ["uid", uid] if uid else ["name", cloudspace]
    # JSON is unambiguous where a separator would not be, and ASCII whatever is in the names.
    text = json.dumps(["registration", namespace, *where, server, target])
    return sha256(text.encode()).hexdigest()[:40]


def _candidate_text(value: Any) -> str:
    if not isinstance(value, str):
        raise RegistrationError(f"A VM is described by text, not by {type(value).__name__}")
    return storable(value)


def _payload(_candidate: object, _attribute: object, value: Any) -> None:
    if not is_object(value):
        raise RegistrationError(f"A payload is a dict, and not {type(value).__name__}")


@frozen(kw_only=True)
class RegistrationCandidate:
    """A VM that may be registered, as a list of VM cloudspaces shows it.

    The server and the uid are as in `openapi/spot.yaml`, VMAssignedServer and ObjectMeta.

    Attributes:
        namespace: Namespace of the organization.
        vm_cloudspace: Name of the VM cloudspace.
        server: Key of the server in `assignedServers`, which cannot change.
        target: Name of the orchestrator.
        vm_cloudspace_uid: Uid of the VM cloudspace (default: not known).
        pool: Name of the pool (default: not known).
        address: IP address of the server (default: not known).
        server_name: What the list calls the server, where that is not `server` (default: not
            known). It may appear later, or change.
        payload: What else is known of it, by name (default: nothing).

    Raises:
        RegistrationError: If a text is no text, or the payload no dict.
    """

    namespace: str = field(converter=_candidate_text)
    vm_cloudspace: str = field(converter=_candidate_text)
    server: str = field(converter=_candidate_text)
    target: str = field(converter=_candidate_text)
    vm_cloudspace_uid: str = field(default="", converter=_candidate_text)
    pool: str = field(default="", converter=_candidate_text)
    address: str = field(default="", converter=_candidate_text)
    server_name: str = field(default="", converter=_candidate_text)
    """What the list calls it, where that is not `server`. It may appear later, or change."""
    payload: dict[str, Any] = field(factory=dict[str, Any], validator=_payload)
    """What else is known of it: display name, server class, type, state, region."""

    @property
    def key(self) -> str:
        """Its key in the ledger."""
        return self._key(self.vm_cloudspace_uid, self.server)

    @property
    def earlier_keys(self) -> tuple[str, ...]:
        """Keys that its record may have: from a list without the uid, or by the server's name."""
        servers = dict.fromkeys(filter(None, (self.server, self.server_name)))
        uids = dict.fromkeys((self.vm_cloudspace_uid, ""))
        keys = [self._key(uid, server) for server in servers for uid in uids]
        # Records that were imported from rsspot 0.3.0 may not know their namespace.
        keys += [identity("", self.vm_cloudspace, "", server, self.target) for server in servers]
        return tuple(key for key in keys if key != self.key)

    def is_of(self, row: Row) -> bool:
        """Return whether a row of the ledger can be the record of this VM.

        A VM cloudspace that was made anew has the same name and another uid, and other machines.

        Args:
            row: Row that was found by one of the keys.
        """
        return (
            row["vm_cloudspace_uid"] in {self.vm_cloudspace_uid, ""} or not self.vm_cloudspace_uid
        )

    def _key(self, uid: str, server: str) -> str:
        return identity(self.namespace, self.vm_cloudspace, uid, server, self.target)


def as_moment(value: Any) -> datetime | None:
    """A column of seconds since the epoch as a time in UTC. Raises `ValueError`."""
    if value is None:
        return None
    if type(value) not in {int, float} or not EARLIEST <= value <= LATEST:
        raise ValueError("a time is no number of seconds within the years 1 to 9999")
    return datetime.fromtimestamp(value, UTC)


def as_json(payload: Mapping[str, Any], key: str | None = None) -> str:
    """The text of a payload. Raises `RegistrationError` for what JSON cannot hold."""
    try:
        return json.dumps(dict(payload), allow_nan=False)
    except (TypeError, ValueError, RecursionError):
        raise RegistrationError(
            "The payload cannot be kept as JSON",
            key=key,
            hint="Give text, numbers, booleans, None, lists and objects of these",
        ) from None


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
        status: How far the registration has come.
        token_id: Id of the token, or None.
        token_expires_at: Time at which the token expires, or None.
        submitted_at: Time at which it was submitted, or None.
        owner: Worker that holds the lease, or None.
        lease_id: Random text that each lease has of its own, or None.
        due_at: Time from which it may be claimed, or None where nothing is left to do.
        attempts: Number of failures since it was last discovered.
        generation: Number of times that it was opened again after it had been registered.
        last_error: Text of the last error, or None.
        payload: What else is known of it.
        created_at: Time of the first discovery.
        updated_at: Time of the last change.
        version: Number that grows with each change.
        due_in: Seconds until it could be claimed when it was read, 0 for at once, or None where it
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
    """When it may be claimed; None for a record with which nothing is left to do."""
    attempts: int
    generation: int
    """How often it was opened again after it had been registered."""
    last_error: str | None
    payload: dict[str, Any]
    created_at: datetime
    updated_at: datetime
    version: int
    due_in: float | None = field(eq=False)

    @property
    def idempotency_key(self) -> str:
        """What an orchestrator knows this registration by, through all retries and crashes.

        For what rsspot 0.3.0 began, that is its key there.
        """
        if self.generation:
            return f"{self.key}-{self.generation}"
        legacy = self.payload.get(LEGACY_KEY) if self.payload else None
        return legacy if isinstance(legacy, str) and legacy.startswith("vmreg-") else self.key

    @property
    def lease_until(self) -> datetime | None:
        """Until when `owner` holds it, unless he renews his lease."""
        return self.due_at if self.owner is not None else None

    @property
    def is_leased(self) -> bool:
        """Whether a lease was in force when it was read."""
        return self.owner is not None and bool(self.due_in)

    @property
    def is_open(self) -> bool:
        """Whether a worker may still have something to do with it."""
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
            DamagedRecordError: If no version of rsspot has written such a row.
        """
        return cls(**_read_all({name: row.get(name, MISSING) for name in COLUMNS}, row.get("key")))

    def changed(self, changes: Row) -> Self:
        """Return this record with changes, as the next version.

        Args:
            changes: New values of columns, as the database has them.

        Raises:
            DamagedRecordError: If a value cannot be read.
        """
        new = object.__new__(type(self))
        values = new.__dict__
        values.update(self.__dict__)
        values.update(_read_all(changes, self.key))
        return new


def check_row(row: Row) -> None:
    """Check that the columns to be written can be read again. Raises `RegistrationError`."""
    try:
        # A time that the database will put there is one that it can read.
        _read_all({name: value for name, value in row.items() if type(value) is not FromNow})
    except DamagedRecordError as error:
        raise RegistrationError(
            f"The record cannot be kept like that: {error.message}", key=row.get("key")
        ) from None


def _read_all(row: Row, key: Any = None) -> Row:
    name = ""
    try:
        values: Row = {}
        for name, value in row.items():
            reader = READERS.get(name)
            values[name] = _text(value) if reader is None else reader(value)
    except (ValueError, TypeError, ArithmeticError, OSError, RecursionError) as error:
        # All that conversions raise, on any platform.
        raise DamagedRecordError(f"{name}: {error}", key=str(key)) from None
    return values


MISSING = object()


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("a text is missing")  # noqa: TRY004 - a damaged row, however
    if storable(value) != value:
        raise ValueError("a text has characters that no database can hold")
    return value


def _status(value: Any) -> RegistrationStatus:
    return RegistrationStatus(value)


def _maybe_text(value: Any) -> str | None:
    return None if value is None else _text(value)


def _count(value: Any) -> int:
    if type(value) is not int or value < 0:
        raise ValueError("a count is no number")
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
        raise ValueError("the payload is no JSON object")
    return found


def _seconds(value: Any) -> float | None:
    if value is None:
        return None
    if type(value) not in {int, float} or not 0 <= value < inf:
        raise ValueError("a duration is no number of seconds")
    return float(value)


COLUMNS = tuple(each.name for each in fields(RegistrationRecord))
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
