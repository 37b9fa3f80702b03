"""Settings from environment variables: which variable is for what, and how it is read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rsspot.config.secrets import Secret
from rsspot.errors import ConfigError
from rsspot.redaction.quoting import quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["VARIABLES", "read_environment", "read_flag"]

VARIABLES: Mapping[str, tuple[str, ...]] = {
    "profile": ("RSSPOT_PROFILE", "SPOT_PROFILE"),
    "org": ("RSSPOT_ORG", "SPOT_ORG", "RACKSPACE_SPOT_ORG"),
    "org_id": ("RSSPOT_ORG_ID", "RXTSPOT_ORG_ID", "RXTSPOT_ORG_NS"),
    "region": ("RSSPOT_REGION", "SPOT_REGION"),
    "refresh_token": (
        "RSSPOT_REFRESH_TOKEN",
        "SPOT_REFRESH_TOKEN",
        "RACKSPACE_SPOT_REFRESH_TOKEN",
        "RACKSPACE_REFRESH_TOKEN",
        "RACKSPACE_SPOT_TOKEN",
        "RXTSPOT_TOKEN",
    ),
    "refresh_token_file": ("RSSPOT_REFRESH_TOKEN_FILE", "RXTSPOT_TOKEN_FILE"),
    "access_token": ("RSSPOT_ACCESS_TOKEN", "SPOT_ACCESS_TOKEN"),
    "client_id": ("RSSPOT_CLIENT_ID", "RXTSPOT_CLIENT_ID"),
    "base_url": ("RSSPOT_BASE_URL", "SPOT_BASE_URL", "NGPC_APISERVER"),
    "oauth_url": ("RSSPOT_OAUTH_URL", "SPOT_AUTH_URL", "SPOT_OAUTH_URL"),
    "public_data_url": ("RSSPOT_PUBLIC_DATA_URL",),
    "timeout": ("RSSPOT_TIMEOUT",),
    "verify_ssl": ("RSSPOT_VERIFY_SSL",),
    "proxy": ("RSSPOT_PROXY",),
    "read_only": ("RSSPOT_READ_ONLY",),
    "allow_http": ("RSSPOT_ALLOW_HTTP",),
    "allow_foreign_owner": ("RSSPOT_ALLOW_FOREIGN_OWNER",),
    "state_path": ("RSSPOT_STATE_PATH",),
}
"""The variables of each setting, the one that wins first (docs/api-facts.md#settings)."""

TOKENS = frozenset({"refresh_token", "access_token"})
FLAGS = {"1": True, "true": True, "yes": True, "on": True} | {
    "0": False,
    "false": False,
    "no": False,
    "off": False,
}


def read_environment(environ: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    """Return what the environment sets, and which variable sets it. An empty one sets nothing.

    Tokens are returned as `Secret`. An empty one is kept, and refused later: it is hardly meant.
    Raises `ConfigError`.
    """
    values: dict[str, Any] = {}
    variables: dict[str, str] = {}
    for name, known in VARIABLES.items():
        for variable in known:
            text = environ.get(variable)
            if text or (text is not None and name in TOKENS):
                values[name] = READERS.get(name, _text)(variable, text)
                variables[name] = variable
                break
    return values, variables


def read_flag(environ: Mapping[str, str], name: str) -> bool | None:
    """Return what the environment says about one flag; None where it says nothing.

    environ: the environment. name: the setting. Raises `ConfigError`.
    """
    variable = next((known for known in VARIABLES[name] if environ.get(known)), None)
    return None if variable is None else _flag(variable, environ[variable])


def _secret(_variable: str, text: str) -> Secret:
    return Secret(text)


def _text(_variable: str, text: str) -> str:
    return text


def _flag(variable: str, text: str) -> bool:
    value = FLAGS.get(text.strip().lower())
    if value is None:
        raise ConfigError(
            f"{variable} is {quoted(text)}", key=variable, hint="Set it to true or false"
        )
    return value


def _flag_or_path(_variable: str, text: str) -> bool | str:
    return FLAGS.get(text.strip().lower(), text)


def _seconds(variable: str, text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise ConfigError(
            f"{variable} is {quoted(text)}, which is no number",
            key=variable,
            hint="Set it to seconds",
        ) from None


READERS: Mapping[str, Callable[[str, str], Any]] = {
    "timeout": _seconds,
    "verify_ssl": _flag_or_path,
    "read_only": _flag,
    "allow_http": _flag,
    "allow_foreign_owner": _flag,
    **dict.fromkeys(TOKENS, _secret),
}
