"""The layouts that a configuration may have: ours, the vendor's flat one, and that of 0.3.0.

A layout is recognized by the keys that only it has. No reader here drops a key: what it does not
know is an error, or a warning where another program owns the file.
"""

from __future__ import annotations

import difflib
import warnings
from typing import TYPE_CHECKING, Any

from rsspot.errors import ConfigError
from rsspot.redaction.quoting import quoted_key
from rsspot.shapes import as_object, is_mapping
from rsspot.validators import kind_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from rsspot.config.profile import SDKConfig

    Keys = tuple[Any, ...]
    LineOf = Callable[[Keys], int | None]

__all__ = ["VENDOR_NAME", "check_own", "interpret", "is_vendor"]

VENDOR_NAME = ".spot_config"
"""What the vendor's command line calls its file, in the user's home folder."""

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

LEGACY_KEYS = frozenset(
    {
        "request_timeout_seconds",
        "requestTimeoutSeconds",
        "max_retries",
        "maxRetries",
        "retry_backoff_factor",
        "retryBackoffFactor",
        "verifySsl",
        "default_region",
        "organization_id",
        "organizationId",
        "auth_url",
        "activeProfile",
        "ttl_defaults",
        "default_org",
        "profile_orgs",
        "profile_regions",
    }
)
"""Keys that only files of rsspot 0.3.0 have, at any level."""

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

_warned: set[str] = set()


def interpret(data: Any, path: str, line_of: LineOf) -> SDKConfig:
    """Return the configuration in `data`, whatever its layout.

    path: how messages call the file. line_of: returns the line of a path of keys, or None.
    Raises `ConfigError` for a layout that is not read, for two that are mixed, and for what
    `rsspot.config.structure` refuses.
    """
    from rsspot.config.structure import structure

    if not is_mapping(data):
        problem = "is empty" if data is None else "holds no mapping of keys to values"
        raise ConfigError(
            f"{path} {problem}", path=path, hint="Begin it with `profiles:`, or remove it"
        )
    _refuse_legacy(data, path, line_of)
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
    if is_vendor(data):
        raise ConfigError(
            f"{path} has the layout of another program",
            path=path,
            hint="Move on with `rsspot config migrate`, or name another file",
        )


def _own_only() -> frozenset[str]:
    """The keys, at the top or of a profile, that the vendor's layout does not have."""
    from attrs import fields

    from rsspot.config.profile import ProfileConfig, SDKConfig

    names = {item.name for kind in (SDKConfig, ProfileConfig) for item in fields(kind)}
    return frozenset(names - VENDOR_KEYS.keys() - {"path"})


def _is_flat(data: Mapping[Any, Any]) -> bool:
    """Whether a key of the vendor's layout is at the top, and it is not only a common one."""
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
        close = difflib.get_close_matches(plain, [_plain(item) for item in own], 1, 0.8)
        meant = next((item for item in own if close and _plain(item) == close[0]), None)
        line = line_of((key,))
        place = f"{path}, line {line}" if line else path
        if meant is None:
            _warn_once(f"{place}: {quoted_key(name)}: is not known, and is not used")
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


def _plain(key: str) -> str:
    return key.replace("_", "").replace("-", "").lower()


def _warn_once(text: str) -> None:
    if text not in _warned:
        _warned.add(text)
        warnings.warn(text, RuntimeWarning, stacklevel=5)


def _vendor_keys(data: Mapping[Any, Any], keys: Keys) -> Keys:
    """Where in the vendor's layout the value is that is at `keys` in ours."""
    return tuple(key for key in data if keys and VENDOR_KEYS.get(key) == keys[-1])[:1]


def _refuse_legacy(data: Mapping[Any, Any], path: str, line_of: LineOf) -> None:
    """Refuse files of rsspot 0.3.0. This is the place where they could be read."""
    version = data.get("version")
    keys = ("version",) if isinstance(version, str) else _legacy_keys(data)
    if keys is None:
        return
    line = line_of(keys)
    why = f"is {kind_of(version)}" if keys == ("version",) else "is a key"
    raise ConfigError(
        f"{f'{path}, line {line}' if line else path}: {'.'.join(map(quoted_key, keys))}: {why} "
        "as in files of rsspot 0.3.0, which this version does not read",
        path=path,
        key=str(keys[-1]),
        hint="Write `version: 1` and the settings that are documented for this version, or sign "
        "in anew with `rsspot login` and another file in RSSPOT_CONFIG",
    )


def _legacy_keys(data: Mapping[Any, Any]) -> Keys | None:
    """The path of a key that only 0.3.0 has; None without one, or with one that only ours has."""
    if "version" in data:
        return None  # a number: ours
    profiles = as_object(data.get("profiles"))
    places: list[tuple[Keys, Mapping[Any, Any]]] = [((), data)]
    places += [((name,), as_object(data.get(name))) for name in ("preferences", "cache", "retry")]
    places += [(("profiles", name), as_object(item)) for name, item in profiles.items()]
    places += [
        ((*keys, name), as_object(item.get(name)))
        for keys, item in places[4:]
        for name in ("cache", "retry")
    ]
    if any(OWN_KEYS & item.keys() for _, item in places):
        return None
    return next(((*keys, key) for keys, item in places for key in item if key in LEGACY_KEYS), None)
