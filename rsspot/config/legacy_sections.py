"""Convert values, and the sections `retry` and `cache`, of a configuration of rsspot 0.3.0."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import frozen

from rsspot.config.legacy_keys import CACHE_KEYS, RETRY_KEYS
from rsspot.shapes import as_object, is_mapping, is_object

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "NOT_USED",
    "KeyConversion",
    "Keys",
    "as_flag",
    "as_number",
    "as_whole",
    "cache_section",
    "is_mask",
    "retry_section",
]

FLAGS = {
    **dict.fromkeys(("true", "t", "yes", "y", "on", "1"), True),
    **dict.fromkeys(("false", "f", "no", "n", "off", "0"), False),
}


def as_number(value: Any) -> Any:
    """Return a number, also from text; anything else unchanged."""
    if isinstance(value, bool):
        return value
    try:
        return float(value)
    except (TypeError, ValueError, OverflowError):
        return value


def as_whole(value: Any) -> Any:
    """Return a whole number, also from text; anything else unchanged."""
    number = as_number(value)
    whole = isinstance(number, float) and number.is_integer()
    return int(number) if whole else value


def as_flag(value: Any) -> Any:
    """Return true or false, also from a word, 0 or 1; anything else unchanged."""
    return FLAGS.get(str(value).strip().lower(), value) if isinstance(value, str | int) else value


def is_mask(value: Any) -> bool:
    """Return whether a token is masked: 0.3.0 wrote asterisks in place of tokens."""
    return isinstance(value, str) and bool(value) and not value.strip("*")


Keys = tuple[Any, ...]
NOT_USED = "0.3.0 did not know it"


@frozen
class KeyConversion:
    """The conversion of one key; `new` is empty if the key was left out."""

    old: Keys
    new: Keys = ()
    note: str = ""


def retry_section(changes: list[KeyConversion], old: Keys, new: Keys, item: Any) -> Any:
    """Return the section `retry`, moved from `old` to `new`; record the change of each key."""
    return _section(changes, old, new, item, _retry_value)


def cache_section(changes: list[KeyConversion], old: Keys, new: Keys, item: Any) -> Any:
    """Return the section `cache`, moved from `old` to `new`; record the change of each key."""
    made: Any = _section(changes, old, new, item, _cache_value)
    rules = as_object(item).get("ttl_defaults")
    if not is_object(made) or rules is None:
        return made
    if not is_mapping(rules):
        changes.append(KeyConversion((*old, "ttl_defaults"), (*new, "ttl")))
        return {**made, "ttl": rules}
    ttl: dict[str, Any] = {}
    for pattern, seconds in rules.items():
        keys = (*old, "ttl_defaults", pattern)
        method, _, path = str(pattern).partition(":")
        if method == "GET" and path:
            ttl[path] = as_number(seconds)
            changes.append(KeyConversion(keys, (*new, "ttl", path)))
        else:
            changes.append(KeyConversion(keys, (), "only reads are cached"))
    return {**made, "ttl": ttl}


def _section(
    changes: list[KeyConversion],
    old: Keys,
    new: Keys,
    item: Any,
    value_of: Callable[[str, Any], Any],
) -> Any:
    known = RETRY_KEYS if value_of is _retry_value else CACHE_KEYS
    if not is_mapping(item):
        changes.append(KeyConversion(old, new))
        return item
    made: dict[str, Any] = {}
    for key, value in item.items():
        if key in known and value is not None:
            made[key] = value_of(key, value)
            changes.append(KeyConversion((*old, key), (*new, key)))
        elif key != "ttl_defaults":
            changes.append(KeyConversion((*old, key), (), NOT_USED))
    return made


def _retry_value(key: str, value: Any) -> Any:
    if key == "jitter":
        number = as_number(value)
        return number > 0 if isinstance(number, float) else number
    if key == "max_attempts":
        count = as_whole(value)
        return max(1, count) if type(count) is int else count
    return value if key == "retry_statuses" else as_number(value)


def _cache_value(key: str, value: Any) -> Any:
    if key == "enabled":
        return as_flag(value)
    if key == "max_entries":
        return as_whole(value)
    return as_number(value) if key == "default_ttl" else value
