"""Renew the leases of a run while work continues, and detect those that may have expired."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from rsspot.state.uptime import steady_clock

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType
    from typing import Self

    from rsspot.state.ledger import Ledger, RegistrationRecord

__all__ = ["Heartbeat"]


class _Held:
    """A record that this run works on, by the clock of this machine."""

    __slots__ = ("lease_id", "leased_until", "record", "renewed_until")

    def __init__(self, record: RegistrationRecord, leased_until: float) -> None:
        self.record = record
        self.lease_id = record.lease_id
        self.leased_until = leased_until
        """When the lease ends unless it is renewed."""
        self.renewed_until = 0.0
        """When renewal ends without another heartbeat."""


class Heartbeat:
    """Renews the leases of records that are worked on, three times per lease.

    ledger: the ledger of the leases.
    ttl: length of a lease, in seconds.
    patience: seconds for which a record is renewed after the last heartbeat of its worker. A
    step must not take longer: a loop that is blocked, or a step that hangs, loses its lease, so
    that another worker can take over.
    now: a monotonic clock that continues while the process is stopped.

    It is a thread in both modes, so that a step that blocks the event loop for a while loses no
    lease. It uses real time, since other workers must not believe that this one is dead.
    """

    def __init__(
        self,
        ledger: Ledger,
        ttl: float,
        patience: float,
        *,
        now: Callable[[], float] = steady_clock,
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
        """Return the time by which leases are measured here, in seconds."""
        return self._now()

    def hold(self, record: RegistrationRecord, claimed_at: float) -> None:
        """Renew the lease of a record from now on; it was claimed at `claimed_at` or later."""
        held = _Held(record, claimed_at + self._ttl)
        held.renewed_until = self._now() + self._patience
        with self._guard:
            self._held[record.key] = held

    def works(self, record: RegistrationRecord) -> bool:
        """Record a heartbeat for a record in its current state; return whether its lease is held.

        False once the lease may have ended, whatever the database says: another worker may have the
        record, and nothing must be done for it.
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
        """Stop renewing the lease with which a record was claimed.

        Another worker of this run may have claimed it again, with a lease of its own.
        """
        with self._guard:
            held = self._held.get(record.key)
            if held is not None and held.lease_id == record.lease_id:
                del self._held[record.key]

    @property
    def lease_ids(self) -> list[str]:
        """Return the ids of the leases of this run, held or lost."""
        with self._guard:
            return [each.record.lease_id for each in self._held.values() if each.record.lease_id]

    def beat(self) -> None:
        """Renew the leases. Whatever fails, the next beat may succeed."""
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
                # From before the call to the ledger: the earliest possible start of the lease.
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
