"""What a configuration file holds, as types. Unset is None throughout."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from rsspot.config.checks import REFRESH_TOKENS, bundle, flag, secret, text, total, url
from rsspot.senders.options import CacheConfig, RetryConfig
from rsspot.shapes import is_sequence
from rsspot.validators import InvalidValue, each, kind_of, of, required

if TYPE_CHECKING:
    from collections.abc import Mapping

    from attrs import Attribute

    from rsspot.senders.options import Timeouts

__all__ = ["Preferences", "ProfileConfig", "SDKConfig"]

MASK = "********"
VERSION = 1


def masked(value: Any) -> str:
    """A secret as it may be shown: only whether there is one."""
    return repr(None if value is None else MASK)


def _known_version(_owner: Any, attribute: Attribute[Any], value: Any) -> None:
    required(int)(_owner, attribute, value)
    if value != VERSION:
        raise InvalidValue(
            attribute.name, f"must be {VERSION}, not {value}", "A newer rsspot may know this one"
        )


def _tuple_of(value: Any) -> Any:
    return tuple(value) if is_sequence(value) else value


def _command(_owner: Any, attribute: Attribute[Any], value: Any) -> None:
    words = value if is_sequence(value) else (value,)
    if value is not None and (not words or not all(isinstance(word, str) for word in words)):
        problem = f"must be text or a list of text, not {kind_of(value)}"
        raise InvalidValue(attribute.name, problem)


@frozen(kw_only=True)
class ProfileConfig:
    """One named way to reach Spot.

    Of `refresh_token` (the token itself), `refresh_token_file` (a path), `refresh_token_command`
    (arguments, or a line for the shell's quoting rules; no shell runs it) and
    `refresh_token_keyring` (``service/user``, or a user of the service ``rsspot``), one at most.
    `timeout` is the total in seconds, or each part. `read_only` refuses every write before it is
    sent; `allow_http` lets tokens go unencrypted to other machines than this one;
    `allow_foreign_owner` uses a state file of another user, as on a volume that is shared on
    purpose (for the configuration file itself, only an argument or RSSPOT_ALLOW_FOREIGN_OWNER
    says so). Raises `ConfigError` for a value that cannot be used.
    """

    org: str | None = field(default=None, validator=text)
    org_id: str | None = field(default=None, validator=text)
    region: str | None = field(default=None, validator=text)
    refresh_token: str | None = field(default=None, repr=masked, validator=secret)
    refresh_token_file: str | None = field(default=None, validator=text)
    refresh_token_command: str | tuple[str, ...] | None = field(
        default=None, repr=masked, converter=_tuple_of, validator=_command
    )
    refresh_token_keyring: str | None = field(default=None, validator=text)
    access_token: str | None = field(default=None, repr=masked, validator=secret)
    client_id: str | None = field(default=None, validator=text)
    base_url: str | None = field(default=None, validator=url)
    oauth_url: str | None = field(default=None, validator=url)
    public_data_url: str | None = field(default=None, validator=url)
    timeout: float | Timeouts | None = field(default=None, validator=total)
    verify_ssl: bool | str | None = field(default=None, validator=bundle)
    proxy: str | None = field(default=None, repr=masked, validator=text)
    read_only: bool | None = field(default=None, validator=flag)
    allow_http: bool | None = field(default=None, validator=flag)
    allow_foreign_owner: bool | None = field(default=None, validator=flag)
    retry: RetryConfig | None = field(default=None, validator=of(RetryConfig))
    cache: CacheConfig | None = field(default=None, validator=of(CacheConfig))

    def __attrs_post_init__(self) -> None:
        given = [name for name in REFRESH_TOKENS if getattr(self, name) is not None]
        if len(given) > 1:
            raise InvalidValue(given[0], f"and {given[1]} are both set", "Keep one of them")


@frozen(kw_only=True)
class Preferences:
    """What holds for every profile that does not say otherwise."""

    org: str | None = field(default=None, validator=text)
    region: str | None = field(default=None, validator=text)
    timeout: float | Timeouts | None = field(default=None, validator=total)
    verify_ssl: bool | str | None = field(default=None, validator=bundle)
    proxy: str | None = field(default=None, repr=masked, validator=text)
    read_only: bool | None = field(default=None, validator=flag)
    allow_http: bool | None = field(default=None, validator=flag)
    allow_foreign_owner: bool | None = field(default=None, validator=flag)


@frozen(kw_only=True)
class SDKConfig:
    """A whole configuration, read from a file or made in code. `path` says from which file."""

    version: int = field(default=VERSION, validator=_known_version)
    default_profile: str | None = field(default=None, validator=text)
    active_profile: str | None = field(default=None, validator=text)
    profiles: Mapping[str, ProfileConfig] = field(
        factory=dict[str, ProfileConfig], hash=False, validator=each(ProfileConfig)
    )
    preferences: Preferences = field(factory=Preferences, validator=required(Preferences))
    retry: RetryConfig | None = field(default=None, validator=of(RetryConfig))
    cache: CacheConfig | None = field(default=None, validator=of(CacheConfig))
    state_path: str | None = field(default=None, validator=text)
    path: str | None = None
