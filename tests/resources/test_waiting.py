"""Waiters: how long, how often, what ends them, and what they say. The loop is talked to itself."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from rsspot import AsyncSpotClient, errors
from rsspot.flow.flow import Sleep
from rsspot.models import Cloudspace
from rsspot.resources.waiting import Wait, until
from rsspot.senders import Clock
from rsspot.senders.options import Timeouts

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from rsspot.sandbox import SpotSandbox
    from rsspot.senders.messages import Options

REGION = "us-central-dfw-2"
CLASS = "gp.vs2.medium-dfw2"


class StillClock(Clock):
    """Time that only waiting moves."""

    def __init__(self) -> None:
        self.time = 0.0

    def monotonic(self) -> float:
        return self.time


def wait(
    *states: Any,
    looked: Any = None,
    timeout: float | None = 600.0,
    poll: Any = 10.0,
    **more: Any,
) -> Any:
    """Wait for "ready" where the looks see these states, the last for ever; the waits, the end."""
    left, clock, waits = [*states], StillClock(), list[float]()

    def look(options: Options) -> Generator[Any, Any, Any]:
        yield from ()
        if looked is not None:
            looked(options)
        state = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(state, BaseException):
            raise state
        return state

    flow: Any = until(
        look,
        lambda state: state == "ready",
        Wait(timeout, poll, more.pop("on_progress", None)),
        clock=clock,
        timeouts=Timeouts(),
        what="Readiness of it",
        **more,
    )
    try:
        while isinstance(effect := next(flow), Sleep):
            waits.append(effect.seconds)
            clock.time += effect.seconds
    except StopIteration as stop:
        return waits, stop.value
    raise AssertionError(effect)


@pytest.mark.parametrize(
    "trouble",
    [
        errors.ServerError("down", status=503),
        errors.RateLimitedError("slow down", status=429),
        errors.ConnectionFailed("no route"),
        errors.DeadlineExceeded("too slow"),
        errors.AuthError("sign-in is down", temporary=True),
    ],
    ids=lambda error: type(error).__name__,
)
def test_what_passes_does_not_end_a_wait(trouble: errors.RSSpotError) -> None:
    waits, end = wait(trouble, "new", trouble, trouble, "ready")
    assert (waits, end) == ([10, 10, 10, 10], "ready")
    with pytest.raises(errors.WaitTimeout, match="did not happen in 20 s") as caught:
        wait("new", trouble, timeout=20)
    assert caught.value.last == "new"
    assert caught.value.__cause__ is trouble


def test_a_wait_that_never_saw_anything_says_what_was_in_the_way() -> None:
    with pytest.raises(
        errors.WaitTimeout, match=r"in 20 s; the last check failed: no route"
    ) as got:
        wait(errors.ConnectionFailed("no route"), timeout=20)
    assert got.value.last is None


def test_a_server_that_asks_for_a_pause_gets_it_within_the_time() -> None:
    busy = errors.RateLimitedError("slow down", status=429, retry_after=120.0)
    assert wait(busy, "new", "ready") == ([120, 10], "ready")
    with pytest.raises(errors.WaitTimeout, match="slow down"):
        assert wait(busy, timeout=50) == [50]


def test_a_look_is_over_when_the_wait_is_and_never_believes_a_cache() -> None:
    seen: list[Options] = []
    with pytest.raises(errors.WaitTimeout):
        wait("new", timeout=25, looked=seen.append)
    bounds = [each.timeouts and each.timeouts.total for each in seen]
    assert bounds == [25, 15, 10, 10], "the last look has a moment too"
    assert {each.cache for each in seen} == {"bypass"}
    wait("ready", timeout=None, looked=seen.append)
    assert seen[-1].timeouts is None, "as the client has it"


def test_what_does_not_pass_ends_a_wait() -> None:
    with pytest.raises(errors.ForbiddenError):
        wait("new", errors.ForbiddenError("not yours", status=403))


def test_what_is_deleted_while_it_is_waited_for_is_not_just_unknown() -> None:
    gone = errors.NotFoundError('cloudspaces "demo" not found', status=404)
    with pytest.raises(errors.NotFoundError, match="It existed, and was deleted"):
        wait("new", gone)
    gone.hint = None
    with pytest.raises(errors.NotFoundError, match="It existed, and was deleted during the wait"):
        wait(gone, known="new")
    gone.hint = None
    with pytest.raises(errors.NotFoundError, match=r"not found$"):
        wait(gone)


def test_what_is_being_deleted_is_not_waited_for_to_the_end(
    spot: Any, sandbox: SpotSandbox
) -> None:
    spot.cloudspaces.create("demo", region=REGION)
    pool = spot.spot_nodepools.create("demo", server_class=CLASS, bid_price="0.05")
    before = sandbox.clock.now()

    def delete(found: Any) -> None:
        plural = f"{type(found).__name__.lower()}s"
        sandbox.state.objects.delete(plural, found.namespace, found.name)

    with pytest.raises(errors.NotFoundError, match=r"The spot node pool .* is being deleted"):
        spot.spot_nodepools.wait_until_ready(pool.name, on_progress=delete)
    deleted = r"cloudspace demo is being deleted.*during the wait"
    with pytest.raises(errors.NotFoundError, match=deleted):
        spot.cloudspaces.wait_until_ready("demo", on_progress=delete)
    assert sandbox.clock.now() - before < 30


def test_another_of_the_same_name_does_not_hold_up_a_wait_for_the_end(
    spot: Any, sandbox: SpotSandbox
) -> None:
    spot.cloudspaces.create("demo", region=REGION)
    objects = sandbox.state.objects

    def replace(_: object) -> None:
        (item,) = objects.each("cloudspaces")
        item["metadata"]["uid"] = "another"

    before = sandbox.clock.now()
    spot.cloudspaces.wait_until_deleted("demo", on_progress=replace)
    assert sandbox.clock.now() - before < 30
    assert spot.cloudspaces.get("demo").uid == "another"


def test_the_last_wait_ends_on_time_and_the_last_look_counts() -> None:
    assert wait("new", "new", "ready", timeout=15) == ([10, 5], "ready")
    assert wait("ready", timeout=0) == ([], "ready")
    with pytest.raises(errors.WaitTimeout, match="in 0 s; last seen: 'new'"):
        wait("new", timeout=0)


def test_a_poll_may_grow() -> None:
    def doubled(looks: int) -> float:
        return 2.0**looks

    waits, _ = wait(*["new"] * 4, "ready", timeout=None, poll=doubled)
    assert waits == [2, 4, 8, 16]


def test_progress_is_told_of_what_differs_only() -> None:
    seen: list[str] = []
    wait("new", "new", "half", "half", "ready", on_progress=seen.append)
    assert seen == ["new", "half", "ready"]


@pytest.mark.parametrize("bad", [-1, float("nan"), "soon", True], ids=repr)
def test_a_wait_without_a_right_time_is_refused_before_the_first_look(bad: Any) -> None:
    def returned(_: int) -> Any:
        return bad

    never = AssertionError("it has looked")
    with pytest.raises(errors.InvalidInput, match="timeout must be seconds, 0 or more, not"):
        wait(never, timeout=bad)
    with pytest.raises(errors.InvalidInput, match="poll must be seconds, 0 or more, not"):
        wait(never, poll=bad)
    with pytest.raises(errors.InvalidInput, match="poll must be seconds"):
        wait("new", poll=returned)
    if bad is not True:
        with pytest.raises(errors.InvalidInput, match="wait must be seconds"):
            Wait.of(bad, Wait())


def test_a_failure_is_believed_when_it_lasts() -> None:
    def why(state: str) -> str | None:
        return "no bid has won" if state == "error" else None

    _, end = wait(*["error"] * 5, "new", *["error"] * 5, "ready", failed=why, grace=60)
    assert end == "ready"
    with pytest.raises(errors.WaitTimeout, match="of it failed: no bid has won") as caught:
        wait(*["error"] * 9, "ready", failed=why, grace=60)
    assert caught.value.last == "error"


def test_no_winning_bids_is_what_the_wait_for_a_cloudspace_tells(
    spot: Any, sandbox: SpotSandbox
) -> None:
    spot.cloudspaces.create("demo", region=REGION)
    (item,) = sandbox.state.objects.each("cloudspaces")
    item["status"] = {"phase": "Provisioning", "reason": "NoWinningBids"}
    with pytest.raises(errors.WaitTimeout, match="NoWinningBids") as caught:
        spot.cloudspaces.wait_until_ready("demo", timeout=0)
    assert isinstance(caught.value.last, Cloudspace)


def test_the_last_state_of_a_pool_is_the_pool_with_its_servers_told(spot: Any) -> None:
    spot.cloudspaces.create("demo", region=REGION)
    made = spot.spot_nodepools.create("demo", server_class=CLASS, bid_price="0.05")
    with pytest.raises(errors.WaitTimeout, match="0 servers") as caught:
        spot.spot_nodepools.wait_until_ready(made.name, timeout=60)
    assert caught.value.last == made


@pytest.mark.parametrize("wrong", [-1, "soon"])
def test_a_creation_with_a_wrong_wait_creates_nothing(
    spot: Any, sandbox: SpotSandbox, wrong: Any
) -> None:
    pool = {"server_class": CLASS, "bid_price": "0.05", "wait": wrong}
    budget = {"region": REGION, "vcpu_total": 8, "budget_per_hour": "1", "wait": wrong}
    calls: list[Callable[[], object]] = [
        lambda: spot.cloudspaces.create("demo", region=REGION, wait=wrong),
        lambda: spot.vm_cloudspaces.create("vms", region=REGION, wait=wrong),
        lambda: spot.spot_nodepools.create("demo", **pool),
        lambda: spot.ondemand_nodepools.create("demo", server_class=CLASS, wait=wrong),
        lambda: spot.autopilot_nodepools.create("demo", **budget),
        lambda: spot.vm_pools.create("vms", **pool),
        lambda: spot.cloudspaces.delete("demo", cascade=True, timeout=wrong),
        lambda: spot.vm_cloudspaces.delete("vms", cascade=True, poll=wrong),
    ]
    for call in calls:
        with pytest.raises(errors.InvalidInput, match="must be seconds, 0 or more"):
            call()
    assert sandbox.requests == []


def test_everything_that_is_created_can_be_waited_for(spot: Any) -> None:
    assert spot.cloudspaces.create("demo", region=REGION, wait=True).is_ready
    assert spot.vm_cloudspaces.create("vms", region=REGION, wait=600).is_ready
    assert spot.vm_pools.create("vms", server_class=CLASS, bid_price="0.05", wait=True).won == 1
    assert len(spot.vm_cloudspaces.servers("vms")) == 1
    assert spot.autopilot_nodepools.create(
        "demo", region=REGION, vcpu_total=8, budget_per_hour="1", wait=True
    ).is_ready


def test_an_interrupt_goes_through_a_wait(spot: Any) -> None:
    def interrupt(_: object) -> None:
        raise KeyboardInterrupt

    spot.cloudspaces.create("demo", region=REGION)
    with pytest.raises(KeyboardInterrupt):
        spot.cloudspaces.wait_until_ready("demo", on_progress=interrupt)
    assert spot.cloudspaces.wait_until_ready("demo").is_ready


def test_a_wait_that_is_cancelled_ends_at_once_and_leaves_nothing(sandbox: SpotSandbox) -> None:
    options = sandbox.client_options()
    del options["clock"]  # this wait shall take real time

    async def cancelled() -> bool:
        async with AsyncSpotClient(**options) as spot:
            await spot.cloudspaces.create("demo", region=REGION)
            began = asyncio.Event()
            task = asyncio.create_task(
                spot.cloudspaces.wait_until_ready(
                    "demo", poll=3600, timeout=None, on_progress=lambda _: began.set()
                )
            )
            await began.wait()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            still = await spot.cloudspaces.get("demo")
            return not still.is_ready and asyncio.all_tasks() == {asyncio.current_task()}

    assert asyncio.run(cancelled())


@pytest.mark.parametrize("none", [0, 0.0])
def test_a_wait_of_no_time_creates_nothing(spot: Any, sandbox: SpotSandbox, none: float) -> None:
    with pytest.raises(errors.InvalidInput, match=r"wait is 0 seconds\. False does not wait"):
        spot.cloudspaces.create("demo", region=REGION, wait=none)
    assert sandbox.requests == []


def populated(spot: Any) -> None:
    spot.cloudspaces.create("demo", region=REGION, wait=True)
    for _ in range(2):
        spot.spot_nodepools.create("demo", server_class=CLASS, bid_price="0.05")
    spot.ondemand_nodepools.create("demo", server_class=CLASS)


@pytest.mark.parametrize("timeout", range(0, 100, 10))
def test_a_cascade_that_is_interrupted_anywhere_goes_on_when_it_is_run_again(
    spot: Any, timeout: int
) -> None:
    populated(spot)
    with pytest.raises(errors.WaitTimeout):
        spot.cloudspaces.delete("demo", cascade=True, timeout=timeout)
    spot.cloudspaces.delete("demo", cascade=True, missing_ok=True)
    assert (spot.cloudspaces.list(), spot.spot_nodepools.list()) == ([], [])
    assert spot.ondemand_nodepools.list() == []


def test_a_cascade_takes_the_pools_that_a_deleted_cloudspace_left(spot: Any) -> None:
    populated(spot)
    spot.cloudspaces.delete("demo")
    spot.cloudspaces.wait_until_deleted("demo")
    assert len(spot.spot_nodepools.list()) == 2
    spot.cloudspaces.delete("demo", cascade=True)
    assert spot.spot_nodepools.list() == []
    with pytest.raises(errors.NotFoundError):
        spot.cloudspaces.delete("demo", cascade=True)


@pytest.mark.parametrize(
    "fault",
    [{"status": 429, "retry_after": "40"}, {"status": 500}],
    ids=lambda fault: str(fault["status"]),
)
def test_a_cascade_goes_on_through_a_server_that_fails_for_a_while(
    spot: Any, sandbox: SpotSandbox, fault: dict[str, Any]
) -> None:
    populated(spot)
    for path in ("spotnodepools", "ondemandnodepools", "cloudspaces"):
        sandbox.faults.add("status", method="DELETE", path=path, times=12, **fault)
    spot.cloudspaces.delete("demo", cascade=True)
    assert (spot.cloudspaces.list(), spot.spot_nodepools.list()) == ([], [])
    assert sandbox.faults.struck["status"] == 36


def test_a_cascade_takes_what_appears_meanwhile(spot: Any, sandbox: SpotSandbox) -> None:
    populated(spot)
    made: list[Any] = []

    def made_by_another(_: float) -> float:
        if not made:
            copy = next(sandbox.state.objects.each("spotnodepools"))
            late = {**copy, "metadata": {"name": "late", "namespace": sandbox.namespace}}
            made.append(sandbox.state.objects.create("spotnodepools", sandbox.namespace, late))
        return 5.0

    spot.cloudspaces.delete("demo", cascade=True, poll=made_by_another)
    assert made
    assert spot.spot_nodepools.list() == []


def test_a_cascade_that_runs_out_of_time_tells_what_is_left(spot: Any) -> None:
    populated(spot)
    what = r"Deletion of the spot node pools of demo did not happen in 5 s; last seen: 2, \w+"
    with pytest.raises(errors.WaitTimeout, match=what) as caught:
        spot.cloudspaces.delete("demo", cascade=True, timeout=5)
    assert {pool.name for pool in caught.value.last} == {
        pool.name for pool in spot.spot_nodepools.list()
    }


def test_the_time_of_a_cascade_is_that_of_all_its_stages(spot: Any, sandbox: SpotSandbox) -> None:
    populated(spot)
    before = sandbox.clock.now()
    with pytest.raises(errors.WaitTimeout):
        spot.cloudspaces.delete("demo", cascade=True, timeout=45)
    assert sandbox.clock.now() - before == pytest.approx(45, abs=1)


def test_a_creation_waits_as_it_is_asked_to(spot: Any) -> None:
    seen: list[Cloudspace] = []
    checks: list[int] = []

    def poll(check: int) -> float:
        checks.append(check)
        return 30.0

    how = Wait(timeout=1800, poll=poll, on_progress=seen.append)
    made = spot.cloudspaces.create("demo", region=REGION, wait=how)
    assert made.is_ready
    assert seen[-1].is_ready
    assert not seen[0].is_ready
    assert checks == [*range(1, len(checks) + 1)]


def test_a_wait_goes_by_the_clock_that_it_has() -> None:
    class Never(Clock):
        def monotonic(self) -> float:
            raise AssertionError("the clock of the client was used")

    def look(_: Options) -> Generator[Any, Any, str]:
        yield from ()
        return "new"

    clock = StillClock()
    flow: Any = until(
        look,
        lambda _: False,
        Wait(20, 10, clock=clock),
        clock=Never(),
        timeouts=Timeouts(),
        what="Readiness of it",
    )
    effect = next(flow)
    assert (effect.clock, effect.seconds) == (clock, 10)


def half_a_minute(_attempt: int) -> str:
    return "30s"


@pytest.mark.parametrize("timeout", ["30m", timedelta(minutes=30), 1800])
def test_times_may_be_durations(spot: Any, timeout: Any) -> None:
    spot.cloudspaces.create("demo", region="us-central-dfw-2", wait=timeout)
    spot.cloudspaces.wait_until_ready("demo", timeout=timeout, poll="5s")
    with pytest.raises(errors.WaitTimeout, match="did not happen in 90 s"):
        spot.cloudspaces.wait_until_deleted("demo", timeout="1m30s", poll=half_a_minute)
