"""Every operation is reached through a method, as docs/operations.md says, in both modes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from rsspot_api.operations import OPERATIONS

from rsspot import CacheConfig
from tests.docs.pages import ROOT
from tests.typing.test_complete import operations

if TYPE_CHECKING:
    from collections.abc import Callable

    from rsspot.sandbox import SpotSandbox

REGION = "us-central-dfw-2"
CLASS = "gp.vs2.medium-dfw2"

PAGE = (ROOT / "docs" / "operations.md").read_text("utf-8")
REACHED = re.findall(r"^\| `(\w+)` \| `(client\..+)` \|$", PAGE, re.MULTILINE)
OTHERS = [
    (operation, call)
    for call, operation in re.findall(r"^\| `(client\..+)` \| `(\w+)` \|$", PAGE, re.MULTILINE)
]


def received(sandbox: SpotSandbox, operation: str, since: int) -> bool:
    """Whether the sandbox has received a request of `operation` among the latest."""
    wanted = OPERATIONS[operation]
    parts = (part if n % 2 == 0 else "[^/]+" for n, part in enumerate(split(wanted.path)))
    path = re.compile("".join(parts))
    return any(
        request.method == wanted.method and path.fullmatch(request.path)
        for request in sandbox.requests[since:]
    )


def split(path: str) -> list[str]:
    """The text of a path's template, with its parameters in between."""
    return [re.escape(part) for part in re.split(r"\{(\w+)\}", path)]


@pytest.fixture
def names(sandbox: SpotSandbox, connect: Callable[..., Any]) -> dict[str, Any]:
    """What the calls of the page name: a client, and one object of each kind."""
    spot = connect(**{**sandbox.client_options(), "cache": CacheConfig(enabled=False)})
    cloudspace = spot.cloudspaces.create("demo", region=REGION, wait=True)
    spot.vm_ssh_keys.create("laptop", public_key="ssh-ed25519 AAAA me@laptop")
    spot.vm_cloudspaces.create("vms", region=REGION, ssh_key="laptop")
    return {
        "client": spot,
        "namespace": spot.organizations.current().namespace,
        "cloudspace": cloudspace,
        "spot_pool": spot.spot_nodepools.create("demo", server_class=CLASS, bid_price="0.05"),
        "ondemand_pool": spot.ondemand_nodepools.create("demo", server_class=CLASS),
        "autopilot_pool": spot.autopilot_nodepools.create(
            "demo", region=REGION, vcpu_total=8, budget_per_hour="0.5"
        ),
        "vm_pool": spot.vm_pools.create("vms", server_class=CLASS, bid_price="0.05"),
    }


def test_every_operation_of_the_document_has_a_method() -> None:
    assert sorted(operation for operation, _ in REACHED) == sorted(OPERATIONS)


def test_every_method_of_every_group_has_its_place_in_the_page() -> None:
    methods = {f"client.{each}" for each in operations()}
    called = {call.partition("(")[0] for _, call in REACHED + OTHERS}
    assert called - methods == {"client.authenticate"}
    assert methods - called == set()


@pytest.mark.parametrize(("operation", "call"), REACHED + OTHERS, ids=str)
def test_a_call_of_the_page_sends_its_operation(
    sandbox: SpotSandbox, names: dict[str, Any], operation: str, call: str
) -> None:
    before = len(sandbox.requests)
    answer = eval(call, names)  # noqa: S307 - our own page
    if ".each(" in call:
        assert list(answer)
    assert received(sandbox, operation, before)
