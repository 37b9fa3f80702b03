"""Validation of fields that several kinds share. Each check returns what is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from rsspot.sandbox.world import CLASSES, REGIONS, Causes
from rsspot.shapes import as_list, as_object, is_object

__all__ = [
    "Causes",
    "Lookup",
    "Spec",
    "autoscaling",
    "bid",
    "cause",
    "integer",
    "is_string_list",
    "is_string_map",
    "maps",
    "no_downgrade",
    "one_of",
    "owner",
    "region",
    "same_region",
    "server_class",
    "text",
]

Spec = Mapping[str, Any]
Lookup = Callable[[str, str], Spec | None]
"""Returns the spec of the object with a plural and a name in the namespace, or None."""

BID = re.compile(r"\d+(\.\d{1,3})?")
VERSION = re.compile(r"v?(\d{1,9})(?:\.(\d{1,9}))?(?:\.(\d{1,9}))?(?:[-+].*)?")
EFFECTS = ("NoSchedule", "PreferNoSchedule", "NoExecute")


def is_string_map(value: Any) -> bool:
    """Return whether `value` is an object of strings, as labels are."""
    return is_object(value) and all(isinstance(item, str) for item in value.values())


def is_string_list(value: Any) -> bool:
    """Return whether `value` is a list of strings, as finalizers are."""
    return isinstance(value, list) and all(isinstance(item, str) for item in as_list(value))


def cause(field: str, message: str) -> dict[str, str]:
    """Return one cause of an error: a field, and what is wrong with it."""
    kind = "FieldValueRequired" if message.startswith("Required") else "FieldValueInvalid"
    return {"field": field, "message": message, "reason": kind}


def text(spec: Spec, field: str, *, required: bool = True) -> Causes:
    """Check a string. It must not be empty where it is required."""
    value = spec.get(field)
    if value is None:
        return [cause(f"spec.{field}", "Required value")] if required else []
    if not isinstance(value, str) or (required and not value):
        return [cause(f"spec.{field}", "Invalid value: must be a string")]
    return []


def one_of(spec: Spec, field: str, values: tuple[str, ...]) -> Causes:
    """Check a field that is absent or has one of some values."""
    value = spec.get(field)
    if value is None or value in values:
        return []
    known = ", ".join(f'"{item}"' for item in values)
    return [cause(f"spec.{field}", f'Unsupported value: "{value}": supported values: {known}')]


def region(spec: Spec) -> Causes:
    """Check the name of a region."""
    causes = text(spec, "region")
    if not causes and spec["region"] not in REGIONS:
        causes = [cause("spec.region", f'Invalid value: "{spec["region"]}": unknown region')]
    return causes


def integer(
    spec: Spec, field: str, minimum: int, *, where: str = "spec", required: bool = True
) -> Causes:
    """Check an integer of at least `minimum`."""
    value = spec.get(field)
    if value is None:
        return [cause(f"{where}.{field}", "Required value")] if required else []
    if isinstance(value, bool) or not isinstance(value, int):
        return [cause(f"{where}.{field}", "Invalid value: must be an integer")]
    if value < minimum:
        return [cause(f"{where}.{field}", f"Invalid value: {value}: must be at least {minimum}")]
    return []


def server_class(spec: Spec, *, creating: bool) -> Causes:
    """Check the name of a server class. When creating, the class must be available."""
    causes = text(spec, "serverClass")
    if causes:
        return causes
    name = spec["serverClass"]
    if name not in CLASSES:
        return [cause("spec.serverClass", f'Invalid value: "{name}": unknown server class')]
    if creating and CLASSES[name].availability != "available":
        state = CLASSES[name].availability
        return [cause("spec.serverClass", f'Invalid value: "{name}": the class is {state}')]
    return []


def bid(spec: Spec, field: str = "bidPrice", *, floor: bool = True) -> Causes:
    """Check a price in dollars per hour: a string with up to three decimals, from the floor up."""
    causes = text(spec, field)
    if causes:
        return causes
    price = spec[field]
    if not BID.fullmatch(price):
        return [
            cause(
                f"spec.{field}",
                f'Invalid value: "{price}": must be a positive number with up to three decimals',
            )
        ]
    try:
        offered = Decimal(price)
    except InvalidOperation:
        return [cause(f"spec.{field}", "Invalid value: must be a number")]
    name = spec.get("serverClass")
    entry = CLASSES.get(name) if floor and isinstance(name, str) else None
    minimum = entry.floor if entry else 0
    if offered < minimum:
        return [
            cause(
                f"spec.{field}",
                f"Invalid value: bid below floor: minimum bid price of {minimum:.6f}, "
                f"but got {offered:.6f}",
            )
        ]
    return []


def owner(spec: Spec, lookup: Lookup, field: str, plural: str, *, creating: bool) -> Causes:
    """Check the name of the object that owns this one. When creating, the owner must exist."""
    causes = text(spec, field)
    if not causes and creating and lookup(plural, spec[field]) is None:
        causes = [cause(f"spec.{field}", f'Invalid value: "{spec[field]}": not found')]
    return causes


def same_region(spec: Spec, lookup: Lookup, field: str, plural: str) -> Causes:
    """Check that the server class, or the region, is in the region of the owner."""
    name, class_name = spec.get(field), spec.get("serverClass")
    owner_spec = lookup(plural, name) if isinstance(name, str) else None
    entry = CLASSES.get(class_name) if isinstance(class_name, str) else None
    source, region_name = "serverClass", entry.region if entry else None
    if entry is None and spec.get("region") in REGIONS:
        source, region_name = "region", spec["region"]
    if owner_spec is None or region_name is None or region_name == owner_spec.get("region"):
        return []
    message = (
        f'Invalid value: "{spec[source]}": is in region {region_name}, but {name} is in '
        f"{owner_spec.get('region')}"
    )
    return [cause(f"spec.{source}", message)]


def no_downgrade(spec: Spec, old: Spec) -> Causes:
    """Check that the version of Kubernetes is not lowered."""
    new, current = spec.get("kubernetesVersion"), old.get("kubernetesVersion")
    before, after = _version(current), _version(new)
    if new == current or before is None or (after is not None and after >= before):
        return []
    problem = "cannot be compared with" if after is None else "is lower than"
    return [cause("spec.kubernetesVersion", f'Invalid value: "{new}": {problem} "{current}"')]


def _version(text: Any) -> tuple[int, ...] | None:
    match = VERSION.fullmatch(text) if isinstance(text, str) else None
    return None if match is None else tuple(int(part or 0) for part in match.groups())


def maps(spec: Spec) -> Causes:
    """Check the labels, annotations and taints of nodes."""
    causes: Causes = []
    for field in ("customLabels", "customAnnotations"):
        value = spec.get(field)
        if value is not None and not is_string_map(value):
            causes.append(cause(f"spec.{field}", "Invalid value: must be a map of strings"))
    taints = spec.get("customTaints")
    if taints is not None:
        valid = isinstance(taints, list) and all(
            isinstance(taint.get("key"), str)
            and taint.get("effect") in EFFECTS
            and isinstance(taint.get("value", ""), str)
            for taint in map(as_object, as_list(taints))
        )
        if not valid:
            causes.append(cause("spec.customTaints", "Invalid value: must have keys and effects"))
    return causes


def autoscaling(spec: Spec) -> Causes:
    """Check the bounds of autoscaling that is enabled."""
    value = spec.get("autoscaling")
    if value is None:
        return []
    if not is_object(value):
        return [cause("spec.autoscaling", "Invalid value: must be an object")]
    # Clients leave out what is false.
    enabled = value.get("enabled")
    if not isinstance(enabled, bool | None):
        return [cause("spec.autoscaling.enabled", "Invalid value: must be a boolean")]
    if not enabled:
        return []
    causes = integer(value, "minNodes", 1, where="spec.autoscaling")
    causes += integer(value, "maxNodes", 1, where="spec.autoscaling")
    if not causes and value["maxNodes"] < value["minNodes"]:
        causes = [
            cause("spec.autoscaling.maxNodes", "Invalid value: must not be less than minNodes")
        ]
    return causes
