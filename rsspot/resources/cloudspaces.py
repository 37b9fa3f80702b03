"""Cloudspaces: managed Kubernetes clusters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from rsspot.models.cloudspace import Cloudspace
from rsspot.models.names import check_label, is_later
from rsspot.resources.autopilot_nodepools import AutopilotNodePools
from rsspot.resources.changes import omit_unset, patch
from rsspot.resources.kubeconfigs import fetch_kubeconfig
from rsspot.resources.ondemand_nodepools import OnDemandNodePools
from rsspot.resources.pool_owners import USUAL, PoolOwners
from rsspot.resources.spot_nodepools import SpotNodePools
from rsspot.resources.verbs import Verbs
from rsspot.resources.waiting import Wait
from rsspot.wire.bind import M_co, operation
from rsspot.wire.endpoint import api, segment

if TYPE_CHECKING:
    import builtins
    from collections.abc import Mapping

    from rsspot.flow.flow import Flow
    from rsspot.models.document_change import DocumentChange
    from rsspot.models.kubeconfig import Kubeconfig
    from rsspot.resources.changes import Clear
    from rsspot.resources.objects import IfExists
    from rsspot.resources.waiting import WaitFor

__all__ = ["Cloudspaces"]


class Cloudspaces(PoolOwners[M_co, Cloudspace]):
    """The cloudspaces of the client's organization."""

    _kind = Cloudspace
    _noun = "cloudspace"
    _verbs = Verbs(
        list=api.LIST_CLOUDSPACES,
        get=api.GET_CLOUDSPACE,
        create=api.CREATE_CLOUDSPACE,
        replace=api.REPLACE_CLOUDSPACE,
        patch=api.PATCH_CLOUDSPACE,
        delete=api.DELETE_CLOUDSPACE,
        delete_all=api.DELETE_ALL_CLOUDSPACES,
    )
    _fixed: ClassVar = {
        "region": ("region",),
        "cni": ("cni",),
        "kubernetes_version": ("kubernetesVersion",),
        "ha_control_plane": ("HAControlPlane",),
        "gpu_enabled": ("gpuEnabled",),
    }
    _changeable: ClassVar = frozenset({"ha_control_plane", "gpu_enabled"})
    # Autopilot first: otherwise it would replace its deleted spot node pools.
    _pools = (AutopilotNodePools, SpotNodePools, OnDemandNodePools)

    @operation
    def list(
        self, *, label_selector: str | None = None, field_selector: str | None = None
    ) -> Flow[builtins.list[Cloudspace]]:
        """Return all cloudspaces, or those that the selectors match.

        Args:
            label_selector: Kubernetes label selector, such as ``"team=web,env!=test"`` (default:
                all objects).
            field_selector: Kubernetes field selector, such as ``"metadata.name=web"`` (default: all
                objects).

        Raises:
            InvalidInput: If an argument has the wrong type or is out of range. Nothing is sent.
        """
        return (
            yield from self._list(
                {"label_selector": label_selector, "field_selector": field_selector}
            )
        )

    @operation
    def create(
        self,
        name: str,
        *,
        region: str | None = None,
        kubernetes_version: str | None = None,
        cni: str | None = None,
        ha_control_plane: bool | None = None,
        webhook: str | None = None,
        gpu_enabled: bool | None = None,
        if_exists: IfExists = "error",
        wait: WaitFor = False,
    ) -> Flow[Cloudspace]:
        """Create a cloudspace. It returns at once, before anything runs.

        Args:
            name: Its name: lowercase letters, digits and hyphens, at most 63 characters (RFC 1123).
            region: Name of a region (default: the region of the client).
            kubernetes_version: Version of Kubernetes (default: ``"1.31.1"``).
            cni: Network plugin (default: ``"calico"``).
            ha_control_plane: Whether the control plane is highly available, which costs extra
                (default: False).
            webhook: URL that Rackspace Spot calls shortly before it takes servers away (default:
                none).
            gpu_enabled: Whether pools may have GPU servers (default: the API decides).
            if_exists: ``"error"`` (default) raises `ConflictError` if the name is taken;
                ``"return"`` returns a cloudspace that is in the same region, has the values that
                were passed, and no later version of Kubernetes.
            wait: Whether to wait until it is ready (default: False): True waits as
                `wait_until_ready` does, seconds or text such as ``"10m"`` set the maximum time, and
                a `Wait` sets everything.

        Returns:
            The cloudspace, as it was created or as it exists.

        Raises:
            InvalidInput: If an argument has the wrong type or is out of range. Nothing is sent.
            ConflictError: If the name is taken, with ``"return"`` by a cloudspace that differs.
            OutcomeUnknown: If the response was lost, so that it may have been created. The error
                has its name.
            WaitTimeout: If it is not ready in time, with the last state as `last`.
        """
        check_label("name", name)
        chosen_wait = Wait.of(wait, USUAL)
        spec = omit_unset(
            {
                "region": self._region(region),
                "kubernetesVersion": kubernetes_version or "1.31.1",
                "cloud": "default",
                "cni": cni or "calico",
                "HAControlPlane": ha_control_plane is True,
                "webhook": webhook,
                "gpuEnabled": gpu_enabled,
            }
        )
        # Without the defaults: what was not asked for may differ.
        explicit = {
            "kubernetesVersion": kubernetes_version,
            "cni": cni,
            "HAControlPlane": ha_control_plane,
        }
        made = yield from self._create(name, spec, if_exists=if_exists, requested=spec | explicit)
        if chosen_wait is None or self._connection.dry_run is not None:
            return made
        return (yield from self._ready(name, chosen_wait, known=made))

    def _is_same(self, argument: str, there: Any, requested: Any) -> bool:
        if argument == "kubernetes_version":  # a version can be raised, and never lowered
            return not is_later(there, requested)
        if isinstance(requested, bool):  # off is the default of the server
            return bool(there) is requested
        return super()._is_same(argument, there, requested)

    @operation
    def update(
        self,
        name: str,
        *,
        kubernetes_version: str | None = None,
        ha_control_plane: bool | None = None,
        webhook: str | Clear | None = None,
        cni: str | None = None,
        gpu_enabled: bool | None = None,
        resource_version: str | None = None,
    ) -> Flow[Cloudspace]:
        """Change the fields that are passed, and leave the others as they are.

        Args:
            name: Exact name of the object.
            kubernetes_version: Version to upgrade to, which cannot be undone (default: unchanged).
            ha_control_plane: Whether the control plane is highly available (default: unchanged).
            webhook: URL that Rackspace Spot calls shortly before it takes servers away; `CLEAR`
                removes it (default: unchanged).
            cni: Network plugin (default: unchanged).
            gpu_enabled: Whether pools may have GPU servers (default: unchanged).
            resource_version: Change the object only if this version is still current (default:
                change it whatever its version), see the Kubernetes API conventions.

        Returns:
            The cloudspace as it is now.

        Raises:
            InvalidInput: If an argument has the wrong type or is out of range. Nothing is sent.
            NotFoundError: If there is no such object.
            ConflictError: If `resource_version` is no longer current.
        """
        spec = {
            "kubernetesVersion": kubernetes_version,
            "HAControlPlane": ha_control_plane,
            "webhook": webhook,
            "cni": cni,
            "gpuEnabled": gpu_enabled,
        }
        return (yield from self._update(name, patch(spec, resource_version)))

    @operation
    def diff(
        self, document: Mapping[str, Any] | str, *, prune: bool = False
    ) -> Flow[builtins.list[DocumentChange]]:
        """Return what `apply` would do, without doing it.

        Args:
            document: A mapping, or its text as YAML or JSON, as for `apply`.
            prune: Whether pools that it does not name would be deleted.

        Raises:
            InvalidInput: If the document cannot be used, or a field cannot be changed.
        """
        from rsspot.resources.applying import plan_changes

        return (yield from plan_changes(self, self._connection, document, prune=prune))

    @operation
    def apply(
        self,
        document: Mapping[str, Any] | str,
        *,
        prune: bool = False,
        allow_above_on_demand: bool = False,
    ) -> Flow[builtins.list[DocumentChange]]:
        """Create or change a cloudspace and its pools to match a document.

        What matches already is left as it is, so a document can be applied repeatedly. The call
        does not wait until anything is ready.

        Args:
            document: A mapping, or its text as YAML or JSON: `cloudspace` (its name and the
                arguments of `create`) and `pools`, a list whose items have a `key` or `name`, a
                `kind` (default: spot), and the arguments of the `create` of that kind. Fields that
                it does not name are left alone.
            prune: Whether pools that it does not name are deleted.
            allow_above_on_demand: Whether to allow bids above the on-demand price.

        Returns:
            The changes that were made, in their order.

        Raises:
            InvalidInput: If the document cannot be used, or a field cannot be changed.
            ConflictError: If an object was created or changed by another at the same time.
            OutcomeUnknown: If the response was lost, so that it may have been created. The error
                has its name.
        """
        from rsspot.resources.applying import apply_document

        return (
            yield from apply_document(
                self, self._connection, document, prune=prune, above_on_demand=allow_above_on_demand
            )
        )

    @operation
    def replace(self, cloudspace: Cloudspace | dict[str, Any]) -> Flow[Cloudspace]:
        """Replace a cloudspace with this complete object; `update` is the safer way.

        Args:
            cloudspace: The object, or its JSON, with the current resource version.

        Returns:
            The cloudspace as it is now.

        Raises:
            InvalidInput: If this is not a complete object.
            ConflictError: If the resource version is missing or not current.
            NotFoundError: If there is no such object.
        """
        return (yield from self._replace(cloudspace))

    @operation
    def delete_all(self, *, confirm: str) -> Flow[None]:
        """Delete every cloudspace of the organization.

        Args:
            confirm: Namespace of the organization, as `organizations.current()` has it, to confirm
                that you mean it.

        Raises:
            InvalidInput: If `confirm` is anything else. Nothing is deleted.
        """
        yield from self._delete_all(confirm)

    @operation
    def kubeconfig(self, name: str, *, build: bool = False) -> Flow[Kubeconfig]:
        """Return the kubeconfig of a cloudspace; its token is valid for some days.

        The API makes it. Without a refresh token, it is built here from the endpoint and the access
        token. Its context is ``<organization id>/<cloudspace>``.

        Args:
            name: Name of a cloudspace that has an endpoint.
            build: Whether to build it here in any case.

        Raises:
            InvalidInput: If an argument has the wrong type or is out of range. Nothing is sent.
            NotFoundError: If there is no such object.
            ConflictError: If the cloudspace has no endpoint yet.
            UnexpectedResponseError: If the kubeconfig of the API would read files, go through a
                proxy, or run anything but ``kubectl oidc-login get-token``.
        """
        segment("name", name)
        return (yield from fetch_kubeconfig(self._connection, name, self._get, build=build))
