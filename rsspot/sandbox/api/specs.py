"""What a spec of each kind must be.

Sources: docs/api-facts.md#bids, docs/api-facts.md#numbers-of-servers,
docs/api-facts.md#names-of-objects.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rsspot.models.shapes import is_object
from rsspot.sandbox.api.checks import (
    autoscaling,
    bid,
    cause,
    maps,
    one_of,
    owner,
    region,
    same_region,
    server_class,
    text,
    whole,
)

if TYPE_CHECKING:
    from rsspot.sandbox.api.checks import Causes, Spec, World

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


def cloudspace(spec: Spec, _world: World, _creating: bool) -> Causes:  # noqa: FBT001 - a table's signature
    """What a cloudspace must be."""
    causes = region(spec) + text(spec, "kubernetesVersion")
    for field in ("webhook", "cloud"):
        causes += text(spec, field, required=False)
    causes += one_of(spec, "cni", CNIS) + one_of(spec, "deploymentType", ("gen1", "gen2"))
    for field in ("HAControlPlane", "gpuEnabled"):
        if not isinstance(spec.get(field, False), bool):
            causes.append(cause(f"spec.{field}", "Invalid value: must be a boolean"))
    return causes


def spot_pool(spec: Spec, world: World, creating: bool) -> Causes:  # noqa: FBT001 - a table's signature
    """What a pool of servers bought in the auction must be."""
    return (
        _belonging(spec, world, "cloudSpace", creating=creating)
        + server_class(spec, creating=creating)
        + whole(spec, "desired", 1 if creating else 0)
        + bid(spec, world)
        + autoscaling(spec)
        + maps(spec)
    )


def on_demand_pool(spec: Spec, world: World, creating: bool) -> Causes:  # noqa: FBT001 - a table's signature
    """What a pool of servers at a fixed price must be."""
    return (
        _belonging(spec, world, "cloudSpace", creating=creating)
        + server_class(spec, creating=creating)
        + whole(spec, "desired", 1 if creating else 0)
        + autoscaling(spec)
        + maps(spec)
    )


def autopilot_pool(spec: Spec, world: World, creating: bool) -> Causes:  # noqa: FBT001 - a table's signature
    """What a pool that buys for a budget must be."""
    total = spec.get("vcpu")
    causes = _belonging(spec, world, "cloudSpace", creating=creating) + region(spec)
    if is_object(total):
        causes += whole(total, "total", 1 if creating else 0, where="spec.vcpu")
    else:
        causes.append(cause("spec.vcpu", "Required value"))
    per_node = spec.get("vcpuPerNode")
    if per_node is not None and not is_object(per_node):
        causes.append(cause("spec.vcpuPerNode", "Invalid value: must be an object"))
    elif per_node:
        for field in ("min", "max"):
            causes += whole(per_node, field, 0, where="spec.vcpuPerNode", required=False)
    for field in ("memoryPerVCPU", "allocationStrategy"):
        causes += text(spec, field, required=False)
    return causes + bid(spec, world, "budgetPerHour", floor=False) + maps(spec)


def vm_cloudspace(spec: Spec, _world: World, _creating: bool) -> Causes:  # noqa: FBT001 - a table's signature
    """What a cloudspace of virtual machines must be."""
    causes = region(spec) + text(spec, "webhook", required=False)
    reference = spec.get("vmSshKeyRef")
    if reference is not None and not (
        is_object(reference)
        and isinstance(reference.get("name"), str)
        and isinstance(reference.get("namespace", ""), str)
    ):
        causes.append(cause("spec.vmSshKeyRef", "Invalid value: needs a name"))
    return causes


def vm_pool(spec: Spec, world: World, creating: bool) -> Causes:  # noqa: FBT001 - a table's signature
    """What a pool of virtual machines must be."""
    causes = (
        _belonging(spec, world, "vmCloudSpace", creating=creating)
        + server_class(spec, creating=creating)
        + whole(spec, "desired", 1 if creating else 0)
    )
    for field in ("vmImage", "vmUserData"):
        causes += text(spec, field, required=False)
    causes += one_of(spec, "poolType", ("spot", "ondemand"))
    if spec.get("poolType") != "ondemand" or spec.get("bidPrice") is not None:
        causes += bid(spec, world)
    return causes


def ssh_key(spec: Spec, _world: World, _creating: bool) -> Causes:  # noqa: FBT001 - a table's signature
    """What a public key must be."""
    causes = text(spec, "publicKey") + text(spec, "description", required=False)
    if not causes and not str(spec["publicKey"]).startswith(("ssh-", "ecdsa-", "sk-")):
        causes = [cause("spec.publicKey", "Invalid value: not in the format of OpenSSH")]
    return causes


def _belonging(spec: Spec, world: World, field: str, *, creating: bool) -> Causes:
    plural = f"{field.lower()}s"
    causes = owner(spec, world, field, plural, creating=creating)
    return causes + same_region(spec, world, field, plural) if creating else causes
