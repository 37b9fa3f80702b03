"""The kinds of objects: their names, methods, defaults, and the validation of their specs."""

from __future__ import annotations

import re
import uuid
from typing import TYPE_CHECKING, Any, NamedTuple

from rsspot.sandbox.api.checks import (
    autoscaling,
    bid,
    cause,
    integer,
    maps,
    no_downgrade,
    one_of,
    owner,
    region,
    same_region,
    server_class,
    text,
)
from rsspot.sandbox.world import ApiError
from rsspot.shapes import is_object

if TYPE_CHECKING:
    from collections.abc import Callable

    from rsspot.sandbox.api.checks import Causes, Lookup, Spec

__all__ = [
    "KINDS",
    "ResourceKind",
    "autopilot_pool",
    "check_name",
    "check_spec",
    "cloudspace",
    "on_demand_pool",
    "spot_pool",
    "ssh_key",
    "vm_cloudspace",
    "vm_pool",
]

CNIS = ("calico", "cilium", "byocni")


def cloudspace(spec: Spec, _lookup: Lookup, _creating: bool) -> Causes:  # noqa: FBT001 - a table's signature
    """Validate a cloudspace."""
    causes = region(spec) + text(spec, "kubernetesVersion")
    for field in ("webhook", "cloud"):
        causes += text(spec, field, required=False)
    causes += one_of(spec, "cni", CNIS) + one_of(spec, "deploymentType", ("gen1", "gen2"))
    for field in ("HAControlPlane", "gpuEnabled"):
        if not isinstance(spec.get(field, False), bool):
            causes.append(cause(f"spec.{field}", "Invalid value: must be a boolean"))
    return causes


def spot_pool(spec: Spec, lookup: Lookup, creating: bool) -> Causes:  # noqa: FBT001 - a table's signature
    """Validate a pool of servers that are bought in the auction."""
    return (
        _owner(spec, lookup, "cloudSpace", creating=creating)
        + server_class(spec, creating=creating)
        + integer(spec, "desired", 1 if creating else 0)
        + bid(spec)
        + autoscaling(spec)
        + maps(spec)
    )


def on_demand_pool(spec: Spec, lookup: Lookup, creating: bool) -> Causes:  # noqa: FBT001 - a table's signature
    """Validate a pool of servers at a fixed price."""
    return (
        _owner(spec, lookup, "cloudSpace", creating=creating)
        + server_class(spec, creating=creating)
        + integer(spec, "desired", 1 if creating else 0)
        + autoscaling(spec)
        + maps(spec)
    )


def autopilot_pool(spec: Spec, lookup: Lookup, creating: bool) -> Causes:  # noqa: FBT001 - a table's signature
    """Validate a pool that bids within a budget."""
    total = spec.get("vcpu")
    causes = _owner(spec, lookup, "cloudSpace", creating=creating) + region(spec)
    if is_object(total):
        causes += integer(total, "total", 1 if creating else 0, where="spec.vcpu")
    else:
        causes.append(cause("spec.vcpu", "Required value"))
    per_node = spec.get("vcpuPerNode")
    if per_node is not None and not is_object(per_node):
        causes.append(cause("spec.vcpuPerNode", "Invalid value: must be an object"))
    elif per_node:
        for field in ("min", "max"):
            causes += integer(per_node, field, 0, where="spec.vcpuPerNode", required=False)
    for field in ("memoryPerVCPU", "allocationStrategy"):
        causes += text(spec, field, required=False)
    return causes + bid(spec, "budgetPerHour", floor=False) + maps(spec)


def vm_cloudspace(spec: Spec, _lookup: Lookup, _creating: bool) -> Causes:  # noqa: FBT001 - a table's signature
    """Validate a cloudspace of virtual machines."""
    causes = region(spec) + text(spec, "webhook", required=False)
    reference = spec.get("vmSshKeyRef")
    if reference is not None and not (
        is_object(reference)
        and isinstance(reference.get("name"), str)
        and isinstance(reference.get("namespace", ""), str)
    ):
        causes.append(cause("spec.vmSshKeyRef", "Invalid value: must have a name"))
    return causes


