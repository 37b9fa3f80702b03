"""The kinds of objects: their names, methods, defaults and validation."""

from __future__ import annotations

import re
import uuid
from typing import TYPE_CHECKING, Any, NamedTuple

from rsspot.sandbox.api import specs
from rsspot.sandbox.api.checks import cause, no_downgrade
from rsspot.sandbox.world import ApiError
from rsspot.shapes import is_object

if TYPE_CHECKING:
    from collections.abc import Callable

    from rsspot.sandbox.api.checks import Causes, Lookup, Spec

__all__ = ["KINDS", "Kind", "check_name", "check_spec"]

LABEL = re.compile(r"[a-z0-9](?:[-a-z0-9]*[a-z0-9])?")
MAX_NAME = 63


class Kind(NamedTuple):
    """One kind of object."""

    plural: str
    kind: str
    immutable: tuple[str, ...]
    check: Callable[[Spec, Lookup, bool], Causes]
    defaulted: tuple[str, ...] = ()
    """Fields that the server sets when the user does not."""
    check_change: Callable[[Spec, Spec], Causes] | None = None
    """Return what is wrong with replacing an old spec by a new one."""
    replaceable: bool = True
    patchable: bool = True
    clearable: bool = False
    uuid_named: bool = False

    @property
    def collection_methods(self) -> str:
        """The HTTP methods of the collection, separated by spaces."""
        return "GET POST DELETE" if self.clearable else "GET POST"

    def completed(self, spec: Any, old: Spec) -> Any:
        """Return `spec` with the immutable and defaulted fields of `old` that it omits."""
        if not is_object(spec):
            return spec
        omitted = [
            field
            for field in (*self.immutable, *self.defaulted)
            if spec.get(field) is None and field in old
        ]
        return {**spec, **{field: old[field] for field in omitted}}

    @property
    def object_methods(self) -> str:
        """The HTTP methods of one object, separated by spaces."""
        return "GET DELETE" + " PUT" * self.replaceable + " PATCH" * self.patchable


def check_name(kind: Kind, name: Any) -> None:
    """Raise `ApiError` for a name that is not valid for this kind."""
    if not isinstance(name, str) or not name:
        raise ApiError(
            "Invalid",
            f"{kind.kind} is invalid: metadata.name: Required value: name is required",
            causes=[cause("metadata.name", "Required value: name is required")],
        )
    valid = len(name) <= MAX_NAME and LABEL.fullmatch(name) is not None
    expected = "a lowercase RFC 1123 label"
    if kind.uuid_named:
        expected = "a lowercase UUID"
        try:
            valid = str(uuid.UUID(name)) == name
        except ValueError:
            valid = False
    if not valid:
        message = f'Invalid value: "{name}": must be {expected}'
        raise ApiError(
            "Invalid",
            f'{kind.kind} "{name}" is invalid: metadata.name: {message}',
            causes=[cause("metadata.name", message)],
            name=name,
            kind=kind.kind,
        )


def check_spec(kind: Kind, name: str, spec: Any, lookup: Lookup, *, old: Spec | None) -> None:
    """Raise `ApiError` for a spec that is not valid, or changes an immutable field of `old`."""
    if not is_object(spec):
        raise ApiError("Invalid", f"{kind.kind} is invalid: spec: Required value", causes=[
            cause("spec", "Required value")
        ])  # fmt: skip
    causes = kind.check(spec, lookup, old is None)
    if old is not None:
        causes += [
            cause(f"spec.{field}", "Invalid value: field is immutable")
            for field in kind.immutable
            if spec.get(field) != old.get(field)
        ]
        if kind.check_change is not None:
            causes += kind.check_change(spec, old)
    if causes:
        text = ", ".join(f"{cause['field']}: {cause['message']}" for cause in causes)
        raise ApiError(
            "Invalid",
            f'{kind.kind} "{name}" is invalid: {text}',
            causes=causes,
            name=name,
            kind=kind.kind,
        )


KINDS = {
    kind.plural: kind
    for kind in (
        Kind(
            "cloudspaces",
            "CloudSpace",
            ("region", "deploymentType", "cni"),
            specs.cloudspace,
            defaulted=("kubernetesVersion", "cloud", "HAControlPlane"),
            check_change=no_downgrade,
            clearable=True,
        ),
        Kind(
            "spotnodepools",
            "SpotNodePool",
            ("cloudSpace", "serverClass"),
            specs.spot_pool,
            clearable=True,
            uuid_named=True,
        ),
        Kind(
            "ondemandnodepools",
            "OnDemandNodePool",
            ("cloudSpace", "serverClass"),
            specs.on_demand_pool,
            clearable=True,
            uuid_named=True,
        ),
        Kind(
            "autopilotnodepools",
            "AutopilotNodePool",
            ("cloudSpace", "region"),
            specs.autopilot_pool,
        ),
        Kind(
            "vmcloudspaces",
            "VMCloudSpace",
            ("region", "vmSshKeyRef"),
            specs.vm_cloudspace,
            replaceable=False,
        ),
        Kind(
            "vmpools",
            "VMPool",
            ("vmCloudSpace", "serverClass", "poolType", "vmImage", "vmUserData"),
            specs.vm_pool,
            replaceable=False,
        ),
        Kind("vmsshkeys", "VMSSHKey", (), specs.ssh_key, replaceable=False, patchable=False),
    )
}
