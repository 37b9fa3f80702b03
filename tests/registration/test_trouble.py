"""Trouble: one VM's is one VM's, a lease ends with the work, and one VM has one record.

Rules: docs/rules.md#leases, docs/rules.md#identity-of-a-machine.
"""

from __future__ import annotations

import asyncio
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import anyio
import pytest

from rsspot import RegistrationWorkflow, StateStore
from rsspot.errors import InvalidInput, StateError, StateUnavailable
from rsspot.flow.clock import Clock
from rsspot.registration import JoinToken, Summary
from rsspot.registration.heartbeat import Heartbeat
from rsspot.registration.listing import HasInventory  # noqa: TC001 - for the annotations below
from rsspot.state.ledger import Failed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from rsspot.registration import Step

SERVERS = ("s0", "s1", "s2")


class Listed:
    """A client whose VM cloudspaces are given."""

    def __init__(self, *vmcloudspaces: dict[str, Any]) -> None:
        self.vmcloudspaces = [*vmcloudspaces]

    @property
    def inventory(self) -> Any:
        return self

    def list_vmcloudspaces(self) -> list[Any]:
        return self.vmcloudspaces


def space(
    *servers: str, uid: str | None = "u1", names: dict[str, str] | None = None, name: str = "vms"
) -> dict[str, Any]:
    metadata = {"name": name, "namespace": "org-a"} | ({} if uid is None else {"uid": uid})
    machines = {key: {"serverName": (names or {}).get(key)} for key in servers}
    assigned = {
        key: {field: value for field, value in item.items() if value}
        for key, item in machines.items()
    }
    return {"metadata": metadata, "status": {"assignedServers": assigned}}


