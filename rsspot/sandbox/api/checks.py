"""Checks of fields, that specs of several kinds share. Each answers what is wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, NamedTuple

from rsspot.models.shapes import as_list, as_object, is_object
from rsspot.sandbox.world.catalogue import CLASSES, REGIONS

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "Causes",
    "Spec",
    "World",
    "autoscaling",
    "bid",
    "cause",
    "is_list_of_text",
    "is_map_of_text",
    "maps",
    "no_downgrade",
    "one_of",
    "owner",
    "region",
    "same_region",
    "server_class",
    "text",
    "whole",
]

Spec = Mapping[str, Any]
Causes = list[dict[str, str]]

BID = re.compile(r"\d+(\.\d{1,3})?")
VERSION = re.compile(r"v?(\d{1,9})(?:\.(\d{1,9}))?(?:\.(\d{1,9}))?(?:[-+].*)?")
EFFECTS = ("NoSchedule", "PreferNoSchedule", "NoExecute")


class World(NamedTuple):
    """What a check may look at: the floor of a class, and the specs of the objects there are."""

    floor: Callable[[str], Decimal]
    find: Callable[[str, str], Spec | None]


def is_map_of_text(value: Any) -> bool:
    """Whether `value` is an object of texts, as labels are."""
    return is_object(value) and all(isinstance(item, str) for item in value.values())


def is_list_of_text(value: Any) -> bool:
    """Whether `value` is a list of texts, as finalizers are."""
    return isinstance(value, list) and all(isinstance(item, str) for item in as_list(value))


def cause(field: str, message: str) -> dict[str, str]:
    """One reason for refusing: a field, and what is wrong with it."""
    kind = "FieldValueRequired" if message.startswith("Required") else "FieldValueInvalid"
    return {"field": field, "message": message, "reason": kind}


def text(spec: Spec, field: str, *, required: bool = True) -> Causes:
    """A text; where it is required, not an empty one."""
    value = spec.get(field)
    if value is None:
        return [cause(f"spec.{field}", "Required value")] if required else []
    if not isinstance(value, str) or (required and not value):
        return [cause(f"spec.{field}", "Invalid value: must be a string")]
    return []


def one_of(spec: Spec, field: str, values: tuple[str, ...]) -> Causes:
    """One of some values, or absent."""
    value = spec.get(field)
    if value is None or value in values:
        return []
    known = ", ".join(f'"{item}"' for item in values)
    return [cause(f"spec.{field}", f'Unsupported value: "{value}": supported values: {known}')]


def region(spec: Spec) -> Causes:
    """The name of a region."""
    causes = text(spec, "region")
    if not causes and spec["region"] not in REGIONS:
        causes = [cause("spec.region", f'Invalid value: "{spec["region"]}": unknown region')]
    return causes


def whole(
    spec: Spec, field: str, least: int, *, where: str = "spec", required: bool = True
) -> Causes:
    """A whole number, `least` or more."""
    value = spec.get(field)
    if value is None:
        return [cause(f"{where}.{field}", "Required value")] if required else []
    if isinstance(value, bool) or not isinstance(value, int):
        return [cause(f"{where}.{field}", "Invalid value: must be an integer")]
    if value < least:
        return [cause(f"{where}.{field}", f"Invalid value: {value}: must be at least {least}")]
    return []


def server_class(spec: Spec, *, creating: bool) -> Causes:
    """The name of a class; when creating, of one that is to be had."""
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


def bid(spec: Spec, world: World, field: str = "bidPrice", *, floor: bool = True) -> Causes:
    """Dollars an hour as text, with up to three decimals, and not below the floor."""
    causes = text(spec, field)
    if causes:
        return causes
    given = spec[field]
    if not BID.fullmatch(given):
        return [
            cause(
                f"spec.{field}",
                f'Invalid value: "{given}": must be a positive number with up to three decimals',
            )
        ]
    try:
        offered = Decimal(given)
    except InvalidOperation:
        return [cause(f"spec.{field}", "Invalid value: must be a number")]
    least = world.floor(spec["serverClass"]) if floor and spec.get("serverClass") in CLASSES else 0
    if offered < least:
        return [
            cause(
                f"spec.{field}",
                f"Invalid value: bid below floor: minimum bid price of {least:.6f}, "
                f"but got {offered:.6f}",
            )
        ]
    return []


def owner(spec: Spec, world: World, field: str, plural: str, *, creating: bool) -> Causes:
    """The name of the object that this one belongs to; when creating, it has to be there."""
    causes = text(spec, field)
    if not causes and creating and world.find(plural, spec[field]) is None:
        causes = [cause(f"spec.{field}", f'Invalid value: "{spec[field]}": not found')]
    return causes


def same_region(spec: Spec, world: World, field: str, plural: str) -> Causes:
    """A class, or a region, of where the object is that this one belongs to."""
    name, chosen = spec.get(field), spec.get("serverClass")
    owning = world.find(plural, name) if isinstance(name, str) else None
    entry = CLASSES.get(chosen) if isinstance(chosen, str) else None
    where, here = "serverClass", entry.region if entry else None
    if entry is None and spec.get("region") in REGIONS:
        where, here = "region", spec["region"]
    if owning is None or here is None or here == owning.get("region"):
        return []
    message = (
        f'Invalid value: "{spec[where]}": is of region {here}, and {name} is in '
        f"{owning.get('region')}"
    )
    return [cause(f"spec.{where}", message)]


def no_downgrade(spec: Spec, old: Spec) -> Causes:
    """A version of Kubernetes that is not before the one there is: there is no way back."""
    new, was = spec.get("kubernetesVersion"), old.get("kubernetesVersion")
    before, after = _version(was), _version(new)
    if new == was or before is None or (after is not None and after >= before):
        return []
    problem = "cannot be compared with" if after is None else "is before"
    return [cause("spec.kubernetesVersion", f'Invalid value: "{new}": {problem} "{was}"')]


def _version(text: Any) -> tuple[int, ...] | None:
    match = VERSION.fullmatch(text) if isinstance(text, str) else None
    return None if match is None else tuple(int(part or 0) for part in match.groups())


def maps(spec: Spec) -> Causes:
    """Labels, annotations and taints for nodes."""
    causes: Causes = []
    for field in ("customLabels", "customAnnotations"):
        value = spec.get(field)
        if value is not None and not is_map_of_text(value):
            causes.append(cause(f"spec.{field}", "Invalid value: must be a map of strings"))
    taints = spec.get("customTaints")
    if taints is not None:
        good = isinstance(taints, list) and all(
            isinstance(taint.get("key"), str)
            and taint.get("effect") in EFFECTS
            and isinstance(taint.get("value", ""), str)
            for taint in map(as_object, as_list(taints))
        )
        if not good:
            causes.append(cause("spec.customTaints", "Invalid value: needs key and effect"))
    return causes


def autoscaling(spec: Spec) -> Causes:
    """Bounds that are in order, where it is enabled."""
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
    causes = whole(value, "minNodes", 1, where="spec.autoscaling")
    causes += whole(value, "maxNodes", 1, where="spec.autoscaling")
    if not causes and value["maxNodes"] < value["minNodes"]:
        causes = [
            cause("spec.autoscaling.maxNodes", "Invalid value: must not be less than minNodes")
        ]
    return causes
