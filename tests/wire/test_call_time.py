"""A call has one total time for all its requests, in both modes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest

from rsspot import CacheConfig, SpotClient
from rsspot.errors import DeadlineExceeded, RateLimitedError, WaitTimeout
from rsspot.flow.clock import Clock
from rsspot.wire.call_time import current_call
from tests.interrupts import interrupted

if TYPE_CHECKING:
    from collections.abc import Callable

TAKES = 25.0
"""Seconds that each response takes."""


class Stopped(Clock):
    """Stands still but for what the server and the waits take."""

    def __init__(self) -> None:
        self.time = 1000.0

    def now(self) -> float:
        return self.time

    def monotonic(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.time += seconds

    async def asleep(self, seconds: float) -> None:
        self.time += seconds


class Slow:
    """A server whose every response takes a while, and whose lists have many pages."""

    def __init__(self) -> None:
        self.clock = Stopped()
        self.takes = TAKES
        self.organizations = 9
        self.limited_after = self.pages = 1000
        self.paths: list[str] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.paths.append(request.url.path)
        self.clock.time += self.takes
        count = len(self.paths)
        if count > self.limited_after:
            return httpx.Response(429, headers={"Retry-After": "0"})
        if request.url.path.endswith("/oauth/token"):
            return httpx.Response(200, json={"id_token": f"t{count}", "expires_in": 3600})
        if request.url.path.endswith("/organizations"):
            items: list[Any] = [{"id": f"org_{count}", "name": f"o{count}"}]
            start = int(request.url.params.get("start", "0"))
            found = {"organizations": items, "total": self.organizations, "start": start}
            return httpx.Response(200, json=found)
        if request.url.path.endswith("/demo"):
            space: dict[str, Any] = {
                "kind": "CloudSpace",
                "metadata": {"name": "demo"},
                "status": {},
            }
            return httpx.Response(200, json=space)
        items = [{"metadata": {"name": f"n-{count}"}}]
        more = {"continue": f"c{count}"} if count < self.pages else {}
        page: dict[str, Any] = {"kind": "List", "items": items, "metadata": more}
        return httpx.Response(200, json=page)


@pytest.fixture
def slow() -> Slow:
    return Slow()


@pytest.fixture
def client(connect: Callable[..., Any], slow: Slow) -> Callable[..., Any]:
    def made(**options: Any) -> Any:
        tokens = {} if "refresh_token" in options else {"access_token": "opaque"}
        return connect(
            base_url="https://api.example",
            state=":memory:",
            cache=CacheConfig(enabled=False),
            clock=slow.clock,
            httpx_options={"transport": httpx.MockTransport(slow)},
            **tokens,
            **options,
        )

    return made


CALLS: dict[str, Callable[[Any], Any]] = {
    "pages": lambda client: client.regions.list(),
    "organizations": lambda client: client.organizations.list(),
    "an organization that is looked up first": lambda client: client.cloudspaces.list(),
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
@pytest.mark.parametrize(("options", "takes"), [({}, TAKES), ({"timeout": 6}, 2.5)])
def test_a_call_of_many_requests_ends_within_one_total_time(
    client: Any, slow: Slow, call: Callable[[Any], Any], options: dict[str, Any], takes: float
) -> None:
    slow.takes = takes
    with pytest.raises(DeadlineExceeded, match="was not sent: the total time of the call") as late:
        call(client(**options))
    assert len(slow.paths) == 3, "the first two, and one that begins within the time"
    assert slow.clock.time <= 1000 + 3 * takes
    assert not late.value.sent
    assert "`timeout`" in str(late.value)


def test_signing_in_is_part_of_the_call(client: Any, slow: Slow) -> None:
    with pytest.raises(DeadlineExceeded):
        client(refresh_token="rt", oauth_url="https://login.example").cloudspaces.list()
    assert [path.rpartition("/")[2] for path in slow.paths] == ["token", *["organizations"] * 2]


@pytest.mark.parametrize("takes", [0.0, 7.0])
def test_a_rate_limit_for_ever_ends_within_the_total_time_of_the_call(
    client: Any, slow: Slow, takes: float
) -> None:
    slow.organizations = 1
    slow.takes, slow.limited_after = takes, 3
    with pytest.raises(RateLimitedError):
        client(org="o1").cloudspaces.list()
    assert slow.clock.time <= 1060 + takes
    assert len(slow.paths) > 4


def test_the_time_of_a_call_ends_with_it(client: Any, slow: Slow) -> None:
    spot = client(org_id="org_1")
    slow.takes = 50.0
    for _ in range(3):
        assert spot.cloudspaces.get("demo").name == "demo"


def test_the_time_of_a_call_ends_with_it_also_if_it_is_interrupted(slow: Slow) -> None:
    slow.takes = 0.0
    with SpotClient(
        base_url="https://api.example",
        access_token="opaque",
        state=":memory:",
        cache=CacheConfig(enabled=False),
        clock=slow.clock,
        httpx_options={"transport": httpx.MockTransport(slow)},
    ) as spot:
        moment = 1
        while interrupted(spot.organizations.list, moment):
            call = current_call.get()
            assert call is None or call.began is None, f"at moment {moment}"
            moment += 1 if moment < 20 else 13
        assert moment > 40


def test_each_page_of_an_iterator_has_its_own_total_time(client: Any, slow: Slow) -> None:
    slow.pages = 5
    names = [item.name for item in client(org_id="org_1").cloudspaces.each()]
    assert names == [f"n-{n}" for n in range(1, 6)]


def test_changes_of_a_document_have_their_own_total_times(sandbox: Any, connect: Any) -> None:
    clock = Stopped()
    spot = connect(**{**sandbox.client_options(), "clock": clock, "timeout": 60})
    spot.cloudspaces.create("demo", region="us-central-dfw-1")
    count = 0

    def hook(_event: Any) -> None:
        nonlocal count
        count += 1
        clock.time += 5.0

    spot = connect(**{**sandbox.client_options(), "clock": clock, "timeout": 60}, on_event=hook)
    pools = [
        {"key": f"k{n}", "server_class": "gp.vs1.medium-dfw", "bid_price": "0.01", "desired": 1}
        for n in range(12)
    ]
    changes = spot.cloudspaces.apply({"cloudspace": {"name": "demo"}, "pools": pools})
    assert len(changes) == 13
    assert count > 12


def test_a_wait_has_its_own_time(client: Any, slow: Slow) -> None:
    with pytest.raises(WaitTimeout):
        client(org_id="org_1").cloudspaces.wait_until_ready("demo", timeout="10m", poll=30)
    assert slow.clock.time >= 1600
