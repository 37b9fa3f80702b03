"""The keys of a configuration of rsspot 0.3.0, and ours for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "CACHE_KEYS",
    "FLAT_KEYS",
    "PREFERENCE_KEYS",
    "PROFILE_KEYS",
    "RETRY_KEYS",
    "ROOT_KEYS",
]

PROFILE_KEYS: Mapping[str, str] = {
    "org": "org",
    "organization": "org",
    "org_id": "org_id",
    "orgId": "org_id",
    "organization_id": "org_id",
    "organizationId": "org_id",
    "region": "region",
    "default_region": "region",
    "client_id": "client_id",
    "clientId": "client_id",
    "refresh_token": "refresh_token",
    "refreshToken": "refresh_token",
    "access_token": "access_token",
    "accessToken": "access_token",
    "base_url": "base_url",
    "baseUrl": "base_url",
    "oauth_url": "oauth_url",
    "oauthUrl": "oauth_url",
    "auth_url": "oauth_url",
    "authUrl": "oauth_url",
    "request_timeout_seconds": "timeout",
    "requestTimeoutSeconds": "timeout",
    "verify_ssl": "verify_ssl",
    "verifySsl": "verify_ssl",
}
"""Of a profile; the first of several spellings wins."""

FLAT_KEYS = frozenset(PROFILE_KEYS) - {"organization_id", "organizationId", "default_region"} | {
    "max_retries",
    "maxRetries",
    "retry_backoff_factor",
    "retryBackoffFactor",
}
"""Of a file without `profiles`, which is one profile."""

ROOT_KEYS = (
    "version",
    "default_profile",
    "active_profile",
    "activeProfile",
    "profiles",
    "preferences",
    "retry",
    "cache",
    "state_path",
)
"""At the top. Of those that say which profile is used, the first wins."""

PREFERENCE_KEYS = frozenset(
    {"default_profile", "default_org", "default_region", "profile_orgs", "profile_regions"}
)
RETRY_KEYS = frozenset({"max_attempts", "base_delay", "max_delay", "jitter", "retry_statuses"})
CACHE_KEYS = frozenset({"enabled", "default_ttl", "max_entries", "backend"})
