"""Dry runs: writes are shown and checked, and nothing is changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest

from rsspot import SpotClient
from rsspot.errors import BidTooLowError, InvalidInput, NotFoundError
from rsspot.senders import SyncSender

if TYPE_CHECKING:
    from collections.abc import Callable

    from rsspot.sandbox import SpotSandbox
    from rsspot.wire.dry_run import DryRunRequest

DFW = "us-central-dfw-2"
MEDIUM = "gp.vs2.medium-dfw2"


def writes(sandbox: SpotSandbox) -> list[tuple[str, str]]:
    return [
        (item.method, item.path)
        for item in sandbox.requests
        if item.method not in {"GET", "HEAD"} and "oauth" not in item.path
    ]


@pytest.fixture
def seen() -> list[DryRunRequest]:
    return []


@pytest.fixture
def dry(spot: Any, seen: list[DryRunRequest]) -> Any:
    return spot.dry_run(seen.append)


def test_a_creation_is_checked_and_returned_and_creates_nothing(
    spot: Any, dry: Any, seen: list[DryRunRequest]
) -> None:
    made = dry.cloudspaces.create("demo", region=DFW, wait=True)
    assert (made.name, made.region) == ("demo", DFW)
    assert [(item.method, item.checked) for item in seen] == [("POST", True)]
    assert seen[0].path.endswith("/cloudspaces")
    assert seen[0].body["spec"]["region"] == DFW
    assert spot.cloudspaces.list() == []


def test_changes_and_deletions_change_nothing(
    spot: Any, dry: Any, seen: list[DryRunRequest]
) -> None:
    spot.cloudspaces.create("demo", region=DFW)
    pool = spot.spot_nodepools.create("demo", server_class=MEDIUM, bid_price="0.05")
    assert dry.spot_nodepools.update(pool.name, desired=4).desired == 4
    dry.spot_nodepools.delete(pool.name)
    dry.cloudspaces.delete("demo", cascade=True)
    assert [item.method for item in seen] == ["PATCH", "DELETE", "DELETE", "DELETE"]
    assert spot.spot_nodepools.get(pool.name).desired == 1
    assert spot.cloudspaces.get("demo").deleted_at is None


def test_the_server_refuses_what_it_would_refuse(
    spot: Any, dry: Any, seen: list[DryRunRequest]
) -> None:
    spot.cloudspaces.create("demo", region=DFW)
    with pytest.raises(BidTooLowError):
        dry.spot_nodepools.create("demo", server_class=MEDIUM, bid_price="0.001")
    with pytest.raises(NotFoundError):
        dry.cloudspaces.delete("nothing")
    assert seen == []


def test_the_server_is_asked_once_whether_it_has_a_dry_run(
    spot: Any, dry: Any, sandbox: SpotSandbox
) -> None:
    for name in ("one", "two"):
        dry.cloudspaces.create(name, region=DFW)
    assert [method for method, _ in writes(sandbox)] == ["DELETE", "POST", "POST"]
    assert "/cloudspaces/dry-run-" in writes(sandbox)[0][1]


def test_nothing_is_sent_to_a_server_without_a_dry_run(sandbox: SpotSandbox) -> None:
    sent: list[str] = []

    def forget(request: httpx.Request) -> httpx.Response:
        """Stands for a server that ignores the parameter: it must never see the write."""
        sent.append(f"{request.method} {request.url.path}")
        if "/dry-run-" in request.url.path:
            return httpx.Response(404, json={"kind": "Status", "code": 404})
        url = f"{sandbox.url}{request.url.path}"
        return httpx.request(request.method, url, headers=request.headers, content=request.content)

    seen: list[DryRunRequest] = []
    sender = SyncSender(transport=httpx.MockTransport(forget))
    options: dict[str, Any] = {**sandbox.client_options(), "sender": sender}
    with SpotClient(**options) as spot:
        dry = spot.dry_run(seen.append)
        with pytest.raises(InvalidInput, match="was not sent: this server has no dry run"):
            dry.cloudspaces.create("demo", region=DFW)
        with pytest.raises(InvalidInput, match="was not sent"):
            dry.request("POST", "/elsewhere", json={"a": 1}, params={"b": "c"})
    assert not any(line.startswith("POST /apis") for line in sent)
    assert "POST /elsewhere" not in sent
    assert [(item.path, item.checked) for item in seen[1:]] == [("/elsewhere?b=c", False)]


def test_user_data_is_not_shown(spot: Any, dry: Any, seen: list[DryRunRequest]) -> None:
    spot.vm_cloudspaces.create("box", region=DFW)
    dry.vm_pools.create("box", server_class=MEDIUM, bid_price="0.05", user_data="password: hunter2")
    assert seen[0].body["spec"]["vmUserData"] == "(24 characters, not shown)"


def test_a_read_only_client_refuses_dry_runs_too(
    connect: Callable[..., Any], sandbox: SpotSandbox
) -> None:
    spot = connect(**sandbox.client_options(), read_only=True)
    with pytest.raises(InvalidInput, match="read-only"):
        spot.dry_run().cloudspaces.create("demo", region=DFW)
    assert writes(sandbox) == []


def test_what_the_callback_raises_ends_the_call(spot: Any) -> None:
    def stop(_request: object) -> None:
        raise LookupError

    with pytest.raises(LookupError):
        spot.dry_run(stop).cloudspaces.create("demo", region=DFW)
