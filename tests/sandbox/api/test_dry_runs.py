"""Dry runs change nothing, and what a replacement leaves out stays as the server has it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest

from rsspot.sandbox import SpotSandbox
from rsspot.sandbox.world.catalogue import CLASSES

if TYPE_CHECKING:
    from collections.abc import Iterator

REGION, CLASS = "us-central-dfw-2", "gp.vs2.medium-dfw2"
POOLS = [f"5b1f4c1e-58a4-4f0a-9a3a-6d1f2f8c0a1{number}" for number in (1, 2)]
SERVERS = {"serverClass": CLASS, "desired": 2}
MERGE = {"Content-Type": "application/merge-patch+json"}

KINDS: dict[str, tuple[dict[str, Any], dict[str, Any] | None]] = {
    "cloudspaces": (
        {"region": REGION, "kubernetesVersion": "1.31.1"}, {"webhook": "https://hook.example/"},
    ),
    "spotnodepools": ({**SERVERS, "cloudSpace": "home", "bidPrice": "0.1"}, {"desired": 5}),
    "ondemandnodepools": ({**SERVERS, "cloudSpace": "home"}, {"desired": 5}),
    "autopilotnodepools": (
        {"cloudSpace": "home", "region": REGION, "vcpu": {"total": 8}, "budgetPerHour": "1"},
        {"vcpu": {"total": 9}},
    ),
    "vmcloudspaces": ({"region": REGION}, {"webhook": "https://hook.example/"}),
    "vmpools": ({**SERVERS, "vmCloudSpace": "vms", "bidPrice": "0.1"}, {"desired": 5}),
    "vmsshkeys": ({"publicKey": "ssh-ed25519 A"}, None),
}  # fmt: skip
"""By plural: a spec, and what a patch changes."""
REPLACED = ("cloudspaces", "spotnodepools", "ondemandnodepools", "autopilotnodepools")
CLEARED = ("cloudspaces", "spotnodepools", "ondemandnodepools")


@pytest.fixture(scope="module")
def world() -> Iterator[Any]:
    """A namespace with one object of each kind."""
    from tests.sandbox.conftest import Http

    with SpotSandbox(seed=1) as sandbox, httpx.Client(base_url=sandbox.url) as client:
        http = Http(sandbox, client)
        http.cloudspace("home")
        http.create("vmcloudspaces", "vms", {"region": REGION})
        for plural, (spec, _) in KINDS.items():
            http.create(plural, POOLS[0], spec)
        yield http
    assert sandbox.app.crashes == []


def _all(http: Any) -> Any:
    """Everything that a sandbox knows."""
    return http.sandbox.state.snapshot()


@pytest.mark.parametrize("plural", KINDS)
def test_a_dry_run_responds_and_changes_nothing(world: Any, plural: str) -> None:
    spec, change = KINDS[plural]
    before = _all(world)
    dry = {"params": {"dryRun": "All"}}
    path = f"{plural}/{POOLS[0]}"
    old = world.get(path)

    body = {"metadata": {"name": POOLS[1], "labels": {"a": "b"}}, "spec": spec}
    made = world("POST", plural, json=body, **dry)
    assert made.status_code == 201
    assert made.json()["metadata"]["labels"] == {"a": "b"}
    assert "resourceVersion" not in made.json()["metadata"]
    assert _all(world) == before

    changed: list[httpx.Response] = []
    if change is not None:
        changed.append(world("PATCH", path, json={"spec": change}, headers=MERGE, **dry))
    if plural in REPLACED:
        changed.append(world("PUT", path, json={**old, "spec": {**spec, **(change or {})}}, **dry))
    for response in changed:
        assert response.status_code == 200, response.text
        assert (change or {}).items() <= response.json()["spec"].items()
        assert response.json()["metadata"]["resourceVersion"] == old["metadata"]["resourceVersion"]
        assert _all(world) == before

    for options in (dry, {"json": {"kind": "DeleteOptions", "dryRun": ["All"]}}):
        gone = world("DELETE", path, **options)
        assert gone.status_code == 200
        assert "deletionTimestamp" in gone.json()["metadata"]
        assert _all(world) == before
    if plural in CLEARED:
        assert world("DELETE", plural, **dry).status_code == 200
        assert _all(world) == before
    assert world.get(path) == old


def test_a_dry_run_uses_up_no_identifier(http: Any) -> None:
    identifiers = http.sandbox.state.identifiers
    token = http.sandbox.state.oauth.issue(http.sandbox.organization_id)
    before = identifiers.position
    made = http.client.post(
        f"{http.base}cloudspaces?dryRun=All",
        json={"metadata": {"generateName": "x-"}, "spec": KINDS["cloudspaces"][0]},
        headers={"Authorization": f"Bearer {token}"},
    )
    assert made.status_code == 201
    assert identifiers.position == before


def test_a_dry_run_refuses_what_a_request_would_be_refused(world: Any) -> None:
    before = _all(world)
    spec = KINDS["spotnodepools"][0]
    for name, change, code in (
        (POOLS[0], {}, 409),
        (POOLS[1], {"bidPrice": "0.001"}, 422),
        (POOLS[1], {"cloudSpace": "none"}, 422),
        ("No Name", {}, 422),
    ):
        body = {"metadata": {"name": name}, "spec": {**spec, **change}}
        assert world("POST", "spotnodepools?dryRun=All", json=body).status_code == code
    path = f"spotnodepools/{POOLS[0]}?dryRun=All"
    stale = {"metadata": {"resourceVersion": "1"}, "spec": {"desired": 3}}
    assert world("PATCH", path, json=stale, headers=MERGE).status_code == 409
    assert world("DELETE", "spotnodepools/none?dryRun=All").status_code == 404
    assert _all(world) == before


@pytest.mark.parametrize("wish", ["all", "true", "", "None", "All,All", "Server"])
def test_another_kind_of_dry_run_is_refused_and_not_carried_out(world: Any, wish: str) -> None:
    before = _all(world)
    body = {"metadata": {"name": POOLS[1]}, "spec": KINDS["cloudspaces"][0]}
    old = world.get(f"cloudspaces/{POOLS[0]}")
    for method, path, content in (
        ("POST", "cloudspaces", body),
        ("PUT", f"cloudspaces/{POOLS[0]}", old),
        ("DELETE", f"cloudspaces/{POOLS[0]}", None),
        ("DELETE", "cloudspaces", None),
    ):
        for query in ([("dryRun", wish)], [("dryRun", "All"), ("dryRun", wish)]):
            refused = world(method, path, params=query, json=content)
            assert (refused.status_code, refused.json()["reason"]) == (400, "BadRequest")
            assert f'Unsupported value: "{wish}"' in refused.json()["message"]
    for options in ({"dryRun": [wish]}, {"dryRun": wish}):
        assert world("DELETE", f"cloudspaces/{POOLS[0]}", json=options).status_code == 400
    assert _all(world) == before


@pytest.mark.parametrize("absent", [("cni", "kubernetesVersion"), ("region", "cloud")])
@pytest.mark.parametrize("null", [False, True])
def test_what_a_replacement_leaves_out_stays(
    http: Any, absent: tuple[str, ...], *, null: bool
) -> None:
    old = http.cloudspace(cni="cilium", cloud="default", webhook="https://hook.example/")
    spec = {key: value for key, value in old["spec"].items() if key not in (*absent, "webhook")}
    if null:
        spec |= dict.fromkeys(absent)
    new = http("PUT", "cloudspaces/demo", json={**old, "spec": spec})
    assert new.status_code == 200, new.text
    left = {key: value for key, value in old["spec"].items() if key != "webhook"}
    assert new.json()["spec"] == left


def test_what_a_replacement_changes_must_still_be_changeable(http: Any) -> None:
    old = http.cloudspace(cni="cilium")
    pool = http.pool()
    for path, item, change in (
        ("cloudspaces/demo", old, {"cni": "calico"}),
        ("cloudspaces/demo", old, {"region": "uk-lon-1"}),
        (f"spotnodepools/{pool['metadata']['name']}", pool, {"serverClass": "gp.vs2.large-dfw2"}),
    ):
        body = {**item, "spec": {**item["spec"], **change}}
        assert http("PUT", path, json=body).status_code == 422
    spec = {key: pool["spec"][key] for key in ("desired", "bidPrice")}
    kept = http("PUT", f"spotnodepools/{pool['metadata']['name']}", json={**pool, "spec": spec})
    assert kept.json()["spec"] == pool["spec"]


@pytest.mark.parametrize("version", ["1.30.9", "1.9.9", "1.31", "1.31.0", "v1.31.0", "0", "newest"])
def test_a_cluster_is_not_downgraded(http: Any, version: str) -> None:
    old = http.cloudspace(kubernetesVersion="1.31.1")
    change = {"spec": {"kubernetesVersion": version}}
    for response in (
        http.patch("cloudspaces/demo", change),
        http("PUT", "cloudspaces/demo", json={**old, "spec": {**old["spec"], **change["spec"]}}),
    ):
        assert response.status_code == 422
        (cause,) = response.json()["details"]["causes"]
        assert cause["field"] == "spec.kubernetesVersion"
    for higher in ("1.31.1", "1.31.10", "1.33.0", "2"):
        assert http.patch("cloudspaces/demo", {"spec": {"kubernetesVersion": higher}}).is_success


@pytest.mark.parametrize("scaling", [{}, {"minNodes": 1, "maxNodes": 3}, {"enabled": None}])
def test_autoscaling_that_is_not_enabled_is_off(http: Any, scaling: dict[str, Any]) -> None:
    http.cloudspace()
    pool = http.pool(autoscaling=scaling, desired=2)
    http.sandbox.advance(minutes=30)
    found = http.get(f"spotnodepools/{pool['metadata']['name']}")
    assert found["status"]["wonCount"] == 2
    assert http.patch(f"spotnodepools/{POOLS[0]}", {"spec": {"autoscaling": {}}}).is_success


def test_the_catalogue_has_the_sizes_of_each_generation() -> None:
    assert CLASSES["mh.vs1.medium-iad"].memory == "15GB"
    assert {name for name in CLASSES if name.startswith("mh.vs1.medium")} == {
        f"mh.vs1.medium-{site}" for site in ("iad", "dfw", "ord", "lon", "hkg", "syd")
    }
    assert "mh.vs2.medium-sjc" not in CLASSES
    assert CLASSES["gp.bm2.medium-lon"].cpu == 24
