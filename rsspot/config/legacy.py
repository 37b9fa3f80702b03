"""Convert a configuration of rsspot 0.3.0 to the layout of this version.

The result behaves as it did in 0.3.0: preferences take precedence over profiles, `default_profile`
over `active_profile`, and keys that 0.3.0 did not know are left out.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from rsspot.config.legacy_keys import (
    FLAT_KEYS,
    PREFERENCE_KEYS,
    PROFILE_KEYS,
    ROOT_KEYS,
)
from rsspot.config.legacy_sections import (
    NOT_USED,
    KeyConversion,
    as_flag,
    as_number,
    as_whole,
    cache_section,
    is_mask,
    retry_section,
)
from rsspot.config.options import VARIABLES
from rsspot.errors import ConfigError
from rsspot.files.folders import expand
from rsspot.files.legacy_state import is_legacy_state
from rsspot.shapes import as_object, is_mapping

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rsspot.config.legacy_sections import Keys

__all__ = ["Converted", "KeyConversion", "convert"]

SECTIONS = (("retry", retry_section), ("cache", cache_section))
NOT_USED_FLAT = "0.3.0 did not use it in a file without `profiles`"
MASK = "it is a mask, not a token: set a new one with `rsspot login`"


@frozen
class Converted:
    """A configuration in the layout of this version, and the change of each key."""

    data: dict[str, Any]
    changes: list[KeyConversion] = field(factory=list[KeyConversion])

    def original(self, keys: Keys) -> Keys:
        """Return the keys in the file for the value that is at `keys` here."""
        for length in range(len(keys), 0, -1):
            for change in self.changes:
                if change.new == keys[:length]:
                    return change.old
        return keys

    @property
    def not_used(self) -> list[Keys]:
        """Return the keys that are left out, for any reason."""
        return [change.old for change in self.changes if not change.new]

    @property
    def unknown(self) -> list[Keys]:
        """Return the keys that 0.3.0 did not know, or did not know in that place."""
        notes = {NOT_USED, NOT_USED_FLAT}
        return [change.old for change in self.changes if change.note in notes]


def convert(data: Mapping[str, Any], *, keep_masks: bool = True) -> Converted:
    """Return a configuration of 0.3.0 in the layout of this version.

    keep_masks: whether to keep tokens that are masks, for an error that says so. They are left
    out where the environment has a token.
    """
    return _Conversion(data, keep_masks=keep_masks and not _environment_has_token()).run()


class _Conversion:
    def __init__(self, data: Mapping[str, Any], *, keep_masks: bool) -> None:
        self.data = data
        self.keep_masks = keep_masks
        self.profiles: dict[str, dict[str, Any]] = {}
        """The profiles that are mappings, as converted so far."""
        self.new: dict[str, Any] = {"version": 1}
        self.changes: list[KeyConversion] = [KeyConversion(("version",), ("version",))] * (
            "version" in data
        )

    def run(self) -> Converted:
        if not is_mapping(self.data.get("profiles")) and FLAT_KEYS & self.data.keys():
            self._flat()
        else:
            self._convert_root()
        return Converted(self.new, self.changes)

    def _flat(self) -> None:
        own = {key: value for key, value in self.data.items() if key in FLAT_KEYS}
        name = str(self.data.get("active_profile") or self.data.get("activeProfile") or "default")
        self.new["active_profile"] = name
        self.new["profiles"] = {name: self._profile((), ("profiles", name), own, has_retry=False)}
        for key in self.data:
            if key not in FLAT_KEYS and key != "version":
                self._left_out((key,), NOT_USED_FLAT)

    def _convert_root(self) -> None:
        data = self.data
        for key in data:
            if key not in ROOT_KEYS:
                self._left_out((key,), NOT_USED)
        has_retry = is_mapping(data.get("retry"))
        stated = data.get("profiles")
        for name, item in as_object(stated).items():
            if is_mapping(item):
                keys = ("profiles", name)
                self.profiles[name] = self._profile(keys, keys, item, has_retry=has_retry)
        # A value that is not a mapping is kept, so that reading it reports the error.
        whole: Any = {**stated, **self.profiles} if is_mapping(stated) else stated or {}
        self.new["profiles"] = whole
        self._choose_profile()
        self._preferences()
        for name, convert_part in SECTIONS:
            if data.get(name) is not None:
                self.new[name] = convert_part(self.changes, (name,), (name,), data[name])
        self._state_path()

    def _choose_profile(self) -> None:
        preferences = as_object(self.data.get("preferences"))
        places: list[tuple[Keys, Any]] = [
            (("preferences", "default_profile"), preferences.get("default_profile")),
            *(((key,), self.data.get(key)) for key in ROOT_KEYS if key.endswith("rofile")),
        ]
        chosen = False
        for keys, value in places:
            if value and not chosen:
                self.new["active_profile"] = value
                self.changes.append(KeyConversion(keys, ("active_profile",)))
                chosen = True
            elif value:
                self._left_out(keys, "another key selects the profile")

    def _preferences(self) -> None:
        stated = self.data.get("preferences")
        if stated is not None and not is_mapping(stated):
            self.new["preferences"] = stated
            return
        preferences = as_object(stated)
        for key in preferences:
            if key not in PREFERENCE_KEYS:
                self._left_out(("preferences", key), NOT_USED)
        for ours, all_of, one_of in (
            ("org", "default_org", "profile_orgs"),
            ("region", "default_region", "profile_regions"),
        ):
            self._preference(preferences, ours, all_of, one_of)

    def _preference(
        self, preferences: Mapping[str, Any], ours: str, all_of: str, one_of: str
    ) -> None:
        general, profiles = preferences.get(all_of), self.profiles
        particular = as_object(preferences.get(one_of))
        for name, value in particular.items():
            keys: Keys = ("preferences", one_of, name)
            if value and name in profiles:
                profiles[name][ours] = value
                self.changes.append(KeyConversion(keys, ("profiles", name, ours)))
            else:
                self._left_out(keys, "there is no such profile")
        if not general:
            return
        self.new.setdefault("preferences", {})[ours] = general
        self.changes.append(KeyConversion(("preferences", all_of), ("preferences", ours)))
        for name, profile in profiles.items():
            if not particular.get(name):
                profile[ours] = general  # in 0.3.0 it took precedence over the profile

    def _profile(
        self, old: Keys, new: Keys, item: Mapping[str, Any], *, has_retry: bool
    ) -> dict[str, Any]:
        made: dict[str, Any] = {}
        for key, value in item.items():
            ours = PROFILE_KEYS.get(key)
            if ours is None:
                if key not in {"retry", "cache", *RETRY_KNOBS}:
                    self._left_out((*old, key), NOT_USED)
            elif value is None or value == "":
                self._left_out((*old, key), "it is empty")
            elif ours in made:
                self._left_out((*old, key), f"another key sets {ours}")
            elif ours in TOKENS and is_mask(value) and not self.keep_masks:
                self._left_out((*old, key), MASK)
            else:
                made[ours] = _value(ours, value)
                note = "seconds for each wait, and for the whole call" * (ours == "timeout")
                self.changes.append(KeyConversion((*old, key), (*new, ours), note))
        self._retry_knobs(old, new, item, made, has_retry=has_retry)
        for name, convert_part in SECTIONS:
            if item.get(name) is not None:
                made[name] = convert_part(self.changes, (*old, name), (*new, name), item[name])
        return made

    def _retry_knobs(
        self,
        old: Keys,
        new: Keys,
        item: Mapping[str, Any],
        made: dict[str, Any],
        *,
        has_retry: bool,
    ) -> None:
        found = {
            ours: (key, item[key]) for key, ours in RETRY_KNOBS.items() if item.get(key) is not None
        }
        if has_retry or item.get("retry") is not None:
            for key, _ in found.values():
                self._left_out((*old, key), "0.3.0 did not use it beside `retry`")
            return
        if not found:
            return
        retry: dict[str, Any] = {}
        if "max_retries" in found:
            key, value = found["max_retries"]
            count = as_whole(value)
            retry["max_attempts"] = max(1, count + 1) if type(count) is int else count
            self.changes.append(
                KeyConversion(
                    (*old, key), (*new, "retry", "max_attempts"), "the first attempt is included"
                )
            )
        if "base_delay" in found:
            key, value = found["base_delay"]
            delay = as_number(value)
            retry["base_delay"] = delay
            if isinstance(delay, float):
                retry["max_delay"] = max(2.5, delay * 16)
            self.changes.append(KeyConversion((*old, key), (*new, "retry", "base_delay")))
        made["retry"] = retry

    def _state_path(self) -> None:
        value = self.data.get("state_path")
        if not value:
            return
        if isinstance(value, str) and _is_legacy_file(value):
            self._left_out(
                ("state_path",),
                "it is the state file of 0.3.0: import it with `rsspot state import-legacy`",
            )
            return
        self.new["state_path"] = value
        self.changes.append(KeyConversion(("state_path",), ("state_path",)))

    def _left_out(self, keys: Keys, why: str) -> None:
        self.changes.append(KeyConversion(keys, (), why))


TOKENS = frozenset({"refresh_token", "access_token"})
RETRY_KNOBS = {
    "max_retries": "max_retries",
    "maxRetries": "max_retries",
    "retry_backoff_factor": "base_delay",
    "retryBackoffFactor": "base_delay",
}


def _value(name: str, value: Any) -> Any:
    if name == "timeout":
        seconds = as_number(value)
        if not isinstance(seconds, float):
            return value
        return dict.fromkeys(("connect", "read", "write", "pool", "total"), seconds)
    return as_flag(value) if name == "verify_ssl" else value


def _is_legacy_file(path: str) -> bool:
    try:
        return is_legacy_state(expand(path))
    except ConfigError:
        return False


def _environment_has_token() -> bool:
    places = ("refresh_token", "refresh_token_file", "access_token")
    return any(os.environ.get(name) for place in places for name in VARIABLES[place])
