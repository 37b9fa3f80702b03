"""A selection of records of a ledger."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from attrs import frozen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rsspot.state.ledger import Ledger, RegistrationRecord, RegistrationStatus

__all__ = ["Selection"]


@frozen(kw_only=True)
class Selection:
    """Conditions that must all hold; None and empty ones are ignored.

    target, vm_cloudspace: as in records. statuses: any of them. server: a server, or the name of a
    VM.
    """

    target: str | None = None
    statuses: tuple[RegistrationStatus, ...] = ()
    vm_cloudspace: str | None = None
    server: str | None = None

    def records(self, ledger: Ledger, limit: int | None = None) -> Iterator[RegistrationRecord]:
        """Yield the records, oldest first, at most `limit`; pages are read on demand."""
        where: dict[str, Any] = {
            "target": self.target,
            "vm_cloudspace": self.vm_cloudspace,
        }
        if len(self.statuses) == 1:
            where["status"] = str(self.statuses[0])
        given = {name: value for name, value in where.items() if value is not None}
        found = (
            record
            for record in ledger.each(**given)
            if (not self.statuses or record.status in self.statuses) and self._is_of_server(record)
        )
        return islice(found, limit)

    def _is_of_server(self, record: RegistrationRecord) -> bool:
        server = self.server
        return (
            server is None
            or record.server == server
            or record.payload.get("display_name") == server
        )
