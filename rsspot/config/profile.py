"""The configuration file as classes. An option that is not set is None."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from rsspot.config.options import REFRESH_TOKENS, field_of
from rsspot.config.secrets import without_frames_of_init
from rsspot.renamed import explain_class
from rsspot.validators import InvalidValue, each, of, required

if TYPE_CHECKING:
    from collections.abc import Mapping

    from attrs import Attribute

    from rsspot.senders.options import CacheConfig, RetryConfig, Timeouts

__all__ = ["Preferences", "ProfileConfig", "SDKConfig"]

VERSION = 1


def _known_version(_owner: Any, attribute: Attribute[Any], value: Any) -> None:
    required(int)(_owner, attribute, value)
    if value != VERSION:
        raise InvalidValue(
            attribute.name, f"must be {VERSION}, not {value}", "A newer rsspot may know this one"
        )


@frozen(kw_only=True)
class ProfileConfig:
    """One profile of a configuration file.

    `docs/configuration.md` describes the options. At most one of `refresh_token`,
    `refresh_token_file`, `refresh_token_command` and `refresh_token_keyring` can be set.
    Raises `ConfigError` for a value that cannot be used.
    """

    org: str | None = field_of("org")
    org_id: str | None = field_of("org_id")
    region: str | None = field_of("region")
    refresh_token: str | None = field_of("refresh_token")
    refresh_token_file: str | None = field_of("refresh_token_file")
    refresh_token_command: str | tuple[str, ...] | None = field_of("refresh_token_command")
    refresh_token_keyring: str | None = field_of("refresh_token_keyring")
    access_token: str | None = field_of("access_token")
    client_id: str | None = field_of("client_id")
    base_url: str | None = field_of("base_url")
    oauth_url: str | None = field_of("oauth_url")
    public_data_url: str | None = field_of("public_data_url")
    timeout: float | Timeouts | None = field_of("timeout")
    verify_ssl: bool | str | None = field_of("verify_ssl")
    proxy: str | None = field_of("proxy")
    read_only: bool | None = field_of("read_only")
    allow_http: bool | None = field_of("allow_http")
    allow_foreign_owner: bool | None = field_of("allow_foreign_owner")
    retry: RetryConfig | None = field_of("retry")
    cache: CacheConfig | None = field_of("cache")

    def __attrs_post_init__(self) -> None:
        found = [name for name in REFRESH_TOKENS if getattr(self, name) is not None]
        if len(found) > 1:
            raise InvalidValue(found[0], f"and {found[1]} are both set", "Keep one of them")


@frozen(kw_only=True)
class Preferences:
    """Options for every profile that does not set them itself."""

    org: str | None = field_of("org")
    region: str | None = field_of("region")
    timeout: float | Timeouts | None = field_of("timeout")
    verify_ssl: bool | str | None = field_of("verify_ssl")
    proxy: str | None = field_of("proxy")
    read_only: bool | None = field_of("read_only")
    allow_http: bool | None = field_of("allow_http")
    allow_foreign_owner: bool | None = field_of("allow_foreign_owner")


@frozen(kw_only=True)
class SDKConfig:
    """A whole configuration, from the file at `path` or made in code."""

    version: int = field(default=VERSION, validator=_known_version)
    default_profile: str | None = field(default=None, validator=of(str))
    active_profile: str | None = field(default=None, validator=of(str))
    profiles: Mapping[str, ProfileConfig] = field(
        factory=dict[str, ProfileConfig], hash=False, validator=each(ProfileConfig)
    )
    preferences: Preferences = field(factory=Preferences, validator=required(Preferences))
    retry: RetryConfig | None = field_of("retry")
    cache: CacheConfig | None = field_of("cache")
    state_path: str | None = field_of("state_path")
    path: str | None = None


for _kind in (ProfileConfig, Preferences, SDKConfig):
    without_frames_of_init(explain_class(_kind))
