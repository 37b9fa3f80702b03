"""Cloudspaces against the sandbox, in both modes.

Rules: docs/rules.md#updates, docs/rules.md#names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from rsspot import CLEAR, errors

if TYPE_CHECKING:
    from rsspot.models import Cloudspace
    from rsspot.sandbox import SpotSandbox

REGION = "us-central-dfw-2"
CLASS = "gp.vs2.medium-dfw2"


def test_a_cloudspace_lives_from_create_to_cascading_delete(spot: Any) -> None:
    made = spot.cloudspaces.create("demo", region=REGION, webhook="https://hook.example/")
    assert (made.name, made.region, made.phase) == ("demo", REGION, "")
    pool = spot.spot_nodepools.create("demo", server_class=CLASS, bid_price="0.05", desired=2)
    seen: list[str] = []

    def note(state: Cloudspace) -> None:
        seen.append(state.phase)

    ready = spot.cloudspaces.wait_until_ready("demo", on_progress=note)
    assert seen[-1] == "Ready"
    assert ready.api_server_endpoint.startswith("https://hcp-")
    won = spot.spot_nodepools.wait_until_ready(pool.name)
    assert (won.won, won.bid_status) == (2, "Fulfilled")
    servers = spot.cloudspaces.servers("demo")
    assert [server.pool for server in servers] == [pool.name] * 2
    assert all(server.address.startswith("10.") for server in servers)
    assert [item.name for item in spot.cloudspaces.list()] == ["demo"]
    spot.cloudspaces.delete("demo", cascade=True)
    assert spot.cloudspaces.list() == []
    assert spot.spot_nodepools.list() == []


def test_an_update_sends_what_was_given_and_clear_takes_away(
    spot: Any, sandbox: SpotSandbox
) -> None:
    spot.cloudspaces.create("demo", region=REGION, webhook="https://hook.example/")
    spot.cloudspaces.update("demo", kubernetes_version="1.33.0", webhook=CLEAR)
    assert sandbox.requests[-1].json() == {"spec": {"kubernetesVersion": "1.33.0", "webhook": None}}
    now = spot.cloudspaces.get("demo")
    assert (now.kubernetes_version, now.webhook) == ("1.33.0", None)
    with pytest.raises(errors.InvalidInput, match="nothing to change"):
        spot.cloudspaces.update("demo")


def test_a_stale_resource_version_is_a_conflict_and_changes_nothing(spot: Any) -> None:
    old = spot.cloudspaces.create("demo", region=REGION)
    spot.cloudspaces.update("demo", webhook="https://a.example/")
    with pytest.raises(errors.ConflictError, match="modified") as caught:
        spot.cloudspaces.update(
            "demo", webhook="https://b.example/", resource_version=old.resource_version
        )
    assert caught.value.reason == "Conflict"
    assert "Read the object again" in str(caught.value)
    assert spot.cloudspaces.get("demo").webhook == "https://a.example/"


def test_replace_puts_the_whole_object_in_place(spot: Any) -> None:
    spot.cloudspaces.create("demo", region=REGION)
    body = spot.cloudspaces.get("demo").to_dict()
    body["spec"]["webhook"] = "https://c.example/"
    assert spot.cloudspaces.replace(body).webhook == "https://c.example/"


def test_a_name_that_is_taken_is_an_error_or_what_is_there(spot: Any) -> None:
    first = spot.cloudspaces.create("demo", region=REGION)
    with pytest.raises(errors.ConflictError) as caught:
        spot.cloudspaces.create("demo", region=REGION)
    assert caught.value.reason == "AlreadyExists"
    assert spot.cloudspaces.create("demo", region=REGION, if_exists="return").uid == first.uid


def test_what_is_not_there_is_not_found(spot: Any) -> None:
    with pytest.raises(errors.NotFoundError, match=r'cloudspaces\.ngpc\.rxt\.io "x" not found'):
        spot.cloudspaces.get("x")
    with pytest.raises(errors.NotFoundError):
        spot.cloudspaces.delete("x")
    assert spot.cloudspaces.delete("x", missing_ok=True) is None


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "a?b", "a#b", "a%2fb", "a\r\nb", "a\\b"])
def test_a_name_that_could_change_the_request_never_leaves(
    spot: Any, sandbox: SpotSandbox, name: str
) -> None:
    for call in (spot.cloudspaces.get, spot.cloudspaces.delete, spot.regions.get):
        with pytest.raises(errors.InvalidInput, match="name"):
            call(name)
    with pytest.raises(errors.InvalidInput, match="DNS label"):
        spot.cloudspaces.create(name, region=REGION)
    assert sandbox.requests == []


def test_deleting_all_wants_the_namespace_as_confirmation(spot: Any, sandbox: SpotSandbox) -> None:
    spot.cloudspaces.create("a", region=REGION)
    with pytest.raises(errors.InvalidInput, match="every cloudspace") as caught:
        spot.cloudspaces.delete_all(confirm="yes")
    assert sandbox.namespace in str(caught.value)
    assert len(spot.cloudspaces.list()) == 1
    spot.cloudspaces.delete_all(confirm=sandbox.namespace)
    spot.cloudspaces.wait_until_deleted("a")
    assert spot.cloudspaces.list() == []


def test_a_wait_that_is_too_short_says_what_was_seen_last(spot: Any) -> None:
    spot.cloudspaces.create("demo", region=REGION)
    with pytest.raises(errors.WaitTimeout, match="did not happen in 20 s") as caught:
        spot.cloudspaces.wait_until_ready("demo", timeout=20)
    assert caught.value.last.phase == "Provisioning"


def test_a_wait_goes_on_through_a_server_that_fails_for_a_while(
    spot: Any, sandbox: SpotSandbox
) -> None:
    spot.cloudspaces.create("demo", region=REGION)
    sandbox.faults.add("status", method="GET", status=500, times=9)
    assert spot.cloudspaces.wait_until_ready("demo").phase == "Ready"


def test_pages_are_followed_and_streamed(spot: Any, sandbox: SpotSandbox) -> None:
    names = [f"c{number}" for number in range(5)]
    for name in names:
        spot.cloudspaces.create(name, region=REGION)
    before = len(sandbox.requests)
    assert [item.name for item in spot.cloudspaces.each(page_size=2)] == names
    assert len(sandbox.requests) - before == 3


def test_a_kubeconfig_comes_from_the_api_and_is_written_for_its_owner_only(
    spot: Any, tmp_path: Any
) -> None:
    spot.cloudspaces.create("demo", region=REGION, wait=True)
    kubeconfig = spot.cloudspaces.kubeconfig("demo")
    organization = spot.organizations.current().id
    base = f"{organization}/demo"
    assert kubeconfig.contexts == (base, f"{base}/acme-demo-oidc")
    path = kubeconfig.save(tmp_path / "kube" / "config")
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.read_text() == kubeconfig.text
    assert kubeconfig.text.split("token: ")[1].split("\n")[0] not in repr(kubeconfig)
    built = spot.cloudspaces.kubeconfig("demo", build=True)
    assert built.contexts == (base,)
    assert built.to_dict()["clusters"][0]["cluster"]["server"].startswith("https://hcp-")


def test_the_generated_model_and_the_wire_form_are_at_hand(spot: Any) -> None:
    made = spot.cloudspaces.create("demo", region=REGION)
    assert made.raw.spec.region == REGION
    assert made.to_dict()["metadata"]["name"] == "demo"
    assert repr(made) == f"<Cloudspace name=demo region={REGION} kubernetes_version=1.31.1>"


def test_a_patch_of_ones_own_is_a_merge_patch_unless_it_says_otherwise(
    spot: Any, sandbox: SpotSandbox
) -> None:
    path = spot.cloudspaces.create("demo", region=REGION).namespace
    path = f"/apis/ngpc.rxt.io/v1/namespaces/{path}/cloudspaces/demo"
    spot.request("PATCH", path, json={"spec": {"webhook": "https://a.example/"}})
    operations = [{"op": "replace", "path": "/spec/webhook", "value": "https://b.example/"}]
    spot.request(
        "PATCH", path, json=operations, headers={"content-type": "application/json-patch+json"}
    )
    assert spot.cloudspaces.get("demo").webhook == "https://b.example/"
    sent = [request.headers["content-type"] for request in sandbox.requests[-3:-1]]
    assert sent == ["application/merge-patch+json", "application/json-patch+json"]
