"""What a configuration file holds, as types. Unset is None throughout."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from rsspot.config.checks import REFRESH_TOKENS, Unfit, secret, total, url

if TYPE_CHECKING:
    from collections.abc import Mapping

    from attrs import Attribute

    from rsspot.config.options import CacheConfig, RetryConfig, Timeouts

__all__ = ["Preferences", "ProfileConfig", "SDKConfig"]

MASK = "********"
VERSION = 1


def masked(value: Any) -> str:
    """A secret as it may be shown: only whether there is one."""
    return repr(None if value is None else MASK)


def _known_version(_owner: Any, attribute: Attribute[Any], value: int) -> None:
    if value != VERSION:
        raise Unfit(
            attribute.name, f"must be {VERSION}, not {value}", "A newer rsspot may know this one"
        )


@frozen(kw_only=True)
class ProfileConfig:
    """One named way to reach Spot.

    Of `refresh_token` (the token itself), `refresh_token_file` (a path), `refresh_token_command`
    (arguments, or a line for the shell's quoting rules; no shell runs it) and
    `refresh_token_keyring` (``service/user``, or a user of the service ``rsspot``), one at most.
    `timeout` is the total in seconds, or each part. `read_only` refuses every write before it is
    sent; `allow_http` lets tokens go unencrypted to other machines than this one.
    """

    org: str | None = None
    org_id: str | None = None
    region: str | None = None
    refresh_token: str | None = field(default=None, repr=masked, validator=secret)
    refresh_token_file: str | None = None
    refresh_token_command: str | tuple[str, ...] | None = field(default=None, repr=masked)
    refresh_token_keyring: str | None = None
    access_token: str | None = field(default=None, repr=masked, validator=secret)
    client_id: str | None = None
    base_url: str | None = field(default=None, validator=url)
    oauth_url: str | None = field(default=None, validator=url)
    public_data_url: str | None = field(default=None, validator=url)
    timeout: float | Timeouts | None = field(default=None, validator=total)
    verify_ssl: bool | str | None = None
    proxy: str | None = field(default=None, repr=masked)
    read_only: bool | None = None
    allow_http: bool | None = None
    retry: RetryConfig | None = None
    cache: CacheConfig | None = None

    def __attrs_post_init__(self) -> None:
        given = [name for name in REFRESH_TOKENS if getattr(self, name) is not None]
        if len(given) > 1:
            raise Unfit(given[0], f"and {given[1]} are both set", "Keep one of them")


@frozen(kw_only=True)
class Preferences:
    """What holds for every profile that does not say otherwise."""

    org: str | None = None
    region: str | None = None
    timeout: float | Timeouts | None = field(default=None, validator=total)
    verify_ssl: bool | str | None = None
    proxy: str | None = field(default=None, repr=masked)
    read_only: bool | None = None
    allow_http: bool | None = None


@frozen(kw_only=True)
class SDKConfig:
    """A whole configuration, read from a file or made in code. `path` says from which file."""

    version: int = field(default=VERSION, validator=_known_version)
    default_profile: str | None = None
    active_profile: str | None = None
    profiles: Mapping[str, ProfileConfig] = field(factory=dict[str, ProfileConfig], hash=False)
    preferences: Preferences = field(factory=Preferences)
    retry: RetryConfig | None = None
    cache: CacheConfig | None = None
    state_path: str | None = None
    path: str | None = None
