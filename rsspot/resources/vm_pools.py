"""VM pools: groups of identical virtual machines in a VM cloudspace."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from rsspot.errors import InvalidInput
from rsspot.models.quantities import count, format_bid
from rsspot.models.vms import VMCloudspace, VMPool
from rsspot.resources.changes import omit_unset, patch
from rsspot.resources.checks import check_bid
from rsspot.resources.objects import Verbs
from rsspot.resources.pools import Pools
from rsspot.wire.bind import M_co, operation, stream
from rsspot.wire.endpoint import api, segment

if TYPE_CHECKING:
    import builtins
    from decimal import Decimal

    from rsspot.flow.flow import Flow, Stream
    from rsspot.resources.objects import IfExists
    from rsspot.resources.waiting import WaitFor

__all__ = ["VMPools"]


class VMPools(Pools[M_co, VMPool]):
    """The VM pools of the client's organization."""

    _kind = VMPool
    _noun = "VM pool"
    _owner_kind = VMCloudspace
    _owner_verb = api.GET_VM_CLOUDSPACE
    _owner_list = api.LIST_VM_CLOUDSPACES
    _fixed: ClassVar = {
        "vm_cloudspace": ("vmCloudSpace",),
        "server_class": ("serverClass",),
        "pool_type": ("poolType",),
        "image": ("vmImage",),
        "user_data": ("vmUserData",),
    }
    _verbs = Verbs(
        list=api.LIST_VM_POOLS,
        get=api.GET_VM_POOL,
        create=api.CREATE_VM_POOL,
        patch=api.PATCH_VM_POOL,
        delete=api.DELETE_VM_POOL,
    )

    @operation
    def list(
        self, *, vm_cloudspace: str | None = None, label_selector: str | None = None
    ) -> Flow[builtins.list[VMPool]]:
        """Return all pools, or those of one VM cloudspace (by its label or the field of the pool).

        Raises `NotFoundError` if there is neither a pool nor a VM cloudspace of that name.
        """
        if vm_cloudspace is not None:
            segment("vm_cloudspace", vm_cloudspace)
        return (yield from self._of_known(vm_cloudspace, label_selector))

    @stream
    def each(
        self,
        *,
        vm_cloudspace: str | None = None,
        label_selector: str | None = None,
        page_size: int | None = None,
    ) -> Stream[VMPool]:
        """Yield pools one by one, reading page by page."""
        if vm_cloudspace is not None:
            segment("vm_cloudspace", vm_cloudspace)
        yield from self._each_of(vm_cloudspace, label_selector, page_size)

    @operation
    def create(
        self,
        vm_cloudspace: str,
        *,
        server_class: str,
        bid_price: Decimal | str | int | None = None,
        desired: int = 1,
        pool_type: Literal["spot", "ondemand"] = "spot",
        image: str = "ubuntu24.04",
        user_data: str | bytes | None = None,
        name: str | None = None,
        key: str | None = None,
        allow_above_on_demand: bool = False,
        if_exists: IfExists = "error",
        wait: WaitFor = False,
    ) -> Flow[VMPool]:
        """Create a pool of `desired` virtual machines (1).

        vm_cloudspace: the name of the VM cloudspace.
        pool_type: "spot", which needs a `bid_price` in US dollars an hour for one machine, or
        another one.
        image: the image of the machines.
        user_data: for cloud-init, as text or bytes; it is sent in base64.
        The other arguments are those of `spot_nodepools.create`.

        Raises `InvalidInput`, `BidTooLowError`, `ConflictError` (also if the existing pool differs
        in what cannot be changed), and `OutcomeUnknown`.
        """
        segment("vm_cloudspace", vm_cloudspace)
        segment("server_class", server_class)
        if pool_type == "spot" and bid_price is None:
            raise InvalidInput("A spot pool needs a bid", argument="bid_price")
        spec = omit_unset(
            {
                "vmCloudSpace": vm_cloudspace,
                "serverClass": server_class,
                "poolType": pool_type,
                "bidPrice": None if bid_price is None else format_bid("bid_price", bid_price),
                "desired": count("desired", desired, 1),
                "vmImage": image,
                "vmUserData": None if user_data is None else _encoded(user_data),
            }
        )
        return (
            yield from self._create_in(
                vm_cloudspace,
                spec,
                name=name,
                key=key,
                if_exists=if_exists,
                wait=wait,
                allow_above_on_demand=allow_above_on_demand,
            )
        )

    @operation
    def update(
        self,
        name: str,
        *,
        desired: int | None = None,
        bid_price: Decimal | str | int | None = None,
        allow_above_on_demand: bool = False,
        resource_version: str | None = None,
    ) -> Flow[VMPool]:
        """Change a pool. Arguments that are None change nothing; 0 machines are allowed.

        With `resource_version`, the change fails with `ConflictError` unless it is current. A bid
        above the on-demand price of the class raises `InvalidInput` unless `allow_above_on_demand`.
        """
        spec = {
            "desired": count("desired", desired, 0),
            "bidPrice": None if bid_price is None else format_bid("bid_price", bid_price),
        }
        body = patch(spec, resource_version)
        if bid_price is not None and not allow_above_on_demand:
            yield from self._check_changed(name, spec)
        return (yield from self._update(name, body))

    def _check_price(self, spec: dict[str, Any]) -> Flow[None]:
        yield from check_bid(self._connection, spec.get("serverClass"), spec.get("bidPrice"))


def _encoded(user_data: object) -> str:
    content = user_data.encode() if isinstance(user_data, str) else user_data
    if not isinstance(content, bytes):
        raise InvalidInput(
            f"user_data must be text or bytes, not {type(content).__name__}", argument="user_data"
        )
    return base64.b64encode(content).decode()
