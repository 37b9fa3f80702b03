"""What the ledger keeps of one VM: who it is, and how far its registration has come."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Self

from attrs import field, fields, frozen

from rsspot.errors import RegistrationError
from rsspot.models.shapes import is_object
from rsspot.state.ledger.status import RegistrationStatus

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from rsspot.state.database import Row

__all__ = ["RegistrationCandidate", "RegistrationRecord", "as_json", "as_moment", "identity"]


def identity(namespace: str, cloudspace: str, uid: str, server: str, target: str) -> str:
    """The key of a VM for one target.

    A recreated VM cloudspace has another uid, so its machines are other machines; its name stands
    in where there is no uid. Pool and address change, and are no part of it.
    """
    where = ["uid", uid] if uid else ["name", cloudspace]
    # JSON is unambiguous where a separator would not be, and ASCII whatever is in the names.
    text = json.dumps(["registration", namespace, *where, server, target])
    return sha256(text.encode()).hexdigest()[:40]


@frozen(kw_only=True)
class RegistrationCandidate:
    """A VM that may be registered, as a list of VM cloudspaces shows it."""

    namespace: str
    vm_cloudspace: str
    server: str
    target: str
    vm_cloudspace_uid: str = ""
    pool: str = ""
    address: str = ""
    payload: dict[str, Any] = field(factory=dict[str, Any])
    """What else is known of it: display name, server class, type, state, region."""

    @property
    def key(self) -> str:
        """Its key in the ledger."""
        return identity(
            self.namespace, self.vm_cloudspace, self.vm_cloudspace_uid, self.server, self.target
        )


def as_moment(value: Any) -> datetime | None:
    """A column of seconds since the epoch as a time in UTC. Raises `ValueError`."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("a time is no number")  # noqa: TRY004 - a damaged row, however
    return datetime.fromtimestamp(value, UTC)


def as_json(payload: Mapping[str, Any], key: str | None = None) -> str:
    """The text of a payload. Raises `RegistrationError` for what JSON cannot hold."""
    try:
        return json.dumps(dict(payload), allow_nan=False)
    except (TypeError, ValueError, RecursionError) as error:
        raise RegistrationError(
            f"The payload cannot be kept as JSON: {error}",
            key=key,
            hint="Give text, numbers, booleans, None, lists and objects of these",
        ) from None


@frozen(kw_only=True, slots=False)
class RegistrationRecord:
    """One VM of one VM cloudspace for one target. Times are in UTC.

    `attempts` counts the failures since it was last discovered; `version` grows with each change.
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

    @property
    def idempotency_key(self) -> str:
        """What an orchestrator knows this registration by, through all retries and crashes."""
        return f"{self.key}-{self.generation}" if self.generation else self.key

    @property
    def lease_until(self) -> datetime | None:
        """Until when `owner` holds it, unless he renews his lease."""
        return self.due_at if self.owner is not None else None

    @property
    def is_open(self) -> bool:
        """Whether a worker may still have something to do with it."""
        return self.due_at is not None

    @classmethod
    def from_row(cls, row: Row) -> Self:
        """The record in a row. Raises `ValueError` or `KeyError` for a damaged one."""
        return cls(**{name: _read(name, row[name]) for name in COLUMNS})

    def changed(self, changes: Row) -> Self:
        """This record after `changes`, which are columns as the database has them."""
        new = object.__new__(type(self))
        values = new.__dict__
        values.update(self.__dict__)
        for name, value in changes.items():
            values[name] = _read(name, value)
        values["version"] += 1
        return new


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("a text is none")  # noqa: TRY004 - a damaged row, however
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


def _read(name: str, value: Any) -> Any:
    reader = READERS.get(name)
    return _text(value) if reader is None else reader(value)


COLUMNS = tuple(each.name for each in fields(RegistrationRecord))
READERS: dict[str, Callable[[Any], Any]] = {
    "status": _status,
    "token_id": _maybe_text,
    "token_expires_at": as_moment,
    "submitted_at": as_moment,
    "owner": _maybe_text,
    "due_at": as_moment,
    "attempts": _count,
    "generation": _count,
    "last_error": _maybe_text,
    "payload": _object,
    "created_at": _always,
    "updated_at": _always,
    "version": _count,
}
