"""Nothing is created twice.

Rules: docs/rules.md#once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from rsspot import errors
from rsspot.sandbox.faults.plan import Fault

if TYPE_CHECKING:
    from rsspot.sandbox import SpotSandbox

pytestmark = pytest.mark.usefixtures("each_engine")

REGION = "us-central-dfw-2"


def sent(sandbox: SpotSandbox, method: str) -> int:
    return sum(item.method == method and "cloudspaces" in item.path for item in sandbox.requests)


@pytest.mark.parametrize("fault", ["drop_before", "drop_after", "status", "status_after"])
def test_a_create_is_sent_once_where_it_may_have_happened(
    sandbox: SpotSandbox, spot: Any, fault: Any
) -> None:
    sandbox.faults.add(fault, method="POST", path="cloudspaces", times=1, status=502)
    with pytest.raises(errors.OutcomeUnknown, match=r"POST .* took effect") as caught:
        spot.cloudspaces.create("demo", region=REGION)
    assert "Look for cloudspace demo before you create it again" in str(caught.value)
    assert sent(sandbox, "POST") == 1


def test_a_create_is_sent_again_where_the_server_has_not_acted(
    sandbox: SpotSandbox, spot: Any
) -> None:
    sandbox.faults.script(
        Fault("status", status=429, retry_after="1"),
        Fault("status", status=503, retry_after="2"),
        method="POST",
        path="cloudspaces",
    )
    assert spot.cloudspaces.create("demo", region=REGION).name == "demo"
    assert sent(sandbox, "POST") == 3


@pytest.mark.parametrize("fault", ["drop_after", "status_after"])
def test_a_delete_that_an_earlier_try_did_has_succeeded(
    sandbox: SpotSandbox, spot: Any, fault: Any
) -> None:
    spot.vm_ssh_keys.create("key", public_key="ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA me")
    path = f"/apis/ngpc.rxt.io/v1/namespaces/{sandbox.namespace}/vmsshkeys/key"
    sandbox.faults.script(fault, Fault("status", status=404), method="DELETE")
    assert spot.request("DELETE", path).status_code == 204
    with pytest.raises(errors.NotFoundError):
        spot.request("DELETE", f"{path}-that-never-was")


@pytest.mark.parametrize("fault", ["drop_after", "status_after"])
def test_a_put_that_an_earlier_try_did_has_succeeded(
    sandbox: SpotSandbox, spot: Any, fault: Any
) -> None:
    spot.cloudspaces.create("demo", region=REGION)
    path = f"/apis/ngpc.rxt.io/v1/namespaces/{sandbox.namespace}/cloudspaces/demo"
    found = spot.request("GET", path).content
    found["metadata"]["labels"] = {"team": "a"}
    sandbox.faults.add(fault, method="PUT", times=1)
    answer = spot.request("PUT", path, json=found)
    assert answer.content["metadata"]["labels"] == {"team": "a"}
    assert answer.content["metadata"]["resourceVersion"] != found["metadata"]["resourceVersion"]
    found["metadata"]["labels"] = {"team": "b"}
    with pytest.raises(errors.ConflictError):
        spot.request("PUT", path, json=found)
