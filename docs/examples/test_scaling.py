"""Code of yours and its tests, which run against a local Spot (`pytest docs/examples`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rsspot.errors import OutcomeUnknown

if TYPE_CHECKING:
    from rsspot import SpotClient
    from rsspot.sandbox import SpotSandbox


def scale(spot: SpotClient, cloudspace: str, jobs: int) -> int:
    """Order a server for every ten jobs, and return how many are wanted now."""
    (pool,) = spot.spot_nodepools.list(cloudspace=cloudspace)
    return spot.spot_nodepools.update(pool.name, desired=max(1, -(-jobs // 10))).desired or 0


@pytest.fixture
def cluster(spot_client: SpotClient) -> str:
    """A cloudspace with one server."""
    spot_client.cloudspaces.create("demo", region="us-central-dfw-2", wait=True)
    spot_client.spot_nodepools.create(
        "demo", server_class="gp.vs2.medium-dfw2", bid_price="0.1", desired=1, wait=True
    )
    return "demo"


@pytest.mark.parametrize(("jobs", "servers"), [(0, 1), (10, 1), (11, 2), (35, 4)])
def test_there_is_a_server_for_every_ten_jobs(
    spot_client: SpotClient, cluster: str, jobs: int, servers: int
) -> None:
    assert scale(spot_client, cluster, jobs) == servers


def test_a_lost_response_is_not_taken_for_a_failure(
    spot_client: SpotClient, spot_sandbox: SpotSandbox, cluster: str
) -> None:
    spot_sandbox.faults.add("drop_after", method="PATCH", times=1)
    with pytest.raises(OutcomeUnknown):
        scale(spot_client, cluster, 35)
    (pool,) = spot_client.spot_nodepools.list(cloudspace=cluster)
    assert pool.desired == 4
