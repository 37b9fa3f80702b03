"""The complete, uncached list of VM cloudspaces that a run starts with."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any, Protocol

from attrs import frozen

from rsspot.errors import RegistrationError
from rsspot.flow.flow import Effect

if TYPE_CHECKING:
    from rsspot.flow.flow import Flow

__all__ = ["HasInventory", "WholeList", "whole_list"]


class HasInventory(Protocol):
    """What a run needs of a client; a test can pass its own."""

    @property
    def inventory(self) -> Any:
        """Has `list_vmcloudspaces`, which returns all of them and never from a cache."""
        ...


@frozen
class WholeList:
    """All VM cloudspaces of a namespace, which is None if the client does not know it."""

    vmcloudspaces: list[Any]
    namespace: str | None


class _List(Effect[Any]):
    """Call a client of either kind for its VM cloudspaces."""

    __slots__ = ("client",)

    def __init__(self, client: Any) -> None:
        self.client = client

    def run(self) -> Any:
        found = self.client.inventory.list_vmcloudspaces()
        if inspect.iscoroutine(found):
            found.close()
            raise RegistrationError("The client is async, but the run is sync", hint="Use `arun`")
        return found

    async def arun(self) -> Any:
        group = getattr(self.client, "ainventory", None) or self.client.inventory
        found = group.list_vmcloudspaces()
        return await found if inspect.isawaitable(found) else found


def whole_list(client: HasInventory, *, is_async: bool = False) -> Flow[WholeList]:
    """Return the list and its namespace. `client` is anything with an `inventory`."""
    vmcloudspaces: Any = yield _List(client)
    chain: Any = getattr(client, "chain", None)
    if chain is None:
        return WholeList([*vmcloudspaces], None)
    arguments: Flow[dict[str, str]] = chain.connection(is_async=is_async).namespaced()
    known = yield from arguments
    return WholeList([*vmcloudspaces], known["namespace"])
