"""Runs of both modes: each VM once, to its end, whatever the steps do.

Rules: docs/rules.md#registered-once, docs/rules.md#join-tokens, docs/rules.md#event-loop.
"""

from __future__ import annotations

import _thread
import asyncio
import signal
import threading
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from databases import everything_in, open_state

from rsspot import (
    AsyncSpotClient,
    RegistrationWorkflow,
    SpotClient,
    StateStore,
)
from rsspot.errors import InvalidInput, RegistrationError, StateError, StateUnavailable
from rsspot.flow.clock import SYSTEM_CLOCK, Clock
from rsspot.flow.flow import iterate
from rsspot.models import VMCloudspace
from rsspot.registration import JoinToken, Permanent, RegistrationChange, Skip, Summary
from rsspot.registration.selection import Selection
from rsspot.registration.watching import watch

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from rsspot import (
        RegistrationCandidate,
    )
    from rsspot.registration import Progress, Step
    from rsspot.sandbox import SpotSandbox

TEXT = "join-me/with+a=secret"


class Moved(Clock):
    """Time that goes on only by waiting."""

    def __init__(self) -> None:
        self.time = 1_800_000_000.0

    def now(self) -> float:
        return self.time

    def monotonic(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.time += seconds

    async def asleep(self, seconds: float) -> None:
        self.time += seconds
        await asyncio.sleep(0)


class Inventory:
    """VM cloudspaces as plain JSON."""

    def __init__(self, count: int) -> None:
        self.machines = {f"s{number}": {"ipAddress": f"10.0.0.{number}"} for number in range(count)}

    @property
    def inventory(self) -> Any:
        return self

    def list_vmcloudspaces(self) -> list[Any]:
        where = {"name": "vms", "namespace": "org-a", "uid": "u1"}
        return [{"metadata": where, "status": {"assignedServers": self.machines}}]


class Orchestrator:
    """Honours idempotency keys, and can be told to fail."""

    def __init__(self) -> None:
        self.told: list[tuple[str, Step]] = []
        self.machines: dict[str, str] = {}
        self.trouble: dict[str, list[BaseException]] = {"issue": [], "submit": [], "verify": []}
        self.answers: list[bool] = []
        self.expires_at: datetime | None = None
        self._guard = threading.Lock()

    def _hear(self, what: str, step: Step) -> None:
        with self._guard:
            self.told.append((what, step))
            if self.trouble[what]:
                raise self.trouble[what].pop(0)

    def issue(self, step: Step) -> JoinToken:
        self._hear("issue", step)
        return JoinToken(f"token-{step.idempotency_key[:6]}", TEXT, self.expires_at)

    def submit(self, step: Step, token: JoinToken) -> dict[str, Any]:
        assert token.text == TEXT
        self._hear("submit", step)
        self.machines[step.idempotency_key] = step.record.server
        return {"echo": [f"joined with {token.text}"]}

    def verify(self, step: Step) -> bool:
        self._hear("verify", step)
        return self.answers.pop(0) if self.answers else step.idempotency_key in self.machines

    def count(self, what: str) -> int:
        return sum(kind == what for kind, _ in self.told)


class Runner:
    """One mode of runs, called alike."""

    def __init__(self, workflow: RegistrationWorkflow, *, is_async: bool) -> None:
        self.workflow = workflow
        self.is_async = is_async

    def __call__(self, client: Any, orchestrator: Orchestrator, **options: Any) -> Summary:
        steps: dict[str, Any] = {
            "issue_token": orchestrator.issue,
            "submit": orchestrator.submit,
            "verify": orchestrator.verify,
        }
        if not self.is_async:
            plain: dict[str, Any] = {**steps, "concurrency": 1, **options}
            return self.workflow.run(client, **plain)

        async def issue(step: Step) -> JoinToken:
            await asyncio.sleep(0)
            return orchestrator.issue(step)

        asynchronous: dict[str, Any] = {**steps, "issue_token": issue, "concurrency": 1, **options}
        return asyncio.run(self.workflow.arun(client, **asynchronous))


@pytest.fixture
def clock() -> Moved:
    return Moved()


@pytest.fixture
def workflow(state_location: str, clock: Moved) -> Iterator[RegistrationWorkflow]:
    made: list[RegistrationWorkflow] = []

    def now() -> float:
        return made[0].clock.now()  # some tests have the workflow go by the real clock

    with open_state(state_location, now) as store:
        made.append(RegistrationWorkflow(store, target="omni", owner="w", clock=clock))
        yield made[0]


@pytest.fixture(params=["sync", "async"])
def run(request: pytest.FixtureRequest, workflow: RegistrationWorkflow) -> Runner:
    return Runner(workflow, is_async=request.param == "async")


@pytest.fixture
def orchestrator() -> Orchestrator:
    return Orchestrator()


def statuses(workflow: RegistrationWorkflow, key: str) -> list[str]:
    return [line.after for line in workflow.ledger.audit(key)]


@pytest.mark.parametrize("concurrency", [1, 8])
def test_every_vm_is_registered_once(
    run: Runner, orchestrator: Orchestrator, concurrency: int
) -> None:
    run.workflow.clock = Clock()  # a moved one would end leases while threads still work
    done = run(Inventory(30), orchestrator, concurrency=concurrency)
    assert done == Summary(registered=30)
    assert sorted(orchestrator.machines.values()) == sorted(f"s{number}" for number in range(30))
    assert [orchestrator.count(what) for what in ("issue", "submit", "verify")] == [30, 30, 30]
    assert run(Inventory(30), orchestrator) == Summary(registered=30)
    assert orchestrator.count("issue") == 30


def test_without_verify_what_is_submitted_is_registered(
    run: Runner, orchestrator: Orchestrator
) -> None:
    assert run(Inventory(2), orchestrator, verify=None) == Summary(registered=2)
    assert orchestrator.count("verify") == 0


@pytest.mark.parametrize("what", ["issue", "submit", "verify"])
def test_a_step_that_raises_is_tried_again_with_the_same_key(
    what: str, run: Runner, orchestrator: Orchestrator, clock: Moved
) -> None:
    orchestrator.trouble[what] = [OSError("no route"), OSError("no route")]
    began = clock.time
    assert run(Inventory(1), orchestrator, base_delay=10.0) == Summary(registered=1)
    assert clock.time > began
    assert len({step.idempotency_key for _, step in orchestrator.told}) == 1
    assert {step.attempt for _, step in orchestrator.told} == {1, 2, 3}
    assert len(orchestrator.machines) == 1
    (record,) = run.workflow.list()
    assert (record.attempts, record.last_error) == (2, "OSError: no route")
    assert statuses(run.workflow, record.key).count("failed") == 2


def test_failures_are_bounded_and_a_user_can_begin_again(
    run: Runner, orchestrator: Orchestrator
) -> None:
    orchestrator.trouble["submit"] = [OSError("down") for _ in range(9)]
    assert run(Inventory(1), orchestrator, max_attempts=3) == Summary(failed=1)
    assert orchestrator.count("submit") == 3
    assert run(Inventory(1), orchestrator, max_attempts=3) == Summary(failed=1)
    assert orchestrator.count("submit") == 3
    (record,) = run.workflow.list(status="failed")
    assert run.workflow.retry(record).attempts == 0
    orchestrator.trouble["submit"] = []
    assert run(Inventory(1), orchestrator) == Summary(registered=1)


@pytest.mark.parametrize("what", ["issue", "submit", "verify"])
def test_skip_and_permanent_are_final(what: str, run: Runner, orchestrator: Orchestrator) -> None:
    orchestrator.trouble[what] = [Skip("not ours"), Permanent("never")]
    assert run(Inventory(2), orchestrator) == Summary(skipped=1, failed=1)
    assert run(Inventory(2), orchestrator) == Summary(skipped=1, failed=1)
    errors = {record.status.value: record.last_error for record in run.workflow.list()}
    assert errors == {"skipped": "not ours", "failed": "Permanent: never"}


def test_a_vm_that_is_not_known_yet_is_asked_about_again_and_not_submitted_again(
    run: Runner, orchestrator: Orchestrator, clock: Moved
) -> None:
    orchestrator.answers = [False, False, False]
    began = clock.time
    assert run(Inventory(1), orchestrator, verify_every=7.0) == Summary(registered=1)
    assert clock.time - began >= 21
    assert (orchestrator.count("submit"), orchestrator.count("verify")) == (1, 4)


def test_a_vm_that_never_becomes_known_has_failed(run: Runner, orchestrator: Orchestrator) -> None:
    orchestrator.answers = [False] * 1000
    options = {"verify_every": 10.0, "verify_timeout": 35.0, "max_attempts": 2}
    assert run(Inventory(1), orchestrator, **options) == Summary(failed=1)
    (record,) = run.workflow.list()
    assert record.last_error is not None
    assert "did not know the VM within 35 s" in record.last_error
    assert orchestrator.count("submit") == 2


def test_a_token_that_was_lost_is_asked_for_again_with_the_earlier_id(
    run: Runner, orchestrator: Orchestrator
) -> None:
    workflow = run.workflow
    workflow.discover(Inventory(1).list_vmcloudspaces())
    (record,) = workflow.list()
    workflow.mark_token_issued(record, "lost-in-a-crash")
    assert run(Inventory(1), orchestrator) == Summary(registered=1)
    (issued,) = [step for what, step in orchestrator.told if what == "issue"]
    assert issued.earlier_token_id == "lost-in-a-crash"
    assert issued.idempotency_key == record.idempotency_key
    why = workflow.ledger.audit(record.key)[2].why
    assert why == f"token token-{record.key[:6]} after token lost-in-a-crash"


def test_an_expired_token_is_issued_again_and_one_born_expired_is_a_failure(
    run: Runner, orchestrator: Orchestrator, clock: Moved
) -> None:
    orchestrator.expires_at = datetime.fromtimestamp(clock.time + 100, UTC)
    spent = [False]

    def late(progress: Progress) -> None:
        if progress.record.status == "token_issued" and not spent[0]:
            spent[0] = True
            clock.time += 200
            orchestrator.expires_at = datetime.fromtimestamp(clock.time + 100, UTC)

    assert run(Inventory(1), orchestrator, on_progress=late, ttl=900.0) == Summary(registered=1)
    assert orchestrator.count("issue") == 2
    orchestrator.expires_at = datetime.fromtimestamp(clock.time, UTC) - timedelta(seconds=1)
    more = Inventory(2)
    assert run(more, orchestrator, max_attempts=1) == Summary(registered=1, failed=1)
    (failed,) = run.workflow.list(status="failed")
    assert "had expired when it was issued" in str(failed.last_error)


def test_the_text_of_a_token_is_nowhere(
    run: Runner,
    orchestrator: Orchestrator,
    state_location: str,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    quoted = "join-me%2Fwith%2Ba%3Dsecret"
    orchestrator.trouble["submit"] = [
        OSError(f"POST /join?token={quoted} failed: {TEXT!r}"),
        Permanent(f"bad token {TEXT}"),
    ]
    run(Inventory(3), orchestrator)
    payloads = [record.payload for record in run.workflow.list()]
    run.workflow.state.close()
    kept = everything_in(state_location, tmp_path)
    assert TEXT.encode() not in kept
    assert quoted.encode() not in kept
    assert b"token-" in kept
    assert TEXT not in caplog.text
    assert TEXT not in repr(JoinToken("id", TEXT))
    assert {"echo": ["joined with [token]"]} in payloads


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        ({"issue": "a text"}, "`issue_token` returned a str"),
        ({"issue": JoinToken("", TEXT)}, "must be text that is not empty"),
        ({"issue": JoinToken(TEXT, TEXT)}, "contains its text"),
        ({"issue": JoinToken("id", b"text")}, "is a bytes, not a str"),  # type: ignore[arg-type]
        ({"submit": 7}, "`submit` returned a int"),
        ({"submit": {"x": object()}}, "cannot be stored as JSON"),
    ],
)
def test_a_step_that_answers_nonsense_has_failed(
    answers: dict[str, Any], message: str, run: Runner, orchestrator: Orchestrator
) -> None:
    def answer(*arguments: Any) -> Any:
        return answers["issue" if len(arguments) == 1 else "submit"]

    steps = {"issue_token" if "issue" in answers else "submit": answer}
    assert run(Inventory(1), orchestrator, max_attempts=1, **steps) == Summary(failed=1)
    assert message in str(run.workflow.list()[0].last_error)
    assert TEXT not in str(run.workflow.list()[0].last_error)


