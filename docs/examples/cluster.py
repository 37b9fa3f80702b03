"""Create a cluster with spot servers, show how to reach it, and delete it.

Run it against a local Spot, or with a refresh token in RSSPOT_REFRESH_TOKEN. It can run twice: what
exists already is used.
"""

from __future__ import annotations

import sys

from rsspot import SpotClient

REGION = "us-central-dfw-2"
SERVER_CLASS = "gp.vs2.medium-dfw2"


def main(name: str = "example") -> None:
    """Create the cluster `name`, print its servers, and delete it with its pools."""
    with SpotClient() as spot:
        bid = spot.pricing.suggest_bid(SERVER_CLASS, percentile=80)
        spot.cloudspaces.create(name, region=REGION, if_exists="return", wait="15m")
        spot.spot_nodepools.create(
            name,
            key="workers",
            server_class=SERVER_CLASS,
            desired=2,
            bid_price=bid.price,
            if_exists="return",
            wait="15m",
        )
        for server in spot.cloudspaces.servers(name):
            print(server.name, server.server_class, server.state)
        print(f"It costs at most {spot.pricing.cost(name).maximum} USD an hour.")
        path = spot.cloudspaces.kubeconfig(name).save(f"{name}.kubeconfig")
        print(f"Use it: kubectl --kubeconfig {path} get nodes")
        spot.cloudspaces.delete(name, cascade=True)


if __name__ == "__main__":
    main(*sys.argv[1:2])
