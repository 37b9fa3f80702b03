"""What both type checkers reject. `make types` reads this file; nothing runs it.

Each line is wrong in one way, and says which error it expects: an error that is not expected
fails, and so does an expected one that does not come.
"""
# pyright: enableTypeIgnoreComments=false, reportUnnecessaryTypeIgnoreComment=true

from __future__ import annotations

from rsspot import SpotClient
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rsspot import AsyncSpotClient


def sync_calls(client: SpotClient) -> None:
    client.regions.lst()  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
    client.regions.get()  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    client.regions.get(1)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    client.regions.list(pages=1)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    client.regions.list()[0].nam  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]  # noqa: B018
    client.cloudspaces.create("x", if_exists="replace")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    client.spot_nodepools.create("x", server_class="s")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    client.spot_nodepools.create("x", server_class="s", bid_price=0.1)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    client.cloudspaces.delete_all()  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    SpotClient(regoin="x")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]


async def async_calls(client: SpotClient, other: AsyncSpotClient) -> None:
    await client.regions.list()  # type: ignore[misc]  # pyright: ignore[reportGeneralTypeIssues]
    other.regions.list()[0]  # type: ignore[index]  # pyright: ignore[reportIndexIssue]
    for _ in other.regions.each():  # type: ignore[attr-defined]  # pyright: ignore[reportGeneralTypeIssues]
        break
