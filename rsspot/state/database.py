"""What the state store needs from a database: nothing above this knows which one it is.

Every method may wait for another process, for as long as the busy timeout, and raises
`StateError` when it cannot do what is asked.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Protocol

from attrs import frozen

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from types import TracebackType
    from typing import Self

__all__ = ["AuditEntry", "Database", "HeldLock", "LedgerDatabase", "RecordChange", "Row"]

Row = dict[str, Any]
"""One row: column names and values."""


@frozen
class AuditEntry:
    """One line of a record's history; `at` is in seconds since the epoch."""

    key: str
    at: float
    who: str
    before: str | None
    after: str
    why: str


class RecordChange:
    """A change of one record, with its line of history: only while the record has `version`.

    With `free_at` (seconds since the epoch), also only when its lease has ended by then: a lease
    is renewed without a new version, so that the version alone does not tell.
    """

    __slots__ = ("audit", "changes", "free_at", "key", "version")

    def __init__(
        self,
        key: str,
        version: int,
        changes: Row,
        audit: AuditEntry | None = None,
        free_at: float = math.inf,
    ) -> None:
        self.key = key
        self.version = version
        self.changes = changes
        self.audit = audit
        self.free_at = free_at


class LedgerDatabase(Protocol):
    """Records that change by compare-and-set, are leased, and have a history.

    A record is open while its `due_at` is a time: from then on it may be claimed. `position`,
    which the database gives it, says in which order records came.
    """

    def insert_records(self, rows: Iterable[Row], audit: Iterable[AuditEntry]) -> int:
        """Add the records whose key is new, with their lines of history; how many were."""
        ...

    def records(self, where: Row, *, after: int = 0, most: int | None = None) -> list[Row]:
        """The records with these values whose position is beyond `after`, oldest first."""
        ...

    def count_records(self, where: Row) -> dict[str, int]:
        """How many records with these values there are of each status."""
        ...

    def next_due(self, where: Row) -> float | None:
        """When the first of the open records with these values is due; None if none is open."""
        ...

    def change_records(self, changes: Sequence[RecordChange]) -> list[bool]:
        """Compare and set, all in one transaction; which ones were as expected."""
        ...

    def claim_records(
        self, most: int, *, owner: str, now: float, until: float, where: Row
    ) -> list[Row]:
        """Lease open records that are due, oldest first, until a time: in one transaction."""
        ...

    def renew_records(self, leases: Sequence[tuple[str, int]], until: float) -> list[bool]:
        """Put off the end of leases, by key and version, which stays; which ones were held."""
        ...

    def audit_of(self, key: str) -> list[AuditEntry]:
        """The history of a record, oldest first."""
        ...


class HeldLock(Protocol):
    """A lock that is held until `release`, or the end of a `with` block."""

    def release(self) -> None:
        """Release the lock. A second call does nothing, nor does one in a child process."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
        /,
    ) -> None: ...


class Database(LedgerDatabase, Protocol):
    """Rows by table and key, a bounded cache, locks, and a ledger."""

    def get(self, table: str, key: tuple[str, ...]) -> Row | None:
        """One row, or None."""
        ...

    def put(self, table: str, row: Row) -> None:
        """Keep a row in place of one with the same key."""
        ...

    def delete(self, table: str, key: tuple[str, ...]) -> None:
        """Forget a row, if it is there. A shorter key forgets all rows that begin with it."""
        ...

    def rows(self, table: str, *, newest: int | None = None) -> list[Row]:
        """All rows in the order of their keys, or the newest ones, oldest first."""
        ...

    def add(self, table: str, row: Row) -> None:
        """Append a row, whose key the database chooses."""
        ...

    def put_cached(
        self, row: Row, most: int, *, generation: int | None = None, now: float | None = None
    ) -> bool:
        """Keep a cached answer, and at most `most` of them; the oldest go first.

        With `generation`, only if none were dropped since; whether it is kept. With `now`, some
        of those that have expired go too.
        """
        ...

    def drop_cached(self, partition: str, paths: Sequence[str]) -> None:
        """Forget the cached answers of a partition at these paths, and beneath them."""
        ...

    def generation(self) -> int:
        """A number that changes whenever cached answers are dropped, by any process."""
        ...

    def try_lock(self, name: str, ttl: float) -> HeldLock | None:
        """Take the lock called `name`, without waiting; None while another holds it.

        The lock is held until it is released, or its process ends, or, where the database cannot
        notice that, `ttl` seconds have passed.
        """
        ...

    def close(self) -> None:
        """Close what is open."""
        ...
