"""Measure planning with the whole catalogue, for `make bench`."""

from __future__ import annotations

import subprocess
import sys
from decimal import Decimal
from typing import TYPE_CHECKING

from measuring import ratio, turns

from rsspot.market import PlanRequest, Series, make_plan
from rsspot.models import ServerClass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from measuring import Row

    from rsspot import SpotClient

__all__ = ["planning"]

GB = 10**9
DEMANDS = (
    ("32 CPUs, 128 GB", 32, 128, (1, 3)),
    ("32 CPUs, 128 GB, 2 to 4 pools", 32, 128, (2, 4)),
    ("128 CPUs, 512 GB", 128, 512, (1, 3)),
)


def planning(client: SpotClient) -> Iterator[Row]:
    """Measure a plan from decoded price files: parsing the prices, the search, and the result."""
    classes = client.server_classes.list()
    feeds = {item.name: client.request("GET", f"/history/{item.name}").content for item in classes}

    def plan(cpus: int, memory: int, pools: tuple[int, int]) -> Callable[[], object]:
        request = PlanRequest(
            cpus=Decimal(cpus),
            memory=memory * GB,
            nodes=None,
            regions=(),
            availability=Decimal("0.99"),
            budget=None,
            pools=pools,
            strategy="balanced",
        )

        def call() -> object:
            read = {name: Series.of_feed(feed) for name, feed in feeds.items()}
            prices = {name: series for name, series in read.items() if series is not None}
            return make_plan([ServerClass(item.to_dict()) for item in classes], prices, request)

        return call

    def start(program: str) -> Callable[[], object]:
        return lambda: subprocess.run([sys.executable, "-c", program], check=True)

    empty, started = turns(9, start("pass"), start("import httpx"))
    theirs = [one - nothing for one, nothing in zip(started, empty, strict=True)]
    for what, cpus, memory, pools in DEMANDS:
        (ours,) = turns(9, plan(cpus, memory, pools))
        yield ratio(f"plan of {what}, {len(feeds)} classes / import httpx", ours, theirs, 3)
