"""The database interface of the state store.

Every method may wait for another process, at most for the busy timeout, and raises `StateError` if
it fails.
"""

from __future__ import annotations

from os import urandom
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence
    from types import TracebackType
    from typing import Self

__all__ = [
    "LATEST",
    "NOW",
    "AuditEntry",
    "Database",
    "FromNow",
    "HeldLock",
    "LedgerDatabase",
    "RecordChange",
    "Row",
    "Signal",
]

Row = dict[str, Any]
"""One row: column names and values."""

LATEST = 253402300799.0
"""The last second of the year 9999, in seconds since the epoch: the last one a datetime has."""


class FromNow(float):
    """A duration in seconds: the database adds it to its time once the transaction has its turn."""

    __slots__ = ()


NOW = FromNow(0.0)
"""The time of the transaction."""


class AuditEntry(NamedTuple):
    """One entry of a record's history; `at` is in seconds since the epoch."""

    key: str
    at: float
    who: str
    before: str | None
    after: str
    why: str


class RecordChange:
    """A change of one record, with its history entry; it applies only to `version`.

    changes: the new values by column. A time is seconds since the epoch, or `FromNow`.
    lease: the id of the writer's lease; nothing changes if the record has another. None: nothing
    changes while any lease is in force.
    change_id: a unique text of 32 hexadecimal digits. A second attempt, because the outcome of the
    first is unknown, has the same one.
    """

    __slots__ = ("_change_id", "audit", "changes", "key", "lease", "version")

    def __init__(
        self,
        key: str,
        version: int,
        changes: Row,
        audit: AuditEntry | None = None,
        lease: str | None = None,
        *,
        change_id: str | None = None,
    ) -> None:
        self.key: str = key
        self.version: int = version
        self.changes: Row = changes
        self.audit: AuditEntry | None = audit
        self.lease: str | None = lease
        self._change_id = change_id

    @property
    def change_id(self) -> str:
        """The unique text, made when it is first needed: sqlite does not store it."""
        self._change_id = self._change_id or urandom(16).hex()
        return self._change_id


class Signal(Protocol):
    """Notifications that records may be due sooner than known."""

    @property
    def count(self) -> int:
        """The number of notifications since the first call."""
        ...

    @property
    def is_live(self) -> bool:
        """Whether notifications arrive at the moment; if not, callers have to poll."""
        ...


