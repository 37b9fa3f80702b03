"""The configuration file as classes. An option that is not set is None."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from rsspot.config.kinds import NOT_IN_FILES
from rsspot.config.option_fields import field_of
from rsspot.config.options import REFRESH_TOKENS, from_mapping
from rsspot.config.secrets import without_frames_of_init
from rsspot.renamed import explain_class
from rsspot.senders.options import CacheConfig, RetryConfig, Timeouts  # noqa: TC001 - types of fields
from rsspot.shapes import is_mapping
from rsspot.validators import InvalidValue, each, of, required
from rsspot.values import field, frozen

if TYPE_CHECKING:
    from attrs import Attribute

__all__ = ["Preferences", "ProfileConfig", "SDKConfig"]

VERSION = 1
LEGACY_VERSION = "2"


def _known_version(_owner: Any, attribute: Attribute[Any], value: Any) -> None:
    if value == LEGACY_VERSION:
        hint = 'Write 1, or leave it out: rsspot 0.3.0 wrote "2"'
        raise InvalidValue(attribute.name, "must be a whole number, not text", hint)
    required(int)(_owner, attribute, value)
    if value != VERSION:
        raise InvalidValue(
            attribute.name, f"must be {VERSION}, not {value}", "A newer rsspot may know this one"
        )


@frozen(kw_only=True)
class ProfileConfig:
    """One profile of a configuration file.

    At most one of the four places of a refresh token can be set. An option that is None is taken
    from the next source (docs/configuration.md).

    Attributes:
        org: Name of the organization (default: the one that the token belongs to).
        org_id: Id of the organization, in place of its name (default: by name).
        region: Name of the region in which objects are created when a call names none (default:
            none).
        refresh_token: Refresh token to sign in with (default: none).
        refresh_token_file: Path of a file that contains the refresh token (default: none).
        refresh_token_command: Command that prints the refresh token, as a line or a list; it runs
            without a shell (default: none).
        refresh_token_keyring: Entry of the system keyring: ``service/user``, or a user of the
            service ``rsspot`` (default: none). It needs the extra `keyring`.
        access_token: Access token that is sent as it is (default: none).
        client_id: OAuth client that the refresh token was issued to (default: that of the web
            console).
        base_url: URL of the API (default: ``https://spot.rackspace.com``).
        oauth_url: URL of the login host (default: ``https://login.spot.rackspace.com``).
        public_data_url: URL of the public price files (default: that of the vendor).
        timeout: Maximum seconds for a call with all its attempts, at most 1,000,000, or a
            `Timeouts` (default: 60).
        verify_ssl: Path of a CA bundle, or False to accept any certificate (default: the
            certificates of the system).
        proxy: URL of a proxy (default: that of the environment).
        read_only: Whether to refuse every write before it is sent (default: False).
        allow_http: Whether to send tokens unencrypted to other machines than this one (default:
            False).
        allow_foreign_owner: Whether to use a state file of another user, as on a shared volume
            (default: False).
        retry: When requests are sent again (default: as in `RetryConfig`).
        cache: What is cached (default: as in `CacheConfig`).

    Raises:
        ConfigError: If a value cannot be used.
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
    """Options for every profile that does not set them itself.

    Attributes:
        org: Name of the organization (default: the one that the token belongs to).
        region: Name of the region in which objects are created when a call names none (default:
            none).
        timeout: Maximum seconds for a call with all its attempts, at most 1,000,000, or a
            `Timeouts` (default: 60).
        verify_ssl: Path of a CA bundle, or False to accept any certificate (default: the
            certificates of the system).
        proxy: URL of a proxy (default: that of the environment).
        read_only: Whether to refuse every write before it is sent (default: False).
        allow_http: Whether to send tokens unencrypted to other machines than this one (default:
            False).
        allow_foreign_owner: Whether to use a state file of another user, as on a shared volume
            (default: False).

    Raises:
        ConfigError: If a value cannot be used.
    """

    org: str | None = field_of("org")
    region: str | None = field_of("region")
    timeout: float | Timeouts | None = field_of("timeout")
    verify_ssl: bool | str | None = field_of("verify_ssl")
    proxy: str | None = field_of("proxy")
    read_only: bool | None = field_of("read_only")
    allow_http: bool | None = field_of("allow_http")
    allow_foreign_owner: bool | None = field_of("allow_foreign_owner")


def _profiles(
    value: Mapping[str, ProfileConfig | Mapping[str, Any]],
) -> Mapping[str, ProfileConfig]:
    if is_mapping(value) and not any(map(is_mapping, value.values())):
        return value
    converted: Mapping[str, ProfileConfig]
    converted = from_mapping("profiles", value, lambda: Mapping[str, ProfileConfig])
    return converted


def _preferences(value: Preferences | Mapping[str, Any]) -> Preferences:
    converted: Preferences = from_mapping("preferences", value, lambda: Preferences)
    return converted


@frozen(kw_only=True)
class SDKConfig:
    """A whole configuration, from a file or made in code.

    Attributes:
        version: Version of the format, which is 1 (default: 1).
        default_profile: Name of the profile to use if none is named (default: none).
        active_profile: Name of the profile that is active, before the default one (default: none).
        profiles: Profiles by name (default: none).
        preferences: Options for every profile (default: none set).
        retry: When requests are sent again, for every profile (default: as in `RetryConfig`).
        cache: What is cached, for every profile (default: as in `CacheConfig`).
        state_path: Path of the state file, or URL of a PostgreSQL schema (default: the state file
            of the user).
        path: Path of the file that this was read from (default: None, made in code).

    Raises:
        ConfigError: If a value cannot be used.
    """

    version: int = field(default=VERSION, validator=_known_version)
    default_profile: str | None = field(default=None, validator=of(str))
    active_profile: str | None = field(default=None, validator=of(str))
    profiles: Mapping[str, ProfileConfig] = field(
        factory=dict[str, ProfileConfig],
        hash=False,
        converter=_profiles,
        validator=each(ProfileConfig),
    )
    preferences: Preferences = field(
        factory=Preferences,
        converter=_preferences,
        validator=required(Preferences),
    )
    retry: RetryConfig | None = field_of("retry")
    cache: CacheConfig | None = field_of("cache")
    state_path: str | None = field_of("state_path")
    path: str | None = field(default=None, metadata={NOT_IN_FILES: True})


for _kind in (ProfileConfig, Preferences, SDKConfig):
    without_frames_of_init(explain_class(_kind))
