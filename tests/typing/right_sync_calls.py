"""What both type checkers infer of sync calls: every operation of every group.

`make types` reads this file; nothing runs it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any, assert_type

import rsspot_api
from rsspot_api import models
from rsspot_api.api.regions import get_region

from rsspot import CLEAR, SpotClient
from rsspot.market import Backtest, Cost, Plan
from rsspot.models import (
    AutopilotNodePool,
    BidSuggestion,
    Change,
    Cloudspace,
    ComparablePrice,
    DocumentChange,
    Kubeconfig,
    OnDemandNodePool,
    OpenIDConfiguration,
    Organization,
    OrganizationEvent,
    PriceHistories,
    PriceHistory,
    PricePercentiles,
    Region,
    Server,
    ServerClass,
    SigningKey,
    SpotNodePool,
    VMCloudspace,
    VMPool,
    VMSSHKey,
)
from rsspot.senders import Response

PRICE = Decimal("0.125")


def catalogue(client: SpotClient) -> None:
    assert_type(client.organizations.list(), list[Organization])
    assert_type(client.organizations.get(name="x"), Organization)
    assert_type(client.organizations.current(), Organization)
    assert_type(client.organizations.each(page_size=10), Iterator[Organization])
    assert_type(client.regions.list(label_selector="a=b"), list[Region])
    assert_type(client.regions.get(name="x"), Region)
    assert_type(client.regions.each(page_size=10), Iterator[Region])
    assert_type(client.server_classes.list(label_selector="a=b"), list[ServerClass])
    assert_type(client.server_classes.get(name="x"), ServerClass)
    assert_type(client.server_classes.each(page_size=10), Iterator[ServerClass])
    assert_type(client.pricing.list(region="r", min_cpu=2), list[ServerClass])
    assert_type(client.pricing.history("s", since="2026-01-01"), PriceHistory)
    assert_type(client.pricing.histories(["s"], bids=["0.1"]), PriceHistories)
    assert_type(client.pricing.backtest("s", period="30d"), Backtest)
    assert_type(client.pricing.cost("x"), Cost)
    assert_type(client.pricing.estimate("s", count=2, bid="0.1"), Cost)
    assert_type(client.pricing.plan(cpus=8, memory="16GB", pools="2..4"), Plan)
    plan = client.pricing.plan(nodes=2)
    assert_type(client.pricing.buy(plan, "x", key="k"), list[SpotNodePool])
    assert_type(client.watch("events", interval="1m"), Iterator[Change])
    assert_type(client.pricing.percentiles(region="r"), list[PricePercentiles])
    assert_type(client.pricing.comparable(region="r"), list[ComparablePrice])
    assert_type(client.pricing.suggest_bid("s", percentile=50), BidSuggestion)


def cloudspaces(client: SpotClient, space: Cloudspace) -> None:
    assert_type(client.cloudspaces.list(field_selector="a=b"), list[Cloudspace])
    assert_type(client.cloudspaces.each(page_size=10), Iterator[Cloudspace])
    assert_type(client.cloudspaces.get(name="x"), Cloudspace)
    assert_type(client.cloudspaces.create("x", region="r", wait=True), Cloudspace)
    assert_type(client.cloudspaces.update("x", webhook=CLEAR), Cloudspace)
    assert_type(client.cloudspaces.replace(space), Cloudspace)
    client.cloudspaces.delete("x", cascade=True)
    client.cloudspaces.delete_all(confirm="org-x")
    assert_type(client.cloudspaces.wait_until_ready("x", timeout=5, on_progress=print), Cloudspace)
    client.cloudspaces.wait_until_deleted("x", poll=1)
    assert_type(client.cloudspaces.diff({}, prune=True), list[DocumentChange])
    assert_type(client.cloudspaces.apply("x", prune=True), list[DocumentChange])
    assert_type(client.cloudspaces.servers("x"), list[Server])
    assert_type(client.cloudspaces.kubeconfig("x"), Kubeconfig)


def spot_node_pools(client: SpotClient) -> None:
    assert_type(client.spot_nodepools.list(cloudspace="x"), list[SpotNodePool])
    assert_type(client.spot_nodepools.each(page_size=10), Iterator[SpotNodePool])
    assert_type(client.spot_nodepools.get(name="x"), SpotNodePool)
    assert_type(client.spot_nodepools.find("x"), SpotNodePool)
    assert_type(client.spot_nodepools.create("x", server_class="s", bid_price=PRICE), SpotNodePool)
    assert_type(client.spot_nodepools.update("x", desired=0, labels=CLEAR), SpotNodePool)
    assert_type(client.spot_nodepools.replace({}), SpotNodePool)
    client.spot_nodepools.delete("x", missing_ok=True)
    client.spot_nodepools.delete_all(confirm="org-x")
    assert_type(client.spot_nodepools.wait_until_ready("x", timeout=None), SpotNodePool)
    client.spot_nodepools.wait_until_deleted("x")


def other_node_pools(client: SpotClient) -> None:
    assert_type(client.ondemand_nodepools.list(cloudspace="x"), list[OnDemandNodePool])
    assert_type(client.ondemand_nodepools.each(page_size=10), Iterator[OnDemandNodePool])
    assert_type(client.ondemand_nodepools.get(name="x"), OnDemandNodePool)
    assert_type(client.ondemand_nodepools.find("x"), OnDemandNodePool)
    assert_type(
        client.ondemand_nodepools.create("x", server_class="s", desired=2), OnDemandNodePool
    )
    assert_type(client.ondemand_nodepools.update("x", taints=["a=b:NoSchedule"]), OnDemandNodePool)
    assert_type(client.ondemand_nodepools.replace({}), OnDemandNodePool)
    client.ondemand_nodepools.delete("x")
    client.ondemand_nodepools.delete_all(confirm="org-x")
    assert_type(client.ondemand_nodepools.wait_until_ready("x"), OnDemandNodePool)
    client.ondemand_nodepools.wait_until_deleted("x")
    assert_type(client.autopilot_nodepools.list(cloudspace="x"), list[AutopilotNodePool])
    assert_type(client.autopilot_nodepools.each(page_size=10), Iterator[AutopilotNodePool])
    assert_type(client.autopilot_nodepools.get(name="x"), AutopilotNodePool)
    assert_type(client.autopilot_nodepools.find("x"), AutopilotNodePool)
    assert_type(
        client.autopilot_nodepools.create("x", region="r", vcpu_total=8, budget_per_hour=1),
        AutopilotNodePool,
    )
    assert_type(client.autopilot_nodepools.update("x", vcpu_total=16), AutopilotNodePool)
    assert_type(client.autopilot_nodepools.replace({}), AutopilotNodePool)
    client.autopilot_nodepools.delete("x")
    assert_type(client.autopilot_nodepools.wait_until_ready("x"), AutopilotNodePool)
    client.autopilot_nodepools.wait_until_deleted("x")


def virtual_machines(client: SpotClient) -> None:
    assert_type(client.inventory.list_vmcloudspaces(), list[VMCloudspace])
    assert_type(client.inventory.list_vmpools(vmcloudspace="x"), list[VMPool])
    assert_type(client.inventory.list_organization_events(limit=50), list[OrganizationEvent])
    assert_type(client.inventory.servers(), list[Server])
    assert_type(client.vm_cloudspaces.list(label_selector="a=b"), list[VMCloudspace])
    assert_type(client.vm_cloudspaces.each(page_size=10), Iterator[VMCloudspace])
    assert_type(client.vm_cloudspaces.get(name="x"), VMCloudspace)
    assert_type(client.vm_cloudspaces.create("x", region="r", ssh_key="k"), VMCloudspace)
    assert_type(client.vm_cloudspaces.update("x", webhook=None), VMCloudspace)
    client.vm_cloudspaces.delete("x", cascade=True)
    assert_type(client.vm_cloudspaces.wait_until_ready("x"), VMCloudspace)
    client.vm_cloudspaces.wait_until_deleted("x")
    assert_type(client.vm_cloudspaces.servers("x"), list[Server])
    assert_type(client.vm_pools.list(vm_cloudspace="x"), list[VMPool])
    assert_type(client.vm_pools.each(page_size=10), Iterator[VMPool])
    assert_type(client.vm_pools.get(name="x"), VMPool)
    assert_type(client.vm_pools.find("x"), VMPool)
    assert_type(client.vm_pools.create("x", server_class="s", pool_type="ondemand"), VMPool)
    assert_type(client.vm_pools.update("x", desired=0), VMPool)
    client.vm_pools.delete("x")
    assert_type(client.vm_pools.wait_until_ready("x"), VMPool)
    client.vm_pools.wait_until_deleted("x")
    assert_type(client.vm_ssh_keys.list(), list[VMSSHKey])
    assert_type(client.vm_ssh_keys.each(page_size=10), Iterator[VMSSHKey])
    assert_type(client.vm_ssh_keys.get(name="x"), VMSSHKey)
    assert_type(client.vm_ssh_keys.create("x", public_key="ssh-ed25519 A"), VMSSHKey)
    client.vm_ssh_keys.delete("x")
    client.vm_ssh_keys.wait_until_deleted("x")
    assert_type(client.oauth.configuration(), OpenIDConfiguration)
    assert_type(client.oauth.signing_keys(), list[SigningKey])


def the_client(client: SpotClient) -> None:
    assert_type(client.authenticate(force_refresh=True), str)
    assert_type(client.request("GET", "/apis"), Response)
    with client as entered:
        assert_type(entered, SpotClient)


def views(region: Region, server_class: ServerClass, pool: SpotNodePool) -> None:
    assert_type(region.name, str)
    assert_type(region.created_at, datetime | None)
    assert_type(region.raw, models.Region)
    assert_type(server_class.market_price, Decimal | None)
    assert_type(server_class.memory, int | None)
    assert_type(pool.bid_price, Decimal | None)


def the_generated_package(client: rsspot_api.AuthenticatedClient, data: dict[str, Any]) -> None:
    _: str = rsspot_api.__version__ + rsspot_api.DOCUMENT_SHA256
    assert_type(models.Region.from_dict(data), models.Region)
    answer = get_region.sync("x", client=client)
    assert_type(answer, str | models.Region | models.Status | None)
