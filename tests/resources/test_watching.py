"""Watching: changes as they are seen, in both modes."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from rsspot import AsyncSpotClient, RetryConfig, SpotClient
from rsspot.errors import InvalidInput, NotFoundError, RateLimitedError, ServerError
from rsspot.flow.clock import Clock

if TYPE_CHECKING:
    from collections.abc import Callable

    from rsspot.models.change import Change
    from rsspot.sandbox import SpotSandbox

REGION = "us-central-dfw-2"
MEDIUM = "gp.vs2.medium-dfw2"


class Script(Clock):
    """A clock whose waits do what a test wants to happen in the meantime."""

    def __init__(self, *steps: Callable[[], object]) -> None:
        self.steps = list(steps)
        self.waits: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        if not self.steps:
            raise EndOfTestError
        self.steps.pop(0)()

    async def asleep(self, seconds: float) -> None:
        self.sleep(seconds)


class EndOfTestError(Exception):
    """The script is over."""


def _watched(
    sandbox: SpotSandbox,
    script: Script,
    *what: Any,
    is_async: bool = False,
    retry: RetryConfig | None = None,
    **options: Any,
) -> list[Change]:
    """Watch until the script is over, and return the changes."""
    known: dict[str, Any] = {**sandbox.client_options(), "clock": script, "retry": retry}
    seen: list[Change] = []

    keep = seen.append

    async def collect() -> None:
        async with AsyncSpotClient(**known) as client:
            async for change in client.watch(*what, **options):
                keep(change)

    def collect_sync() -> None:
        with SpotClient(**known) as client:
            for change in client.watch(*what, **options):
                keep(change)

    with pytest.raises(EndOfTestError):
        asyncio.run(collect()) if is_async else collect_sync()
    return seen


@pytest.mark.parametrize("is_async", [False, True])
def test_what_is_added_changed_and_removed_is_seen(sandbox: SpotSandbox, *, is_async: bool) -> None:
    with SpotClient(**sandbox.client_options()) as other:
        other.cloudspaces.create("demo", region=REGION)
        made: list[str] = []

        def create() -> None:
            pool = other.spot_nodepools.create(
                "demo", server_class=MEDIUM, bid_price="0.08", desired=1
            )
            made.append(pool.name)

        script = Script(
            create,
            lambda: other.spot_nodepools.update(made[0], bid_price="0.1"),
            lambda: None,
            lambda: other.spot_nodepools.delete(made[0]),
            lambda: sandbox.advance(minutes=5),
        )
        seen = _watched(sandbox, script, "spot_nodepools", is_async=is_async)
    kinds = [change.kind for change in seen]
    assert kinds[0] == "added"
    assert kinds[-1] == "removed"
    assert {change.name for change in seen} == {*made}
    bid = next(change for change in seen if "bid_price" in change.fields)
    assert (bid.before.bid_price, bid.after.bid_price) == (Decimal("0.08"), Decimal("0.1"))
    assert "bid_price 0.08 → 0.1" in str(bid)
    assert seen[0].before is None
    assert seen[-1].after is None
    assert seen[-1].item.name == made[0]
    assert set(script.waits) == {15.0}


def test_servers_prices_and_events_are_watched(sandbox: SpotSandbox) -> None:
    with SpotClient(**sandbox.client_options()) as other:
        other.cloudspaces.create("demo", region=REGION)
        other.spot_nodepools.create("demo", server_class=MEDIUM, bid_price="0.1", desired=2)
        script = Script(lambda: sandbox.advance(minutes=30))
        seen = _watched(sandbox, script, "servers", "server_classes", "events")
    by_what = {what: [c for c in seen if c.what == what] for what in ("servers", "events")}
    assert [change.kind for change in by_what["servers"]] == ["added", "added"]
    assert by_what["events"]
    assert {change.kind for change in by_what["events"]} == {"added"}
    times = [change.after.time for change in by_what["events"]]
    assert times == sorted(times)
    prices = [c for c in seen if c.what == "server_classes"]
    assert any("market_price" in change.fields for change in prices)


def test_everything_is_added_first_if_that_is_wanted(sandbox: SpotSandbox) -> None:
    with SpotClient(**sandbox.client_options()) as other:
        other.cloudspaces.create("demo", region=REGION)
    assert _watched(sandbox, Script()) == []
    (first,) = _watched(sandbox, Script(), initial=True)
    assert (first.kind, first.what, first.name) == ("added", "cloudspaces", "demo")


def test_one_that_took_the_name_of_another_is_another(sandbox: SpotSandbox) -> None:
    with SpotClient(**sandbox.client_options()) as other:
        other.cloudspaces.create("demo", region=REGION)

        def replace() -> None:
            other.cloudspaces.delete("demo")
            sandbox.advance(minutes=5)
            other.cloudspaces.create("demo", region=REGION)

        seen = _watched(sandbox, Script(replace), "cloudspaces")
    assert sorted(change.kind for change in seen) == ["added", "removed"]


@pytest.mark.parametrize("is_async", [False, True])
def test_trouble_that_may_pass_makes_the_watch_slower_and_does_not_end_it(
    sandbox: SpotSandbox, *, is_async: bool
) -> None:
    told: list[Exception | None] = []

    def fail() -> None:
        sandbox.faults.add("status", path="cloudspaces", status=500)

    def busy() -> None:
        sandbox.faults.clear()
        sandbox.faults.add("status", path="cloudspaces", status=429, retry_after="700")

    script = Script(fail, lambda: None, busy, sandbox.faults.clear, lambda: None)
    with SpotClient(**sandbox.client_options()) as other:
        script.steps[-1] = lambda: other.cloudspaces.create("demo", region=REGION)
        seen = _watched(
            sandbox,
            script,
            "cloudspaces",
            is_async=is_async,
            retry=RetryConfig(max_attempts=1),
            interval="10s",
            on_error=told.append,
        )
    assert [*map(type, told)] == [ServerError, ServerError, RateLimitedError, type(None)]
    assert [change.kind for change in seen] == ["added"]
    assert script.waits[:2] == [10.0, 20.0]
    assert script.waits[2] == 40.0
    assert script.waits[3] >= 699
    assert script.waits[4:] == [10.0, 10.0]


def test_trouble_that_does_not_pass_ends_the_watch(sandbox: SpotSandbox) -> None:
    sandbox.faults.add("status", path="vmpools", status=404)
    with (
        SpotClient(**sandbox.client_options()) as client,
        pytest.raises(NotFoundError),
    ):
        next(client.watch("vm_pools"))


def test_a_watch_stops_at_break_and_at_cancellation(sandbox: SpotSandbox) -> None:
    with SpotClient(**sandbox.client_options()) as client:
        client.cloudspaces.create("demo", region=REGION)
        for change in client.watch(initial=True):
            assert change.name == "demo"
            break

    async def cancelled() -> list[str]:
        options: dict[str, Any] = {**sandbox.client_options(), "clock": Clock()}
        seen: list[str] = []
        arrived = asyncio.Event()

        async def follow(client: AsyncSpotClient) -> None:
            async for change in client.watch("cloudspaces", initial=True, interval=60):
                seen.extend([change.name])
                arrived.set()

        async with AsyncSpotClient(**options) as client:
            task = asyncio.create_task(follow(client))
            await arrived.wait()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert [space.name for space in await client.cloudspaces.list()] == ["demo"]
        return seen

    assert asyncio.run(cancelled()) == ["demo"]


def test_the_async_twin_of_a_sync_client_watches_too(sandbox: SpotSandbox) -> None:
    async def first() -> str:
        async with SpotClient(**sandbox.client_options()) as client:
            await client.acloudspaces.create("demo", region=REGION)
            async for change in client.awatch(initial=True):
                return change.name
        return ""

    assert asyncio.run(first()) == "demo"


@pytest.mark.parametrize(
    ("what", "options", "problem"),
    [
        (("cloudspace",), {}, "'cloudspace' cannot be watched"),
        ((), {"interval": 0}, "asks the API too often"),
        ((), {"interval": "0.5s"}, "asks the API too often"),
        ((), {"interval": -1}, "interval is"),
        ((), {"interval": float("nan")}, "interval is"),
        ((), {"interval": "soon"}, "interval is"),
    ],
)
def test_what_cannot_be_watched_is_refused(
    sandbox: SpotSandbox, what: Any, options: dict[str, Any], problem: str
) -> None:
    with (
        SpotClient(**sandbox.client_options()) as client,
        pytest.raises(InvalidInput, match=problem),
    ):
        next(client.watch(*what, **options))
    assert sandbox.requests == []
