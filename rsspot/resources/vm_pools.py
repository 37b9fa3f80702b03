"""VM pools: groups of identical virtual machines in a VM cloudspace."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from rsspot.errors import InvalidInput
from rsspot.models.quantities import count, format_bid
from rsspot.models.vms import VMCloudspace, VMPool
from rsspot.resources.changes import omit_unset, patch
from rsspot.resources.checks import check_bid
from rsspot.resources.pools import Pools
from rsspot.resources.verbs import Verbs
from rsspot.shapes import type_name
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
        """Return all VM pools, or those of one VM cloudspace.

        Args:
            vm_cloudspace: Name of the VM cloudspace, by the label or the own field of a pool
                (default: all VM cloudspaces).
            label_selector: Kubernetes label selector, such as ``"team=web,env!=test"`` (default:
                all objects).

        Raises:
            InvalidInput: If an argument has the wrong type or is out of range. Nothing is sent.
            NotFoundError: If there is neither a pool nor a VM cloudspace of that name.
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
        """Yield the VM pools one by one, read page by page.

        Args:
            vm_cloudspace: Name of the VM cloudspace (default: all VM cloudspaces).
            label_selector: Kubernetes label selector, such as ``"team=web,env!=test"`` (default:
                all objects).
            page_size: Number of objects to request at once, 1 or more (default: the API decides).

        Raises:
            InvalidInput: If an argument has the wrong type or is out of range. Nothing is sent.
            NotFoundError: If there is neither a pool nor a VM cloudspace of that name.
        """
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
        """Buy virtual machines, with a bid or at the on-demand price.

        Args:
            vm_cloudspace: Name of the VM cloudspace.
            server_class: Name of a server class of its region, such as ``"gp.vs1.medium-dfw"``.
            bid_price: Maximum price for one machine, in USD an hour, such as ``"0.02"``; a spot
                pool needs it (default: no bid).
            desired: Number of machines, 1 or more (default: 1).
            pool_type: ``"spot"`` (default) bids; ``"ondemand"`` pays the on-demand price.
            image: Name of the image (default: ``"ubuntu24.04"``).
            user_data: Data for cloud-init, plain text or bytes; it is sent in base64 (default:
                none).
            name: Name of the pool (default: a new UUID, which is the form the API wants).
            key: Key of your own that always gives the same name in this cloudspace, so that
                ``if_exists="return"`` finds the pool again (default: none). Not together with
                `name`.
            allow_above_on_demand: Whether to allow a bid above the on-demand price of the class.
            if_exists: ``"error"`` (default) raises `ConflictError` if the name is taken;
                ``"return"`` returns the existing object if it is what this call would create.
            wait: Whether to wait until it is ready (default: False): True waits as
                `wait_until_ready` does, seconds or text such as ``"10m"`` set the maximum time, and
                a `Wait` sets everything.

        Returns:
            The pool, as it was created or as it exists.

        Raises:
            InvalidInput: If an argument has the wrong type or is out of range. Nothing is sent.
            BidTooLowError: If the bid is below the minimum of the class.
            NotFoundError: If there is no such VM cloudspace or class.
            ConflictError: If the name is taken, with ``"return"`` by a pool that differs in what
                cannot be changed.
            OutcomeUnknown: If the response was lost, so that it may have been created. The error
                has its name.
            WaitTimeout: If it is not ready in time, with the last state as `last`.
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
        """Change the fields that are passed, and leave the others as they are.

        Args:
            name: Exact name of the object.
            desired: Number of machines, 0 or more (default: unchanged).
            bid_price: Maximum price for one machine, in USD an hour (default: unchanged).
            allow_above_on_demand: Whether to allow a bid above the on-demand price of the class.
            resource_version: Change the object only if this version is still current (default:
                change it whatever its version), see the Kubernetes API conventions.

        Returns:
            The pool as it is now.

        Raises:
            InvalidInput: If an argument is out of range, there is nothing to change, or the bid is
                above the on-demand price of the class.
            BidTooLowError: If the bid is below the minimum of the class.
            NotFoundError: If there is no such object.
            ConflictError: If `resource_version` is no longer current.
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
            f"user_data must be text or bytes, not {type_name(content)}", argument="user_data"
        )
    return base64.b64encode(content).decode()
