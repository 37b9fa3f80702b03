"""Each fault meets each kind of operation: what the caller is told is true, nothing comes twice.

Rules: docs/rules.md#once.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from rsspot import errors
from rsspot.sandbox import SpotSandbox
from rsspot.senders.options import Timeouts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = pytest.mark.usefixtures("each_engine")

REGION, CLASS = "us-central-dfw-2", "gp.vs2.medium-dfw2"
OBJECTS = "/namespaces/[^/]+/spotnodepools"
SLOW = 0.25


class Trouble(NamedTuple):
    """A fault, and whether the server can have acted on a request that met it."""

    kind: Any
    options: dict[str, Any]
    may_have_acted: bool

    @property
    def outlasts(self) -> bool:
        """Whether the caller gives up before the server is done."""
        return self.options.get("seconds") == SLOW


FAULTS = {
    "latency": Trouble("latency", {"seconds": 0.01}, may_have_acted=True),
    "slower than the time-out": Trouble("latency", {"seconds": SLOW}, may_have_acted=True),
    "429 with Retry-After": Trouble(
        "status", {"status": 429, "retry_after": "2"}, may_have_acted=False
    ),
    "503 with Retry-After": Trouble(
        "status", {"status": 503, "retry_after": "2"}, may_have_acted=False
    ),
    "500": Trouble("status", {"status": 500}, may_have_acted=True),
    "503": Trouble("status", {"status": 503}, may_have_acted=True),
    "500 after it acted": Trouble("status_after", {"status": 500}, may_have_acted=True),
    "dropped before it acted": Trouble("drop_before", {}, may_have_acted=True),
    "dropped after it acted": Trouble("drop_after", {}, may_have_acted=True),
    "half a body": Trouble("truncate", {}, may_have_acted=True),
    "a page of HTML": Trouble("html", {}, may_have_acted=True),
    "a token that has expired": Trouble("expired_token", {}, may_have_acted=False),
    "a slow drip": Trouble("drip", {"seconds": 0.00002}, may_have_acted=True),
}


class World(NamedTuple):
    """A sandbox with one pool, as seen from both sides."""

    sandbox: SpotSandbox
    spot: Any
    pool: Any

    def desired(self) -> dict[str, int]:
        """The pools that the server has and keeps, by name."""
        return {
            item["metadata"]["name"]: item["spec"]["desired"]
            for item in self.sandbox.state.objects.each("spotnodepools")
            if "deletionTimestamp" not in item["metadata"]
        }

    def settle(self, method: str) -> list[Any]:
        """The requests of that method, once the server is done with all that met the fault."""
        deadline = time.monotonic() + 10
        while True:
            found = [item for item in self.sandbox.requests if item.method == method]
            if len(found) >= self.sandbox.faults.struck.total() or time.monotonic() > deadline:
                return found
            time.sleep(0.01)


@pytest.fixture(scope="module")
def running() -> Iterator[SpotSandbox]:
    with SpotSandbox(seed=1) as sandbox:
        yield sandbox
    assert sandbox.app.crashes == []


@pytest.fixture
def world(
    running: SpotSandbox, connect: Callable[..., Any], request: pytest.FixtureRequest
) -> Iterator[World]:
    fault = request.node.callspec.params["fault"]
    timeouts = Timeouts(read=SLOW / 2) if FAULTS[fault].outlasts else Timeouts()
    # It is made by a client that waits, and used by one that may not.
    spot = connect(**running.client_options())
    spot.cloudspaces.create("demo", region=REGION, if_exists="return")
    pool = spot.spot_nodepools.create("demo", server_class=CLASS, bid_price="0.1", desired=1)
    running.advance(minutes=30)  # from here on nothing but a caller changes it
    pool = spot.spot_nodepools.get(pool.name)
    hasty = connect(**running.client_options(), timeout=timeouts)
    hasty.authenticate()
    running.requests.clear()
    running.faults.struck.clear()
    yield World(running, hasty, pool)
    running.faults.clear()
    spot.spot_nodepools.delete_all(confirm=running.namespace)
    running.advance(minutes=10)


def create(world: World) -> Any:
    return world.spot.spot_nodepools.create(
        "demo", server_class=CLASS, bid_price="0.1", desired=2, key="mine"
    )


def update(world: World) -> Any:
    return world.spot.spot_nodepools.update(world.pool.name, desired=7)


def replace(world: World) -> Any:
    body = world.pool.to_dict()
    body["spec"]["desired"] = 7
    return world.spot.spot_nodepools.replace(body)


def delete(world: World) -> Any:
    return world.spot.spot_nodepools.delete(world.pool.name)


WRITES = {"create": create, "update": update, "replace": replace, "delete": delete}
METHODS = {"create": "POST", "update": "PATCH", "replace": "PUT", "delete": "DELETE"}
REPEATABLE = {"replace", "delete"}


def happened(world: World, operation: str) -> bool:
    """Whether the server did what was asked; never more than that, and never something else."""
    now = world.desired()
    others = {name: desired for name, desired in now.items() if name != world.pool.name}
    if operation == "create":
        assert now[world.pool.name] == 1
        assert list(others.values()) in ([], [2]), "created twice, or something else"
        return bool(others)
    assert others == {}
    if operation == "delete":
        assert now.get(world.pool.name, 1) == 1
        return world.pool.name not in now
    assert now[world.pool.name] in {1, 7}, "lost, or changed into something else"
    return now[world.pool.name] == 7


def told(call: Callable[[World], Any], world: World) -> Exception | None:
    """The error of a call; None where it answered. No other exception gets out of a call."""
    try:
        call(world)
    except (errors.RequestError, errors.AuthError) as error:
        return error
    return None


@pytest.mark.parametrize("times", [1, None], ids=["once", "for ever"])
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("operation", WRITES)
def test_what_is_said_of_a_write_is_so(
    world: World, operation: str, fault: str, times: int | None
) -> None:
    trouble = FAULTS[fault]
    method = METHODS[operation]
    world.sandbox.faults.add(
        trouble.kind, method=method, path=OBJECTS, times=times, **trouble.options
    )
    error = told(WRITES[operation], world)
    sent = world.settle(method)
    world.sandbox.faults.clear()
    done = happened(world, operation)
    if error is None:
        assert done, "it was said to have happened, and did not"
    elif operation not in REPEATABLE:
        # Only OutcomeUnknown leaves it open; every other error says that nothing happened.
        assert isinstance(error, errors.OutcomeUnknown) or not done, error
    if trouble.kind in {"latency", "drip"} and not trouble.outlasts:
        assert error is None
    if times == 1 and (operation in REPEATABLE or not trouble.may_have_acted):
        assert error is None or trouble.kind == "html", error
    if operation not in REPEATABLE and trouble.may_have_acted:
        assert len(sent) <= 1, "sent again, though the server may have acted"
    if trouble.kind == "html" and operation not in REPEATABLE:
        assert isinstance(error, errors.OutcomeUnknown), "who answered is not known"
    if isinstance(error, errors.OutcomeUnknown):
        assert "not known whether" in str(error)
        assert error.method == method


@pytest.mark.parametrize("fault", [name for name in FAULTS if name != "latency"])
def test_a_create_that_is_asked_for_again_by_its_key_makes_one_pool(
    world: World, fault: str
) -> None:
    trouble = FAULTS[fault]
    world.sandbox.faults.add(trouble.kind, method="POST", path=OBJECTS, times=1, **trouble.options)
    first = told(create, world)
    world.settle("POST")
    world.sandbox.faults.clear()
    made = world.spot.spot_nodepools.create(
        "demo", server_class=CLASS, bid_price="0.1", desired=2, key="mine", if_exists="return"
    )
    assert world.desired() == {world.pool.name: 1, made.name: 2}
    if isinstance(first, errors.OutcomeUnknown):
        assert first.name == made.name


@pytest.mark.parametrize("times", [1, None], ids=["once", "for ever"])
@pytest.mark.parametrize("fault", FAULTS)
def test_what_a_read_answers_is_so(world: World, fault: str, times: int | None) -> None:
    trouble = FAULTS[fault]
    world.sandbox.faults.add(
        trouble.kind, method="GET", path=OBJECTS, times=times, **trouble.options
    )
    pools = world.spot.spot_nodepools
    reads: tuple[Callable[[], list[Any]], ...] = (
        lambda: [pools.get(world.pool.name)],
        lambda: pools.list(cloudspace="demo"),
    )
    for read in reads:
        seen: list[Any] = []

        def look(_: World, read: Any = read, seen: list[Any] = seen) -> None:
            seen += read()

        error = told(look, world)
        if error is None:
            assert [(item.name, item.desired) for item in seen] == [(world.pool.name, 1)]
        else:
            assert times is None or trouble.kind == "html", error
            assert not isinstance(error, errors.OutcomeUnknown | errors.NotFoundError)
    world.sandbox.faults.clear()
    assert world.desired() == {world.pool.name: 1}
