"""One run of a workflow, for both colours: claim a VM, issue, submit, verify, and the next."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from rsspot.errors import RegistrationError
from rsspot.registration.job import Job
from rsspot.senders.flow import block, sleep

if TYPE_CHECKING:
    from rsspot.registration.heartbeat import Heartbeat
    from rsspot.registration.plan import Plan
    from rsspot.registration.tally import Tally
    from rsspot.senders.clock import Clock
    from rsspot.senders.flow import Flow
    from rsspot.state.ledger import Event, Ledger, RegistrationRecord

__all__ = ["Run"]

SLICE = 0.5
"""Seconds between two looks of a worker that waits: has something come, should it stop?"""
SOON = 0.01
"""Seconds between two looks at a record that is due, and that others are faster to claim."""


class Run:
    """Workers that share a plan, a ledger, and the order to stop."""

    def __init__(
        self,
        plan: Plan,
        ledger: Ledger,
        *,
        target: str,
        owner: str,
        clock: Clock,
        heartbeat: Heartbeat,
        tally: Tally,
        ends: float,
    ) -> None:
        self.plan = plan
        self.target = target
        self.owner = owner
        self.ledger = ledger
        self.clock = clock
        self.heartbeat = heartbeat
        self.tally = tally
        self._ends = ends
        self._stopped = threading.Event()

    def stop(self) -> None:
        """Let workers end before their next step."""
        self._stopped.set()

    @property
    def stopping(self) -> bool:
        """Whether workers end before their next step: told so, or out of time."""
        return self._stopped.is_set() or self.clock.monotonic() >= self._ends

    def worker(self) -> Flow[None]:
        """Drive one record after the other, until there is none left or the run is stopped."""
        while not self.stopping:
            wait = self.ledger.next_due(self.target)
            if wait is None:
                return
            if wait > 0:
                left = self._ends - self.clock.monotonic()
                yield from sleep(self.clock, min(wait, SLICE, max(left, SOON)))
                continue
            claimed = yield from block(
                self.ledger.claim, owner=self.owner, ttl=self.plan.ttl, target=self.target
            )
            if not claimed:
                yield from sleep(self.clock, SOON)
            for record in claimed:
                yield from self._drive(record)

    def _drive(self, record: RegistrationRecord) -> Flow[None]:
        """Take a record as far as it goes now, and give it back however this ends."""
        job = Job(self.plan, record, self.clock)
        self.heartbeat.hold(record)
        try:
            while job.is_under_way and not self.stopping:
                for event in (yield from job.next_events()):
                    yield from self._apply(job, event)
        finally:
            self.heartbeat.let_go(record.key)
            if job.is_held:
                yield from block(self.ledger.release, job.record, due_in=job.due_in)

    def _apply(self, job: Job, event: Event) -> Flow[None]:
        before = job.record.status
        if job.lost:
            return
        try:
            job.record = yield from block(self.ledger.apply, job.record, event, who=self.owner)
        except RegistrationError:
            # The lease was lost, or somebody marked the record: it is theirs now.
            job.lost = True
            return
        self.heartbeat.hold(job.record)
        self.tally.report(before, job.record, job.error)