def test_progress_tells_each_change_with_counts(run: Runner, orchestrator: Orchestrator) -> None:
    orchestrator.trouble["issue"] = [OSError("once")]
    seen: list[Progress] = []
    run.workflow.clock = Clock()
    run(Inventory(3), orchestrator, on_progress=seen.append, concurrency=4, base_delay=0.01)
    changes = [(progress.before.value, progress.record.status.value) for progress in seen]
    assert changes.count(("submitted", "registered")) == 3
    assert changes.count(("discovered", "failed")) == 1
    assert [str(progress.error) for progress in seen if progress.error] == ["once"]
    assert all(progress.counts.total == 3 for progress in seen)
    assert seen[-1].counts == Summary(registered=3)


def test_an_error_of_the_listener_ends_the_run_and_gives_leases_back(
    run: Runner, orchestrator: Orchestrator
) -> None:
    def broken(_progress: Progress) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run(Inventory(5), orchestrator, on_progress=broken, concurrency=3)
    assert [record.owner for record in run.workflow.list()] == [None] * 5
    assert run(Inventory(5), orchestrator) == Summary(registered=5)


def test_a_deadline_ends_the_run_between_steps(
    run: Runner, orchestrator: Orchestrator, clock: Moved
) -> None:
    def slow(_progress: Progress) -> None:
        clock.time += 10

    done = run(Inventory(5), orchestrator, on_progress=slow, deadline=25.0)
    assert done == Summary(registered=1, discovered=4)
    assert [record.owner for record in run.workflow.list()] == [None] * 5


