"""Validation of the specs of each kind.

Sources: docs/api-facts.md#bids, docs/api-facts.md#numbers-of-servers,
docs/api-facts.md#names-of-objects.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rsspot.sandbox.api.checks import (
    autoscaling,
    bid,
    cause,
    integer,
    maps,
    one_of,
    owner,
    region,
    same_region,
    server_class,
    text,
)
from rsspot.shapes import is_object

if TYPE_CHECKING:
    from rsspot.sandbox.api.checks import Causes, Lookup, Spec

__all__ = [
    "autopilot_pool",
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
