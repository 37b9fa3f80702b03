"""`SpotSandbox`: in process, on a port, with its clock, and saved in files."""

from __future__ import annotations

import asyncio
import json
import re
import stat
import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from rsspot import AsyncSpotClient, SpotClient
from rsspot.sandbox import SpotSandbox
from rsspot.sandbox.faults import middleware
from rsspot.senders import AsyncSender

if TYPE_CHECKING:
    from pathlib import Path

CLASS = "gp.vs2.medium-dfw2"
REGION = "us-central-dfw-2"
START = datetime(2026, 1, 1, tzinfo=UTC)


def _story(sandbox: SpotSandbox) -> list[str]:
    """What a client reads in a day of work."""
    with SpotClient(**sandbox.client_options()) as spot:
        spot.cloudspaces.create("demo", region=REGION)
        spot.spot_nodepools.create(
            "demo", server_class=CLASS, bid_price="0.02", desired=2, key="workers"
        )
        spot.autopilot_nodepools.create(
            "demo", region=REGION, vcpu_total=8, budget_per_hour="1", name="pilot"
        )
        seen: list[str] = []
        for _ in range(6):
            sandbox.advance(minutes=50)
            for plural in ("cloudspaces", "spotnodepools", "autopilotnodepools"):
                path = f"/apis/ngpc.rxt.io/v1/namespaces/{sandbox.namespace}/{plural}"
                seen.append(spot.request("GET", path).text)
            seen.append(str(spot.pricing.history(CLASS)))
            seen.append(str(spot.inventory.list_organization_events()))
        return seen


def test_the_same_seed_and_calls_give_the_same_responses() -> None:
    stories: list[list[str]] = []
    for seed in (7, 7, 8):
        with SpotSandbox(seed=seed, start=START) as sandbox:
            stories.append(_story(sandbox))
    assert stories[0] == stories[1] != stories[2]


def test_without_a_start_only_times_differ() -> None:
    stories: list[list[str]] = []
    for _ in range(2):
        with SpotSandbox(seed=7) as sandbox:
            stories.append([re.sub(r"20\d\d-[-\d:TZ .+]+|datetime\([^)]*\)", "", text)
                            for text in _story(sandbox)])  # fmt: skip
    assert stories[0] == stories[1]