def test_a_record_that_somebody_else_settles_meanwhile_is_left_to_them(
    run: Runner, orchestrator: Orchestrator, clock: Moved
) -> None:
    workflow = run.workflow
    other = RegistrationWorkflow(workflow.state, target="omni", owner="other", clock=clock)

    def meddle(step: Step, _token: JoinToken) -> None:
        clock.time += 61
        other.mark_skipped(step.record.key, "taken out")

    assert run(Inventory(1), orchestrator, submit=meddle) == Summary(skipped=1)
    assert workflow.list()[0].last_error == "taken out"


def test_select_and_vanishing_go_together(run: Runner, orchestrator: Orchestrator) -> None:
    inventory = Inventory(4)

    def wanted(vm: RegistrationCandidate) -> bool:
        return vm.server != "s3"

    done = run(inventory, orchestrator, select=wanted)
    assert done == Summary(registered=3)
    orchestrator.trouble["issue"] = [OSError("down") for _ in range(3)]
    assert run(inventory, orchestrator, max_attempts=1) == Summary(registered=3, failed=1)
    del inventory.machines["s3"]
    assert run(inventory, orchestrator) == Summary(registered=3, skipped=1)
    inventory.machines["s3"] = {"ipAddress": "10.0.0.3"}
    orchestrator.trouble["issue"] = []
    assert run(inventory, orchestrator) == Summary(registered=4)


