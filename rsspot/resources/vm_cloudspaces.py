"""VM cloudspaces: virtual machines without Kubernetes."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rsspot.models.names import check_label
from rsspot.models.vms import VMCloudspace
from rsspot.resources.changes import omit_unset, patch
from rsspot.resources.objects import Verbs
from rsspot.resources.pool_owners import USUAL, PoolOwners
from rsspot.resources.vm_pools import VMPools
from rsspot.resources.waiting import Wait
from rsspot.wire.bind import M_co, operation
from rsspot.wire.endpoint import api, segment

if TYPE_CHECKING:
    import builtins

    from rsspot.flow.flow import Flow
    from rsspot.resources.changes import Clear
    from rsspot.resources.objects import IfExists
    from rsspot.resources.waiting import WaitFor

__all__ = ["VMCloudspaces"]


class VMCloudspaces(PoolOwners[M_co, VMCloudspace]):
    """The VM cloudspaces of the client's organization."""

    _kind = VMCloudspace
    _noun = "VM cloudspace"
    _verbs = Verbs(
        list=api.LIST_VM_CLOUDSPACES,
        get=api.GET_VM_CLOUDSPACE,
        create=api.CREATE_VM_CLOUDSPACE,
        patch=api.PATCH_VM_CLOUDSPACE,
        delete=api.DELETE_VM_CLOUDSPACE,
    )
    _pools = (VMPools,)
    _fixed: ClassVar = {"region": ("region",), "ssh_key": ("vmSshKeyRef", "name")}

    @operation
    def list(self, *, label_selector: str | None = None) -> Flow[builtins.list[VMCloudspace]]:
        """Return all VM cloudspaces, or those that match the selector (Kubernetes syntax)."""
        return (yield from self._list({"label_selector": label_selector}))

    @operation
    def create(
        self,
        name: str,
        *,
        region: str | None = None,
        ssh_key: str | None = None,
        webhook: str | None = None,
        if_exists: IfExists = "error",
        wait: WaitFor = False,
    ) -> Flow[VMCloudspace]:
        """Create a VM cloudspace.

        name: its name, in lower case. region: by default that of the client.
        ssh_key: the name of a stored key that may log in to its machines.
        webhook: a URL for notices before servers are taken away.
        if_exists: "return" returns an existing one with the same region and key; "error" raises
        `ConflictError`.
        wait: True waits until it is ready; seconds limit that; a `rsspot.Wait` sets the rest.

        Raises `InvalidInput`, `ConflictError`, and `OutcomeUnknown` if the response was lost.
        """
        check_label("name", name)
        chosen_wait = Wait.of(wait, USUAL)
        where = self._region(region)
        key = None
        if ssh_key is not None:
            segment("ssh_key", ssh_key)
            arguments = yield from self._connection.namespaced()
            key = {"name": ssh_key, "namespace": arguments["namespace"]}
        spec = omit_unset({"region": where, "webhook": webhook, "vmSshKeyRef": key})
        made = yield from self._create(name, spec, if_exists=if_exists)
        if chosen_wait is None or self._connection.dry_run is not None:
            return made
        return (yield from self._ready(name, chosen_wait, known=made))

    @operation
    def update(
        self,
        name: str,
        *,
        webhook: str | Clear | None = None,
        resource_version: str | None = None,
    ) -> Flow[VMCloudspace]:
        """Change the webhook; `rsspot.CLEAR` removes it.

        With `resource_version`, the change fails with `ConflictError` unless it is current.
        """
        return (yield from self._update(name, patch({"webhook": webhook}, resource_version)))
