"""The flat file of the vendor's command line, with camelCase keys (fact sheet, section 1.5)."""

from __future__ import annotations

from typing import Any

__all__ = ["KEYS", "NAME", "is_older", "keys_of", "modern"]

NAME = ".spot_config"
"""What it is called, in the user's home folder."""

KEYS = {
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
"""Its keys, and ours for them. What else stands there is not about reaching Spot."""

OURS = {"profiles", "version", "default_profile", "active_profile", "preferences"}


def is_older(data: dict[str, Any]) -> bool:
    """Whether this is the older form: one of its keys at the top, and none of ours."""
    return bool(KEYS.keys() & data.keys()) and not OURS & data.keys()


def modern(data: dict[str, Any]) -> dict[str, Any]:
    """The shape of ours. What the command line writes as empty text is absent."""
    profile = {KEYS[key]: value for key, value in data.items() if key in KEYS and value != ""}
    return {"active_profile": "default", "profiles": {"default": profile}}


def keys_of(data: dict[str, Any], keys: tuple[str, ...]) -> tuple[str, ...]:
    """Where in the older form the value stands that is at `keys` in ours."""
    return tuple(key for key in data if keys and KEYS.get(key) == keys[-1])[:1]
