"""The kinds of objects: what they are called, and what a spec of each must be."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, NamedTuple

from rsspot.models.shapes import as_list, as_object, is_object
from rsspot.sandbox.catalogue import CLASSES, REGIONS
from rsspot.sandbox.status import Refused

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "KINDS",
    "Kind",
    "World",
    "check_name",
    "check_spec",
    "is_list_of_text",
    "is_map_of_text",
]

Spec = Mapping[str, Any]
Causes = list[dict[str, str]]

LABEL = re.compile(r"[a-z0-9](?:[-a-z0-9]*[a-z0-9])?")
BID = re.compile(r"\d+(\.\d{1,3})?")
LONGEST = 63
CNIS = ("calico", "cilium", "byocni")
EFFECTS = ("NoSchedule", "PreferNoSchedule", "NoExecute")


class World(NamedTuple):
    """What a check may look at: the floor of a class, and which objects there are."""

    floor: Callable[[str], Decimal]
    exists: Callable[[str, str], bool]


class Kind(NamedTuple):
    """One kind of object."""

    plural: str
    kind: str
    immutable: tuple[str, ...]
    check: Callable[[Spec, World, bool], Causes]
    replaceable: bool = True
    patchable: bool = True
    clearable: bool = False
    uuid_named: bool = False

    @property
    def verbs_of_collection(self) -> str:
        """The methods that all objects of the kind together allow."""
        return "GET POST DELETE" if self.clearable else "GET POST"

    @property
    def verbs_of_object(self) -> str:
        """The methods that one object allows."""
        return "GET DELETE" + " PUT" * self.replaceable + " PATCH" * self.patchable


def check_name(kind: Kind, name: Any) -> None:
    """Refuse a name that this kind may not have."""
    if not isinstance(name, str) or not name:
        raise Refused(
            422,
            f"{kind.kind} is invalid: metadata.name: Required value: name is required",
            causes=[_cause("metadata.name", "Required value: name is required")],
        )
    good = len(name) <= LONGEST and LABEL.fullmatch(name) is not None
    wanted = "a lowercase RFC 1123 label"
    if kind.uuid_named:
        wanted = "a lower-case UUID"
        try:
            good = str(uuid.UUID(name)) == name
        except ValueError:
            good = False
    if not good:
        message = f'Invalid value: "{name}": must be {wanted}'
        raise Refused(
            422,
            f'{kind.kind} "{name}" is invalid: metadata.name: {message}',
            causes=[_cause("metadata.name", message)],
            name=name,
            kind=kind.kind,
        )


def check_spec(kind: Kind, name: str, spec: Any, world: World, *, old: Spec | None) -> None:
    """Refuse a spec that is wrong, or that changes what cannot be changed."""
    if not is_object(spec):
        raise Refused(422, f"{kind.kind} is invalid: spec: Required value", causes=[
            _cause("spec", "Required value")
        ])  # fmt: skip
    causes = kind.check(spec, world, old is None)
    if old is not None:
        causes += [
            _cause(f"spec.{field}", "Invalid value: field is immutable")
            for field in kind.immutable
            if spec.get(field) != old.get(field)
        ]
    if causes:
        text = ", ".join(f"{cause['field']}: {cause['message']}" for cause in causes)
        raise Refused(
            422,
            f'{kind.kind} "{name}" is invalid: {text}',
            causes=causes,
            name=name,
            kind=kind.kind,
        )


def is_map_of_text(value: Any) -> bool:
    """Whether `value` is an object of texts, as labels are."""
    return is_object(value) and all(isinstance(item, str) for item in value.values())


def is_list_of_text(value: Any) -> bool:
    """Whether `value` is a list of texts, as finalizers are."""
    return isinstance(value, list) and all(isinstance(item, str) for item in as_list(value))


def _cause(field: str, message: str) -> dict[str, str]:
    kind = "FieldValueRequired" if message.startswith("Required") else "FieldValueInvalid"
    return {"field": field, "message": message, "reason": kind}


def _text(spec: Spec, field: str, *, required: bool = True) -> Causes:
    value = spec.get(field)
    if value is None:
        return [_cause(f"spec.{field}", "Required value")] if required else []
    if not isinstance(value, str) or (required and not value):
        return [_cause(f"spec.{field}", "Invalid value: must be a string")]
    return []


def _one_of(spec: Spec, field: str, values: tuple[str, ...]) -> Causes:
    value = spec.get(field)
    if value is None or value in values:
        return []
    known = ", ".join(f'"{item}"' for item in values)
    return [_cause(f"spec.{field}", f'Unsupported value: "{value}": supported values: {known}')]


def _region(spec: Spec) -> Causes:
    causes = _text(spec, "region")
    if not causes and spec["region"] not in REGIONS:
        causes = [_cause("spec.region", f'Invalid value: "{spec["region"]}": unknown region')]
    return causes


def _whole(
    spec: Spec, field: str, least: int, *, where: str = "spec", required: bool = True
) -> Causes:
    value = spec.get(field)
    if value is None:
        return [_cause(f"{where}.{field}", "Required value")] if required else []
    if isinstance(value, bool) or not isinstance(value, int):
        return [_cause(f"{where}.{field}", "Invalid value: must be an integer")]
    if value < least:
        return [_cause(f"{where}.{field}", f"Invalid value: {value}: must be at least {least}")]
    return []


def _server_class(spec: Spec, *, creating: bool) -> Causes:
    causes = _text(spec, "serverClass")
    if causes:
        return causes
    name = spec["serverClass"]
    if name not in CLASSES:
        return [_cause("spec.serverClass", f'Invalid value: "{name}": unknown server class')]
    if creating and CLASSES[name].availability != "available":
        state = CLASSES[name].availability
        return [_cause("spec.serverClass", f'Invalid value: "{name}": the class is {state}')]
    return []


def _bid(spec: Spec, world: World, field: str = "bidPrice", *, floor: bool = True) -> Causes:
    causes = _text(spec, field)
    if causes:
        return causes
    text = spec[field]
    if not BID.fullmatch(text):
        return [
            _cause(
                f"spec.{field}",
                f'Invalid value: "{text}": must be a positive number with up to three decimals',
            )
        ]
    try:
        offered = Decimal(text)
    except InvalidOperation:
        return [_cause(f"spec.{field}", "Invalid value: must be a number")]
    least = world.floor(spec["serverClass"]) if floor and spec.get("serverClass") in CLASSES else 0
    if offered < least:
        return [
            _cause(
                f"spec.{field}",
                f"Invalid value: bid below floor: minimum bid price of {least:.6f}, "
                f"but got {offered:.6f}",
            )
        ]
    return []


def _owner(spec: Spec, world: World, field: str, plural: str, *, creating: bool) -> Causes:
    causes = _text(spec, field)
    if not causes and creating and not world.exists(plural, spec[field]):
        causes = [_cause(f"spec.{field}", f'Invalid value: "{spec[field]}": not found')]
    return causes


def _maps(spec: Spec) -> Causes:
    causes: Causes = []
    for field in ("customLabels", "customAnnotations"):
        value = spec.get(field)
        if value is not None and not is_map_of_text(value):
            causes.append(_cause(f"spec.{field}", "Invalid value: must be a map of strings"))
    taints = spec.get("customTaints")
    if taints is not None:
        good = isinstance(taints, list) and all(
            isinstance(taint.get("key"), str)
            and taint.get("effect") in EFFECTS
            and isinstance(taint.get("value", ""), str)
            for taint in map(as_object, as_list(taints))
        )
        if not good:
            causes.append(_cause("spec.customTaints", "Invalid value: needs key and effect"))
    return causes


def _autoscaling(spec: Spec) -> Causes:
    value = spec.get("autoscaling")
    if value is None:
        return []
    if not is_object(value) or not isinstance(value.get("enabled"), bool):
        return [_cause("spec.autoscaling.enabled", "Required value")]
    if not value["enabled"]:
        return []
    causes = _whole(value, "minNodes", 1, where="spec.autoscaling")
    causes += _whole(value, "maxNodes", 1, where="spec.autoscaling")
    if not causes and value["maxNodes"] < value["minNodes"]:
        causes = [
            _cause("spec.autoscaling.maxNodes", "Invalid value: must not be less than minNodes")
        ]
    return causes


def _cloudspace(spec: Spec, _world: World, _creating: bool) -> Causes:  # noqa: FBT001 - a table's signature
    causes = _region(spec) + _text(spec, "kubernetesVersion")
    for field in ("webhook", "cloud"):
        causes += _text(spec, field, required=False)
    causes += _one_of(spec, "cni", CNIS) + _one_of(spec, "deploymentType", ("gen1", "gen2"))
    for field in ("HAControlPlane", "gpuEnabled"):
        if not isinstance(spec.get(field, False), bool):
            causes.append(_cause(f"spec.{field}", "Invalid value: must be a boolean"))
    return causes


def _spot_pool(spec: Spec, world: World, creating: bool) -> Causes:  # noqa: FBT001 - a table's signature
    return (
        _owner(spec, world, "cloudSpace", "cloudspaces", creating=creating)
        + _server_class(spec, creating=creating)
        + _whole(spec, "desired", 1 if creating else 0)
        + _bid(spec, world)
        + _autoscaling(spec)
        + _maps(spec)
    )


def _on_demand_pool(spec: Spec, world: World, creating: bool) -> Causes:  # noqa: FBT001 - a table's signature
    return (
        _owner(spec, world, "cloudSpace", "cloudspaces", creating=creating)
        + _server_class(spec, creating=creating)
        + _whole(spec, "desired", 1 if creating else 0)
        + _autoscaling(spec)
        + _maps(spec)
    )


def _autopilot_pool(spec: Spec, world: World, creating: bool) -> Causes:  # noqa: FBT001 - a table's signature
    total = spec.get("vcpu")
    causes = _owner(spec, world, "cloudSpace", "cloudspaces", creating=creating) + _region(spec)
    if is_object(total):
        causes += _whole(total, "total", 1 if creating else 0, where="spec.vcpu")
    else:
        causes.append(_cause("spec.vcpu", "Required value"))
    per_node = spec.get("vcpuPerNode")
    if per_node is not None and not is_object(per_node):
        causes.append(_cause("spec.vcpuPerNode", "Invalid value: must be an object"))
    elif per_node:
        for field in ("min", "max"):
            causes += _whole(per_node, field, 0, where="spec.vcpuPerNode", required=False)
    for field in ("memoryPerVCPU", "allocationStrategy"):
        causes += _text(spec, field, required=False)
    return causes + _bid(spec, world, "budgetPerHour", floor=False) + _maps(spec)


def _vm_cloudspace(spec: Spec, _world: World, _creating: bool) -> Causes:  # noqa: FBT001 - a table's signature
    causes = _region(spec) + _text(spec, "webhook", required=False)
    reference = spec.get("vmSshKeyRef")
    if reference is not None and not (
        is_object(reference)
        and isinstance(reference.get("name"), str)
        and isinstance(reference.get("namespace", ""), str)
    ):
        causes.append(_cause("spec.vmSshKeyRef", "Invalid value: needs a name"))
    return causes


def _vm_pool(spec: Spec, world: World, creating: bool) -> Causes:  # noqa: FBT001 - a table's signature
    causes = (
        _owner(spec, world, "vmCloudSpace", "vmcloudspaces", creating=creating)
        + _server_class(spec, creating=creating)
        + _whole(spec, "desired", 1 if creating else 0)
    )
    for field in ("vmImage", "vmUserData"):
        causes += _text(spec, field, required=False)
    causes += _one_of(spec, "poolType", ("spot", "ondemand"))
    if spec.get("poolType") != "ondemand" or spec.get("bidPrice") is not None:
        causes += _bid(spec, world)
    return causes


def _ssh_key(spec: Spec, _world: World, _creating: bool) -> Causes:  # noqa: FBT001 - a table's signature
    causes = _text(spec, "publicKey") + _text(spec, "description", required=False)
    if not causes and not str(spec["publicKey"]).startswith(("ssh-", "ecdsa-", "sk-")):
        causes = [_cause("spec.publicKey", "Invalid value: not in the format of OpenSSH")]
    return causes


KINDS = {
    kind.plural: kind
    for kind in (
        Kind(
            "cloudspaces",
            "CloudSpace",
            ("region", "deploymentType", "cni"),
            _cloudspace,
            clearable=True,
        ),
        Kind(
            "spotnodepools",
            "SpotNodePool",
            ("cloudSpace", "serverClass"),
            _spot_pool,
            clearable=True,
            uuid_named=True,
        ),
        Kind(
            "ondemandnodepools",
            "OnDemandNodePool",
            ("cloudSpace", "serverClass"),
            _on_demand_pool,
            clearable=True,
            uuid_named=True,
        ),
        Kind("autopilotnodepools", "AutopilotNodePool", ("cloudSpace", "region"), _autopilot_pool),
        Kind(
            "vmcloudspaces",
            "VMCloudSpace",
            ("region", "vmSshKeyRef"),
            _vm_cloudspace,
            replaceable=False,
        ),
        Kind(
            "vmpools",
            "VMPool",
            ("vmCloudSpace", "serverClass", "poolType", "vmImage", "vmUserData"),
            _vm_pool,
            replaceable=False,
        ),
        Kind("vmsshkeys", "VMSSHKey", (), _ssh_key, replaceable=False, patchable=False),
    )
}
