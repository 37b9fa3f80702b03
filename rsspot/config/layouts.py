"""The layouts that a configuration may have: ours, the vendor's flat one, and that of 0.3.0.

A layout is recognized by the keys that only it has. No reader here drops a key: an unknown key is
an error, or a warning if another program owns the file.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

from rsspot.config.legacy_keys import FLAT_KEYS, PREFERENCE_KEYS, PROFILE_KEYS
from rsspot.config.places import VENDOR_NAME
from rsspot.errors import ConfigError
from rsspot.redaction.quoting import quoted_key, quoted_keys
from rsspot.shapes import as_object, is_mapping
from rsspot.values import fields

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from rsspot.config.legacy import Converted
    from rsspot.config.profile import SDKConfig

    Keys = tuple[Any, ...]
    LineOf = Callable[[Keys], int | None]

__all__ = [
    "check_own",
    "interpret",
    "is_legacy",
    "is_vendor",
    "legacy_hint",
    "refuse_dropped_guards",
]

VENDOR_KEYS = {
    "org": "org",
    "orgName": "org",
    "organization": "org",
    "orgId": "org_id",
    "orgID": "org_id",
    "region": "region",
    "refreshToken": "refresh_token",
    "accessToken": "access_token",
    "clientId": "client_id",
    "baseUrl": "base_url",
    "authUrl": "oauth_url",
    "oauthUrl": "oauth_url",
}
"""The keys of the vendor's file, and ours for them (docs/api-facts.md#settings)."""

OWN_KEYS = frozenset(
    {
        "refresh_token_file",
        "refresh_token_command",
        "refresh_token_keyring",
        "public_data_url",
        "timeout",
        "proxy",
        "read_only",
        "allow_http",
        "allow_foreign_owner",
        "ttl",
        "stale_if_error",
        "max_elapsed",
        "respect_retry_after",
        "retry_unsafe",
    }
)
"""Keys that files of rsspot 0.3.0 do not have, at any level."""

GUARDS = ("read_only",)
"""Keys that prevent harm, such as `read_only`. No layout drops one, however it is spelled."""

_warned: set[str] = set()


def interpret(data: Any, path: str, line_of: LineOf) -> SDKConfig:
    """Return the configuration in `data`, whatever its layout.

    path: the name of the file in messages. line_of: returns the line of a path of keys, or None.
    Raises `ConfigError` for an unsupported layout, for a mixture of two, and for anything that
    `rsspot.config.structure` refuses.
    """
    from rsspot.config.structure import structure

    if not is_mapping(data):
        problem = "is empty" if data is None else "is not a mapping of keys to values"
        raise ConfigError(
            f"{path} {problem}", path=path, hint="Begin it with `profiles:`, or remove it"
        )
    if is_legacy(data):
        return _of_legacy(data, path, line_of)
    if not _is_flat(data):
        return structure(data, path, line_of)
    _check_flat(data, path, line_of)
    ours = {VENDOR_KEYS[key]: value for key, value in data.items() if key in VENDOR_KEYS and value}
    whole = {"active_profile": "default", "profiles": {"default": ours}}
    return structure(whole, path, lambda keys: line_of(_vendor_keys(data, keys)))


def is_vendor(data: Any) -> bool:
    """Return whether `data` is of the vendor's layout, which we read and never write."""
    return is_mapping(data) and _is_flat(data) and not _own_only() & data.keys()


def check_own(data: Any, path: str) -> None:
    """Refuse to write into a file that is not of our layout. Raises `ConfigError`."""
    if is_legacy(data):
        raise ConfigError(f"{path} is not written to", path=path, hint=legacy_hint(path))
    if is_vendor(data):
        raise ConfigError(
            f"{path} has the layout of another program",
            path=path,
            hint="Convert it with `rsspot config migrate`, or give another file",
        )


def _own_only() -> frozenset[str]:
    """Return the keys, at the top or in a profile, that the vendor's layout does not have."""
    from rsspot.config.profile import ProfileConfig, SDKConfig

    names = {item.name for kind in (SDKConfig, ProfileConfig) for item in fields(kind)}
    return frozenset(names - VENDOR_KEYS.keys() - {"path"})


def _is_flat(data: Mapping[Any, Any]) -> bool:
    """Return whether the top level has a key that only the vendor's layout has."""
    known = VENDOR_KEYS.keys() & data.keys()
    common = {key for key in known if VENDOR_KEYS[key] == key}
    return bool(known - common) or (bool(known) and not _own_only() & data.keys())


def _check_flat(data: Mapping[Any, Any], path: str, line_of: LineOf) -> None:
    own = _own_only()
    for key in data:
        if key in VENDOR_KEYS:
            continue
        name = str(key)
        plain = _plain(name)
        close = _similar(plain, [_plain(item) for item in own])
        meant = next((item for item in own if close and _plain(item) == close[0]), None)
        line = line_of((key,))
        place = f"{path}, line {line}" if line else path
        if meant is None:
            _refuse_guards(data[key], (key,), path, line_of)
            _warn_once(f"{place}: {quoted_key(name)}: is not a known key, and is ignored")
            continue
        vendor = next(item for item in data if item in VENDOR_KEYS)
        was = "does not belong beside" if meant == name else f"looks like {meant} beside"
        raise ConfigError(
            f"{place}: {quoted_key(name)}: {was} {vendor}, which is a key of another layout; "
            "nothing of the file is used",
            path=path,
            key=name if quoted_key(name) == name else None,
            hint="Write all settings below `profiles:` and the name of a profile, with the keys of "
            f"rsspot: {VENDOR_KEYS[vendor]} for {vendor}, {meant} for {quoted_key(name)}",
        )


