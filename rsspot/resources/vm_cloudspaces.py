"""VM cloudspaces: virtual machines without Kubernetes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rsspot.errors import InvalidInput
from rsspot.models.names import check_label
from rsspot.models.vm_cloudspace import VMCloudspace
from rsspot.resources.changes import given, patch
from rsspot.resources.named import Namespaced, Verbs
from rsspot.resources.vm_pools import VMPools
from rsspot.resources.waiting import FRESH, until
from rsspot.wire.bind import C_co, operation, stream
from rsspot.wire.endpoint import api, segment

if TYPE_CHECKING:
    import builtins

    from rsspot.models.server import Server
    from rsspot.resources.changes import Clear
    from rsspot.resources.named import IfExists
    from rsspot.resources.waiting import Poll, Progress
    from rsspot.senders.flow import Flow, Stream

__all__ = ["VMCloudspaces"]


class VMCloudspaces(Namespaced[C_co, VMCloudspace]):
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

    @operation
    def list(self, *, label_selector: str | None = None) -> Flow[builtins.list[VMCloudspace]]:
        """All of them, or those that the selector matches."""
        return (yield from self._list({"label_selector": label_selector}, FRESH))

    @stream
    def each(self, *, page_size: int | None = None) -> Stream[VMCloudspace]:
        """One by one, read page by page."""
        yield from self._each({"limit": page_size})

    @operation
    def create(
        self,
        name: str,
        *,
        region: str | None = None,
        ssh_key: str | None = None,
        webhook: str | None = None,
        if_exists: IfExists = "error",
    ) -> Flow[VMCloudspace]:
        """Create a VM cloudspace in `region`, whose machines the named key may log in to.

        Raises `InvalidInput`, `ConflictError` when the name is taken (unless
        `if_exists="return"`), `OutcomeUnknown` when the answer was lost.
        """
        check_label("name", name)
        region = region or self._connection.settings.region
        if not region:
            raise InvalidInput(
                "A VM cloudspace needs a region",
                argument="region",
                hint="Pass region=, or set a default one; `regions.list()` has them",
            )
        key = None
        if ssh_key is not None:
            segment("ssh_key", ssh_key)
            arguments = yield from self._connection.namespaced()
            key = {"name": ssh_key, "namespace": arguments["namespace"]}
        spec = given({"region": region, "webhook": webhook, "vmSshKeyRef": key})
        return (yield from self._create(name, spec, if_exists=if_exists))

    @operation
    def update(
        self,
        name: str,
        *,
        webhook: str | Clear | None = None,
        resource_version: str | None = None,
    ) -> Flow[VMCloudspace]:
        """Change the webhook; `rsspot.CLEAR` takes it away.

        With `resource_version`, only if that is still current: else `ConflictError`.
        """
        return (yield from self._update(name, patch({"webhook": webhook}, resource_version)))

    @operation
    def delete(
        self,
        name: str,
        *,
        cascade: bool = False,
        missing_ok: bool = False,
        timeout: float | None = 1800.0,
        poll: Poll = 5.0,
    ) -> Flow[None]:
        """Begin to delete a VM cloudspace.

        With `cascade`, delete its VM pools, wait until they are gone, delete the VM cloudspace,
        and wait for that too. Raises `NotFoundError` unless `missing_ok`.
        """
        segment("name", name)  # before its pools are looked for
        if cascade:
            yield from VMPools(self._connection).delete_of(name, timeout=timeout, poll=poll)
        yield from self._delete(name, missing_ok=missing_ok)
        if cascade:
            yield from self._wait_until_deleted(name, timeout, poll)

    @operation
    def wait_until_ready(
        self,
        name: str,
        *,
        timeout: float | None = 1800.0,
        poll: Poll = 5.0,
        on_progress: Progress[VMCloudspace] | None = None,
    ) -> Flow[VMCloudspace]:
        """Wait until its phase says ready. Raises `WaitTimeout` with the last state."""
        return (
            yield from until(
                lambda: self._get(name, FRESH),
                lambda found: found.is_ready,
                clock=self._connection.clock,
                what=f"Readiness of VM cloudspace {name}",
                timeout=timeout,
                poll=poll,
                on_progress=on_progress,
            )
        )

    @operation
    def servers(self, name: str) -> Flow[builtins.list[Server]]:
        """The machines that the VM cloudspace has now."""
        found = yield from self._get(name, FRESH)
        return [*found.servers]
