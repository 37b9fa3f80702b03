"""The complete, uncached list of VM cloudspaces that a run starts with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from attrs import frozen

from rsspot.errors import RegistrationError
from rsspot.flow.flow import CallUser

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


def whole_list(client: HasInventory, *, is_async: bool = False) -> Flow[WholeList]:
    """Return the list and its namespace. `client` is anything with an `inventory`."""
    group = (getattr(client, "ainventory", None) if is_async else None) or client.inventory
    vmcloudspaces: Any = yield CallUser(group.list_vmcloudspaces, _refused)
    chain: Any = getattr(client, "chain", None)
    if chain is None:
        return WholeList([*vmcloudspaces], None)
    arguments: Flow[dict[str, str]] = chain.connection(is_async=is_async).namespaced()
    known = yield from arguments
    return WholeList([*vmcloudspaces], known["namespace"])


def _refused() -> RegistrationError:
    return RegistrationError("The client is async, but the run is sync", hint="Use `arun`")
