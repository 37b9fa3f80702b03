"""A cloudspace and its pools as one document: check it, and compare it with what exists."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

from rsspot.errors import InvalidInput
from rsspot.models.names import check_label, did_you_mean
from rsspot.models.pool import Taint
from rsspot.models.quantities import read_money
from rsspot.resources.changes import CLEAR
from rsspot.resources.finding import name_of_key
from rsspot.shapes import is_mapping, is_sequence

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = [
    "FIXED",
    "CloudspaceDocument",
    "WantedPool",
    "arguments_for",
    "differences",
    "read_document",
]

Kind: TypeAlias = Literal["spot", "ondemand", "autopilot"]

NODES = ("labels", "annotations", "taints")
POOL_FIELDS: Mapping[str, tuple[str, ...]] = {
    "spot": ("server_class", "bid_price", "desired", "min_nodes", "max_nodes", *NODES),
    "ondemand": ("server_class", "desired", *NODES),
    "autopilot": (
        *("region", "vcpu_total", "budget_per_hour", "vcpu_per_node_min", "vcpu_per_node_max"),
        *("memory_per_vcpu", "allocation_strategy", *NODES),
    ),
}
CLOUDSPACE_FIELDS = (
    *("region", "kubernetes_version", "cni", "ha_control_plane", "webhook", "gpu_enabled"),
)
FIXED = frozenset({"server_class", "region"})
"""Fields that cannot be changed later."""
CLEARABLE = frozenset({"webhook", "memory_per_vcpu", "allocation_strategy"})
"""Fields that null clears. (Labels, annotations and taints are compared as empty ones.)"""
REQUIRED: Mapping[str, tuple[str, ...]] = {
    "spot": ("server_class", "bid_price"),
    "ondemand": ("server_class",),
    "autopilot": ("vcpu_total", "budget_per_hour"),
}
ATTRIBUTES: Mapping[str, str] = {
    "labels": "node_labels",
    "annotations": "node_annotations",
    "memory_per_vcpu": "memory_per_vcpu_text",
}
"""The attribute of a view for each field that has another name there."""


class WantedPool(NamedTuple):
    """A pool of a document: found by its key, or by its name."""

    kind: Kind
    key: str | None
    name: str | None
    fields: dict[str, Any]

    def name_in(self, namespace: str, owner: str) -> str:
        """Return the name that it has, or will have."""
        return self.name or name_of_key(namespace, owner, self.key or "")

    @property
    def label(self) -> str:
        """What it is called in the document."""
        return self.key or self.name or ""


class CloudspaceDocument(NamedTuple):
    """A cloudspace and its pools, as they should be."""

    name: str
    fields: dict[str, Any]
    pools: tuple[WantedPool, ...]


def read_document(source: Mapping[str, Any] | str) -> CloudspaceDocument:
    """Return a document. Raises `InvalidInput` that names the place of what cannot be used.

    source: a mapping, or its text as YAML or JSON.
    """
    whole = _parsed(source) if isinstance(source, str) else source
    top = _object("the document", whole)
    _check_names("the document", top, ("cloudspace", "pools"))
    space = _object("cloudspace", top.get("cloudspace"))
    _check_names("cloudspace", space, ("name", *CLOUDSPACE_FIELDS))
    name = check_label("cloudspace.name", space.get("name") or "")
    fields = {key: value for key, value in space.items() if key != "name"}
    listed: Any = top.get("pools") or []
    if not is_sequence(listed):
        raise _problem("pools", "must be a list", "Write one `- key: …` per pool")
    pools = tuple(_pool(f"pools[{at}]", item) for at, item in enumerate(listed))
    labels = [pool.label for pool in pools]
    for label in labels:
        if labels.count(label) > 1:
            raise _problem("pools", f"has {label!r} twice", "Give each pool a key of its own")
    return CloudspaceDocument(name, fields, pools)


def differences(fields: Mapping[str, Any], view: Any) -> dict[str, tuple[Any, Any]]:
    """Return the fields whose value in the view is another one: before and after.

    An empty field is left alone, like one that is not there, unless it can be cleared.
    """
    found: dict[str, tuple[Any, Any]] = {}
    for name, new in fields.items():
        if new is None and name not in CLEARABLE:
            continue
        old = _current(name, view)
        if old != new and not (new is None and not old):
            found[name] = (old, new)
    return found


def arguments_for(changed: Mapping[str, tuple[Any, Any]]) -> dict[str, Any]:
    """Return the arguments of `update` for fields that change; null clears a field."""
    arguments: dict[str, Any] = {}
    for name, (old, new) in changed.items():
        if name in {"labels", "annotations"}:
            arguments[name] = {**dict.fromkeys(set(old or {}) - set(new)), **new}
        else:
            arguments[name] = CLEAR if new is None else list(new) if name == "taints" else new
    return arguments


def _current(name: str, view: Any) -> Any:
    if name == "taints":
        return tuple(
            str(_text_of(Taint(item.key, item.effect, item.value or None)))
            for item in view.node_taints
        )
    value = getattr(view, ATTRIBUTES.get(name, name))
    return dict(value) if is_mapping(value) else value


def _pool(place: str, value: Any) -> WantedPool:
    item = _object(place, value)
    kind = item.get("kind", "spot")
    if kind not in POOL_FIELDS:
        raise _problem(f"{place}.kind", f"is {kind!r:.80}", f"Use one of {', '.join(POOL_FIELDS)}")
    known = POOL_FIELDS[kind]
    _check_names(place, item, ("kind", "key", "name", *known))
    key, name = item.get("key"), item.get("name")
    if (key is None) == (name is None) or not isinstance(key or name, str):
        raise _problem(
            place, "needs a key or a name", "Write `key: workers`, so that it is found again"
        )
    fields = {
        field: _value(f"{place}.{field}", field, item[field]) for field in known if field in item
    }
    for field in REQUIRED[kind]:
        if fields.get(field) is None:
            raise _problem(place, f"has no {field}", f"Pools of kind {kind} need it")
    return WantedPool(kind, key, name, fields)


def _value(place: str, field: str, value: Any) -> Any:
    """Return a value as views have it, so that the two can be compared."""
    try:
        if field in {"bid_price", "budget_per_hour"}:
            if value is None:
                return None
            return Decimal(str(read_money(str(value))).strip())
        if field in {"labels", "annotations"}:
            return {str(key): str(text) for key, text in _object(place, value or {}).items()}
        if field == "taints":
            return tuple(_text_of(Taint.parse(str(text))) for text in value or ())
    except (ValueError, TypeError) as error:
        reason = error.message if isinstance(error, InvalidInput) else str(error)
        raise _problem(place, f"cannot be used: {reason}", "See docs/apply.md") from None
    return value


def _text_of(taint: Taint) -> str:
    value = f"={taint.value}" if taint.value else ""
    return f"{taint.key}{value}:{taint.effect}"


def _parsed(text: str) -> Any:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    reader: Any = YAML(typ="safe", pure=True)
    try:
        return reader.load(text)
    except YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = "" if mark is None else f"line {mark.line + 1} of "
        problem = getattr(error, "problem", None) or "it cannot be read"
        raise _problem(
            f"{where}the document", f"is not YAML: {problem}", "Check indentation and quotes there"
        ) from None


def _object(place: str, value: Any) -> Mapping[str, Any]:
    if not is_mapping(value):
        raise _problem(place, "must be names and values", "Write it as `name: value`")
    return value


def _check_names(place: str, item: Mapping[str, Any], known: Iterable[str]) -> None:
    names = [*known]
    for name in item:
        if name not in names:
            hint = did_you_mean(str(name), names) or f"Known names: {', '.join(names)}"
            raise _problem(place, f"has {name!r:.80}, which is not known", hint)


def _problem(place: str, problem: str, hint: str) -> InvalidInput:
    return InvalidInput(f"{place} {problem}", argument="document", hint=hint)