def refuse_dropped_guards(converted: Converted, path: str, line_of: LineOf) -> None:
    """Refuse a file of 0.3.0 with a guard that 0.3.0 did not support. Raises `ConfigError`."""
    for keys in converted.not_used:
        _refuse_guards(None, keys, path, line_of)


def _refuse_guards(value: Any, keys: Keys, path: str, line_of: LineOf) -> None:
    """Refuse a guard at `keys` or below, where it would be ignored. Raises `ConfigError`."""
    for key, item in as_object(value).items():
        _refuse_guards(item, (*keys, key), path, line_of)
    close = _similar(_plain(str(keys[-1])), [*map(_plain, GUARDS)])
    if not close:
        return
    guard = next(item for item in GUARDS if _plain(item) == close[0])
    line = line_of(keys)
    raise ConfigError(
        f"{path}{f', line {line}' if line else ''}: {quoted_keys(keys)}: would have no effect "
        "because the file has another layout; the whole file is ignored",
        path=path,
        hint="Write all settings below `profiles:` and the name of a profile, with the keys of "
        f"rsspot ({guard} for this one), or remove it",
    )


def _similar(key: str, known: list[str]) -> list[str]:
    from difflib import get_close_matches

    return get_close_matches(key, known, 1, 0.8)


def _plain(key: str) -> str:
    return key.replace("_", "").replace("-", "").lower()


def _warn_once(text: str) -> None:
    if text not in _warned:
        _warned.add(text)
        warnings.warn(text, RuntimeWarning, stacklevel=5)


def _vendor_keys(data: Mapping[Any, Any], keys: Keys) -> Keys:
    """Return the keys in the vendor's layout for the value that is at `keys` in ours."""
    return tuple(key for key in data if keys and VENDOR_KEYS.get(key) == keys[-1])[:1]


def is_legacy(data: Any) -> bool:
    """Return whether `data` is of the layout of rsspot 0.3.0, which we read and never write.

    It is if its version is text, or if it has a key that only 0.3.0 has, and in the same place none
    that only ours has.
    """
    if not is_mapping(data):
        return False
    if "version" in data:
        return isinstance(data["version"], str)
    places = [*_places(data)]
    if any(OWN_KEYS & item.keys() for _, item in places):
        return False
    return any(_LEGACY_ONLY[kind] & item.keys() for kind, item in places)


def legacy_hint(path: str) -> str:
    """Return a hint for an attempt to write to a file of 0.3.0."""
    named = "" if path.endswith(VENDOR_NAME) else f"{path} has the layout of rsspot 0.3.0. "
    return f"{named}`rsspot config migrate` rewrites it, and keeps the old one"


def _places(data: Mapping[Any, Any]) -> Iterator[tuple[str, Mapping[Any, Any]]]:
    """Yield the kind and the content of each mapping of settings in `data`."""
    yield "root" if "profiles" in data else "flat", data
    for name in ("preferences", "cache", "retry"):
        yield name, as_object(data.get(name))
    for profile in as_object(data.get("profiles")).values():
        yield "profile", as_object(profile)
        for name in ("cache", "retry"):
            yield name, as_object(as_object(profile).get(name))


def _of_legacy(data: Mapping[str, Any], path: str, line_of: LineOf) -> SDKConfig:
    from rsspot.config.legacy import convert
    from rsspot.config.structure import structure

    converted = convert(data)
    refuse_dropped_guards(converted, path, line_of)
    config = structure(
        converted.data,
        path,
        lambda keys: line_of(converted.original(keys)),
        original=converted.original,
    )
    if not path.endswith(VENDOR_NAME):
        unknown = ", ".join(quoted_keys(keys) for keys in converted.unknown)
        also = f"; ignored, because 0.3.0 did not know it: {unknown}" if unknown else ""
        _warn_once(
            f"{path} has the layout of rsspot 0.3.0, and is used as it is{also}. To rewrite it, "
            "run `rsspot config migrate`"
        )
    return config


_RETRY_KNOBS = frozenset(
    {"max_retries", "maxRetries", "retry_backoff_factor", "retryBackoffFactor"}
)
_SHARED = frozenset(
    {"org", "org_id", "region", "client_id", "refresh_token", "access_token", "base_url"}
    | {"oauth_url", "verify_ssl"}
)
"""Keys of a profile that 0.3.0 and this version have."""
_LEGACY_ONLY: Mapping[str, frozenset[str]] = {
    "root": frozenset({"activeProfile"}),
    "flat": (FLAT_KEYS - VENDOR_KEYS.keys()) | {"activeProfile"},
    "profile": (frozenset(PROFILE_KEYS) - _SHARED) | _RETRY_KNOBS,
    "preferences": PREFERENCE_KEYS,
    "cache": frozenset({"ttl_defaults"}),
    "retry": frozenset[str](),
}
"""Keys that only files of rsspot 0.3.0 have, by where they are."""