def test_it_also_runs_in_process() -> None:
    sandbox = SpotSandbox(seed=1)

    async def main() -> None:
        transport = httpx.ASGITransport(app=sandbox.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as bare:
            sandbox.faults.add("drop_after", times=1)
            with pytest.raises(httpx.RemoteProtocolError, match="disconnected"):
                await bare.get("/percentiles.json")
            keys = (await bare.get("/.well-known/openid-configuration")).json()["jwks_uri"]
            assert (await bare.get(keys)).json()["keys"]
            sender = AsyncSender(httpx.AsyncClient(transport=transport))
            options: dict[str, Any] = {**sandbox.client_options(), "sender": sender}
            for name in ("base_url", "oauth_url", "public_data_url"):
                options[name] = "http://localhost"
            async with AsyncSpotClient(**options) as spot:
                assert len(await spot.regions.list()) == 8
                made = await spot.cloudspaces.create("demo", region=REGION, wait=True)
                assert made.is_ready
            await sender.close()

    asyncio.run(main())
    assert sandbox.app.crashes == []
    assert [item.status for item in sandbox.requests if item.method == "POST"] == [200, 201]


def test_received_requests_are_recorded_up_to_a_maximum_number(
    sandbox: SpotSandbox, http: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    http.create("cloudspaces", "demo", {"region": REGION, "kubernetesVersion": "1"})
    last = sandbox.requests[-1]
    assert (last.method, last.path, last.status) == ("POST", f"{http.base}cloudspaces", 201)
    assert last.json()["metadata"] == {"name": "demo"}
    http("GET", "cloudspaces/a%2Fb?labelSelector=a%3Db")
    assert sandbox.requests[-1].path.endswith("cloudspaces/a%2Fb")
    assert sandbox.requests[-1].query == {"labelSelector": "a=b"}
    monkeypatch.setattr(middleware, "MAX_REQUESTS", 10)
    for _ in range(30):
        http.get("cloudspaces")
    assert 5 <= len(sandbox.requests) <= 10
    sandbox.requests.clear()
    http.get("cloudspaces")
    assert len(sandbox.requests) == 1


def test_its_clock_stands_still_until_it_is_advanced(sandbox: SpotSandbox) -> None:
    before = sandbox.clock.now()
    assert sandbox.clock.now() == before
    sandbox.advance(minutes=10, seconds=5)
    assert sandbox.clock.now() == before + 605
    with pytest.raises(ValueError, match="only be advanced by 0 seconds or more, not by -1"):
        sandbox.advance(seconds=-1)


def test_its_clock_can_run_at_a_chosen_speed(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr("rsspot.sandbox.world.clock.time.monotonic", lambda: now[0])
    sandbox = SpotSandbox(speed=60, start=START)
    now[0] += 2
    assert sandbox.clock.now() == START.timestamp() + 120
    sandbox.advance(minutes=1)
    assert sandbox.clock.now() == START.timestamp() + 180


def test_a_saved_state_is_restored(tmp_path: Path) -> None:
    path = tmp_path / "world.json"
    with SpotSandbox(seed=5, start=START) as first, SpotClient(**first.client_options()) as spot:
        spot.cloudspaces.create("demo", region=REGION, wait=True)
        pool = spot.spot_nodepools.create(
            "demo", server_class=CLASS, bid_price="0.1", desired=1, wait=True
        )
        first.advance(minutes=10)
        servers = spot.cloudspaces.servers("demo")
        first.save(path)
        history = spot.pricing.history(CLASS)
        token = first.refresh_token
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with SpotSandbox(start=START, snapshot=path) as again:
        assert (again.refresh_token, again.state.seed) == (token, 5)
        with SpotClient(**again.client_options()) as spot:
            assert spot.cloudspaces.servers("demo") == servers
            assert spot.pricing.history(CLASS) == history
            assert spot.spot_nodepools.get(pool.name).won_count == 1
            other = spot.spot_nodepools.create("demo", server_class=CLASS, bid_price="0.1")
            assert other.uid != pool.uid
            spot.cloudspaces.delete("demo", cascade=True)
            assert spot.cloudspaces.list() == []


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"format": 2}', '{"format": 1, "seed": 1}'])
def test_a_file_that_is_no_snapshot_is_refused_by_name(tmp_path: Path, text: str) -> None:
    path = tmp_path / "world.json"
    path.write_text(text, "utf-8")
    with pytest.raises(ValueError, match=re.escape(str(path))):
        SpotSandbox(snapshot=path)


@pytest.mark.parametrize(
    ("name", "value"), [("events", {"n": [["one"]]}), ("now", "soon"), ("organizations", None)]
)
def test_a_snapshot_that_is_damaged_changes_nothing(name: str, value: Any) -> None:
    sandbox = SpotSandbox(seed=5)
    before = sandbox.state.snapshot()
    with pytest.raises(ValueError, match=r"\S"):
        sandbox.state.restore({**SpotSandbox(seed=6).state.snapshot(), name: value})
    assert sandbox.state.snapshot() == before


def test_a_port_in_use_is_an_error_and_leaves_nothing_behind(sandbox: SpotSandbox) -> None:
    with pytest.raises(OSError, match="in use"):
        SpotSandbox(port=sandbox.port).start()


def test_it_starts_and_stops_more_than_once() -> None:
    sandbox = SpotSandbox()
    threads = threading.active_count()
    for _ in range(2):
        with sandbox:
            url = sandbox.url
            assert httpx.get(f"{url}/percentiles.json").status_code == 200
        assert threading.active_count() == threads
        with pytest.raises(httpx.ConnectError):
            httpx.get(f"{url}/percentiles.json")


def test_it_listens_on_loopback_and_supports_ipv6() -> None:
    with SpotSandbox() as sandbox:
        assert sandbox.url.startswith("http://127.0.0.1:")
    assert SpotSandbox(host="::1", port=80).url == "http://[::1]:80"


def test_a_bug_of_its_own_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    sandbox = SpotSandbox()

    def broken(_: float) -> float:
        return 1 / 0

    monkeypatch.setattr(sandbox.state.market, "percentiles", broken)

    async def main() -> httpx.Response:
        transport = httpx.ASGITransport(app=sandbox.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as bare:
            return await bare.get("/percentiles.json")

    response = asyncio.run(main())
    assert (response.status_code, json.loads(response.text)["kind"]) == (500, "Status")
    assert [type(error) for error in sandbox.app.crashes] == [ZeroDivisionError]


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        pytest.param("speed", float("nan"), "a number from 0 to", id="speed-nan"),
        pytest.param("speed", float("inf"), "a number from 0 to", id="speed-inf"),
        pytest.param("speed", -1, "a number from 0 to", id="speed-negative"),
        pytest.param("speed", 10**9 + 1, "a number from 0 to", id="speed-high"),
        pytest.param("speed", 10**400, "a number, not one beyond 64 bits", id="speed-huge"),
        pytest.param("token_lifetime", float("nan"), "a whole number", id="lifetime-nan"),
        pytest.param("token_lifetime", float("inf"), "a whole number", id="lifetime-inf"),
        pytest.param("token_lifetime", -1, "a number from 0 to", id="lifetime-negative"),
        pytest.param("token_lifetime", 10**9 + 1, "a number from 0 to", id="lifetime-high"),
        pytest.param(
            "token_lifetime", 10**400, "a whole number, not one beyond 64 bits", id="lifetime-huge"
        ),
    ],
)
def test_a_time_that_is_out_of_reach_is_refused(name: str, value: float, said: str) -> None:
    options: dict[str, Any] = {name: value}
    with pytest.raises(ValueError, match=f"{name} must be {said}"):
        SpotSandbox(**options)
