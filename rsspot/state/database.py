"""What the state store needs from a database: nothing above this knows which one it is.

Every method may wait for another process, for as long as the busy timeout, and raises
`StateError` when it cannot do what is asked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from attrs import frozen

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from contextlib import AbstractContextManager

__all__ = ["AuditEntry", "Database", "LedgerRow", "Row"]

Row = dict[str, Any]
"""One row: column names and values."""


@frozen
class LedgerRow:
    """A change of one record: it happens only while the record has `version`."""

    key: str
    version: int
    changes: Row
    audit: AuditEntry | None = None


@frozen
class AuditEntry:
    """One line of a record's history."""

    key: str
    at: float
    who: str
    before: str | None
    after: str
    why: str


class Database(Protocol):
    """Rows by table and key, and a ledger with compare-and-set."""

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

    def lock(self, name: str) -> AbstractContextManager[None]:
        """A lock between processes, that ends with the process that holds it."""
        ...

    def insert_records(self, rows: Iterable[Row], audit: Iterable[AuditEntry]) -> int:
        """Add the records whose key is new, with their audit lines; how many were."""
        ...

    def records(self, where: Row, *, most: int | None = None) -> list[Row]:
        """The records with these values, oldest first."""
        ...

    def change_records(self, changes: Sequence[LedgerRow]) -> list[bool]:
        """Compare and set, all in one transaction; which ones were as expected."""
        ...

    def claim_records(
        self,
        most: int,
        *,
        owner: str,
        now: float,
        until: float,
        where: Row,
        statuses: Sequence[str],
    ) -> list[Row]:
        """Lease records that nobody holds, oldest first, in one transaction."""
        ...

    def audit_of(self, key: str) -> list[AuditEntry]:
        """The audit lines of a record, oldest first."""
        ...

    def close(self) -> None:
        """Close what is open."""
        ...
