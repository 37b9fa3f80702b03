"""The ledger against a model of it: the same events in any order come to the same.

Rules: docs/rules.md#transitions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar
from uuid import uuid4

import pytest
from attrs import define, evolve, field
from databases import open_state
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from rsspot import RegistrationCandidate, StateStore
from rsspot.errors import RegistrationError
from rsspot.state.ledger import (
    Failed,
    Listing,
    Registered,
    Reissued,
    Reopened,
    Retried,
    Skipped,
    Submitted,
    TokenIssued,
)
from rsspot.state.uptime import Uptime

if TYPE_CHECKING:
    from rsspot import RegistrationRecord
    from rsspot.state.ledger import (
        Event,
    )

NEXT: dict[tuple[str, type[Event]], str] = {
    ("discovered", TokenIssued): "token_issued",
    ("discovered", Failed): "failed",
    ("discovered", Skipped): "skipped",
    ("token_issued", Submitted): "submitted",
    ("token_issued", Failed): "failed",
    ("token_issued", Skipped): "skipped",
    ("token_issued", Reissued): "token_issued",
    ("submitted", Registered): "registered",
    ("submitted", Failed): "failed",
    ("submitted", Reissued): "token_issued",
    ("failed", Retried): "discovered",
    ("failed", Skipped): "skipped",
    ("skipped", Reopened): "discovered",
    ("registered", Reopened): "discovered",
}
SERVERS = ("a", "b", "c")
EVENTS = st.one_of(
    st.builds(TokenIssued, st.sampled_from(["t1", "t2"])),
    st.builds(Reissued, st.sampled_from(["t1", "t2"])),
    st.builds(Submitted, st.sampled_from([None, {"m": 1}, {"n": 2}])),
    st.builds(Registered, st.sampled_from([None, {"m": 1}])),
    st.builds(Failed, st.sampled_from(["e1", "e2"]), st.sampled_from([None, 0.0, 30.0])),
    st.builds(Skipped, st.sampled_from(["r1", "r2"])),
    st.builds(Retried, st.booleans()),
    st.builds(Reopened),
)


@define
class Modelled:
    """What a record should be."""

    status: str = "discovered"
    token: str | None = None
    payload: dict[str, Any] = field(factory=dict[str, Any])
    reason: str | None = None
    owner: str | None = None
    due: float | None = 0.0
    attempts: int = 0
    generation: int = 0
    lines: int = 1

    def repeats(self, event: Event) -> bool:
        """Whether it has happened already."""
        match event:
            case TokenIssued():
                return self.status == "token_issued" and self.token == event.token_id
            case Submitted() | Registered():
                wanted = "submitted" if isinstance(event, Submitted) else "registered"
                return self.status == wanted and {**self.payload, **event.payload} == self.payload
            case Failed():
                return self.status == "failed" and self.reason == event.error
            case Skipped():
                return self.status == "skipped" and self.reason == event.reason
            case Retried() | Reopened():
                return self.status == "discovered"

    def happens(self, event: Event, now: float) -> None:
        """Make it happen."""
        before = self.status
        self.status = NEXT[before, type(event)]
        self.lines += 1
        if isinstance(event, TokenIssued):
            self.token = event.token_id
        if isinstance(event, Submitted | Registered):
            self.payload = {**self.payload, **event.payload}
        if isinstance(event, Failed):
            self.attempts += 1
            self.reason, self.owner = event.error, None
            self.due = None if event.retry_in is None else now + event.retry_in
        if isinstance(event, Skipped):
            self.reason = event.reason
        if isinstance(event, Skipped | Registered):
            self.owner = self.due = None
        if isinstance(event, Retried | Reopened):
            self.due = now if self.owner is None else self.due
            self.attempts = self.attempts if event == Retried() else 0
            self.generation += before == "registered"


class LedgerMachine(RuleBasedStateMachine):
    """Two workers, three machines, and a clock."""

    def __init__(self) -> None:
        super().__init__()
        self.time = 1000.0
        self.ahead = 0.0
        self.store = self.opened()
        self.ledger = self.store.registrations
        self.model: dict[str, Modelled] = {}
        self.seen: dict[str, list[RegistrationRecord]] = {}

    def opened(self) -> StateStore:
        """A store that goes by this time."""
        return StateStore(
            ":memory:",
            now=lambda: self.time + self.ahead,
            since_boot=lambda: Uptime("boot", self.time),
        )

    def teardown(self) -> None:
        self.store.close()

    @rule(server=st.sampled_from(SERVERS))
    def discover(self, server: str) -> None:
        candidate = RegistrationCandidate(
            namespace="n", vm_cloudspace="v", server=server, target="t"
        )
        found = self.ledger.discover(Listing(target="t", candidates=(candidate,)), who="w1")
        assert found.added == (candidate.key not in self.model)
        self.model.setdefault(candidate.key, Modelled(due=self.time))

    @rule(seconds=st.sampled_from([1.0, 10.0, 100.0]))
    def time_passes(self, seconds: float) -> None:
        self.time += seconds

    @rule(ahead=st.sampled_from([0.0, -900.0, 3600.0, 4e8]))
    def wall_clock_is_set(self, ahead: float) -> None:
        self.ahead = ahead

    @rule(data=st.data(), event=EVENTS, who=st.sampled_from(["w1", "w2"]), stale=st.booleans())
    def something_happens(
        self, data: st.DataObject, event: Event, who: str, *, stale: bool
    ) -> None:
        if not self.model:
            return
        key = data.draw(st.sampled_from(sorted(self.model)))
        model, record = self.model[key], self.ledger.get(key)
        old = self.seen.get(key, [])
        handle = data.draw(st.sampled_from(old)) if stale and old else record
        outdated = handle.version != record.version
        held = model.owner not in {None, who} and model.due is not None and model.due > self.time
        legal = (model.status, type(event)) in NEXT
        repeats = model.repeats(event)
        try:
            after = self.ledger.apply(handle, event, who=who)
        except RegistrationError:
            assert held or outdated or not (legal or repeats)
            return
        assert not held
        assert repeats or (legal and not outdated)
        if not repeats:
            model.happens(event, self.time)
        # A renewed lease leaves a record as it was read usable, so that its end may be an old one.
        current = self.ledger.get(key)
        assert evolve(after, due_at=current.due_at) == current
        self.seen.setdefault(key, []).append(record)

    @rule(n=st.integers(1, 3), owner=st.sampled_from(["w1", "w2"]))
    def claim(self, n: int, owner: str) -> None:
        claimed = self.ledger.claim(n, owner=owner, ttl=30, target="t")
        due = [
            key
            for key, model in self.model.items()
            if model.due is not None and model.due <= self.time
        ]
        due.sort(key=lambda key: self.model[key].due or 0.0)
        assert [record.key for record in claimed] == due[:n]
        for record in claimed:
            self.model[record.key].owner = owner
            self.model[record.key].due = self.time + 30

    @rule(data=st.data())
    def release_or_renew(self, data: st.DataObject) -> None:
        held = [key for key, model in self.model.items() if model.owner is not None]
        if not held:
            return
        key = data.draw(st.sampled_from(held))
        record = self.ledger.get(key)
        if data.draw(st.booleans()):
            assert self.ledger.release(record, due_in=5)
            self.model[key].owner, self.model[key].due = None, self.time + 5
        else:
            assert self.ledger.heartbeat([record], ttl=60) == []
            self.model[key].due = self.time + 60
        self.seen.setdefault(key, []).append(record)

    @invariant()
    def ledger_and_model_agree(self) -> None:
        for key, model in self.model.items():
            record = self.ledger.get(key)
            due = None if record.due_in is None else self.time + record.due_in
            assert (record.status, record.token_id, record.payload, record.last_error) == (
                model.status, model.token, model.payload, model.reason,
            )  # fmt: skip
            wanted = None if model.due is None else max(model.due, self.time)
            assert (record.owner, due, record.attempts, record.generation) == (
                model.owner, wanted, model.attempts, model.generation,
            )  # fmt: skip
            assert len(self.ledger.audit(key)) == model.lines


TestLedger = LedgerMachine.TestCase
TestLedger.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)


class FleetMachine(LedgerMachine):
    """The same on a server, whose clock is not that of the workers."""

    server: ClassVar[str]

    def opened(self) -> StateStore:
        mark = "&" if "?" in self.server else "?"
        url = f"{self.server}{mark}schema=model_{uuid4().hex}"
        return open_state(url, lambda: self.time)


@pytest.fixture
def served(postgres: str) -> None:
    FleetMachine.server = postgres


@pytest.mark.usefixtures("served")
class TestFleetLedger(FleetMachine.TestCase):  # type: ignore[misc, valid-type] # made by hypothesis
    settings = settings(max_examples=8, stateful_step_count=30, deadline=None)
