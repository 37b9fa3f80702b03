"""The options of a client, each described only here.

The arguments of `SpotClient`, the keys of a profile, the environment variables, the resolution,
`rsspot config show` and the tables of docs/configuration.md follow from this table.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

from rsspot.config import kinds
from rsspot.shapes import is_mapping

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from rsspot.config.kinds import OptionKind

__all__ = [
    "ARGUMENTS",
    "BUILT_IN",
    "BY_NAME",
    "FIRST_OF",
    "MASK",
    "OPTIONS",
    "REFRESH_TOKENS",
    "TOKENS",
    "VARIABLES",
    "Option",
    "converted",
    "from_mapping",
]

MASK = "********"

Place: TypeAlias = Literal["argument", "profile", "preferences", "file"]
"""Where an option can be set: by an argument of the client, in a profile, in the preferences of
the file, or at the top of the file. `retry` and `cache` can also be set at the top."""


class Option(NamedTuple):
    """One option of a client."""

    name: str
    """The name of the argument and of the key in the configuration file."""
    kind: OptionKind
    text: str
    """The meaning, for the documentation."""
    places: frozenset[Place] = frozenset({"argument", "profile"})
    variables: tuple[str, ...] = ()
    """Environment variables; the first that is set is used (docs/api-facts.md#settings)."""
    default: Any = None
    shown: Literal["whole", "masked", "without password"] = "whole"
    """How the value is shown: as it is, only as set or not, or as a URL without its password."""


_KEY: frozenset[Place] = frozenset({"profile"})
_SHARED: frozenset[Place] = frozenset({"argument", "profile", "preferences"})

OPTIONS: tuple[Option, ...] = (
    Option(
        "profile",
        kinds.TEXT,
        "The profile of the configuration file.",
        frozenset({"argument"}),
        ("RSSPOT_PROFILE", "SPOT_PROFILE"),
    ),
    Option(
        "org",
        kinds.TEXT,
        "The organization, by name. Without `org` and `org_id`: the one that the token belongs to.",
        _SHARED,
        ("RSSPOT_ORG", "SPOT_ORG", "RACKSPACE_SPOT_ORG"),
    ),
    Option(
        "org_id",
        kinds.TEXT,
        "The organization, by id.",
        variables=("RSSPOT_ORG_ID", "RXTSPOT_ORG_ID", "RXTSPOT_ORG_NS"),
    ),
    Option(
        "region",
        kinds.TEXT,
        "The region in which objects are created when a call names none.",
        _SHARED,
        ("RSSPOT_REGION", "SPOT_REGION"),
    ),
    Option(
        "refresh_token",
        kinds.TOKEN,
        "The refresh token to sign in with; an argument may also be a function that returns it.",
        variables=(
            "RSSPOT_REFRESH_TOKEN",
            "SPOT_REFRESH_TOKEN",
            "RACKSPACE_SPOT_REFRESH_TOKEN",
            "RACKSPACE_REFRESH_TOKEN",
            "RACKSPACE_SPOT_TOKEN",
            "RXTSPOT_TOKEN",
        ),
        shown="masked",
    ),
    Option(
        "refresh_token_file",
        kinds.TEXT,
        "A file that contains the refresh token.",
        _KEY,
        ("RSSPOT_REFRESH_TOKEN_FILE", "RXTSPOT_TOKEN_FILE"),
    ),
    Option(
        "refresh_token_command",
        kinds.COMMAND,
        "A command that prints the refresh token, as a line or a list. It runs without a shell.",
        _KEY,
        shown="masked",
    ),
    Option(
        "refresh_token_keyring",
        kinds.TEXT,
        "An entry of the system keyring: `service/user`, or a user of the service `rsspot` "
        "(extra `keyring`).",
        _KEY,
    ),
    Option(
        "access_token",
        kinds.TOKEN,
        "An access token, sent as it is. Without a refresh token, a refused one is final; with "
        "one, it is used until it expires or is refused.",
        variables=("RSSPOT_ACCESS_TOKEN", "SPOT_ACCESS_TOKEN"),
        shown="masked",
    ),
    Option(
        "client_id",
        kinds.TEXT,
        "The OAuth client that the refresh token was issued to.",
        variables=("RSSPOT_CLIENT_ID", "RXTSPOT_CLIENT_ID"),
        default="mwG3lUMV8KyeMqHe4fJ5Bb3nM1vBvRNa",
    ),
    Option(
        "base_url",
        kinds.TOKEN_URL,
        "The URL of the API.",
        variables=("RSSPOT_BASE_URL", "SPOT_BASE_URL", "NGPC_APISERVER"),
        default="https://spot.rackspace.com",
    ),
    Option(
        "oauth_url",
        kinds.TOKEN_URL,
        "The URL of the login host.",
        variables=("RSSPOT_OAUTH_URL", "SPOT_AUTH_URL", "SPOT_OAUTH_URL"),
        default="https://login.spot.rackspace.com",
    ),
    Option(
        "public_data_url",
        kinds.URL,
        "The URL of the public price files.",
        variables=("RSSPOT_PUBLIC_DATA_URL",),
        default="https://ngpc-prod-public-data.s3.us-east-2.amazonaws.com",
    ),
    Option(
        "timeout",
        kinds.TIMEOUT,
        "Maximum seconds for a call with all its attempts (60), at most 1,000,000; or `connect`, "
        "`read`, `write`, `pool` and `total`.",
        _SHARED,
        ("RSSPOT_TIMEOUT",),
    ),
    Option(
        "verify_ssl",
        kinds.BUNDLE,
        "`false` to accept any certificate, or the path of a CA bundle.",
        _SHARED,
        ("RSSPOT_VERIFY_SSL",),
    ),
    Option(
        "proxy",
        kinds.TEXT,
        "The URL of a proxy.",
        _SHARED,
        ("RSSPOT_PROXY",),
        shown="without password",
    ),
    Option(
        "read_only",
        kinds.FLAG,
        "Refuse every write before it is sent.",
        _SHARED,
        ("RSSPOT_READ_ONLY",),
    ),
    Option(
        "allow_http",
        kinds.FLAG,
        "Send tokens unencrypted to other machines than this one.",
        _SHARED,
        ("RSSPOT_ALLOW_HTTP",),
    ),
    Option(
        "allow_foreign_owner",
        kinds.FLAG,
        "Use a state file of another user, as on a shared volume. For the configuration file, "
        "only the argument and the variable count.",
        _SHARED,
        ("RSSPOT_ALLOW_FOREIGN_OWNER",),
    ),
    Option(
        "retry",
        kinds.RETRY,
        "When requests are sent again: `max_attempts base_delay max_delay jitter retry_statuses "
        "max_elapsed respect_retry_after retry_unsafe`.",
    ),
    Option(
        "cache",
        kinds.CACHE,
        "What is cached: `enabled default_ttl ttl max_entries backend stale_if_error`.",
    ),
    Option(
        "state_path",
        kinds.TEXT,
        "The state file, or the URL of a PostgreSQL schema. As an argument: `state`.",
        frozenset({"file"}),
        ("RSSPOT_STATE_PATH",),
        shown="without password",
    ),
)

BY_NAME: Mapping[str, Option] = {option.name: option for option in OPTIONS}
ARGUMENTS: frozenset[str] = frozenset(
    option.name for option in OPTIONS if "argument" in option.places
)
TOKENS: frozenset[str] = frozenset({"refresh_token", "access_token"})
"""Options whose values are wrapped in `Secret` as soon as they are known."""
REFRESH_TOKENS: tuple[str, ...] = tuple(
    option.name for option in OPTIONS if option.name.startswith("refresh_token")
)
"""The places of a refresh token, of which at most one is used."""
FIRST_OF: tuple[tuple[str, ...], ...] = (("org", "org_id"), (*REFRESH_TOKENS, "access_token"))
"""Options that mean one thing: the first source that sets one of them sets all of them."""
VARIABLES: Mapping[str, tuple[str, ...]] = {
    option.name: option.variables for option in OPTIONS if option.variables
}
BUILT_IN: Mapping[str, Any] = {
    option.name: option.default for option in OPTIONS if option.default is not None
}
"""Addresses and client id of the service (docs/api-facts.md#hosts, docs/api-facts.md#sign-in)."""


def converted(name: str, value: Any) -> Any:
    """Return the value of an option; a mapping is read as it would be in a file.

    Raises `InvalidValue`.
    """
    model = BY_NAME[name].kind.model
    return value if model is None else from_mapping(name, value, model)


def from_mapping(name: str, value: Any, kind: Callable[[], Any]) -> Any:
    """Return `value` as `kind` if it is a mapping, and as it is otherwise.

    name: the attribute that the value is for, in messages. kind: returns the type.

    Raises `InvalidValue`.
    """
    if not is_mapping(value):
        return value
    from rsspot.config.conversion import convert_part

    return convert_part(value, kind(), name)
