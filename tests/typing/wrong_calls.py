"""What both type checkers reject. `make types` reads this file; nothing runs it.

Each line is wrong in one way, and says which error it expects. Both checkers honour the comment
and report one that is not needed, so a line that either of them accepts fails.
"""
# pyright: reportUnnecessaryTypeIgnoreComment=true

from __future__ import annotations

from typing import TYPE_CHECKING

from rsspot import SpotClient

if TYPE_CHECKING:
    from rsspot import AsyncSpotClient


def sync_calls(client: SpotClient) -> None:
    client.regions.lst()  # type: ignore[attr-defined]
    client.regions.get()  # type: ignore[call-arg]
    client.regions.get(1)  # type: ignore[arg-type]
    client.regions.list(pages=1)  # type: ignore[call-arg]
    client.regions.list()[0].nam  # type: ignore[attr-defined]  # noqa: B018
    client.cloudspaces.create("x", if_exists="replace")  # type: ignore[arg-type]
    client.spot_nodepools.create("x", server_class="s")  # type: ignore[call-arg]
    client.spot_nodepools.create("x", server_class="s", bid_price=0.1)  # type: ignore[arg-type]
    client.cloudspaces.delete_all()  # type: ignore[call-arg]
    SpotClient(regoin="x")  # type: ignore[call-arg]


async def async_calls(client: SpotClient, other: AsyncSpotClient) -> None:
    await client.regions.list()  # type: ignore[misc]
    other.regions.list()[0]  # type: ignore[index]
    for _ in other.regions.each():  # type: ignore[attr-defined]
        break