class LedgerDatabase(Protocol):
    """Records that change by compare-and-set, are leased, and have a history.

    The database determines the time: arguments are durations, results are times. A record is open
    while it has a `due_at`, from which it may be claimed. Each returned row also has `due_in`, the
    seconds until then, or 0 if it has passed. `due_at` is for people; a clock that nobody can set
    decides which records are due and which leases are in force. The database gives each record a
    `position`, which shows their order.
    """

    def insert_records(self, rows: Iterable[Row], audit: Iterable[AuditEntry]) -> int:
        """Add the records whose key is new, with their history; return how many were added."""
        ...

    def records(self, where: Row, *, after: int = 0, limit: int | None = None) -> list[Row]:
        """Return the records with these values whose position is beyond `after`, oldest first."""
        ...

    def records_by_key(self, keys: Collection[str]) -> dict[str, Row]:
        """Return the existing records with these keys, by key."""
        ...

    def missing_records(self, target: str, namespace: str, present: Collection[str]) -> list[Row]:
        """Return the records of a namespace whose key is not in `present`, without skipped ones."""
        ...

    def export_records(
        self, where: Row, *, page: int
    ) -> Iterator[list[tuple[Row, list[AuditEntry]]]]:
        """Yield the records with these values, with their histories, `page` of them at a time.

        All pages are of one snapshot, while workers go on writing.
        """
        ...

    def record_keys(self, prefix: str, limit: int) -> list[str]:
        """Return the keys that begin with `prefix` (digits, a to f), sorted, at most `limit`."""
        ...

    def payload_keys(self, part: str, limit: int) -> list[str]:
        """Return keys of records whose payload contains `part`. This reads the whole ledger."""
        ...

    def record_targets(self) -> list[str]:
        """Return the targets that have records, sorted. The cost does not grow with the ledger."""
        ...

    def forget_audit(self, seconds: float, *, limit: int) -> int:
        """Delete history entries older than this many seconds, oldest first; return how many.

        At most `limit` are deleted in one transaction. Histories of open records stay complete,
        and each record keeps its last entry.
        """
        ...

    def count_records(self, target: str | None) -> dict[str, int]:
        """Return how many records (of a target) there are of each status.

        Those that were set aside count as "damaged". The cost does not grow with the ledger.
        """
        ...

    def next_due(self, target: str, *, held: Collection[str] = ()) -> float | None:
        """Return the seconds until a record without a lease in `held` is due; None for never."""
        ...

    def change_records(self, changes: Sequence[RecordChange]) -> list[Row | None]:
        """Compare and set several records in one transaction.

        Return for each change the columns as they are now, with `version` and `due_in`; None
        if the record was not as expected and was not changed.
        """
        ...

    def claim_records(
        self, limit: int, *, owner: str, ttl: float, where: Row, held: Collection[str] = ()
    ) -> list[Row]:
        """Lease records that are due to `owner` for `ttl` seconds, each with a random lease id.

        Records that have been due longest come first, approximately. An expired lease is taken
        over, except those in `held`, which the caller still holds.
        """
        ...

    def renew_records(self, leases: Sequence[tuple[str, str]], ttl: float) -> list[bool]:
        """Extend leases, by key and lease id, to `ttl` seconds from now; return which were held."""
        ...

    def agree_lease(self, target: str, seconds: float) -> float:
        """Store the duration of the leases of a target; return the duration in force.

        While a lease is in force, the stored duration does not change: all workers use the same.
        """
        ...

    def signal(self) -> Signal | None:
        """Return the signal that records may be due; None if there is none."""
        ...

    def set_aside(self, position: int, version: object, audit: AuditEntry) -> None:
        """Close the damaged record at a position, which then counts as "damaged"."""
        ...

    def audit_of(self, key: str) -> list[AuditEntry]:
        """Return the history of a record, oldest first."""
        ...

    def histories(self, keys: Collection[str]) -> dict[str, list[AuditEntry]]:
        """Return the histories of these records, by key, with few statements."""
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

    @property
    def is_shared(self) -> bool:
        """Whether other users may read the stored tokens, which are then encrypted."""
        ...

    def get(self, table: str, key: tuple[str, ...]) -> Row | None:
        """Return one row, or None."""
        ...

    def put(self, table: str, row: Row) -> None:
        """Store a row, and replace one with the same key."""
        ...

    def delete(self, table: str, key: tuple[str, ...]) -> None:
        """Delete a row, if it exists. A shorter key deletes all rows that begin with it.

        If these are responses (`http_cache`), the generation changes.
        """
        ...

    def rows(self, table: str, *, newest: int | None = None) -> list[Row]:
        """Return all rows in the order of their keys, or the newest ones, oldest first."""
        ...

    def add(self, table: str, row: Row) -> None:
        """Append a row, and let the database choose its key."""
        ...

    def get_cached(self, partition: str, key: str) -> tuple[tuple[str, Any, Any, Any] | None, int]:
        """Return a response (path, metadata, body, expiry), and the generation, in one snapshot."""
        ...

    def put_cached(
        self, row: Row, most: int, *, generation: int | None = None, now: float | None = None
    ) -> bool:
        """Store a response, and drop the oldest ones beyond `most`.

        With `generation`, only if none were dropped since; return whether it is stored. With
        `now`, some expired responses are dropped too.
        """
        ...

    def drop_cached(self, partition: str, paths: Sequence[str]) -> None:
        """Drop the responses of a partition at and below these paths."""
        ...

    def generation(self) -> int:
        """Return a number that changes whenever any process drops or clears responses."""
        ...

    def try_lock(self, name: str, ttl: float) -> HeldLock | None:
        """Acquire the lock called `name` without waiting; return None while another holder has it.

        The lock is held until it is released or its process ends; if the database cannot
        detect that, for `ttl` seconds.
        """
        ...

    def close(self) -> None:
        """Close all connections."""
        ...
