"""The local Spot takes what other clients send, unless the real one is known to refuse it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest

from rsspot import SpotClient
from rsspot.sandbox import SpotSandbox
from rsspot.sandbox.__main__ import _parser
from tests.clients.shapes import END_SPOT, OLD_FIXED, OLD_SPOT, SHAPES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.clients.shapes import Shape


CLASS = "gp.vs2.medium-dfw2"


@pytest.fixture(scope="module", params=[False, True], ids=["default", "strict"])
def served(request: pytest.FixtureRequest) -> Iterator[tuple[SpotSandbox, str]]:
    """A local Spot with the cloudspace `demo`, and an access token for it."""
    strict: bool = request.param
    with (
        SpotSandbox(seed=1, strict=strict) as sandbox,
        SpotClient(**sandbox.client_options()) as spot,
    ):
        spot.cloudspaces.create("demo", region="us-central-dfw-2", kubernetes_version="1.31.1")
        spot.cloudspaces.create("end", region="us-central-dfw-2")
        for name in (OLD_SPOT, END_SPOT):
            spot.spot_nodepools.create("demo", server_class=CLASS, bid_price="0.05", name=name)
        spot.ondemand_nodepools.create("demo", server_class=CLASS, name=OLD_FIXED)
        yield sandbox, spot.authenticate()
        assert sandbox.app.crashes == []


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: f"{shape.client}: {shape.what}")
def test_a_request_of_another_client_is_taken_or_refused_with_its_reason(
    shape: Shape, served: tuple[SpotSandbox, str]
) -> None:
    sandbox, token = served
    namespace = sandbox.namespace
    url = sandbox.url + shape.path.replace("{ns}", namespace)
    body = shape.body.replace("{ns}", namespace)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": shape.media}
    if "{version}" in body:
        found = httpx.get(url, headers=headers, trust_env=False).json()
        body = body.replace("{version}", found["metadata"]["resourceVersion"])
    response = httpx.request(
        shape.method, url, content=body.encode() or None, headers=headers, trust_env=False
    )
    if shape.missing:
        assert response.status_code == 404
        return
    refused = shape.refused or (shape.strict if sandbox.state.strict else "")
    if not refused:
        assert response.is_success, response.text
        return
    assert response.status_code == 422
    causes: list[dict[str, Any]] = response.json()["details"]["causes"]
    assert refused in {each["field"] for each in causes}


def test_what_was_left_out_is_completed(served: tuple[SpotSandbox, str]) -> None:
    sandbox, _ = served
    if sandbox.state.strict:
        return
    with SpotClient(**sandbox.client_options()) as spot:
        spot.request(
            "POST",
            f"/apis/ngpc.rxt.io/v1/namespaces/{sandbox.namespace}/cloudspaces",
            json={"metadata": {"name": "left-out"}, "spec": {"region": "us-central-dfw-2"}},
        )
        assert spot.cloudspaces.get("left-out").kubernetes_version == "1.31.1"


def test_the_command_has_the_option() -> None:
    assert _parser("rsspot sandbox").parse_args(["--strict"]).strict
    assert not _parser("rsspot sandbox").parse_args([]).strict
