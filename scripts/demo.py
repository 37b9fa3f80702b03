"""Show the main job of rsspot with a local Spot: run it with `make demo`."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

from rsspot import SpotClient
from rsspot.sandbox import SpotSandbox

if TYPE_CHECKING:
    from rsspot.models import Cloudspace, SpotNodePool


def main() -> int:
    """Sign in, list, create, wait, use, clean up."""
    started = time.monotonic()
    with SpotSandbox(seed=1) as sandbox, SpotClient(**sandbox.client_options()) as spot:
        print(f"A local Spot listens at {sandbox.url}")
        token = spot.authenticate()
        print(f"Signed in to {sandbox.organization}: an access token of {len(token)} characters")

        print("\nOrganizations")
        for organization in spot.organizations.list():
            print(f"  {organization.name:<24}{organization.namespace}")

        print("\nRegions")
        for region in spot.regions.list():
            print(f"  {region.name:<24}{region.description}")

        where = "us-central-dfw-2"
        print(f"\nCheapest server classes of {where}")
        classes = spot.pricing.list(region=where)
        for item in classes[:4]:
            print(
                f"  {item.name:<24}{item.cpu} CPUs {item.memory_text:>8} "
                f"{item.market_price} USD an hour, floor {item.min_bid_price}"
            )

        chosen = classes[0]
        bid = spot.pricing.suggest_bid(chosen.name, percentile=80)
        print(f"\nA cloudspace with two {chosen.name}: {bid}")
        spot.cloudspaces.create("demo", region=where)
        pool = spot.spot_nodepools.create(
            "demo", server_class=chosen.name, bid_price=bid.price, desired=2
        )
        ready = spot.cloudspaces.wait_until_ready("demo", on_progress=_cloudspace)
        spot.spot_nodepools.wait_until_ready(pool.name, on_progress=_pool)
        print(f"  ready: {ready.api_server_endpoint}")

        kubeconfig = spot.cloudspaces.kubeconfig("demo")
        print(f"  kubeconfig with contexts {', '.join(kubeconfig.contexts)}")

        print("\nServers")
        for server in spot.cloudspaces.servers("demo"):
            print(f"  {server.name:<40}{server.address}")

        spot.cloudspaces.delete("demo", cascade=True)
        left = [item.name for item in spot.cloudspaces.list()]
        print(f"\nCleaned up; cloudspaces left: {', '.join(left) or 'none'}")
        print(f"{len(sandbox.requests)} requests in {time.monotonic() - started:.1f} s")
    return 0


def _cloudspace(state: Cloudspace) -> None:
    print(f"  cloudspace {state.name}: {state.phase or 'accepted'}")


def _pool(state: SpotNodePool) -> None:
    print(f"  pool: {state.bid_status or 'no auction yet'}, {state.won_count or 0} won")


if __name__ == "__main__":
    sys.exit(main())
