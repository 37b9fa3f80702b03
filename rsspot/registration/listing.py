"""List the VM cloudspaces that a run starts with, and convert them to candidates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from attrs import frozen

from rsspot.errors import RegistrationError
from rsspot.flow.flow import CallUser
from rsspot.models.view import json_of
from rsspot.models.vms import VMCloudspace
from rsspot.shapes import as_object, is_object
from rsspot.state.ledger import Listing, RegistrationCandidate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from rsspot.flow.flow import Flow

__all__ = [
    "HasInventory",
    "WholeList",
    "listing_of",
    "whole_list",
]


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


def listing_of(
    vmcloudspaces: Iterable[VMCloudspace | Mapping[str, Any]],
    target: str,
    *,
    complete: bool = False,
    namespace: str | None = None,
    select: Callable[[RegistrationCandidate], bool] | None = None,
) -> Listing:
    """Return the VMs of VM cloudspaces. Raises `RegistrationError` for other objects.

    A complete list without a VM cloudspace proves nothing unless `namespace` says whose list it is.
    """
    candidates: list[RegistrationCandidate] = []
    silent: set[tuple[str, str]] = set()
    namespaces = {namespace} if namespace else set[str]()
    for item in vmcloudspaces:
        view = _view(item)
        if not view.name or not view.namespace:
            raise RegistrationError(
                f"{view!r} is not a VM cloudspace: it has no name, or no namespace",
                hint="Pass what `client.inventory.list_vmcloudspaces()` returns",
            )
        namespaces.add(view.namespace)
        status = json_of(view).get("status")
        if not is_object(status):
            silent.add((view.namespace, view.name))
        candidates += _vms(view, as_object(status), target)
    wanted = [each for each in candidates if select is None or select(each)]
    chosen = {id(each) for each in wanted}
    return Listing(
        target=target,
        candidates=tuple(wanted),
        others=tuple(each for each in candidates if id(each) not in chosen),
        complete=frozenset(namespaces) if complete else frozenset(),
        silent=frozenset(silent),
    )


def _view(item: VMCloudspace | Mapping[str, Any]) -> VMCloudspace:
    if isinstance(item, VMCloudspace):
        return item
    try:
        return VMCloudspace(dict(item))
    except (TypeError, ValueError):
        raise RegistrationError(
            f"{type(item).__name__} is not a VM cloudspace",
            hint="Pass what `client.inventory.list_vmcloudspaces()` returns",
        ) from None


def _vms(view: VMCloudspace, status: dict[str, Any], target: str) -> list[RegistrationCandidate]:
    known = {server.key: server for server in view.servers}
    assigned = as_object(status.get("assignedServers"))
    found: list[RegistrationCandidate] = []
    for key in assigned:
        server = known.get(key)
        details = (
            {
                "server_name": server.name if server.name != key else "",
                "display_name": server.display_name,
                "server_class": server.server_class,
                "type": server.type,
                "state": server.state,
            }
            if server
            else {}
        )
        found.append(
            RegistrationCandidate(
                namespace=view.namespace,
                vm_cloudspace=view.name,
                vm_cloudspace_uid=view.uid,
                server=key,
                server_name=server.name if server and server.name != key else "",
                target=target,
                pool=server.pool if server else "",
                address=server.address if server else "",
                payload={name: value for name, value in details.items() if value},
            )
        )
    return found
