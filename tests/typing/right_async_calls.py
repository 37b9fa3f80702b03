"""What both type checkers infer of async calls: every operation of every group.

`make types` reads this file; nothing runs it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from decimal import Decimal
from typing import TYPE_CHECKING, assert_type

from rsspot import CLEAR, AsyncSpotClient
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

if TYPE_CHECKING:
    from rsspot import SpotClient

PRICE = Decimal("0.125")


async def catalogue(client: AsyncSpotClient) -> None:
    assert_type(await client.organizations.list(), list[Organization])
    assert_type(await client.organizations.get(name="x"), Organization)
    assert_type(await client.organizations.current(), Organization)
    assert_type(client.organizations.each(page_size=10), AsyncIterator[Organization])
    assert_type(await client.regions.list(label_selector="a=b"), list[Region])
    assert_type(await client.regions.get(name="x"), Region)
    assert_type(client.regions.each(page_size=10), AsyncIterator[Region])
    assert_type(await client.server_classes.list(label_selector="a=b"), list[ServerClass])
    assert_type(await client.server_classes.get(name="x"), ServerClass)
    assert_type(client.server_classes.each(page_size=10), AsyncIterator[ServerClass])
    assert_type(await client.pricing.list(region="r", min_cpu=2), list[ServerClass])
    assert_type(await client.pricing.history("s", since="2026-01-01"), PriceHistory)
    assert_type(await client.pricing.histories(["s"], bids=["0.1"]), PriceHistories)
    assert_type(await client.pricing.backtest("s", period="30d"), Backtest)
    assert_type(await client.pricing.cost("x"), Cost)
    assert_type(await client.pricing.estimate("s", count=2, bid="0.1"), Cost)
    assert_type(await client.pricing.plan(cpus=8, memory="16GB", pools="2..4"), Plan)
    plan = await client.pricing.plan(nodes=2)
    assert_type(await client.pricing.buy(plan, "x", key="k"), list[SpotNodePool])
    assert_type(client.watch("events", interval="1m"), AsyncIterator[Change])
    assert_type(await client.pricing.percentiles(region="r"), list[PricePercentiles])
    assert_type(await client.pricing.comparable(region="r"), list[ComparablePrice])
    assert_type(await client.pricing.suggest_bid("s", percentile=50), BidSuggestion)


async def cloudspaces(client: AsyncSpotClient, space: Cloudspace) -> None:
    assert_type(await client.cloudspaces.list(field_selector="a=b"), list[Cloudspace])
    assert_type(client.cloudspaces.each(page_size=10), AsyncIterator[Cloudspace])
    assert_type(await client.cloudspaces.get(name="x"), Cloudspace)
    assert_type(await client.cloudspaces.create("x", region="r", wait=True), Cloudspace)
    assert_type(await client.cloudspaces.update("x", webhook=CLEAR), Cloudspace)
    assert_type(await client.cloudspaces.replace(space), Cloudspace)
    await client.cloudspaces.delete("x", cascade=True)
    await client.cloudspaces.delete_all(confirm="org-x")
    assert_type(
        await client.cloudspaces.wait_until_ready("x", timeout=5, on_progress=print), Cloudspace
    )
    await client.cloudspaces.wait_until_deleted("x", poll=1)
    assert_type(await client.cloudspaces.diff({}, prune=True), list[DocumentChange])
    assert_type(await client.cloudspaces.apply("x", prune=True), list[DocumentChange])
    assert_type(await client.cloudspaces.servers("x"), list[Server])
    assert_type(await client.cloudspaces.kubeconfig("x"), Kubeconfig)


async def spot_node_pools(client: AsyncSpotClient) -> None:
    assert_type(await client.spot_nodepools.list(cloudspace="x"), list[SpotNodePool])
    assert_type(client.spot_nodepools.each(page_size=10), AsyncIterator[SpotNodePool])
    assert_type(await client.spot_nodepools.get(name="x"), SpotNodePool)
    assert_type(await client.spot_nodepools.find("x"), SpotNodePool)
    assert_type(
        await client.spot_nodepools.create("x", server_class="s", bid_price=PRICE), SpotNodePool
    )
    assert_type(await client.spot_nodepools.update("x", desired=0, labels=CLEAR), SpotNodePool)
    assert_type(await client.spot_nodepools.replace({}), SpotNodePool)
    await client.spot_nodepools.delete("x", missing_ok=True)
    await client.spot_nodepools.delete_all(confirm="org-x")
    assert_type(await client.spot_nodepools.wait_until_ready("x", timeout=None), SpotNodePool)
    await client.spot_nodepools.wait_until_deleted("x")


async def other_node_pools(client: AsyncSpotClient) -> None:
    assert_type(await client.ondemand_nodepools.list(cloudspace="x"), list[OnDemandNodePool])
    assert_type(client.ondemand_nodepools.each(page_size=10), AsyncIterator[OnDemandNodePool])
    assert_type(await client.ondemand_nodepools.get(name="x"), OnDemandNodePool)
    assert_type(await client.ondemand_nodepools.find("x"), OnDemandNodePool)
    assert_type(
        await client.ondemand_nodepools.create("x", server_class="s", desired=2), OnDemandNodePool
    )
    assert_type(
        await client.ondemand_nodepools.update("x", taints=["a=b:NoSchedule"]), OnDemandNodePool
    )
    assert_type(await client.ondemand_nodepools.replace({}), OnDemandNodePool)
    await client.ondemand_nodepools.delete("x")
    await client.ondemand_nodepools.delete_all(confirm="org-x")
    assert_type(await client.ondemand_nodepools.wait_until_ready("x"), OnDemandNodePool)
    await client.ondemand_nodepools.wait_until_deleted("x")
    assert_type(await client.autopilot_nodepools.list(cloudspace="x"), list[AutopilotNodePool])
    assert_type(client.autopilot_nodepools.each(page_size=10), AsyncIterator[AutopilotNodePool])
    assert_type(await client.autopilot_nodepools.get(name="x"), AutopilotNodePool)
    assert_type(await client.autopilot_nodepools.find("x"), AutopilotNodePool)
    assert_type(
        await client.autopilot_nodepools.create("x", region="r", vcpu_total=8, budget_per_hour=1),
        AutopilotNodePool,
    )
    assert_type(await client.autopilot_nodepools.update("x", vcpu_total=16), AutopilotNodePool)
    assert_type(await client.autopilot_nodepools.replace({}), AutopilotNodePool)
    await client.autopilot_nodepools.delete("x")
    assert_type(await client.autopilot_nodepools.wait_until_ready("x"), AutopilotNodePool)
    await client.autopilot_nodepools.wait_until_deleted("x")


async def virtual_machines(client: AsyncSpotClient) -> None:
    assert_type(await client.inventory.list_vmcloudspaces(), list[VMCloudspace])
    assert_type(await client.inventory.list_vmpools(vmcloudspace="x"), list[VMPool])
    assert_type(await client.inventory.list_organization_events(limit=50), list[OrganizationEvent])
    assert_type(await client.inventory.servers(), list[Server])
    assert_type(await client.vm_cloudspaces.list(label_selector="a=b"), list[VMCloudspace])
    assert_type(client.vm_cloudspaces.each(page_size=10), AsyncIterator[VMCloudspace])
    assert_type(await client.vm_cloudspaces.get(name="x"), VMCloudspace)
    assert_type(await client.vm_cloudspaces.create("x", region="r", ssh_key="k"), VMCloudspace)
    assert_type(await client.vm_cloudspaces.update("x", webhook=None), VMCloudspace)
    await client.vm_cloudspaces.delete("x", cascade=True)
    assert_type(await client.vm_cloudspaces.wait_until_ready("x"), VMCloudspace)
    await client.vm_cloudspaces.wait_until_deleted("x")
    assert_type(await client.vm_cloudspaces.servers("x"), list[Server])
    assert_type(await client.vm_pools.list(vm_cloudspace="x"), list[VMPool])
    assert_type(client.vm_pools.each(page_size=10), AsyncIterator[VMPool])
    assert_type(await client.vm_pools.get(name="x"), VMPool)
    assert_type(await client.vm_pools.find("x"), VMPool)
    assert_type(await client.vm_pools.create("x", server_class="s", pool_type="ondemand"), VMPool)
    assert_type(await client.vm_pools.update("x", desired=0), VMPool)
    await client.vm_pools.delete("x")
    assert_type(await client.vm_pools.wait_until_ready("x"), VMPool)
    await client.vm_pools.wait_until_deleted("x")
    assert_type(await client.vm_ssh_keys.list(), list[VMSSHKey])
    assert_type(client.vm_ssh_keys.each(page_size=10), AsyncIterator[VMSSHKey])
    assert_type(await client.vm_ssh_keys.get(name="x"), VMSSHKey)
    assert_type(await client.vm_ssh_keys.create("x", public_key="ssh-ed25519 A"), VMSSHKey)
    await client.vm_ssh_keys.delete("x")
    await client.vm_ssh_keys.wait_until_deleted("x")
    assert_type(await client.oauth.configuration(), OpenIDConfiguration)
    assert_type(await client.oauth.signing_keys(), list[SigningKey])


async def the_client(client: AsyncSpotClient) -> None:
    assert_type(await client.authenticate(force_refresh=True), str)
    async with client as entered:
        assert_type(entered, AsyncSpotClient)


async def both_on_one_object(client: SpotClient) -> None:
    assert_type(await client.aauthenticate(), str)
    assert_type(await client.aorganizations.current(), Organization)
    assert_type(await client.aregions.list(), list[Region])
    assert_type(client.aregions.each(), AsyncIterator[Region])
    assert_type(await client.aserver_classes.get(name="x"), ServerClass)
    assert_type(await client.apricing.suggest_bid("s"), BidSuggestion)
    assert_type(await client.acloudspaces.wait_until_ready("x", timeout=5), Cloudspace)
    assert_type(await client.aspot_nodepools.update("x", bid_price="0.1"), SpotNodePool)
    assert_type(await client.aondemand_nodepools.get("x"), OnDemandNodePool)
    assert_type(client.aautopilot_nodepools.each(), AsyncIterator[AutopilotNodePool])
    assert_type(await client.ainventory.servers(), list[Server])
    assert_type(await client.avm_cloudspaces.get("x"), VMCloudspace)
    assert_type(await client.avm_pools.list(vm_cloudspace="x"), list[VMPool])
    assert_type(await client.avm_ssh_keys.list(), list[VMSSHKey])
    assert_type(await client.aoauth.signing_keys(), list[SigningKey])
