"""One run of a workflow, in both modes: claim a VM, issue, submit, verify, and the next."""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import TYPE_CHECKING, TypeVar

from attrs import evolve

from rsspot.errors import (
    DamagedRecordError,
    InvalidInput,
    RegistrationError,
    StateClosed,
    StateError,
    StateUnavailable,
)
from rsspot.flow.flow import sleep
from rsspot.registration.ahead import Ahead
from rsspot.registration.heartbeat import Heartbeat
from rsspot.registration.job import Job
from rsspot.registration.outage import Outage
from rsspot.registration.progress import ProgressReporter
from rsspot.registration.task_group import run_all
from rsspot.state.ledger import Registered, Submitted

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from rsspot.flow.clock import Clock
    from rsspot.flow.flow import Flow
    from rsspot.registration.plan import RunPlan
    from rsspot.state.ledger import Event, Ledger, RegistrationRecord

__all__ = ["process_due"]

T = TypeVar("T")

SLICE = 0.5
"""Seconds between two checks of a waiting worker for new work or the order to stop."""
FIRST, RARELY = 0.1, 2.0
"""Seconds between two reads if the store reports news, at first and at most. The end of all work is
not reported as news."""
CHECK_INTERVAL = 0.05
"""Seconds between two checks for news, which send nothing."""
LONGEST = 1.0
"""Maximum seconds between two attempts with a failing store."""
SOON = 0.01
"""Seconds between two attempts to claim a due record that others claim first."""


def process_due(
    ledger: Ledger, plan: RunPlan, *, target: str, owner: str, clock: Clock, ends: float
) -> Flow[None]:
    """Take all records of a target through their steps, in `concurrency` workers.

    ends: time by the clock's `monotonic` at which it stops before the next step.
    """
    # One length for all workers, so that none considers a worker dead that renews its lease.
    plan = evolve(plan, ttl=(yield from ledger.flows.agree_lease(target, plan.ttl)))
    with Heartbeat(ledger, plan.ttl, plan.step_timeout) as heartbeat:
        run = Run(
            plan,
            ledger,
            target=target,
            owner=owner,
            clock=clock,
            heartbeat=heartbeat,
            progress=ProgressReporter(ledger, target, plan.on_progress),
            ends=ends,
        )
        yield from run_all([run.worker() for _ in range(plan.concurrency)], run.stop)