class Machines:
    """An orchestrator that remembers each key that it was told of."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.trouble: Callable[[Step], object] = lambda _step: None

    def issue(self, step: Step) -> JoinToken:
        return JoinToken(f"t-{step.attempt}", "join-me-with-this")

    def submit(self, step: Step, _token: JoinToken) -> None:
        self.trouble(step)
        self.told.append(step.idempotency_key)


@pytest.fixture
def workflow(state_location: str) -> Iterator[RegistrationWorkflow]:
    with StateStore(state_location) as store:
        yield RegistrationWorkflow(store, target="omni", owner="w")


@pytest.fixture(params=["sync", "async", "async steps"])
def run(request: pytest.FixtureRequest, workflow: RegistrationWorkflow) -> Callable[..., Summary]:
    def call(client: HasInventory, machines: Machines, **options: Any) -> Summary:
        steps: dict[str, Any] = {"issue_token": machines.issue, "submit": machines.submit}
        options = {"base_delay": 0.001, "concurrency": 2, **options}
        if request.param == "sync":
            return workflow.run(client, **steps, **options)
        if request.param == "async steps":

            async def submit(step: Step, token: JoinToken) -> None:
                machines.submit(step, token)

            steps["submit"] = submit
        return asyncio.run(workflow.arun(client, **steps, **options))

    return call


def ignore(_whatever: object) -> None:
    """Do nothing."""


class Unreadable(Exception):
    def __str__(self) -> str:
        raise RuntimeError("no text")


class Exiting(Exception):
    def __str__(self) -> str:
        raise SystemExit(4)


ODD: list[BaseException] = [
    ValueError("half of a pair: \ud800, and \x00"),
    Unreadable(),
    Exiting(),
    StopIteration("done"),
    StopAsyncIteration(),
    SystemExit(3),
    GeneratorExit(),
    asyncio.CancelledError(),
    RecursionError("deep"),
    MemoryError(),
    BaseExceptionGroup("several", [ValueError("a")]),
]


@pytest.mark.parametrize("error", ODD, ids=lambda error: type(error).__name__)
def test_whatever_a_step_raises_is_that_vms_failure_alone(
    run: Callable[..., Summary], workflow: RegistrationWorkflow, error: BaseException
) -> None:
    machines = Machines()

    def trouble(step: Step) -> None:
        if step.record.server == "s1":
            raise error

    machines.trouble = trouble
    done = run(Listed(space(*SERVERS)), machines, max_attempts=2)
    assert done == Summary(registered=2, failed=1)
    (failed,) = workflow.list(status="failed")
    assert failed.last_error
    assert failed.attempts == 2
    failed.last_error.encode()


@pytest.mark.parametrize("after", [True, False], ids=["after the commit", "before the commit"])
def test_a_store_that_fails_for_a_while_costs_neither_the_run_nor_a_vm(
    run: Callable[..., Summary],
    workflow: RegistrationWorkflow,
    monkeypatch: pytest.MonkeyPatch,
    after: bool,  # noqa: FBT001 - a case
) -> None:
    database: Any = workflow.state.database
    failing = {"change_records": 5, "claim_records": 3, "next_due": 3, "count_records": 2}
    guard = threading.Lock()

    def flaky(name: str) -> Callable[..., Any]:
        real = getattr(database, name)

        def call(*args: Any, **kwargs: Any) -> Any:
            with guard:
                fails = failing[name] > 0
                failing[name] -= fails
            if fails and not after:
                raise StateError("database is locked")
            result = real(*args, **kwargs)
            if fails:
                raise StateError("the connection broke")
            return result

        return call

    for name in failing:
        monkeypatch.setattr(database, name, flaky(name))
    machines = Machines()
    done = run(Listed(space(*SERVERS)), machines, on_progress=ignore, ttl=0.5)
    assert done == Summary(registered=3)
    assert len({*machines.told}) == 3
    assert failing == dict.fromkeys(failing, 0)


def test_a_store_that_fails_for_good_ends_the_run_with_its_error(
    run: Callable[..., Summary], workflow: RegistrationWorkflow, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any, **__: Any) -> Any:
        raise StateError("The disk is full")

    database: Any = workflow.state.database
    monkeypatch.setattr(database, "claim_records", broken)
    with pytest.raises(StateError, match="The disk is full"):
        run(Listed(space(*SERVERS)), Machines(), ttl=0.05)


def test_plain_steps_that_wait_for_the_loop_do_not_stop_each_other(
    workflow: RegistrationWorkflow,
) -> None:
    async def main() -> Summary:
        loop = asyncio.get_running_loop()
        loop.set_default_executor(ThreadPoolExecutor(max_workers=1))

        async def in_the_loop() -> None:
            await asyncio.to_thread(lambda: None)

        def submit(_step: Step, _token: JoinToken) -> None:
            asyncio.run_coroutine_threadsafe(in_the_loop(), loop).result(timeout=10)

        return await workflow.arun(
            Listed(space(*(f"s{number}" for number in range(24)))),
            issue_token=lambda _step: JoinToken("t", "join-me-with-this"),
            submit=submit,
            concurrency=8,
        )

    assert asyncio.run(main()) == Summary(registered=24)


@pytest.mark.parametrize("plain", [True, False], ids=["plain", "async"])
def test_a_step_that_takes_too_long_has_failed_and_the_others_go_on(
    workflow: RegistrationWorkflow,
    plain: bool,  # noqa: FBT001 - a case
) -> None:
    ended = threading.Event()

    def hanging(step: Step, _token: JoinToken) -> None:
        if step.record.server == "s1":
            ended.wait(10)

    async def ahanging(step: Step, _token: JoinToken) -> None:
        if step.record.server == "s1":
            await asyncio.sleep(3600)

    try:
        done = asyncio.run(
            workflow.arun(
                Listed(space(*SERVERS)),
                issue_token=lambda _step: JoinToken("t", "join-me-with-this"),
                submit=hanging if plain else ahanging,
                step_timeout=0.5,  # the others need a part of it, on a busy machine too
                max_attempts=1,
            )
        )
    finally:
        ended.set()
    assert done == Summary(registered=2, failed=1)
    (failed,) = workflow.list(status="failed")
    assert "did not end within 0.5 s" in str(failed.last_error)


class FakeLedger:
    """Counts what is renewed, and fails when it is told to."""

    def __init__(self) -> None:
        self.renewed: list[str] = []
        self.lost: list[str] = []
        self.trouble: list[BaseException] = []

    def heartbeat(self, records: Any, *, ttl: float) -> list[str]:
        assert ttl == 60
        if self.trouble:
            raise self.trouble.pop()
        self.renewed += [record.key for record in records]
        return self.lost


class Time:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def record(workflow: RegistrationWorkflow) -> Any:
    workflow.discover([space("s0")])
    (claimed,) = workflow.ledger.claim(owner="w", ttl=60)
    return claimed


def test_a_lease_is_renewed_only_while_work_shows_signs_of_life(record: Any) -> None:
    ledger, time = FakeLedger(), Time()
    heartbeat = Heartbeat(ledger, 60, 100, now=time)  # type: ignore[arg-type]  # a stand-in
    heartbeat.hold(record, time.now)
    for _ in range(10):
        time.now += 20
        heartbeat.beat()
    # Five beats are within 100 s of the last sign of life; then the lease is left to end.
    assert len(ledger.renewed) == 4
    assert not heartbeat.works(record)


def test_a_worker_stops_by_its_own_clock_when_its_lease_may_have_ended(record: Any) -> None:
    ledger, time = FakeLedger(), Time()
    heartbeat = Heartbeat(ledger, 60, 1e6, now=time)  # type: ignore[arg-type]  # a stand-in
    heartbeat.hold(record, time.now - 10)
    time.now += 49
    assert heartbeat.works(record)
    time.now += 1  # 60 s after it was asked for: it was stopped, say, and nothing beat
    assert not heartbeat.works(record)


@pytest.mark.parametrize(
    "error", [StateError("locked"), OSError("EIO"), ValueError("odd"), RuntimeError("thread")]
)
def test_a_beat_that_fails_is_followed_by_the_next(record: Any, error: Exception) -> None:
    ledger, time = FakeLedger(), Time()
    ledger.trouble = [error]
    heartbeat = Heartbeat(ledger, 60, 1e6, now=time)  # type: ignore[arg-type]  # a stand-in
    heartbeat.hold(record, time.now)
    time.now += 30
    heartbeat.beat()
    assert heartbeat.works(record)  # not renewed, and not over yet
    heartbeat.beat()
    time.now += 59
    assert heartbeat.works(record)
    time.now += 1
    assert not heartbeat.works(record)


def test_a_lease_that_was_lost_is_known_at_the_next_step(record: Any) -> None:
    ledger, time = FakeLedger(), Time()
    heartbeat = Heartbeat(ledger, 60, 1e6, now=time)  # type: ignore[arg-type]  # a stand-in
    heartbeat.hold(record, time.now)
    assert heartbeat.works(record)
    ledger.lost = [record.key]
    heartbeat.beat()
    assert not heartbeat.works(record)
    assert heartbeat.lease_ids == [record.lease_id]  # and it is not claimed again meanwhile


def test_nothing_is_submitted_once_the_lease_may_be_anothers(
    run: Callable[..., Summary], workflow: RegistrationWorkflow, monkeypatch: pytest.MonkeyPatch
) -> None:
    machines = Machines()
    other = RegistrationWorkflow(workflow.state, target="omni", owner="other")
    taken: list[Any] = []
    monkeypatch.setattr(Heartbeat, "beat", ignore)  # nothing renews

    def issue(step: Step) -> JoinToken:
        # Longer than the lease: as if the process had been stopped for a while.
        while not taken:
            threading.Event().wait(0.02)
            taken.extend(other.ledger.claim(owner="other", ttl=60, target="omni"))
        return JoinToken("t", "join-me-with-this")

    class Over(Clock):
        """The run is out of time once the other worker has the record."""

        def monotonic(self) -> float:
            return super().monotonic() + (1000.0 if taken else 0.0)

    machines.issue = issue  # type: ignore[method-assign]
    workflow.clock = Over()
    run(Listed(space("s0")), machines, ttl=0.1, deadline=500.0)
    assert machines.told == []
    assert [record.owner for record in workflow.list()] == ["other"]


def test_a_cancellation_by_anyio_finishes_the_step_and_gives_the_lease_back(
    workflow: RegistrationWorkflow,
) -> None:
    machines = Machines()
    torn: list[BaseException] = []

    async def main() -> None:
        reached = anyio.Event()

        async def submit(step: Step, _token: JoinToken) -> None:
            reached.set()
            try:
                await asyncio.sleep(0.1)
            except BaseException as error:
                torn.append(error)
                raise
            machines.told.append(step.idempotency_key)

        async def register() -> None:
            await workflow.arun(
                Listed(space(*SERVERS)), issue_token=machines.issue, submit=submit, concurrency=1
            )

        async with anyio.create_task_group() as group:
            group.start_soon(register)
            await reached.wait()
            group.cancel_scope.cancel()

    anyio.run(main)
    assert torn == []
    assert len(machines.told) == 1
    statuses = sorted(record.status.value for record in workflow.list())
    assert statuses == ["discovered", "discovered", "submitted"]
    assert [record.owner for record in workflow.list()] == [None] * 3


SHAPES: dict[str, dict[str, Any]] = {
    "names and uid": space(*SERVERS, names={"s0": "n0", "s1": "n1", "s2": "n2"}),
    "no names": space(*SERVERS),
    "no uid": space(*SERVERS, uid=None, names={"s0": "n0", "s1": "n1", "s2": "n2"}),
    "an empty uid": space(*SERVERS, uid="", names={"s0": "n0"}),
    "neither": space(*SERVERS, uid=None),
    "other names": space(*SERVERS, names={"s0": "m0", "s1": "m1", "s2": "m2"}),
}


@pytest.mark.parametrize("second", SHAPES)
@pytest.mark.parametrize("first", SHAPES)
def test_one_vm_has_one_record_whatever_the_list_leaves_out_at_times(
    run: Callable[..., Summary], first: str, second: str
) -> None:
    machines = Machines()
    for shape in (first, second, first, second):
        assert run(Listed(SHAPES[shape]), machines) == Summary(registered=3)
    assert len(machines.told) == 3


@pytest.mark.parametrize("first", ["u1", None])
def test_a_vm_cloudspace_that_was_made_anew_has_other_machines(
    run: Callable[..., Summary], first: str | None
) -> None:
    machines = Machines()
    run(Listed(space("s0", uid=first)), machines)
    run(Listed(space("s0", uid="u1")), machines)
    assert len(machines.told) == 1
    run(Listed(space("s0", uid="u2")), machines)
    assert len({*machines.told}) == 2


def test_a_vm_that_several_records_fit_is_refused_and_nothing_is_taken_for_vanished(
    workflow: RegistrationWorkflow,
) -> None:
    workflow.discover([space("s0", uid="u1")])
    workflow.discover([space("s0", uid="u2")])
    found = workflow.discover([space("s0", "s9", uid=None)], complete=True)
    assert [candidate.server for candidate in found.refused] == ["s0"]
    assert (found.added, found.vanished) == (1, ())
    assert workflow.summary() == Summary(discovered=3)


def test_a_record_by_the_servers_name_is_found_by_its_key_too(
    run: Callable[..., Summary], workflow: RegistrationWorkflow
) -> None:
    """Ledgers of earlier versions identify a VM by its name where there is one."""
    machines = Machines()
    run(Listed(space("n0", uid="u1")), machines)
    # The same VM, as it is listed: its key is s0, its name is n0.
    assert run(Listed(space("s0", names={"s0": "n0"})), machines) == Summary(registered=1)
    assert len(machines.told) == 1
    # Another VM whose key is n0 is not taken for it.
    assert run(Listed(space("n0", names={"n0": "x"})), machines).registered == 1


def test_a_record_whose_uid_became_known_can_be_exported_and_imported(
    workflow: RegistrationWorkflow, tmp_path: Path
) -> None:
    workflow.discover([space("s0", uid=None)])
    workflow.discover([space("s0", uid="u1")])
    lines = [*workflow.ledger.export()]
    assert json.loads(lines[1])["record"]["vm_cloudspace_uid"] == "u1"
    with StateStore(tmp_path / "other.db") as other:
        assert other.registrations.import_lines(lines).added == 1
        again = RegistrationWorkflow(other, target="omni")
        assert again.discover([space("s0", uid="u1")]).added == 0


def test_in_async_nothing_reads_the_ledger_on_the_loop(
    workflow: RegistrationWorkflow, monkeypatch: pytest.MonkeyPatch
) -> None:
    loop_thread = threading.get_ident()
    on_the_loop: list[str] = []
    database: Any = workflow.state.database

    def spied(name: str) -> Callable[..., Any]:
        real = getattr(database, name)

        def call(*args: Any, **kwargs: Any) -> Any:
            if threading.get_ident() == loop_thread:
                on_the_loop.append(name)
            return real(*args, **kwargs)

        return call

    names: list[str] = dir(database)
    for name in names:
        if name.endswith("_records") or name in {"records", "records_by_key", "next_due"}:
            monkeypatch.setattr(database, name, spied(name))
    machines = Machines()
    done = asyncio.run(
        workflow.arun(
            Listed(space(*SERVERS)),
            issue_token=machines.issue,
            submit=machines.submit,
            on_progress=ignore,
        )
    )
    assert done == Summary(registered=3)
    assert on_the_loop == []


@pytest.mark.parametrize("argument", ["target", "owner"])
@pytest.mark.parametrize("value", ["\ud800", "a\x00b"])
def test_a_name_that_would_not_be_read_again_is_refused_at_once(argument: str, value: str) -> None:
    names: dict[str, Any] = {"target": "omni", "owner": "w", argument: value}
    with pytest.raises(InvalidInput, match=f"{argument} must be a text"):
        RegistrationWorkflow(":memory:", **names)


def test_a_record_that_was_claimed_anew_is_not_let_go_by_who_had_it_before(
    workflow: RegistrationWorkflow,
) -> None:
    workflow.discover([space("s0")])
    ledger = workflow.ledger
    heartbeat = Heartbeat(ledger, 60.0, 60.0)
    (first,) = ledger.claim(owner="w", ttl=60.0)
    heartbeat.hold(first, heartbeat.now)
    failed = ledger.apply(first, Failed("no", retry_in=0.0), who="w")
    (second,) = ledger.claim(owner="w", ttl=60.0)
    heartbeat.hold(second, heartbeat.now)
    heartbeat.works(failed)
    heartbeat.let_go(first)
    assert heartbeat.lease_ids == [second.lease_id]
    assert not heartbeat.works(first)
    assert heartbeat.works(second)
    heartbeat.let_go(second)
    assert heartbeat.lease_ids == []


def test_a_record_that_cannot_be_written_is_dropped_after_a_lease_though_it_is_renewed(
    run: Callable[..., Summary], workflow: RegistrationWorkflow, monkeypatch: pytest.MonkeyPatch
) -> None:
    database: Any = workflow.state.database
    real, machines = database.change_records, Machines()

    fails = [12]  # for several seconds, in order to end a run that does not drop it

    def broken(changes: Any) -> Any:
        is_recorded = any(
            change.key == machines.told[0] and change.changes.get("status") == "registered"
            for change in changes
            if machines.told
        )
        if is_recorded and machines.told.count(machines.told[0]) == 1 and fails[0]:
            fails[0] -= 1
            raise StateUnavailable("deadlock detected")
        return real(changes)

    monkeypatch.setattr(database, "change_records", broken)
    done = run(Listed(space(*SERVERS)), machines, ttl=0.3)
    assert done == Summary(registered=3)
    assert machines.told.count(machines.told[0]) > 1, "it was claimed again"


def test_a_server_that_is_away_is_reported_once_and_once_that_it_is_back(
    run: Callable[..., Summary],
    workflow: RegistrationWorkflow,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    database: Any = workflow.state.database
    real, left = database.next_due, [6]

    def away(*args: Any, **kwargs: Any) -> Any:
        left[0] -= 1
        if left[0] >= 0:
            raise StateUnavailable("Cannot connect to PostgreSQL at host:5432")
        return real(*args, **kwargs)

    monkeypatch.setattr(database, "next_due", away)
    done = run(Listed(space(*SERVERS)), Machines())
    assert done == Summary(registered=3)
    said = [record.getMessage() for record in caplog.records if "server" in record.getMessage()]
    assert said == [
        "The run waits for the server: Cannot connect to PostgreSQL at host:5432",
        "The server can be reached again, and the run continues",
    ]


def test_a_run_that_is_stopped_while_its_server_is_away_does_not_wait_for_the_lease(
    run: Callable[..., Summary], workflow: RegistrationWorkflow, monkeypatch: pytest.MonkeyPatch
) -> None:
    database: Any = workflow.state.database
    real, machines, failed = database.change_records, Machines(), [0]

    def away(changes: Any) -> Any:
        if machines.told and failed[0] < 9:  # for several seconds
            failed[0] += 1
            raise StateUnavailable("Cannot connect to PostgreSQL at host:5432")
        return real(changes)

    machines.trouble = lambda _step: threading.Event().wait(0.3)
    monkeypatch.setattr(database, "change_records", away)
    done = run(Listed(space("s0")), machines, concurrency=1, deadline=0.2)
    assert done == Summary(token_issued=1)
    assert failed == [1]
