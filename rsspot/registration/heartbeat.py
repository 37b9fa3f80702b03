"""Leases that a run holds: renewed while work goes on, and known to be held only for so long."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from rsspot.state.uptime import steady

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType
    from typing import Self

    from rsspot.state.ledger import Ledger, RegistrationRecord

__all__ = ["Heartbeat"]


class _Held:
    """A record in the hands of this run, by the clock of this machine."""

    __slots__ = ("lease_id", "leased_until", "record", "renewed_until")

    def __init__(self, record: RegistrationRecord, leased_until: float) -> None:
        self.record = record
        self.lease_id = record.lease_id
        self.leased_until = leased_until
        """When the lease ends unless it is renewed."""
        self.renewed_until = 0.0
        """Until when it is renewed without a further sign of life."""


class Heartbeat:
    """Renews the leases of records that are worked on, three times in the time of a lease.

    ledger: whose leases these are.
    ttl: length of a lease, in seconds.
    patience: how long a record is renewed after the last sign of life from its worker, in
    seconds. A step takes no longer; what takes longer (a loop that stands still, a step that
    hangs) loses its lease, so that another worker can take over.
    now: a clock that nobody sets, which goes on while the process is stopped.

    It is a thread in both modes, so that a step that stops the event loop for a while costs no
    lease. Time is the real one here: it is others who must not think that this worker is dead.
    """

    def __init__(
        self, ledger: Ledger, ttl: float, patience: float, *, now: Callable[[], float] = steady
    ) -> None:
        self._ledger = ledger
        self._ttl = ttl
        self._patience = patience
        self._now = now
        self._held: dict[str, _Held] = {}
        self._guard = threading.Lock()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="rsspot-heartbeat", daemon=True)

    @property
    def now(self) -> float:
        """The time that leases are measured by here, in seconds."""
        return self._now()

    def hold(self, record: RegistrationRecord, claimed_at: float) -> None:
        """Renew the lease of a record from now on; it was asked for at `claimed_at` (or later)."""
        held = _Held(record, claimed_at + self._ttl)
        held.renewed_until = self._now() + self._patience
        with self._guard:
            self._held[record.key] = held

    def works(self, record: RegistrationRecord) -> bool:
        """Take a sign of life for a record, as it is now; return whether its lease is held.

        False once the lease may have ended, whatever the database would say: another worker may
        have the record by now, and nothing must be done for it.
        """
        now = self._now()
        with self._guard:
            held = self._held.get(record.key)
            if held is None or now >= held.leased_until:
                return False
            if record.lease_id is not None:
                if record.lease_id != held.lease_id:
                    return False
                held.record = record
            held.renewed_until = now + self._patience
            return True

    def let_go(self, record: RegistrationRecord) -> None:
        """Renew the lease with which a record was claimed no longer.

        Another worker of this run may have claimed it anew by now, with a lease of its own.
        """
        with self._guard:
            held = self._held.get(record.key)
            if held is not None and held.lease_id == record.lease_id:
                del self._held[record.key]

    @property
    def lease_ids(self) -> list[str]:
        """The ids of the leases that are in the hands of this run, held or lost."""
        with self._guard:
            return [each.record.lease_id for each in self._held.values() if each.record.lease_id]

    def beat(self) -> None:
        """Renew what is worked on. Whatever goes wrong, the next beat may succeed."""
        now = self._now()
        with self._guard:
            alive = [
                each.record
                for each in self._held.values()
                if now < each.renewed_until and each.record.lease_id
            ]
        if not alive:
            return
        try:
            lost = {*self._ledger.heartbeat(alive, ttl=self._ttl)}
        except Exception:  # noqa: BLE001 - leases that were not renewed end by themselves
            return
        with self._guard:
            for record in alive:
                held = self._held.get(record.key)
                if held is None or held.record.lease_id != record.lease_id:
                    continue
                # From before the ledger was asked: that is when the lease begins at the earliest.
                held.leased_until = 0.0 if record.key in lost else now + self._ttl

    def _beat(self) -> None:
        while not self._ended.wait(self._ttl / 3):
            self.beat()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        # Not joined: it may be waiting for another process, and an event loop must not.
        self._ended.set()
