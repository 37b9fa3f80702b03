"""VM cloudspaces: virtual machines without Kubernetes."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rsspot.models.names import check_label
from rsspot.models.vms import VMCloudspace
from rsspot.resources.changes import omit_unset, patch
from rsspot.resources.pool_owners import USUAL, PoolOwners
from rsspot.resources.verbs import Verbs
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
        """Return all VM cloudspaces, or those that the selector matches.

        Args:
            label_selector: Kubernetes label selector, such as ``"team=web,env!=test"`` (default:
                all objects).

        Raises:
            InvalidInput: If an argument has the wrong type or is out of range. Nothing is sent.
        """
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
        """Create a VM cloudspace. It returns at once, before anything runs.

        Args:
            name: Its name: lowercase letters, digits and hyphens, at most 63 characters (RFC 1123).
            region: Name of a region (default: the region of the client).
            ssh_key: Name of the SSH key that may log in to the machines (default: none).
            webhook: URL that Rackspace Spot calls shortly before it takes servers away (default:
                none).
            if_exists: ``"error"`` (default) raises `ConflictError` if the name is taken;
                ``"return"`` returns the existing object if it is what this call would create.
            wait: Whether to wait until it is ready (default: False): True waits as
                `wait_until_ready` does, seconds or text such as ``"10m"`` set the maximum time, and
                a `Wait` sets everything.

        Returns:
            The VM cloudspace, as it was created or as it exists.

        Raises:
            InvalidInput: If an argument has the wrong type or is out of range. Nothing is sent.
            ConflictError: If the name is taken, with ``"return"`` by one with another region or
                key.
            OutcomeUnknown: If the response was lost, so that it may have been created. The error
                has its name.
            WaitTimeout: If it is not ready in time, with the last state as `last`.
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
        """Change the webhook.

        Args:
            name: Exact name of the object.
            webhook: URL that Rackspace Spot calls shortly before it takes servers away; `CLEAR`
                removes it (default: unchanged).
            resource_version: Change the object only if this version is still current (default:
                change it whatever its version), see the Kubernetes API conventions.

        Returns:
            The VM cloudspace as it is now.

        Raises:
            InvalidInput: If an argument has the wrong type or is out of range. Nothing is sent.
            NotFoundError: If there is no such object.
            ConflictError: If `resource_version` is no longer current.
        """
        return (yield from self._update(name, patch({"webhook": webhook}, resource_version)))