def vm_pool(spec: Spec, lookup: Lookup, creating: bool) -> Causes:  # noqa: FBT001 - a table's signature
    """Validate a pool of virtual machines."""
    causes = (
        _owner(spec, lookup, "vmCloudSpace", creating=creating)
        + server_class(spec, creating=creating)
        + integer(spec, "desired", 1 if creating else 0)
    )
    for field in ("vmImage", "vmUserData"):
        causes += text(spec, field, required=False)
    causes += one_of(spec, "poolType", ("spot", "ondemand"))
    if spec.get("poolType") != "ondemand" or spec.get("bidPrice") is not None:
        causes += bid(spec)
    return causes


def ssh_key(spec: Spec, _lookup: Lookup, _creating: bool) -> Causes:  # noqa: FBT001 - a table's signature
    """Validate a public key."""
    causes = text(spec, "publicKey") + text(spec, "description", required=False)
    if not causes and not str(spec["publicKey"]).startswith(("ssh-", "ecdsa-", "sk-")):
        causes = [cause("spec.publicKey", "Invalid value: must be an OpenSSH public key")]
    return causes


def _owner(spec: Spec, lookup: Lookup, field: str, *, creating: bool) -> Causes:
    plural = f"{field.lower()}s"
    causes = owner(spec, lookup, field, plural, creating=creating)
    return causes + same_region(spec, lookup, field, plural) if creating else causes


LABEL = re.compile(r"[a-z0-9](?:[-a-z0-9]*[a-z0-9])?")
MAX_NAME = 63


class ResourceKind(NamedTuple):
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


def check_name(kind: ResourceKind, name: Any, *, strict: bool = False) -> None:
    """Raise `ApiError` for a name that is not valid for this kind.

    The published document says that node pools are named by UUIDs; whether the service refuses
    other names is not known, so that only a strict sandbox does (docs/api-facts.md).
    """
    if not isinstance(name, str) or not name:
        raise ApiError(
            "Invalid",
            f"{kind.kind} is invalid: metadata.name: Required value: name is required",
            causes=[cause("metadata.name", "Required value: name is required")],
        )
    valid = len(name) <= MAX_NAME and LABEL.fullmatch(name) is not None
    expected = "a lowercase RFC 1123 label"
    if kind.uuid_named and strict:
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


def check_spec(
    kind: ResourceKind, name: str, spec: Any, lookup: Lookup, *, old: Spec | None
) -> None:
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
        ResourceKind(
            "cloudspaces",
            "CloudSpace",
            ("region", "deploymentType", "cni"),
            cloudspace,
            defaulted=("kubernetesVersion", "cloud", "HAControlPlane"),
            check_change=no_downgrade,
            clearable=True,
        ),
        ResourceKind(
            "spotnodepools",
            "SpotNodePool",
            ("cloudSpace", "serverClass"),
            spot_pool,
            clearable=True,
            uuid_named=True,
        ),
        ResourceKind(
            "ondemandnodepools",
            "OnDemandNodePool",
            ("cloudSpace", "serverClass"),
            on_demand_pool,
            clearable=True,
            uuid_named=True,
        ),
        ResourceKind(
            "autopilotnodepools",
            "AutopilotNodePool",
            ("cloudSpace", "region"),
            autopilot_pool,
        ),
        ResourceKind(
            "vmcloudspaces",
            "VMCloudSpace",
            ("region", "vmSshKeyRef"),
            vm_cloudspace,
            replaceable=False,
        ),
        ResourceKind(
            "vmpools",
            "VMPool",
            ("vmCloudSpace", "serverClass", "poolType", "vmImage", "vmUserData"),
            vm_pool,
            replaceable=False,
        ),
        ResourceKind("vmsshkeys", "VMSSHKey", (), ssh_key, replaceable=False, patchable=False),
    )
}
