"""Where settings come from, and which place wins."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from rsspot.config.options import CacheConfig, RetryConfig, Timeouts
from rsspot.config.settings import Settings
from rsspot.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Settings", "resolve"]

BUILT_IN: Mapping[str, Any] = {
    "client_id": "mwG3lUMV8KyeMqHe4fJ5Bb3nM1vBvRNa",
    "base_url": "https://spot.rackspace.com",
    "oauth_url": "https://login.spot.rackspace.com",
    "public_data_url": "https://ngpc-prod-public-data.s3.us-east-2.amazonaws.com",
}
"""Fact sheet, sections 1.1 and 1.2."""

VARIABLES: Mapping[str, tuple[str, ...]] = {
    "org": ("RSSPOT_ORG", "SPOT_ORG"),
    "org_id": ("RSSPOT_ORG_ID", "RXTSPOT_ORG_ID"),
    "region": ("RSSPOT_REGION", "SPOT_REGION"),
    "refresh_token": (
        "RSSPOT_REFRESH_TOKEN",
        "SPOT_REFRESH_TOKEN",
        "RACKSPACE_SPOT_REFRESH_TOKEN",
        "RACKSPACE_REFRESH_TOKEN",
        "RACKSPACE_SPOT_TOKEN",
        "RXTSPOT_TOKEN",
    ),
    "access_token": ("RSSPOT_ACCESS_TOKEN",),
    "client_id": ("RSSPOT_CLIENT_ID", "RXTSPOT_CLIENT_ID"),
    "base_url": ("RSSPOT_BASE_URL", "SPOT_BASE_URL", "NGPC_APISERVER"),
    "oauth_url": ("RSSPOT_OAUTH_URL", "SPOT_AUTH_URL"),
    "public_data_url": ("RSSPOT_PUBLIC_DATA_URL",),
    "state_path": ("RSSPOT_STATE_PATH",),
}
"""The variables of each setting, the one that wins first (fact sheet, section 1.5)."""

URLS = ("base_url", "oauth_url", "public_data_url")


def resolve(arguments: Mapping[str, Any], *, environ: Mapping[str, str] | None = None) -> Settings:
    """The settings from arguments, environment and built-in values, in this order.

    Raises `ConfigError`, which names the argument or variable and the mend.
    """
    environ = os.environ if environ is None else environ
    values: dict[str, Any] = dict(BUILT_IN)
    sources: dict[str, str] = {}
    for name, variables in VARIABLES.items():
        for variable in variables:
            if variable in environ:
                values[name], sources[name] = environ[variable], f"environment {variable}"
                break
    for name, value in arguments.items():
        if value is not None:
            values[name], sources[name] = value, "argument"
    for name in ("refresh_token", "access_token"):
        if name in values and not str(values[name]).strip():
            raise ConfigError(
                f"{name} from {sources[name]} is empty", key=name, hint="Set it, or leave it out"
            )
    for name in URLS:
        values[name] = _url(name, values[name], sources.get(name, "built-in"))
    if "timeout" in values:
        timeout = values.pop("timeout")
        values["timeouts"] = timeout if isinstance(timeout, Timeouts) else Timeouts(total=timeout)
    return Settings(**values, sources=sources)


def _url(name: str, value: Any, source: str) -> str:
    parts = urlsplit(str(value))
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ConfigError(
            f"{name} from {source} is {value!r}, which is no URL",
            key=name,
            hint="Write https:// and a host",
        )
    if parts.username or parts.password or parts.query or parts.fragment:
        raise ConfigError(
            f"{name} from {source} has more than scheme, host and path",
            key=name,
            hint="Leave out user, password, query and fragment",
        )
    return str(value).rstrip("/")


_ = (CacheConfig, RetryConfig)
