"""The groups of clients: each is there for sync and for async."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rsspot import AsyncSpotClient, SpotClient
from rsspot.resources.groups import AsyncGroups, BoundGroup, Groups

if TYPE_CHECKING:
    from rsspot.sandbox import SpotSandbox


def names(kind: type) -> set[str]:
    return {name for name, item in vars(kind).items() if isinstance(item, BoundGroup)}


def test_every_group_has_an_async_one() -> None:
    prefixed = {f"_a{name[1:]}" if name.startswith("_") else f"a{name}" for name in names(Groups)}
    assert names(AsyncGroups) == prefixed


def test_groups_are_sync_or_async_as_their_name_and_client_are(spot_sandbox: SpotSandbox) -> None:
    with SpotClient(**spot_sandbox.client_options()) as client:
        for name in names(Groups):
            assert getattr(client, name).is_async is False
            assert getattr(client, name) is getattr(client, name)
        for name in names(AsyncGroups):
            group = getattr(client, name)
            assert group.is_async is True
            assert type(group) is type(getattr(client, name.replace("a", "", 1)))
    one = AsyncSpotClient(**spot_sandbox.client_options())
    for name in names(Groups):
        assert getattr(one, name).is_async is True
    one.close_state()
