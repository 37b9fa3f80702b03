"""What a configuration file holds, as types. Unset is None throughout."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import field, frozen

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rsspot.config.options import CacheConfig, RetryConfig, Timeouts

__all__ = ["Preferences", "ProfileConfig", "SDKConfig"]

MASK = "********"


def masked(value: Any) -> str:
    """A secret as it may be shown: only whether there is one."""
    return repr(None if value is None else MASK)


@frozen(kw_only=True)
class ProfileConfig:
    """One named way to reach Spot.

    Of `refresh_token` (the token itself), `refresh_token_file` (a path), `refresh_token_command`
    (arguments, or a line for the shell's quoting rules; no shell runs it) and
    `refresh_token_keyring` (``service/user``, or a user of the service ``rsspot``), one at most.
    `timeout` is the total in seconds, or each part.
    """

    org: str | None = None
    org_id: str | None = None
    region: str | None = None
    refresh_token: str | None = field(default=None, repr=masked)
    refresh_token_file: str | None = None
    refresh_token_command: str | tuple[str, ...] | None = field(default=None, repr=masked)
    refresh_token_keyring: str | None = None
    access_token: str | None = field(default=None, repr=masked)
    client_id: str | None = None
    base_url: str | None = None
    oauth_url: str | None = None
    public_data_url: str | None = None
    timeout: float | Timeouts | None = None
    verify_ssl: bool | str | None = None
    proxy: str | None = field(default=None, repr=masked)
    read_only: bool | None = None
    retry: RetryConfig | None = None
    cache: CacheConfig | None = None


@frozen(kw_only=True)
class Preferences:
    """What holds for every profile that does not say otherwise."""

    org: str | None = None
    region: str | None = None
    timeout: float | Timeouts | None = None
    verify_ssl: bool | str | None = None
    proxy: str | None = field(default=None, repr=masked)
    read_only: bool | None = None


@frozen(kw_only=True)
class SDKConfig:
    """A whole configuration, read from a file or made in code. `path` says from which file."""

    version: int = 1
    default_profile: str | None = None
    active_profile: str | None = None
    profiles: Mapping[str, ProfileConfig] = field(factory=dict[str, ProfileConfig], hash=False)
    preferences: Preferences = field(factory=Preferences)
    retry: RetryConfig | None = None
    cache: CacheConfig | None = None
    state_path: str | None = None
    path: str | None = None
