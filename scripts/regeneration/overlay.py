"""Corrections to a document, as data.

An OpenAPI Overlay 1.0 (spec.openapis.org/overlay/v1.0.0): each action selects objects or arrays
by JSONPath (RFC 9535) and merges into them, appends to them or removes them. Stricter than the
specification in two points: each action says why in `x-reason`, and one that changes nothing is
an error, so that corrections end with the defects that they correct. Three extensions:
`x-applies-when` is a list of JSONPaths, of which one has to select something in a document for the
overlay to be applied to it; `x-loses` of an action names the kinds of what is lost by it; and
`x-losses` lists what is accepted to be lost beside that (see `losses.py`).
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import jsonpath_rfc9535

from regeneration.verification.losses import KINDS, accepted_in
from rsspot.api_diff import document, source
from rsspot.api_diff.problem import Problem, one_line
from rsspot.shapes import is_array, is_object

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from regeneration.verification.losses import Accepted
    from rsspot.shapes import Json

__all__ = ["Action", "Applied", "Overlay", "load"]


@dataclass(frozen=True)
class Action:
    """One correction: what it selects, what it does there, and why."""

    number: int
    target: str
    reason: str
    update: Any
    remove: bool
    loses: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """Return its path for messages."""
        return (
            f"action {self.number}, `{one_line(self.target, 160)}` ({one_line(self.reason, 160)})"
        )

    def apply(self, root: Json, file: str = "") -> Applied:
        """Change the document in place, and say what was selected."""
        nodes = jsonpath_rfc9535.find(self.target, root)
        if any(not isinstance(node.value, dict | list) for node in nodes):
            raise Problem(
                f"{self.title}, selects single values; "
                "select the object around them (Overlay 1.0 knows only objects and arrays)"
            )
        selected = tuple(_pointer(node.location) for node in nodes)
        if self.remove:
            _remove(root, (node.location for node in nodes))
            return Applied(self, file, selected, changed=bool(nodes))
        changes = [_merge(node.value, self.update, self.title) for node in nodes]
        return Applied(self, file, selected, changed=any(changes))


@dataclass(frozen=True)
class Applied:
    """An applied action: the places that it selected, and whether it changed anything."""

    action: Action
    file: str
    selected: tuple[str, ...]
    changed: bool

    def names(self, kind: str, pointer: str) -> bool:
        """Return whether it names the loss of that kind at that place."""
        return kind in self.action.loses and any(
            f"{pointer}/".startswith(f"{each}/") or each.startswith(f"{pointer}/")
            for each in self.selected
        )


@dataclass(frozen=True)
class Overlay:
    """A file of actions."""

    name: str
    sha256: str
    actions: tuple[Action, ...]
    when: tuple[str, ...] = ()
    losses: tuple[Accepted, ...] = ()

    def is_for(self, root: Json) -> bool:
        """Return whether it is meant for this document."""
        return not self.when or any(jsonpath_rfc9535.find(path, root) for path in self.when)

    def apply(self, root: Json, *, drop_stale: bool = False) -> list[Applied]:
        """Apply all actions in place, in their order, and return what each of them did.

        Raises `Problem` for one that changed nothing unless `drop_stale`.
        """
        try:
            applied = [action.apply(root, self.name) for action in self.actions]
        except Problem as problem:
            raise Problem(f"{self.name}: {problem}") from None
        stale = [each.action for each in applied if not each.changed]
        if stale and not drop_stale:
            more = f" (and {len(stale) - 1} more)" if len(stale) > 1 else ""
            raise Problem(
                f"{self.name}: {stale[0].title}, matches nothing or changes nothing{more}; "
                "remove it, or go on without it by DROP_STALE=1 (--drop-stale)"
            )
        return applied


def load(path: Path) -> Overlay:
    """Read the overlay at `path`. Raises `Problem` if it is not one."""
    read = source.read(path)
    root = source.plain(read)
    if not str(root.get("overlay", "")).startswith("1.0"):
        raise Problem(f"{path}: is no OpenAPI Overlay 1.0; it begins with `overlay: 1.0.0`")
    actions = root.get("actions")
    losses = accepted_in(path, "x-losses")
    if not is_array(actions) or not (actions or losses):
        raise Problem(f"{path}: has no `actions`; remove the file or list what to correct")
    when: Any = root.get("x-applies-when", [])
    if not is_array(when) or not all(isinstance(each, str) for each in when):
        raise Problem(f"{path}: `x-applies-when` must be a list of JSONPaths")
    for each in when:
        _check_path(each, f"{path}: `x-applies-when`")
    nodes = enumerate(actions, start=1)
    made = tuple(_action(number, node, path) for number, node in nodes)
    return Overlay(str(path), read.sha256, made, tuple(when), losses)


def _action(number: int, action: Any, path: Path) -> Action:
    where = f"{path}: action {number}"
    if not is_object(action):
        raise Problem(f"{where} is no object; give it `target`, `x-reason`, and what to do")
    known = {"target", "description", "update", "remove"}
    if unknown := sorted(key for key in action if key not in known and not key.startswith("x-")):
        raise Problem(f"{where} has `{unknown[0]}`, which Overlay 1.0 does not know; remove it")
    for key in ("target", "x-reason"):
        if not isinstance(action.get(key), str) or not action[key].strip():
            raise Problem(f"{where} has no `{key}`; add it")
    remove = action.get("remove") is True
    if remove == ("update" in action):
        raise Problem(f"{where} needs exactly one of `update` and `remove: true`")
    _check_path(action["target"], where)
    loses: Any = action.get("x-loses", [])
    if not is_array(loses) or not set(map(str, loses)) <= KINDS:
        raise Problem(f"{where}: `x-loses` must be a list of: {', '.join(sorted(KINDS))}")
    target, reason = action["target"], action["x-reason"]
    return Action(number, target, reason, action.get("update"), remove, tuple(loses))


def _check_path(path: str, where: str) -> None:
    try:
        jsonpath_rfc9535.compile(path)
    except jsonpath_rfc9535.JSONPathError as error:
        raise Problem(f"{where}: `{path}` is no JSONPath ({one_line(str(error))})") from None


def _pointer(location: Iterable[int | str]) -> str:
    return "".join(["#", *(f"/{document.pointer(str(key))}" for key in location)])


def _remove(root: Json, locations: Iterable[tuple[int | str, ...]]) -> None:
    # The last first: removing an item moves those behind it.
    for location in sorted(set(locations), key=_depth_first, reverse=True):
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
    """Merge into an object or append to an array; return whether that changed anything."""
    if is_array(node):
        node.append(deepcopy(update))
        return True
    if not is_object(update):
        raise Problem(f"{title}, selects an object, so its update must be one")
    changed = False
    for key, value in update.items():
        old = node.get(key)
        if is_object(old) and is_object(value):
            changed |= _merge(old, value, title)
        elif is_array(old) and is_array(value):
            old.extend(deepcopy(value))
            changed |= bool(value)
        elif key not in node or old != value or type(old) is not type(value):
            node[key] = deepcopy(value)
            changed = True
    return changed