@pytest.fixture
def interruptible() -> Iterator[None]:
    """SIGINT as a person's terminal has it; a program in the background inherits it ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def test_sigint_stops_between_steps_and_gives_leases_back(
    workflow: RegistrationWorkflow, orchestrator: Orchestrator, interruptible: None
) -> None:
    interrupts, ended = [1], list[str]()

    def submit(step: Step, token: JoinToken) -> None:
        if interrupts:
            interrupts.pop()
            _thread.interrupt_main()
            threading.Event().wait(0.3)
        orchestrator.submit(step, token)
        ended.append(step.record.key)

    with pytest.raises(KeyboardInterrupt):
        workflow.run(Inventory(300), issue_token=orchestrator.issue, submit=submit, concurrency=2)
    assert ended, "the step that was under way was finished"
    assert workflow.summary().registered < 300
    assert all(workflow.get(key).status in {"submitted", "registered"} for key in ended)
    assert [record.owner for record in workflow.list()] == [None] * 300


def test_a_cancellation_stops_between_steps_and_gives_leases_back(
    workflow: RegistrationWorkflow, orchestrator: Orchestrator
) -> None:
    ended: list[str] = []

    async def main() -> None:
        reached = asyncio.Event()

        async def submit(step: Step, token: JoinToken) -> None:
            reached.set()
            await asyncio.sleep(0.1)
            orchestrator.submit(step, token)
            ended.append(step.record.key)

        running = asyncio.create_task(
            workflow.arun(
                Inventory(20), issue_token=orchestrator.issue, submit=submit, concurrency=2
            )
        )
        await reached.wait()
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running

    asyncio.run(main())
    assert ended
    assert all(workflow.get(key).status == "submitted" for key in ended)
    assert [record.owner for record in workflow.list()] == [None] * 20


def test_a_second_cancellation_does_not_wait_for_steps(workflow: RegistrationWorkflow) -> None:
    async def main() -> None:
        reached = asyncio.Barrier(4)

        async def issue(_step: Step) -> JoinToken:
            await reached.wait()
            await asyncio.sleep(3600)
            raise AssertionError

        running = asyncio.create_task(
            workflow.arun(Inventory(3), issue_token=issue, submit=lambda _step, _token: None)
        )
        await reached.wait()  # all three are in a step, and nobody claims any more
        running.cancel()
        await asyncio.sleep(0.05)
        assert not running.done()
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running

    asyncio.run(main())
    assert [record.owner for record in workflow.list()] == [None] * 3


def test_in_async_commits_and_plain_steps_leave_the_loop(
    workflow: RegistrationWorkflow, orchestrator: Orchestrator, monkeypatch: pytest.MonkeyPatch
) -> None:
    loop_thread = threading.get_ident()
    writers: set[int] = set()

    def spied(write: Any) -> Any:
        def call(*args: Any, **kwargs: Any) -> Any:
            writers.add(threading.get_ident())
            return write(*args, **kwargs)

        return call

    database: Any = workflow.state.database
    for name in ("insert_records", "change_records", "claim_records", "renew_records"):
        monkeypatch.setattr(database, name, spied(getattr(database, name)))
    steps: set[int] = set()

    def submit(_step: Step, _token: JoinToken) -> None:
        steps.add(threading.get_ident())

    asyncio.run(workflow.arun(Inventory(5), issue_token=orchestrator.issue, submit=submit))
    assert writers
    assert steps
    assert loop_thread not in writers | steps


def test_a_lease_is_renewed_while_a_step_takes_its_time(state_location: str) -> None:
    with StateStore(state_location) as store:
        slow = RegistrationWorkflow(store, target="omni", owner="slow")
        other = RegistrationWorkflow(store, target="omni", owner="other")
        taken: list[Any] = []

        def submit(_step: Step, _token: JoinToken) -> None:
            threading.Event().wait(0.5)
            taken.extend(other.ledger.claim(owner="other", ttl=60, target="omni"))

        done = slow.run(
            Inventory(1), issue_token=lambda _step: JoinToken("t", TEXT), submit=submit, ttl=0.2
        )
    assert taken == []
    assert done == Summary(registered=1)


def test_clients_of_both_kinds_are_taken(sandbox: SpotSandbox, state_location: str) -> None:
    orchestrator = Orchestrator()
    with SpotClient(**sandbox.client_options()) as client:
        client.vm_cloudspaces.create("vms", region="us-central-dfw-2")
        client.vm_pools.create(
            "vms", server_class="gp.vs2.medium-dfw2", bid_price="0.1", desired=3, key="a"
        )
        sandbox.advance(minutes=30)
        assert len(client.inventory.list_vmcloudspaces()[0].servers) == 3
        workflow = RegistrationWorkflow(state_location, target="omni")
        steps: dict[str, Any] = {"issue_token": orchestrator.issue, "submit": orchestrator.submit}
        assert workflow.run(client, **steps) == Summary(registered=3)
        other = RegistrationWorkflow(workflow.state, target="another")
        assert asyncio.run(other.arun(client, **steps)) == Summary(registered=3)

        async def asynchronous() -> Summary:
            third = RegistrationWorkflow(workflow.state, target="third")
            async with AsyncSpotClient(**sandbox.client_options()) as client:
                return await third.arun(client, **steps)

        assert asyncio.run(asynchronous()) == Summary(registered=3)
        (record, *_) = workflow.list()
        assert record.address.startswith("10.")
        assert record.payload["server_class"] == "gp.vs2.medium-dfw2"
        client.vm_cloudspaces.delete("vms", cascade=True)
        sandbox.advance(minutes=30)
        assert client.inventory.list_vmcloudspaces() == []
        assert workflow.run(client, **steps) == Summary(registered=3)
        found = workflow.discover([], complete=True, namespace=record.namespace)
        assert len(found.gone) == 3
        workflow.state.close()


def test_an_async_client_or_step_in_a_sync_run_is_named(
    workflow: RegistrationWorkflow, orchestrator: Orchestrator
) -> None:
    async def issue(_step: Step) -> JoinToken:
        raise AssertionError

    steps: dict[str, Any] = {"issue_token": issue, "submit": orchestrator.submit}
    assert workflow.run(Inventory(1), max_attempts=1, **steps) == Summary(failed=1)
    assert "issue is async, but the run is sync" in str(workflow.list()[0].last_error)
    with pytest.raises(RegistrationError, match="The client is async"):
        workflow.run(AsyncSpotClient(access_token="x"), **steps)


def test_models_and_plain_json_are_the_same_vms(workflow: RegistrationWorkflow) -> None:
    plain = Inventory(3).list_vmcloudspaces()
    assert workflow.discover(plain).added == 3
    assert workflow.discover([VMCloudspace(item) for item in plain]).added == 0
    # A machine that says nothing about itself is there all the same.
    odd: Any = {
        "metadata": plain[0]["metadata"],
        "status": {"assignedServers": {"s0": None, "x": {}}},
    }
    assert workflow.discover([odd]).added == 1


@pytest.mark.parametrize("wrong", [{}, {"metadata": {"name": "x"}}, "text", 7])
def test_what_is_no_vm_cloudspace_is_refused(wrong: Any, workflow: RegistrationWorkflow) -> None:
    with pytest.raises(RegistrationError, match="is not a VM cloudspace"):
        workflow.discover([wrong])


@pytest.mark.parametrize(
    "option",
    [
        "ttl",
        "verify_every",
        "verify_timeout",
        "step_timeout",
        "deadline",
        "base_delay",
        "max_delay",
    ],
)
@pytest.mark.parametrize("value", [float("nan"), float("inf"), -1, 1e300, "60", True])
def test_a_time_that_is_none_is_refused(
    option: str, value: Any, workflow: RegistrationWorkflow, orchestrator: Orchestrator
) -> None:
    options: dict[str, Any] = {option: value}
    with pytest.raises(InvalidInput, match=f"{option} must be a number of seconds"):
        workflow.run(
            Inventory(1), issue_token=orchestrator.issue, submit=orchestrator.submit, **options
        )


@pytest.mark.parametrize("option", ["concurrency", "max_attempts"])
@pytest.mark.parametrize("value", [0, -1, 1.5, float("nan"), True, "8"])
def test_a_number_that_is_none_is_refused(
    option: str, value: Any, workflow: RegistrationWorkflow, orchestrator: Orchestrator
) -> None:
    options: dict[str, Any] = {option: value}
    with pytest.raises(InvalidInput, match=f"{option} must be a whole number, 1 or more"):
        workflow.run(
            Inventory(1), issue_token=orchestrator.issue, submit=orchestrator.submit, **options
        )


def test_a_closed_store_ends_the_run_with_its_error(
    run: Runner, orchestrator: Orchestrator
) -> None:
    def close(_progress: Progress) -> None:
        run.workflow.state.close()

    with pytest.raises(StateError, match="closed"):
        run(Inventory(5), orchestrator, on_progress=close)


def test_the_marks_are_the_transitions(workflow: RegistrationWorkflow) -> None:
    workflow.discover(Inventory(2).list_vmcloudspaces())
    one, two = workflow.list()
    later = datetime(2030, 1, 1, tzinfo=UTC)
    issued = workflow.mark_token_issued(one, "t1", later)
    again = workflow.reissue(issued, "t2", later)
    submitted = workflow.mark_submitted(again.key, {"machine": 1})
    registered = workflow.mark_registered(submitted)
    assert workflow.reopen(registered, "rebuilt").generation == 1
    failed = workflow.mark_failed(two, OSError("no"))
    assert failed.last_error == "OSError: no"
    assert workflow.mark_skipped(workflow.retry(failed), "enough").status == "skipped"
    assert workflow.summary() == Summary(discovered=1, skipped=1)


def test_changes_are_watched_whoever_makes_them(workflow: RegistrationWorkflow) -> None:
    workflow.discover(Inventory(2).list_vmcloudspaces())
    first, second = workflow.list()
    changes = workflow.watch(interval=1.0)
    assert [next(changes) for _ in range(2)] == [
        RegistrationChange(first, None),
        RegistrationChange(second, None),
    ]
    failed = workflow.mark_failed(first, "no route")
    assert next(changes) == RegistrationChange(failed, first.status)
    workflow.retry(first.key)
    workflow.mark_failed(first.key, "no route")
    skipped = workflow.mark_skipped(second, "enough")
    assert next(changes) == RegistrationChange(skipped, second.status)

    async def see() -> RegistrationChange:
        async for change in workflow.awatch(status="skipped", interval=1.0):
            return change
        raise AssertionError

    assert asyncio.run(see()) == RegistrationChange(skipped, None)
    for bad in (0, -1.0, float("nan")):
        with pytest.raises(InvalidInput, match="interval must be a number of seconds"):
            next(workflow.watch(interval=bad))
    with pytest.raises(ValueError, match="dreamt"):
        workflow.watch(status="dreamt")


def test_a_watch_goes_on_when_its_server_is_away_for_a_while(
    workflow: RegistrationWorkflow, monkeypatch: pytest.MonkeyPatch
) -> None:
    workflow.discover(Inventory(2).list_vmcloudspaces())
    database: Any = workflow.state.database
    real, left = database.records, [0]
    said: list[StateUnavailable | None] = []

    def records(*args: Any, **kwargs: Any) -> Any:
        if left[0]:
            left[0] -= 1
            raise StateUnavailable("the server is away")
        return real(*args, **kwargs)

    monkeypatch.setattr(database, "records", records)
    watched = iterate(watch(workflow.ledger, Selection(), 0.01, SYSTEM_CLOCK, said.append))
    first, _ = next(watched), next(watched)
    workflow.mark_failed(first.record.key, "no route")
    left[0] = 3
    assert next(watched).record.status == "failed"
    assert [None if each is None else str(each) for each in said] == ["the server is away", None]
    left[0] = 1
    with pytest.raises(StateUnavailable):
        next(iterate(watch(workflow.ledger, Selection(), 0.01, SYSTEM_CLOCK, said.append)))
    left[0] = 1
    with pytest.raises(StateUnavailable):
        next(workflow.watch())
