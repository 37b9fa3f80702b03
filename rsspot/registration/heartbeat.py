"""Leases that a run holds, renewed from a thread of their own while steps take their time."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from rsspot.errors import StateError

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

    from rsspot.state.ledger import Ledger, RegistrationRecord

__all__ = ["Heartbeat"]


class Heartbeat:
    """Renews what it is told of, three times in the time of a lease.

    It is a thread in both colours, so that a step that stops the event loop costs no lease.
    Time is the real one here: it is others who must not think that this worker is dead.
    """

    def __init__(self, ledger: Ledger, ttl: float) -> None:
        self._ledger = ledger
        self._ttl = ttl
        self._held: dict[str, RegistrationRecord] = {}
        self._guard = threading.Lock()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="rsspot-heartbeat", daemon=True)

    def hold(self, record: RegistrationRecord) -> None:
        """Renew the lease of this record, as it is now."""
        with self._guard:
            self._held[record.key] = record

    def let_go(self, key: str) -> None:
        """Renew it no longer."""
        with self._guard:
            self._held.pop(key, None)

    def beat(self) -> None:
        """Renew all that is held. A lease that is lost is found out by whoever writes next."""
        with self._guard:
            held = [*self._held.values()]
        if not held:
            return
        try:
            self._ledger.heartbeat(held, ttl=self._ttl)
        except StateError:
            return  # the next beat may succeed, and the next write will say what is wrong

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
