"""A bare HTTP client of the sandbox, so that its responses are tested without our own client."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest

from rsspot.sandbox import SpotSandbox

if TYPE_CHECKING:
    from collections.abc import Iterator


CLASS = "gp.vs2.medium-dfw2"
REGION = "us-central-dfw-2"
POOL = "5b1f4c1e-58a4-4f0a-9a3a-6d1f2f8c0a11"
MERGE = "application/merge-patch+json"


class Http:
    """Requests to the collections of one namespace, with an access token."""

    def __init__(self, sandbox: SpotSandbox, client: httpx.Client) -> None:
        self.client = client
        self.sandbox = sandbox
        self.base = f"/apis/ngpc.rxt.io/v1/namespaces/{sandbox.namespace}/"

    def __call__(self, method: str, path: str, **options: Any) -> httpx.Response:
        path = path if path.startswith("/") else self.base + path
        token = self.sandbox.state.oauth.issue(self.sandbox.organization_id)
        headers = {"Authorization": f"Bearer {token}", **options.pop("headers", {})}
        return self.client.request(method, path, headers=headers, **options)

    def create(self, plural: str, name: str, spec: dict[str, Any], **metadata: Any) -> Any:
        response = self("POST", plural, json={"metadata": {"name": name, **metadata}, "spec": spec})
        assert response.status_code == 201, response.text
        return response.json()

    def get(self, path: str, **query: Any) -> Any:
        response = self("GET", path, params=query)
        assert response.status_code == 200, response.text
        return response.json()

    def patch(self, path: str, patch: Any, media: str = MERGE) -> httpx.Response:
        return self("PATCH", path, json=patch, headers={"Content-Type": media})

    def cloudspace(self, name: str = "demo", **spec: Any) -> Any:
        wanted = {"region": REGION, "kubernetesVersion": "1.31.1", **spec}
        return self.create("cloudspaces", name, wanted)

    def pool(self, name: str = POOL, **spec: Any) -> Any:
        wanted = {"cloudSpace": "demo", "serverClass": CLASS, "desired": 2, "bidPrice": "0.1"}
        return self.create("spotnodepools", name, {**wanted, **spec})


@pytest.fixture
def http(sandbox: SpotSandbox) -> Iterator[Http]:
    with httpx.Client(base_url=sandbox.url) as client:
        yield Http(sandbox, client)


@pytest.fixture(scope="module")
def shared() -> Iterator[Http]:
    """For requests that change nothing: one sandbox for all of them."""
    with SpotSandbox(seed=1) as sandbox, httpx.Client(base_url=sandbox.url) as client:
        yield Http(sandbox, client)
    assert sandbox.app.crashes == []
