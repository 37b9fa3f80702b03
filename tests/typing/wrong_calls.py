"""What both type checkers reject. `make types` reads this file; nothing runs it.

Each line is wrong in one way, and says which error it expects. Both checkers honour the comment
and report one that is not needed, so a line that either of them accepts fails.
"""
# pyright: reportUnnecessaryTypeIgnoreComment=true

from __future__ import annotations

from typing import TYPE_CHECKING

from rsspot import CLEAR, SpotClient

if TYPE_CHECKING:
    from rsspot import AsyncSpotClient
    from rsspot.models import Region, ServerClass


def sync_calls(client: SpotClient) -> None:
    client.regions.lst()  # type: ignore[attr-defined]
    client.regions.get()  # type: ignore[call-arg]
    client.regions.get(1)  # type: ignore[arg-type]
    client.regions.get("x", "y")  # type: ignore[call-arg]
    client.regions.list(pages=1)  # type: ignore[call-arg]
    client.regions.list("a=b")  # type: ignore[call-arg]
    client.regions.create("x")  # type: ignore[attr-defined]
    client.regions.list()[0].nam  # type: ignore[attr-defined]  # noqa: B018
    client.organizations.list(limit=1)  # type: ignore[call-arg]
    client.server_classes.get(name=None)  # type: ignore[arg-type]
    client.pricing.suggest_bid("s", percentile="high")  # type: ignore[arg-type]
    client.pricing.list(max_price=0.1)  # type: ignore[arg-type]
    client.cloudspaces.create("x", if_exists="replace")  # type: ignore[arg-type]
    client.cloudspaces.update("x", kubernetes_version=CLEAR)  # type: ignore[arg-type]
    client.cloudspaces.delete_all()  # type: ignore[call-arg]
    client.cloudspaces.kubeconfig("x").upper()  # type: ignore[attr-defined]
    client.spot_nodepools.create("x", server_class="s")  # type: ignore[call-arg]
    client.spot_nodepools.create("x", server_class="s", bid_price=0.1)  # type: ignore[arg-type]
    client.spot_nodepools.update("x", desired="2")  # type: ignore[arg-type]
    client.ondemand_nodepools.create("x", server_class="s", bid_price=1)  # type: ignore[call-arg]
    client.autopilot_nodepools.create("x", region="r", vcpu_total=8)  # type: ignore[call-arg]
    client.inventory.list_vmpools("x")  # type: ignore[call-arg]
    client.vm_cloudspaces.create("x", cni="calico")  # type: ignore[call-arg]
    client.vm_pools.create("x", server_class="s", pool_type="cheap")  # type: ignore[arg-type]
    client.vm_ssh_keys.create("x", "ssh-ed25519 A")  # type: ignore[call-arg]
    client.vm_ssh_keys.update("x")  # type: ignore[attr-defined]
    client.oauth.signing_keys("x")  # type: ignore[call-arg]
    client.request("GET")  # type: ignore[call-arg]
    SpotClient(regoin="x")  # type: ignore[call-arg]


async def async_calls(client: SpotClient, other: AsyncSpotClient) -> None:
    await client.regions.list()  # type: ignore[misc]
    other.regions.list()[0]  # type: ignore[index]
    await other.organizations.get()  # type: ignore[call-arg]
    await other.server_classes.get(1)  # type: ignore[arg-type]
    await other.pricing.history()  # type: ignore[call-arg]
    await other.cloudspaces.create("x", if_exists="replace")  # type: ignore[arg-type]
    await other.spot_nodepools.update("x", price="0.1")  # type: ignore[call-arg]
    await other.ondemand_nodepools.get(1)  # type: ignore[arg-type]
    await other.autopilot_nodepools.get(1)  # type: ignore[arg-type]
    await other.inventory.list_vmpool()  # type: ignore[attr-defined]
    await other.vm_cloudspaces.servers()  # type: ignore[call-arg]
    await other.vm_pools.list(cloudspace="x")  # type: ignore[call-arg]
    await other.vm_ssh_keys.delete("x", force=True)  # type: ignore[call-arg]
    await other.oauth.keys()  # type: ignore[attr-defined]
    await client.acloudspaces.list().name  # type: ignore[attr-defined]
    other.aregions.list()  # type: ignore[attr-defined]
    with other:  # type: ignore[attr-defined]
        pass


async def streams(client: SpotClient, other: AsyncSpotClient) -> None:
    client.regions.each(10)  # type: ignore[call-arg]
    client.regions.each()[0]  # type: ignore[index]
    await other.regions.each()  # type: ignore[misc]
    for _ in other.regions.each():  # type: ignore[attr-defined]
        break
    async for _ in client.regions.each():  # type: ignore[attr-defined]
        break
    for pool in client.spot_nodepools.each():
        pool.bid  # type: ignore[attr-defined]  # noqa: B018
    async for key in other.vm_ssh_keys.each():
        key.public  # type: ignore[attr-defined]  # noqa: B018


def views(region: Region, server_class: ServerClass) -> None:
    server_class.market_price + 1  # type: ignore[operator]
    region.raw.spec.contry  # type: ignore[union-attr]  # noqa: B018
    region.name = "other"  # type: ignore[assignment]
