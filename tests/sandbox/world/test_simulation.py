"""Controllers: what they do to objects over time."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING, Any

import pytest

from rsspot.models import PreemptionNotice

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rsspot.sandbox import SpotSandbox

CLASS = "gp.vs2.medium-dfw2"
REGION = "us-central-dfw-2"
POOL = "5b1f4c1e-58a4-4f0a-9a3a-6d1f2f8c0a11"
OTHER = "9a4d3c0b-2f7e-4f2e-8f3d-7d6f8c1b2a22"


def _status(http: Any, path: str) -> dict[str, Any]:
    return dict(http.get(path).get("status", {}))


def _minutes_until(http: Any, path: str, field: str, value: Any, most: int = 5000) -> int:
    for minute in range(most):
        if _status(http, path).get(field) == value:
            return minute
        http.sandbox.advance(minutes=1)
    raise AssertionError(f"{field} of {path} never was {value!r}")


def test_a_cloudspace_is_provisioned_gets_ready_and_is_upgraded(http: Any) -> None:
    http.cloudspace()
    http.sandbox.advance(seconds=15)
    assert _status(http, "cloudspaces/demo")["phase"] == "Provisioning"
    assert "APIServerEndpoint" not in _status(http, "cloudspaces/demo")
    http.sandbox.advance(seconds=75)
    ready = _status(http, "cloudspaces/demo")
    assert (ready["phase"], ready["health"]) == ("Ready", "Healthy")
    assert ready["currentKubernetesVersion"] == "1.31.1"
    assert ready["APIServerEndpoint"].startswith("hcp-")
    http.patch("cloudspaces/demo", {"spec": {"kubernetesVersion": "1.33.0"}})
    http.sandbox.advance(seconds=30)
    during = _status(http, "cloudspaces/demo")
    assert (during["phase"], during["currentKubernetesVersion"]) == ("Upgrading", "1.31.1")
    assert during["APIServerEndpoint"] == ready["APIServerEndpoint"]
    http.sandbox.advance(minutes=3)
    after = _status(http, "cloudspaces/demo")
    assert (after["phase"], after["currentKubernetesVersion"]) == ("Ready", "1.33.0")
    assert after["firstReadyTimestamp"] == ready["firstReadyTimestamp"]


def test_a_winning_bid_starts_servers_some_time_later(http: Any) -> None:
    http.cloudspace()
    assert "status" not in http.pool(bidPrice="9")
    http.sandbox.advance(seconds=15)
    assert _status(http, f"spotnodepools/{POOL}")["bidStatus"] == "Pending"
    http.sandbox.advance(seconds=45)
    assert _status(http, f"spotnodepools/{POOL}")["bidStatus"] == "Fulfilled"
    assert _status(http, f"spotnodepools/{POOL}")["wonCount"] == 2
    space = http.get("cloudspaces/demo")
    assert space["spec"]["bidRequests"] == [POOL]
    assert space["status"]["bids"][POOL] == {"bidName": POOL, "type": "spot", "wonCount": 2}
    assert space["status"]["assignedServers"] == {}
    (pending,) = space["status"]["pendingAllocations"].values()
    assert (pending["bidName"], pending["count"], pending["allocatedCount"]) == (POOL, 2, 0)
    http.sandbox.advance(minutes=4)
    servers = _status(http, "cloudspaces/demo")["assignedServers"]
    assert len(servers) == 2
    assert all(key.startswith(POOL) for key in servers)
    assert {server["serverClassName"] for server in servers.values()} == {CLASS}
    assert len({server["IP"] for server in servers.values()}) == 2
    assert _status(http, "cloudspaces/demo")["pendingAllocations"] == {}


def test_on_demand_pools_get_and_keep_their_desired_servers(http: Any) -> None:
    http.cloudspace()
    spec = {"cloudSpace": "demo", "serverClass": CLASS, "desired": 3}
    http.create("ondemandnodepools", POOL, spec)
    http.sandbox.advance(minutes=5)
    assert _status(http, f"ondemandnodepools/{POOL}")["reservedCount"] == 3
    assert _status(http, f"ondemandnodepools/{POOL}")["reservedStatus"] == "Reserved"
    servers = _status(http, "cloudspaces/demo")["assignedServers"]
    assert {server["serverType"] for server in servers.values()} == {"ondemand"}
    http.sandbox.advance(minutes=60 * 24 * 2)
    assert _status(http, "cloudspaces/demo")["assignedServers"] == servers
    assert http.get("cloudspaces/demo")["spec"]["onDemandRequests"] == [POOL]


def test_scaling_changes_the_number_of_servers(http: Any) -> None:
    http.cloudspace()
    http.pool(bidPrice="9")
    http.sandbox.advance(minutes=5)
    two = _status(http, "cloudspaces/demo")["assignedServers"]
    http.patch(f"spotnodepools/{POOL}", {"spec": {"desired": 3}})
    http.sandbox.advance(minutes=5)
    three = _status(http, "cloudspaces/demo")["assignedServers"]
    assert (len(three), two.items() <= three.items()) == (3, True)
    http.patch(f"spotnodepools/{POOL}", {"spec": {"desired": 1}})
    http.sandbox.advance(minutes=1)
    one = _status(http, "cloudspaces/demo")["assignedServers"]
    assert (len(one), one.items() <= two.items()) == (1, True)
    http("DELETE", f"spotnodepools/{POOL}")
    http.sandbox.advance(minutes=1)
    assert _status(http, "cloudspaces/demo")["assignedServers"] == {}
    assert http.sandbox.notices == []


def test_autoscaling_keeps_a_pool_within_its_bounds(http: Any) -> None:
    http.cloudspace()
    http.pool(bidPrice="9", desired=1, autoscaling={"enabled": True, "minNodes": 3, "maxNodes": 5})
    http.sandbox.advance(minutes=1)
    assert _status(http, f"spotnodepools/{POOL}")["wonCount"] == 3


def test_metadata_of_a_pool_is_applied(http: Any) -> None:
    http.cloudspace()
    taints = [{"key": "spot", "effect": "NoSchedule"}]
    http.pool(customLabels={"a": "1"}, customAnnotations={"b": "2"}, customTaints=taints)
    http.sandbox.advance(minutes=1)
    assert _status(http, f"spotnodepools/{POOL}")["customMetadataStatus"] == {
        "labels": ["a"],
        "annotations": ["b"],
        "taints": ["spot"],
    }


class _Webhook(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.notices.append((self.headers["Content-Type"], body))  # type: ignore[attr-defined]
        self.send_response(204)
        self.end_headers()
        self.server.arrived.set()  # type: ignore[attr-defined]

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - as the base class has it
        pass


@pytest.fixture
def receiver() -> Iterator[Any]:
    with HTTPServer(("127.0.0.1", 0), _Webhook) as server:
        server.notices = []  # type: ignore[attr-defined]
        server.arrived = threading.Event()  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_a_pool_that_is_outbid_loses_its_servers_six_minutes_after_a_notice(
    http: Any, receiver: Any
) -> None:
    hook = f"http://127.0.0.1:{receiver.server_address[1]}/hook"
    http.cloudspace(webhook=hook)
    price = http.get(f"/apis/ngpc.rxt.io/v1/serverclasses/{CLASS}")["status"]["spotPricing"]
    http.pool(desired=1, bidPrice=price["marketPricePerHour"])
    http.sandbox.advance(minutes=4)
    (server,) = _status(http, "cloudspaces/demo")["assignedServers"].values()
    _minutes_until(http, f"spotnodepools/{POOL}", "bidStatus", "Lost")
    assert receiver.arrived.wait(5)
    (media, body), *more = receiver.notices
    assert (media, more) == ("application/json", [])
    notice = json.loads(body)
    assert set(notice) == {"cloudspace", "Server", "IP", "Time"}
    parsed = PreemptionNotice.parse(body)
    assert (parsed.cloudspace, parsed.server) == ("demo", server["serverName"])
    assert notice["IP"] == server["IP"]
    (going,) = _status(http, "cloudspaces/demo")["assignedServers"].values()
    assert (going["serverName"], going["state"]) == (server["serverName"], "Terminating")
    assert _status(http, "cloudspaces/demo")["phase"] == "NoWinningBids"
    http.sandbox.advance(minutes=7)
    left = _status(http, "cloudspaces/demo")["assignedServers"]
    assert server["serverName"] not in {item["serverName"] for item in left.values()}
    _minutes_until(http, f"spotnodepools/{POOL}", "bidStatus", "Fulfilled")
    http.sandbox.advance(minutes=4)
    back = _status(http, "cloudspaces/demo")
    assert back["phase"] == "Ready"
    assert [item["serverName"] for item in back["assignedServers"].values()] != [
        server["serverName"]
    ]


def test_a_webhook_that_fails_does_no_harm(http: Any) -> None:
    http.cloudspace(webhook="http://127.0.0.1:9/none")
    price = http.get(f"/apis/ngpc.rxt.io/v1/serverclasses/{CLASS}")["status"]["spotPricing"]
    http.pool(desired=1, bidPrice=price["marketPricePerHour"])
    http.sandbox.advance(minutes=4)
    _minutes_until(http, f"spotnodepools/{POOL}", "bidStatus", "Lost")
    assert [notice["cloudspace"] for notice in http.sandbox.notices] == ["demo"]


def test_capacity_is_finite_and_goes_to_on_demand_first_then_to_the_highest_bid(http: Any) -> None:
    name = "gpu.vs2.xlargeplusplus-sjc"
    path = f"/apis/ngpc.rxt.io/v1/serverclasses/{name}"
    free = http.get(path)["status"]["available"]
    assert free >= 3
    http.cloudspace(region="us-west-sjc-1")
    http.pool(serverClass=name, bidPrice="7", desired=free)
    http.pool(OTHER, serverClass=name, bidPrice="9", desired=free - 1)
    http.sandbox.advance(minutes=1)
    assert _status(http, f"spotnodepools/{OTHER}")["wonCount"] == free - 1
    partly = _status(http, f"spotnodepools/{POOL}")
    assert (partly["wonCount"], partly["bidStatus"]) == (1, "Pending")
    status = http.get(path)["status"]
    assert (status["available"], status["reserved"]) == (0, status["capacity"])
    spec = {"cloudSpace": "demo", "serverClass": name, "desired": 2}
    http.create("ondemandnodepools", POOL, spec)
    http.sandbox.advance(minutes=1)
    assert _status(http, f"ondemandnodepools/{POOL}")["reservedCount"] == 2
    assert _status(http, f"spotnodepools/{POOL}")["wonCount"] == 0
    assert _status(http, f"spotnodepools/{OTHER}")["wonCount"] == free - 2


def test_virtual_machines_have_their_own_field_names(http: Any) -> None:
    http.create("vmsshkeys", "laptop", {"publicKey": "ssh-ed25519 AAAA me"})
    http.create("vmcloudspaces", "vms", {"region": REGION, "vmSshKeyRef": {"name": "laptop"}})
    spec = {"vmCloudSpace": "vms", "serverClass": CLASS, "desired": 2, "bidPrice": "9"}
    http.create("vmpools", "workers", spec)
    http.sandbox.advance(minutes=5)
    status = _status(http, "vmcloudspaces/vms")
    assert status["phase"] == "Ready"
    for key, server in status["assignedServers"].items():
        assert server["serverName"] == key
        assert (server["nodePoolName"], server["cpu"]) == ("workers", "2")
        assert server["ipAddress"].startswith("10.")
    assert len(status["assignedServers"]) == 2
    key = _status(http, "vmsshkeys/laptop")
    assert (key["validated"], key["fingerprint"][:7]) == (True, "SHA256:")
    spec = {**spec, "poolType": "ondemand"}
    http.create("vmpools", "steady", spec)
    http.sandbox.advance(minutes=1)
    assert _status(http, "vmpools/steady") == {"bidStatus": "Fulfilled", "wonCount": 2}


def test_the_fingerprint_is_the_one_that_ssh_keygen_prints() -> None:
    from rsspot.sandbox.world.simulation import fingerprint

    key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl x@y"
    assert fingerprint(key) == "SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU"


def test_events_are_listed_newest_first(http: Any) -> None:
    http.cloudspace()
    http.sandbox.advance(minutes=2)
    http("DELETE", "cloudspaces/demo")
    http.sandbox.advance(minutes=2)
    feed = "/apis/metrics.ngpc.rxt.io/v1/events/organizations"
    texts = [text for _, text in http.get(feed)["events"]]
    assert texts == [
        "CloudSpace demo was deleted",
        "CloudSpace demo is being deleted",
        "CloudSpace demo is ready",
        "CloudSpace demo was created",
    ]
    assert len(http.get(feed, limits=2)["events"]) == 2
    assert http("GET", feed, params={"limits": "many"}).status_code == 400


def test_a_kubeconfig_needs_a_ready_endpoint(http: Any, sandbox: SpotSandbox) -> None:
    path = "/apis/auth.ngpc.rxt.io/v1/generate-kubeconfig"
    body = {
        "organization_name": "acme",
        "cloudspace_name": "demo",
        "refresh_token": sandbox.refresh_token,
    }
    http.cloudspace()
    assert http("POST", path, json=body).status_code == 400
    sandbox.advance(minutes=2)
    response = http("POST", path, json=body, headers={"Authorization": ""})
    host = _status(http, "cloudspaces/demo")["APIServerEndpoint"]
    assert f"server: https://{host}" in response.json()["data"]["kubeconfig"]
    for change, code in (
        ({"organization_name": "umbrella"}, 400),
        ({"refresh_token": "wrong"}, 401),
        ({"refresh_token": None}, 401),
    ):
        refused = http("POST", path, json={**body, **change})
        assert (refused.status_code, "error" in refused.json()) == (code, True)
    assert http("POST", path, content=b"{").status_code == 400
