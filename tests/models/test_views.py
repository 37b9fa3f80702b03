"""Views are flat, frozen and readable, and forgive what the API is known to send."""

from __future__ import annotations

import logging
import pickle
import subprocess
import sys
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from rsspot.errors import InvalidInput, UnexpectedResponseError
from rsspot.models import (
    AutopilotNodePool,
    Cloudspace,
    OnDemandNodePool,
    Region,
    ServerClass,
    SpotNodePool,
    Taint,
    VMCloudspace,
    VMPool,
    VMSSHKey,
)

if TYPE_CHECKING:
    from pathlib import Path


def named(name: str = "demo", **parts: Any) -> dict[str, Any]:
    return {"metadata": {"name": name, "namespace": "org-a"}, **parts}


def test_a_view_cannot_be_changed() -> None:
    view = Region(named())
    with pytest.raises(AttributeError, match="Region is read-only; `update` changes the object"):
        view.name = "other"  # type: ignore[assignment]  # pyright: ignore[reportAttributeAccessIssue]
    with pytest.raises(AttributeError, match="read-only"):
        del view.name
    assert view.name == "demo"


def test_the_wire_form_is_a_copy() -> None:
    view = Cloudspace(named(spec={"bidRequests": ["a"]}))
    view.to_dict()["spec"]["bidRequests"].append("b")
    assert view.spot_pools == ("a",)
    assert view.to_dict()["spec"]["bidRequests"] == ["a"]


def test_objects_are_equal_by_who_they_are_not_by_how_they_are() -> None:
    now = Cloudspace(named(status={"phase": "Ready"}))
    before = Cloudspace(named(status={"phase": "Provisioning"}))
    assert now == before
    assert len({now, before}) == 1
    assert now != Cloudspace(named("other"))
    made_again = named()
    made_again["metadata"]["uid"] = "u-2"
    assert now != Cloudspace(made_again)
    assert now != VMCloudspace(named())
    assert now != "demo"


def test_a_description_is_for_people_and_leaves_out_what_is_not_known() -> None:
    pool = SpotNodePool(named(spec={"bidPrice": "0.050", "desired": 2}, status={"wonCount": None}))
    assert repr(pool) == "<SpotNodePool name=demo bid_price=0.050 won=0 desired=2>"
    assert repr(SpotNodePool({})) == "<SpotNodePool won=0>"


def test_a_table_for_notebooks_escapes_and_keeps_secrets() -> None:
    pool = VMPool(named("<b>", spec={"vmUserData": "c2VjcmV0", "vmImage": "ubuntu24.04"}))
    table = pool._repr_html_()
    assert table.startswith("<table><caption>VMPool</caption>")
    assert "&lt;b&gt;" in table
    assert "ubuntu24.04" in table
    assert "c2VjcmV0" not in table
    assert "c2VjcmV0" not in repr(pool)


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("hcp-1.spot.example", "https://hcp-1.spot.example"),
        ("https://hcp-1.spot.example", "https://hcp-1.spot.example"),
        ("http://localhost:6443", "http://localhost:6443"),
        (" ", None),
        (None, None),
    ],
)
def test_an_endpoint_has_its_scheme(text: str | None, url: str | None) -> None:
    view = Cloudspace(named(status={"APIServerEndpoint": text}))
    assert view.api_server_endpoint == url
    assert view.is_ready is (url is not None)


@pytest.mark.parametrize(("cpu", "number"), [("4", 4), (4, 4), ("0.5", 0.5), (None, None)])
def test_cpus_are_a_number_however_they_are_written(cpu: Any, number: Any) -> None:
    view = ServerClass(named(spec={"resources": {"cpu": cpu, "memory": "3.75GB"}}))
    assert view.cpu == number
    assert (view.memory, view.memory_text) == (3_750_000_000, "3.75GB")


@pytest.mark.parametrize("parts", [{}, {"status": None}, {"status": {}}, {"status": "?"}])
def test_an_object_that_was_just_made_has_no_status_yet(parts: dict[str, Any]) -> None:
    pool = SpotNodePool(named(spec={"desired": 1}, **parts))
    assert (pool.bid_status, pool.won_count, pool.won, pool.is_ready) == ("", None, 0, False)
    cloudspace = Cloudspace(named(**parts))
    assert (cloudspace.phase, cloudspace.is_ready, cloudspace.servers) == ("", False, ())


def test_prices_are_exact_and_times_have_a_zone() -> None:
    view = ServerClass(
        named(
            spec={"minBidPricePerHour": "0.01", "onDemandPricing": {"cost": "$0.04"}},
            status={"lastAuction": 1767225600, "spotPricing": {"marketPricePerHour": "0.001000"}},
        )
    )
    assert view.min_bid_price == Decimal("0.01")
    assert view.on_demand_price == Decimal("0.04")
    assert view.market_price == Decimal("0.001")
    assert view.last_auction == datetime(2026, 1, 1, tzinfo=UTC)


def test_what_cannot_be_read_is_absent_and_reported_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    view = SpotNodePool(named(spec={"desired": "many", "bidPrice": "much"}))
    with caplog.at_level(logging.WARNING, "rsspot"):
        assert [view.desired, view.desired, view.bid_price] == [None, None, None]
    said = [record.getMessage() for record in caplog.records]
    assert len(said) == 2
    assert said[0].startswith("SpotNodePool.desired is absent: ")
    assert said[1] == "SpotNodePool.bid_price is absent: not a price: 'much'"


def test_a_price_below_zero_is_no_price() -> None:
    view = ServerClass(
        named(
            spec={"minBidPricePerHour": "-0.01", "onDemandPricing": {"cost": "-1"}},
            status={"spotPricing": {"marketPricePerHour": "-0.5"}},
        )
    )
    assert [view.min_bid_price, view.on_demand_price, view.market_price] == [None, None, None]


