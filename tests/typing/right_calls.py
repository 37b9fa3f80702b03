"""What both type checkers infer. `make types` reads this file; nothing runs it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from decimal import Decimal
from typing import assert_type

from rsspot_api import models

from rsspot import CLEAR, AsyncSpotClient, SpotClient
from rsspot.models import (
    BidSuggestion,
    Cloudspace,
    Kubeconfig,
    Organization,
    Region,
    Server,
    ServerClass,
    SpotNodePool,
    VMCloudspace,
)


def sync_calls(client: SpotClient) -> None:
    assert_type(client.regions.list(), list[Region])
    assert_type(client.regions.get("x"), Region)
    assert_type(client.regions.each(page_size=10), Iterator[Region])
    assert_type(client.organizations.get(name="x"), Organization)
    assert_type(client.server_classes.list(label_selector="a=b"), list[ServerClass])
    assert_type(client.cloudspaces.create("x", region="r", wait=True), Cloudspace)
    assert_type(client.cloudspaces.update("x", webhook=CLEAR), Cloudspace)
    assert_type(client.cloudspaces.kubeconfig("x"), Kubeconfig)
    assert_type(client.cloudspaces.servers("x"), list[Server])
    assert_type(
        client.spot_nodepools.create("x", server_class="s", bid_price=Decimal("0.1")), SpotNodePool
    )
    assert_type(client.spot_nodepools.list(cloudspace="x"), list[SpotNodePool])
    assert_type(client.pricing.suggest_bid("s", percentile=50), BidSuggestion)
    assert_type(client.inventory.list_vmcloudspaces(), list[VMCloudspace])
    assert_type(client.authenticate(force_refresh=True), str)
    with client as entered:
        assert_type(entered, SpotClient)


async def async_calls(client: SpotClient, other: AsyncSpotClient) -> None:
    assert_type(await client.aregions.list(), list[Region])
    assert_type(await other.regions.list(), list[Region])
    assert_type(await other.regions.get(name="x"), Region)
    assert_type(other.regions.each(), AsyncIterator[Region])
    assert_type(await client.acloudspaces.wait_until_ready("x", timeout=5), Cloudspace)
    assert_type(await other.spot_nodepools.update("x", desired=0), SpotNodePool)
    assert_type(await client.aauthenticate(), str)
    async with other as entered:
        assert_type(entered, AsyncSpotClient)


def views(region: Region, server_class: ServerClass, pool: SpotNodePool) -> None:
    assert_type(region.name, str)
    assert_type(region.created_at, datetime | None)
    assert_type(region.raw, models.Region)
    assert_type(server_class.market_price, Decimal | None)
    assert_type(server_class.memory, int | None)
    assert_type(pool.bid_price, Decimal | None)
