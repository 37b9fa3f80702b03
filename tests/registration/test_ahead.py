"""Claims of several records: where steps are quick, and without holding what others could do.

Rules: docs/rules.md#leases.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest

from rsspot import RegistrationWorkflow, StateStore
from rsspot.registration import JoinToken, Summary
from rsspot.registration.ahead import LARGEST, Ahead
from rsspot.state.ledger.flows import LedgerFlows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rsspot.registration import Progress, Step

COUNT = 40


class Listed:
    """A client with one VM cloudspace."""

    @property
    def inventory(self) -> Any:
        return self

    def list_vmcloudspaces(self) -> list[Any]:
        assigned: dict[str, Any] = {f"s{number}": {} for number in range(COUNT)}
        metadata = {"name": "vms", "namespace": "org-a", "uid": "u1"}
        return [{"metadata": metadata, "status": {"assignedServers": assigned}}]


Submit: TypeAlias = Callable[["Step", JoinToken], None]
Run: TypeAlias = Callable[..., Summary]


def ignore(_step: Step, _token: JoinToken) -> None:
    """Do nothing."""


class Orchestrator:
    """Remembers the keys that it was told of."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def submit(self, step: Step, _token: JoinToken) -> None:
        self.told.append(step.idempotency_key)


def issue(_step: Step) -> JoinToken:
    return JoinToken("t-1", "join-me-with-this")


@pytest.fixture
def workflow(state_location: str) -> Iterator[RegistrationWorkflow]:
    with StateStore(state_location) as store:
        yield RegistrationWorkflow(store, target="omni", owner="w")


@pytest.fixture(params=["sync", "async"])
def run(request: pytest.FixtureRequest, workflow: RegistrationWorkflow) -> Run:
    def call(submit: Submit = ignore, **options: Any) -> Summary:
        steps: dict[str, Any] = {"issue_token": issue, "submit": submit, "concurrency": 2}
        if request.param == "sync":
            return workflow.run(Listed(), **steps, **options)
        return asyncio.run(workflow.arun(Listed(), **steps, **options))

    return call


@pytest.fixture
def sizes(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The sizes of the claims of a run, whose steps count as quick on any machine."""
    found: list[int] = []
    actual = LedgerFlows.claim

    def claim(self: LedgerFlows, n: int, **options: Any) -> Any:
        found.append(n)
        return actual(self, n, **options)

    monkeypatch.setattr(LedgerFlows, "claim", claim)
    monkeypatch.setattr("rsspot.registration.ahead.PERIOD", 1e9)
    return found


def test_one_record_is_claimed_until_steps_are_known_to_be_quick() -> None:
    ahead = Ahead(4, 60.0, lambda: 0.0)
    assert [ahead.next_size() for _ in range(3)] == [1, 1, 1]
    ahead.observe(0.001)
    assert [ahead.next_size() for _ in range(7)] == [2, 4, 8, 16, 32, LARGEST, LARGEST]


def test_one_record_is_claimed_as_soon_as_a_step_was_slow() -> None:
    ahead = Ahead(4, 60.0, lambda: 0.0)
    ahead.observe(0.001)
    assert [ahead.next_size() for _ in range(3)] == [1, 2, 4]
    ahead.observe(30.0)
    assert ahead.next_size() == 1


@pytest.mark.parametrize(("ttl", "patience"), [(60.0, 2.0), (1.5, 0.5)])
def test_what_waits_for_too_long_is_given_up_before_its_lease_ends(
    ttl: float, patience: float, workflow: RegistrationWorkflow
) -> None:
    now = [100.0]
    workflow.discover(Listed().list_vmcloudspaces())
    records = workflow.list()[:2]
    ahead = Ahead(4, ttl, lambda: now[0])
    ahead.add(records, now[0])
    now[0] += patience
    assert ahead.overdue() == []
    now[0] += 0.01
    assert ahead.overdue() == records
    assert ahead.take() is None


def test_a_run_with_quick_steps_claims_several_records_at_once(run: Run, sizes: list[int]) -> None:
    orchestrator = Orchestrator()
    assert run(orchestrator.submit).registered == COUNT
    assert len({*orchestrator.told}) == len(orchestrator.told) == COUNT
    assert len(sizes) < COUNT / 2


def test_records_that_were_claimed_ahead_are_given_back_when_a_run_ends(
    run: Run, workflow: RegistrationWorkflow, sizes: list[int]
) -> None:
    def fail(progress: Progress) -> None:
        if progress.counts.registered >= COUNT / 4:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run(on_progress=fail)
    assert max(sizes) > 1
    records = workflow.list()
    assert [record.owner for record in records] == [None] * COUNT
    assert all(record.due_at for record in records if record.status == "discovered")
    assert run() == Summary(registered=COUNT)


@pytest.mark.usefixtures("sizes")
def test_records_that_are_given_back_at_once_are_all_registered(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rsspot.registration.ahead.PATIENCE", -1.0)
    orchestrator = Orchestrator()
    assert run(orchestrator.submit).registered == COUNT
    assert len({*orchestrator.told}) == len(orchestrator.told) == COUNT


def test_submitted_and_registered_are_one_transaction_with_two_lines_of_history(
    run: Run, workflow: RegistrationWorkflow, monkeypatch: pytest.MonkeyPatch
) -> None:
    batches: list[list[str]] = []
    actual = LedgerFlows.apply_in_turn

    def apply(self: LedgerFlows, record: Any, events: Any, who: str) -> Any:
        batches.append([type(event).__name__ for event in events])
        return actual(self, record, events, who)

    monkeypatch.setattr(LedgerFlows, "apply_in_turn", apply)
    reported: list[str] = []

    def report(change: Progress) -> None:
        reported.append(f"{change.before} {change.record.status}")

    run(on_progress=report)
    assert sorted(batches) == [["Submitted", "Registered"]] * COUNT + [["TokenIssued"]] * COUNT
    record = workflow.list()[0]
    history = workflow.ledger.audit(record.key)
    expected = ["discovered", "token_issued", "submitted", "registered"]
    assert [line.after for line in history] == expected
    assert [line.before for line in history] == [None, *expected[:-1]]
    assert [line.at for line in history] == sorted(line.at for line in history)
    assert record.submitted_at is not None
    assert reported.count("submitted registered") == COUNT
    assert reported.count("token_issued submitted") == COUNT