@pytest.mark.parametrize("status", ["SpeedBump Hit", "speedbump hit"])
def test_the_limit_of_a_new_account_has_a_name(status: str) -> None:
    for kind in (SpotNodePool, VMPool):
        assert kind(named(status={"bidStatus": status})).is_speed_bumped
        assert not kind(named(status={"bidStatus": "Pending"})).is_speed_bumped
    assert not OnDemandNodePool(named()).is_speed_bumped


@pytest.mark.parametrize(
    ("pool", "ready"),
    [
        (SpotNodePool(named(spec={"desired": 2}, status={"wonCount": 1})), False),
        (SpotNodePool(named(spec={"desired": 2}, status={"wonCount": 2})), True),
        (
            SpotNodePool(
                named(
                    spec={"desired": 5, "autoscaling": {"enabled": True, "minNodes": 1}},
                    status={"wonCount": 1},
                )
            ),
            True,
        ),
        (OnDemandNodePool(named(spec={"desired": 1}, status={"reservedCount": None})), False),
        (OnDemandNodePool(named(spec={"desired": 1}, status={"reservedCount": 1})), True),
        (VMPool(named(spec={"desired": 1}, status={"wonCount": 1})), True),
        (
            AutopilotNodePool(named(spec={"vcpu": {"total": 8}}, status={"managedVCPUs": 4})),
            False,
        ),
    ],
)
def test_a_pool_is_ready_when_it_has_what_it_wants(pool: Any, ready: bool) -> None:  # noqa: FBT001 - a table
    assert pool.is_ready is ready
    going = pool.to_dict()
    going["metadata"]["deletionTimestamp"] = "2026-01-01T00:00:00Z"
    assert not type(pool)(going).is_ready


def test_a_pool_belongs_to_a_cloudspace_by_its_field_or_its_label() -> None:
    by_field = SpotNodePool(named(spec={"cloudSpace": "demo"}))
    by_label = SpotNodePool({"metadata": {"labels": {"ngpc.rxt.io/cloudspace": "demo"}}})
    vms = VMPool({"metadata": {"labels": {"ngpc.rxt.io/vmcloudspace": "demo"}}})
    assert by_field.belongs_to("demo")
    assert by_label.belongs_to("demo")
    assert vms.belongs_to("demo")
    assert not by_label.belongs_to("other")


def test_a_server_is_in_the_pool_with_the_longest_name_that_fits() -> None:
    view = Cloudspace(
        named(
            spec={"bidRequests": ["web", "web-big"]},
            status={
                "assignedServers": {
                    "web-big-x": {"IP": "192.0.2.1", "clusterRole": "worker"},
                    "web-y": {"IP": "192.0.2.2"},
                    "odd": None,
                }
            },
        )
    )
    assert [(item.pool, item.address) for item in view.servers] == [
        ("web-big", "192.0.2.1"),
        ("web", "192.0.2.2"),
    ]
    assert view.servers[0].role == "worker"


def test_the_servers_of_a_pool_are_not_those_of_one_whose_name_begins_alike() -> None:
    servers: dict[str, Any] = {"web-y": {}, "web-big-x": {}, "webs-z": {}}
    known = Cloudspace(
        named(spec={"bidRequests": ["web", "web-big", "webs"]}, status={"assignedServers": servers})
    )
    assert [item.key for item in known.servers_of("web")] == ["web-y"]
    assert [item.key for item in known.servers_of("webs")] == ["webs-z"]
    unlisted = Cloudspace(named(status={"assignedServers": servers}))
    assert [item.key for item in unlisted.servers_of("webs")] == ["webs-z"]


def test_raw_is_the_generated_model_or_says_what_is_missing() -> None:
    good = named(spec={"region": "r", "kubernetesVersion": "1.31.1"})
    assert Cloudspace(good).raw.spec.region == "r"
    with pytest.raises(UnexpectedResponseError, match=r"a CloudSpace: .*to_dict\(\)"):
        _ = Cloudspace(named(spec={})).raw


def test_raw_works_on_a_view_out_of_a_pickle_in_a_new_process(tmp_path: Path) -> None:
    file = tmp_path / "view"
    file.write_bytes(pickle.dumps(VMSSHKey(named(spec={"publicKey": "ssh-ed25519 A"}))))
    program = f"import pickle; print(pickle.load(open({str(file)!r}, 'rb')).raw.spec.public_key)"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.stderr) == ("ssh-ed25519 A\n", "")


@pytest.mark.parametrize(
    ("text", "taint"),
    [
        ("spot=true:NoSchedule", Taint("spot", "NoSchedule", "true")),
        ("spot:NoExecute", Taint("spot", "NoExecute")),
        ("example.com/a=:PreferNoSchedule", Taint("example.com/a", "PreferNoSchedule", "")),
    ],
)
def test_a_taint_is_read_as_kubectl_writes_it(text: str, taint: Taint) -> None:
    assert Taint.parse(text) == taint


@pytest.mark.parametrize("text", ["", "a", "a=b", ":NoSchedule", "a:Never", "a b:NoSchedule"])
def test_what_is_no_taint_is_an_error(text: str) -> None:
    with pytest.raises(InvalidInput, match="is not a taint"):
        Taint.parse(text)


@pytest.mark.parametrize("parts", [("", "NoSchedule"), ("a", "Never"), ("a", None)])
def test_a_taint_has_a_key_and_a_known_effect(parts: Any) -> None:
    with pytest.raises(InvalidInput, match=r"is not a taint.*NoSchedule, PreferNoSchedule"):
        Taint(*parts)
