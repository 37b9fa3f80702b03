"""The groups of operations that clients have: `client.regions`, `client.aregions` and so on."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar, overload

from rsspot.wire.bind import Group, Mode

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Self

    from rsspot.resources.autopilot_nodepools import AutopilotNodePools
    from rsspot.resources.cloudspaces import Cloudspaces
    from rsspot.resources.inventory import Inventory
    from rsspot.resources.oauth import OAuth
    from rsspot.resources.ondemand_nodepools import OnDemandNodePools
    from rsspot.resources.organizations import Organizations
    from rsspot.resources.pricing import Pricing
    from rsspot.resources.regions import Regions
    from rsspot.resources.server_classes import ServerClasses
    from rsspot.resources.spot_nodepools import SpotNodePools
    from rsspot.resources.vm_cloudspaces import VMCloudspaces
    from rsspot.resources.vm_pools import VMPools
    from rsspot.resources.vm_ssh_keys import VMSSHKeys
    from rsspot.wire.bind import Async
    from rsspot.wire.chain import Chain
    from rsspot.wire.organization import OrganizationConnection

__all__ = ["AsyncGroups", "BoundGroup", "GroupOwner", "Groups"]

G = TypeVar("G", bound=Group[Any])
M = TypeVar("M", bound=Mode)


class GroupOwner:
    """What groups need of a client."""

    is_async: ClassVar[bool]
    chain: Chain


class BoundGroup(Generic[G]):
    """A group of operations as an attribute of a client, imported when it is first used.

    The class of the group is the first name that its module under `rsspot.resources` exports.
    """

    def __init__(self, *, is_async: bool = False) -> None:
        """Declare a group, whose module has the name of the attribute, without a leading `a`.

        is_async: whether its calls are awaited in every client; by default as the client is.
        """
        self.is_async: bool = is_async

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name
        self.module: str = name.removeprefix("a") if self.is_async else name

    @overload
    def __get__(self, client: None, owner: type) -> Self: ...
    @overload
    def __get__(self, client: GroupOwner, owner: type) -> G: ...
    def __get__(self, client: GroupOwner | None, owner: type) -> Self | G:
        if client is None:
            return self
        connection = client.chain.connection(is_async=self.is_async or client.is_async)
        module = import_module(f"rsspot.resources.{self.module}")
        kind: Callable[[OrganizationConnection], G] = getattr(module, module.__all__[0])
        # An instance attribute hides a descriptor without __set__: the group is made once.
        group = client.__dict__[self.name] = kind(connection)
        return group


class Groups(GroupOwner, Generic[M]):
    """The groups of a client, whose calls are sync or async as the client is."""

    organizations: BoundGroup[Organizations[M]] = BoundGroup()
    regions: BoundGroup[Regions[M]] = BoundGroup()
    server_classes: BoundGroup[ServerClasses[M]] = BoundGroup()
    pricing: BoundGroup[Pricing[M]] = BoundGroup()
    cloudspaces: BoundGroup[Cloudspaces[M]] = BoundGroup()
    spot_nodepools: BoundGroup[SpotNodePools[M]] = BoundGroup()
    ondemand_nodepools: BoundGroup[OnDemandNodePools[M]] = BoundGroup()
    autopilot_nodepools: BoundGroup[AutopilotNodePools[M]] = BoundGroup()
    inventory: BoundGroup[Inventory[M]] = BoundGroup()
    vm_cloudspaces: BoundGroup[VMCloudspaces[M]] = BoundGroup()
    vm_pools: BoundGroup[VMPools[M]] = BoundGroup()
    vm_ssh_keys: BoundGroup[VMSSHKeys[M]] = BoundGroup()
    oauth: BoundGroup[OAuth[M]] = BoundGroup()


class AsyncGroups(GroupOwner):
    """The same groups with an `a` before their names, whose calls are always async.

    A test compares the two lists: type checkers know no names that are put together.
    """

    aorganizations: BoundGroup[Organizations[Async]] = BoundGroup(is_async=True)
    aregions: BoundGroup[Regions[Async]] = BoundGroup(is_async=True)
    aserver_classes: BoundGroup[ServerClasses[Async]] = BoundGroup(is_async=True)
    apricing: BoundGroup[Pricing[Async]] = BoundGroup(is_async=True)
    acloudspaces: BoundGroup[Cloudspaces[Async]] = BoundGroup(is_async=True)
    aspot_nodepools: BoundGroup[SpotNodePools[Async]] = BoundGroup(is_async=True)
    aondemand_nodepools: BoundGroup[OnDemandNodePools[Async]] = BoundGroup(is_async=True)
    aautopilot_nodepools: BoundGroup[AutopilotNodePools[Async]] = BoundGroup(is_async=True)
    ainventory: BoundGroup[Inventory[Async]] = BoundGroup(is_async=True)
    avm_cloudspaces: BoundGroup[VMCloudspaces[Async]] = BoundGroup(is_async=True)
    avm_pools: BoundGroup[VMPools[Async]] = BoundGroup(is_async=True)
    avm_ssh_keys: BoundGroup[VMSSHKeys[Async]] = BoundGroup(is_async=True)
    aoauth: BoundGroup[OAuth[Async]] = BoundGroup(is_async=True)
