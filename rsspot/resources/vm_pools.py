"""VM pools: groups of like virtual machines in a VM cloudspace."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Literal

from rsspot.errors import InvalidInput
from rsspot.models.quantities import format_bid
from rsspot.models.vm_pool import VM_CLOUDSPACE_LABEL, VMPool
from rsspot.resources.changes import given, patch
from rsspot.resources.named import Namespaced, Verbs
from rsspot.resources.node_pools import check_choice, count, pool_name
from rsspot.resources.waiting import FRESH, until
from rsspot.senders.flow import gather
from rsspot.wire.bind import C_co, operation, stream
from rsspot.wire.endpoint import api, segment

if TYPE_CHECKING:
    import builtins
    from decimal import Decimal

    from rsspot.resources.named import IfExists
    from rsspot.resources.waiting import Poll, Progress
    from rsspot.senders.flow import Flow, Stream

__all__ = ["VMPools"]


class VMPools(Namespaced[C_co, VMPool]):
    """The VM pools of the client's organization."""

    _kind = VMPool
    _noun = "VM pool"
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
        """All of them, or those of one VM cloudspace (by label or by the pool's own field)."""
        if vm_cloudspace is not None:
            segment("vm_cloudspace", vm_cloudspace)
        found = yield from self._list({"label_selector": label_selector}, FRESH)
        return [pool for pool in found if vm_cloudspace is None or _belongs(pool, vm_cloudspace)]

    @stream
    def each(self, *, page_size: int | None = None) -> Stream[VMPool]:
        """One by one, read page by page."""
        yield from self._each({"limit": page_size})

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
        if_exists: IfExists = "error",
    ) -> Flow[VMPool]:
        """Get `desired` virtual machines; a spot pool bids `bid_price` USD an hour for each.

        `user_data` is cloud-init's, as plain text or bytes (it is sent in base64). Names and keys
        as for spot node pools. Raises `InvalidInput`, `BidTooLowError`, `ConflictError`,
        `OutcomeUnknown`.
        """
        segment("vm_cloudspace", vm_cloudspace)
        segment("server_class", server_class)
        if pool_type == "spot" and bid_price is None:
            raise InvalidInput("A spot pool needs a bid", argument="bid_price")
        content = user_data.encode() if isinstance(user_data, str) else user_data
        spec = given(
            {
                "vmCloudSpace": vm_cloudspace,
                "serverClass": server_class,
                "poolType": pool_type,
                "bidPrice": None if bid_price is None else format_bid("bid_price", bid_price),
                "desired": count("desired", desired, 1),
                "vmImage": image,
                "vmUserData": None if content is None else base64.b64encode(content).decode(),
            }
        )
        check_choice(name, key)
        arguments = yield from self._connection.namespaced()
        chosen = pool_name(arguments["namespace"], vm_cloudspace, name, key)
        labels = {VM_CLOUDSPACE_LABEL: vm_cloudspace}
        return (yield from self._create(chosen, spec, if_exists=if_exists, labels=labels))

    @operation
    def update(
        self,
        name: str,
        *,
        desired: int | None = None,
        bid_price: Decimal | str | int | None = None,
        resource_version: str | None = None,
    ) -> Flow[VMPool]:
        """Change what is given, and nothing else; 0 machines are allowed.

        With `resource_version`, only if that is still current: else `ConflictError`.
        """
        spec = {
            "desired": count("desired", desired, 0),
            "bidPrice": None if bid_price is None else format_bid("bid_price", bid_price),
        }
        return (yield from self._update(name, patch(spec, resource_version)))

    @operation
    def delete(self, name: str, *, missing_ok: bool = False) -> Flow[None]:
        """Begin to delete a VM pool. Raises `NotFoundError` unless `missing_ok`."""
        yield from self._delete(name, missing_ok=missing_ok)

    @operation
    def wait_until_ready(
        self,
        name: str,
        *,
        timeout: float | None = 3600.0,
        poll: Poll = 10.0,
        on_progress: Progress[VMPool] | None = None,
    ) -> Flow[VMPool]:
        """Wait until the pool has won what it wants. Raises `WaitTimeout` with the last state."""
        return (
            yield from until(
                lambda: self._get(name, FRESH),
                lambda found: found.is_ready,
                clock=self._connection.clock,
                what=f"Readiness of VM pool {name}",
                timeout=timeout,
                poll=poll,
                on_progress=on_progress,
            )
        )

    def delete_of(self, vm_cloudspace: str, *, timeout: float | None, poll: Poll) -> Flow[None]:
        """A flow: delete the pools of `vm_cloudspace`, and wait until they are gone."""
        found = yield from self._list({}, FRESH)
        names = [pool.name for pool in found if _belongs(pool, vm_cloudspace)]
        yield from gather([self._delete(name, missing_ok=True) for name in names])
        yield from gather([self._wait_until_deleted(name, timeout, poll) for name in names])


def _belongs(pool: VMPool, vm_cloudspace: str) -> bool:
    return vm_cloudspace in {pool.vm_cloudspace, pool.labels.get(VM_CLOUDSPACE_LABEL)}