class Run:
    """Workers that share a plan, a ledger, and the order to stop."""

    def __init__(
        self,
        plan: RunPlan,
        ledger: Ledger,
        *,
        target: str,
        owner: str,
        clock: Clock,
        heartbeat: Heartbeat,
        progress: ProgressReporter,
        ends: float,
    ) -> None:
        self.plan = plan
        self.target = target
        self.owner = owner
        self.ledger = ledger
        self.clock = clock
        self.heartbeat = heartbeat
        self.progress = progress
        self._ends = ends
        self._ahead = Ahead(plan.concurrency, plan.ttl, lambda: heartbeat.now)
        self._outage = Outage()
        self._waits: dict[str, float] = {}
        self._driven = 0
        self._stopped = threading.Event()

    def stop(self) -> None:
        """Make workers end before their next step."""
        self._stopped.set()

    @property
    def stopping(self) -> bool:
        """Whether workers end before their next step: after `stop`, or when time has run out."""
        return self._stopped.is_set() or self.clock.monotonic() >= self._ends

    def worker(self) -> Flow[None]:
        """Process one record after another, until none is left or the run is stopped."""
        try:
            yield from self._work()
        except BaseException:
            self.stop()
            raise
        finally:
            if self.stopping:
                yield from self._give_back(self._ahead.clear())

    def _work(self) -> Flow[None]:
        idle = FIRST
        is_due = False
        while not self.stopping:
            yield from self._give_back(self._ahead.overdue())
            taken = self._ahead.take()
            if taken is not None:
                yield from self._drive(*taken)
                continue
            news = self._signals()
            if not is_due:
                wait = yield from self._keep_trying(self.ledger.flows.next_due)
                if wait is None:
                    return
                if wait > 0:
                    yield from self._wait(wait, news, idle)
                    idle = min(2 * idle, RARELY)
                    continue
            idle = FIRST
            claimed_at = self.heartbeat.now
            claimed = yield from self._keep_trying(self._claim)
            # Where one was due, the next one often is too, so this does not check first.
            if not claimed and not is_due:
                yield from sleep(self.clock, SOON)
            is_due = bool(claimed)
            self._ahead.add(claimed[1:], claimed_at)
            for record in claimed[:1]:
                yield from self._drive(record, claimed_at)

    def _signals(self) -> int | None:
        """Return the number of news of due records so far; None if the store reports none."""
        signal = self.ledger.signal()
        return signal.count if signal is not None and signal.is_live else None

    def _wait(self, seconds: float, news: int | None, idle: float) -> Flow[None]:
        """Wait until something may be due, or it is time to check again."""
        left = max(self._ends - self.clock.monotonic(), SOON)
        if news is None:
            yield from sleep(self.clock, min(seconds, SLICE, left))
            return
        ends = self.clock.monotonic() + min(seconds, idle, left)
        driven = self._driven
        while not self.stopping and self._signals() == news and self._driven == driven:
            left = ends - self.clock.monotonic()
            if left <= 0:
                return
            yield from sleep(self.clock, min(left, CHECK_INTERVAL))

    def _claim(self, target: str, held: Collection[str]) -> Flow[list[RegistrationRecord]]:
        size = self._ahead.next_size()
        ttl = self.plan.ttl
        return self.ledger.flows.claim(size, owner=self.owner, ttl=ttl, target=target, held=held)

    def _give_back(self, records: list[RegistrationRecord]) -> Flow[None]:
        """Release records that no worker has begun with."""
        with suppress(StateError, RegistrationError):  # then their leases end by themselves
            yield from self.ledger.flows.release_all(records)

    def _keep_trying(self, look: Callable[[str, Collection[str]], Flow[T]]) -> Flow[T]:
        """Read the ledger; a store that fails for a while does not end the run.

        An unavailable server is waited for until the run must end. Raises `StateError` when a store
        has failed in another way for the time of a lease.
        """
        ends = self.heartbeat.now + self.plan.ttl
        pause = SOON
        while True:
            began = self.heartbeat.now
            try:
                found = yield from look(self.target, self.heartbeat.lease_ids)
            except StateClosed:
                raise
            except StateError as error:
                if isinstance(error, StateUnavailable):
                    self._outage.begin(error, began)
                    ends = self.heartbeat.now + self.plan.ttl
                if self.stopping or self.heartbeat.now >= ends:
                    raise
            else:
                self._outage.end(self.heartbeat.now)
                return found
            yield from sleep(self.clock, pause)
            pause = min(2 * pause, LONGEST)

    def _drive(self, record: RegistrationRecord, claimed_at: float) -> Flow[None]:
        """Process a record as far as possible now, and release it however this ends."""
        job = Job(self.plan, record, self.clock, self._waits)
        in_steps = 0.0
        self.heartbeat.hold(record, claimed_at)
        try:
            while job.is_under_way and not self.stopping:
                # Another worker may have the record by now: nothing is done for it twice.
                if not self.heartbeat.works(job.record):
                    job.lost = True
                    break
                began = self.heartbeat.now
                events = yield from job.next_events()
                in_steps += self.heartbeat.now - began
                if self._counts_as_registered(events):
                    events = (*events, Registered())
                if events:
                    yield from self._apply(job, events)
        finally:
            self._driven += 1  # it may have been the last
            self.heartbeat.let_go(record)
            if job.is_held:
                with suppress(StateError, RegistrationError):  # then the lease ends by itself
                    yield from self.ledger.flows.release(job.record, job.due_in)
            self._ahead.observe(in_steps)

    def _counts_as_registered(self, events: tuple[Event, ...]) -> bool:
        """Return whether a VM was submitted, and no step follows."""
        is_submitted = bool(events) and isinstance(events[-1], Submitted)
        return is_submitted and self.plan.verify is None and not self.stopping

    def _apply(self, job: Job, events: tuple[Event, ...]) -> Flow[None]:
        before = job.record.status
        versions = yield from self._record(job, events)
        if versions is None:
            job.lost = True  # or somebody marked the record, which is theirs now
            return
        job.record = versions[-1]
        self.heartbeat.works(job.record)
        for record in versions:
            yield from self.progress.report(before, record, job.error)
            before = record.status

    def _record(self, job: Job, events: tuple[Event, ...]) -> Flow[list[RegistrationRecord] | None]:
        """Record events while the lease is held; return None if that was not possible.

        After an error it is not known whether they were recorded. Doing it again is safe, since
        repeating events changes nothing. It is not done again for longer than a lease, even if the
        lease is renewed all the time; nor if the run is stopped while the server is away.
        """
        ends = self.heartbeat.now + self.plan.ttl
        pause = SOON
        while True:
            began = self.heartbeat.now
            try:
                made = yield from self.ledger.flows.apply_in_turn(job.record, events, self.owner)
            except (RegistrationError, InvalidInput, DamagedRecordError):
                return None
            except StateClosed:
                raise
            except StateError as error:
                if isinstance(error, StateUnavailable):
                    self._outage.begin(error, began)
                    if self.stopping:
                        return None
                if self.heartbeat.now >= ends or not self.heartbeat.works(job.record):
                    return None
            else:
                self._outage.end(self.heartbeat.now)
                return made
            yield from sleep(self.clock, pause)
            pause = min(2 * pause, LONGEST)
