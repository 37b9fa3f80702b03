"""Merge a kubeconfig into another: our entries are added or replaced, all others are kept."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from rsspot.documents import EditRefused, Malformed, edit, parse
from rsspot.errors import InvalidInput
from rsspot.models.kubeconfig_content import MARK, SECTIONS
from rsspot.shapes import as_list, as_object, is_object

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["merged", "read_config"]


def read_config(text: str, where: str) -> dict[str, Any]:
    """Parse the kubeconfig `text`; `where` names it in errors. Raises `InvalidInput`.

    A file that another program has just emptied, or written in part, is refused.
    """
    try:
        loaded = parse(text, _suffix(text))
    except Malformed as error:
        line = f", line {error.line}," if error.line else ""
        raise _refused(f"{where}{line} is {error}") from None
    if not loaded:
        raise _refused(
            f"{where} is empty",
            "Another program may be writing it: try again. Remove it if it is meant to be empty",
        )
    if not is_object(loaded) or not _is_config(loaded):
        raise _refused(
            f"{where} is not a kubeconfig",
            "Another program may be writing it: try again; otherwise check its content",
        )
    missing = _missing(loaded)
    if missing:
        raise _refused(
            f"{where} is incomplete: {missing}",
            "Another program may be writing it: try again; otherwise correct the file, or write to "
            "a separate one",
        )
    return loaded


def merged(text: str, where: str, ours: Mapping[str, Any], *, use: bool) -> str:
    """Return the kubeconfig `text` with the entries of `ours`; `use` makes its context current.

    An entry of a name of ours that rsspot did not write is never replaced. Raises `InvalidInput`.
    """
    _check_names(read_config(text, where), where, ours)

    def change(config: Any) -> None:
        for section in SECTIONS:
            _put(config, section, as_list(ours.get(section)))
        if use and ours.get("current-context"):
            config["current-context"] = ours["current-context"]

    try:
        return edit(text, _suffix(text), change)
    except (EditRefused, Malformed) as error:
        raise _refused(
            f"{where} cannot be changed: {error}",
            "Write to a separate file, and list both in KUBECONFIG",
        ) from None


def _suffix(text: str) -> str:
    # kubectl reads YAML, which JSON is; other programs that read JSON do not.
    if text.lstrip("\ufeff \t\r\n").startswith("{"):
        try:
            json.loads(text.removeprefix("\ufeff"))
        except (ValueError, RecursionError):
            return ".yaml"
        return ".json"
    return ".yaml"


def _is_config(config: dict[str, Any]) -> bool:
    if config.get("kind", "Config") != "Config" or not (
        "kind" in config or SECTIONS.keys() <= config.keys()
    ):
        return False
    for section, inner in SECTIONS.items():
        items = config.get(section)
        if items is not None and not isinstance(items, list):
            return False
        for item in as_list(items):
            content = as_object(item)
            name = content.get("name")
            if not (isinstance(name, str) and name) or not is_object(content.get(inner) or {}):
                return False
    return True


def _missing(config: dict[str, Any]) -> str | None:
    """Return what is missing, as in a file that was cut short; None if nothing is."""
    found = {name: as_list(config[name]) for name in SECTIONS if config.get(name) is not None}
    if not found and not SECTIONS.keys() <= config.keys():
        return "it has no clusters, users or contexts"
    for section, items in found.items():
        if not all(is_object(item.get(SECTIONS[section])) for item in items):
            return f"an entry of its {section} has no content"
    return _missing_command(found.get("users", [])) or _missing_reference(config, found)


def _missing_command(users: list[Any]) -> str | None:
    for item in users:
        user = item["user"]
        if "exec" in user and not as_object(user["exec"]).get("command"):
            return f"the exec of its user {item['name']} has no command"
    return None


def _missing_reference(config: dict[str, Any], found: dict[str, list[Any]]) -> str | None:
    current = config.get("current-context") or ""
    if not current:
        return None
    contexts = [item["context"] for item in found.get("contexts", []) if item["name"] == current]
    if not contexts:
        return "its current-context is not one of its contexts"
    for section, inner in (("clusters", "cluster"), ("users", "user")):
        wanted = contexts[0].get(inner) or ""
        if wanted and wanted not in [item["name"] for item in found.get(section, [])]:
            return f"the {inner} of its current context is missing"
    return None


def _check_names(config: dict[str, Any], where: str, ours: Mapping[str, Any]) -> None:
    for section, inner in SECTIONS.items():
        added = {item["name"]: item for item in as_list(ours.get(section))}
        for item in as_list(config.get(section)):
            mine = added.get(item["name"])
            if mine is None or item == mine:
                continue
            if _mark(mine.get(inner)) is None or _mark(item.get(inner)) != _mark(mine.get(inner)):
                raise _refused(
                    f"{where} has another {inner} {item['name']!r}, which rsspot did not write",
                    "Rename or remove that one, or write to a separate file",
                )


def _mark(content: Any) -> Any:
    """Return the extension that marks an entry of ours, or None."""
    marks = [
        as_object(item).get("extension")
        for item in as_list(as_object(content).get("extensions"))
        if as_object(item).get("name") == MARK
    ]
    return marks[0] if marks else None


def _put(config: Any, section: str, added: list[Any]) -> None:
    # Changed in place, which keeps the comments.
    if not config.get(section):
        config[section] = []
    items = config[section]
    for mine in added:
        places = [place for place, item in enumerate(items) if item["name"] == mine["name"]]
        if not places:
            items.append(_copy(mine))
        for place in places:
            _update_in_place(items[place], mine)


def _update_in_place(old: Any, new: Any) -> None:
    for key in [key for key in old if key not in new]:
        del old[key]
    for key, value in new.items():
        if is_object(value) and is_object(old.get(key)):
            _update_in_place(old[key], value)
        elif key not in old or old[key] != value:
            old[key] = _copy(value)


def _copy(value: Any) -> Any:
    # A shared object would be written as a YAML alias.
    if is_object(value):
        return {key: _copy(item) for key, item in value.items()}
    return [_copy(item) for item in as_list(value)] if isinstance(value, list) else value


def _refused(message: str, hint: str | None = None) -> InvalidInput:
    return InvalidInput(message, argument="path", hint=hint)
