"""Corrections to a document, as data.

An OpenAPI Overlay 1.0 (spec.openapis.org/overlay/v1.0.0): each action selects objects or arrays
by JSONPath (RFC 9535) and merges into them, appends to them or removes them. Stricter than the
specification in two points: each action says why in `x-reason`, and one that changes nothing is
an error, so that corrections end with the defects that they correct.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import jsonpath_rfc9535

import document
import source
from problem import Problem, squeeze

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from document import Json

__all__ = ["Action", "Overlay", "load"]


@dataclass(frozen=True)
class Action:
    """One correction: what it selects, what it does there, and why."""

    target: str
    reason: str
    update: Any
    remove: bool

    @property
    def title(self) -> str:
        """How messages name it."""
        return f"`{squeeze(self.target, 160)}` ({squeeze(self.reason, 160)})"

    def apply(self, root: Json) -> bool:
        """Change the document in place; False when that changed nothing."""
        nodes = jsonpath_rfc9535.find(self.target, root)
        if any(not isinstance(node.value, dict | list) for node in nodes):
            raise Problem(
                f"overlay action {self.title} selects single values; "
                "select the object around them (Overlay 1.0 knows only objects and arrays)"
            )
        if self.remove:
            _remove(root, (node.location for node in nodes))
            return bool(nodes)
        changes = [_merge(node.value, self.update, self.title) for node in nodes]
        return any(changes)


@dataclass(frozen=True)
class Overlay:
    """A file of actions."""

    name: str
    sha256: str
    actions: tuple[Action, ...]

    def apply(self, root: Json, *, drop_stale: bool = False) -> list[Action]:
        """Apply all actions in place, in their order; those that changed nothing are returned.

        Raises `Problem` for them instead unless `drop_stale`.
        """
        stale = [action for action in self.actions if not action.apply(root)]
        if stale and not drop_stale:
            more = f" (and {len(stale) - 1} more)" if len(stale) > 1 else ""
            raise Problem(
                f"{self.name}: the action {stale[0].title}{more} matches nothing or changes "
                "nothing; remove it, or go on without it by DROP_STALE=1 (--drop-stale)"
            )
        return stale


def load(path: Path) -> Overlay:
    """Read the overlay at `path`; `Problem` where it is none."""
    read = source.read(path)
    root = document.plain(read)
    if not str(root.get("overlay", "")).startswith("1.0"):
        raise Problem(f"{path}: is no OpenAPI Overlay 1.0; it begins with `overlay: 1.0.0`")
    actions = root.get("actions")
    if not isinstance(actions, list) or not actions:
        raise Problem(f"{path}: has no `actions`; remove the file or list what to correct")
    nodes = enumerate(cast("list[Any]", actions), start=1)
    return Overlay(str(path), read.sha256, tuple(_action(n, node, path) for n, node in nodes))


def _action(number: int, node: Any, path: Path) -> Action:
    where = f"{path}: action {number}"
    if not isinstance(node, dict):
        raise Problem(f"{where} is no object; give it `target`, `x-reason`, and what to do")
    action = cast("Json", node)
    known = {"target", "description", "update", "remove"}
    if unknown := sorted(key for key in action if key not in known and not key.startswith("x-")):
        raise Problem(f"{where} has `{unknown[0]}`, which Overlay 1.0 does not know; remove it")
    for key in ("target", "x-reason"):
        if not isinstance(action.get(key), str) or not action[key].strip():
            raise Problem(f"{where} has no `{key}`; add it")
    remove = action.get("remove") is True
    if remove == ("update" in action):
        raise Problem(f"{where} needs exactly one of `update` and `remove: true`")
    try:
        jsonpath_rfc9535.compile(action["target"])
    except jsonpath_rfc9535.JSONPathError as error:
        reason = squeeze(str(error))
        raise Problem(f"{where}: `{action['target']}` is no JSONPath ({reason})") from None
    return Action(action["target"], action["x-reason"], action.get("update"), remove)


def _remove(root: Json, locations: Iterable[tuple[int | str, ...]]) -> None:
    # The last first: removing an item moves those behind it.
    for location in sorted(locations, key=_depth_first, reverse=True):
        if not location:
            root.clear()
            continue
        parent: Any = root
        for key in location[:-1]:
            parent = parent[key]
        del parent[location[-1]]


def _depth_first(location: tuple[int | str, ...]) -> tuple[int, list[tuple[int, str]]]:
    keys = [(key, "") if isinstance(key, int) else (-1, key) for key in location]
    return len(location), keys


def _merge(node: Any, update: Any, title: str) -> bool:
    """Merge into an object, append to an array; whether that changed anything."""
    if isinstance(node, list):
        cast("list[Any]", node).append(deepcopy(update))
        return True
    if not isinstance(update, dict):
        raise Problem(f"overlay action {title} selects an object, so its update must be one")
    target = cast("Json", node)
    changed = False
    for key, value in cast("Json", update).items():
        old = target.get(key)
        if isinstance(old, dict) and isinstance(value, dict):
            changed |= _merge(old, value, title)
        elif isinstance(old, list) and isinstance(value, list):
            cast("list[Any]", old).extend(deepcopy(cast("list[Any]", value)))
            changed |= bool(value)
        elif key not in target or old != value or type(old) is not type(value):
            target[key] = deepcopy(value)
            changed = True
    return changed
