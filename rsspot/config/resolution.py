"""Where settings come from, and which place wins."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from rsspot.config.options import CacheConfig, RetryConfig, Timeouts
from rsspot.config.secrets import from_command, from_file, from_keyring
from rsspot.config.settings import Settings
from rsspot.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from rsspot.config.profile import SDKConfig

__all__ = ["ORDER", "ORDER_OF_NAMED", "VARIABLES", "Settings", "resolve"]

ORDER = (
    "argument",
    "context",
    "environment",
    "stored default",
    "profile",
    "file",
    "built-in",
)
"""Who wins, the first that says something."""

ORDER_OF_NAMED = (
    "argument",
    "context",
    "profile",
    "environment",
    "stored default",
    "file",
    "built-in",
)
"""The same for a profile that was named by an argument or `use_profile`: it is a unit."""

TOGETHER = (
    ("org", "org_id"),
    (
        "refresh_token",
        "refresh_token_file",
        "refresh_token_command",
        "refresh_token_keyring",
        "access_token",
    ),
)
"""Settings that say one thing: who wins with one of them wins with all of them."""

BUILT_IN: Mapping[str, Any] = {
    "client_id": "mwG3lUMV8KyeMqHe4fJ5Bb3nM1vBvRNa",
    "base_url": "https://spot.rackspace.com",
    "oauth_url": "https://login.spot.rackspace.com",
    "public_data_url": "https://ngpc-prod-public-data.s3.us-east-2.amazonaws.com",
}
"""Fact sheet, sections 1.1 and 1.2."""

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
    "proxy": ("RSSPOT_PROXY",),
    "state_path": ("RSSPOT_STATE_PATH",),
}
"""The variables of each setting, the one that wins first (fact sheet, section 1.5)."""

URLS = ("base_url", "oauth_url", "public_data_url")
SECRETS = frozenset({"refresh_token", "access_token"})


def resolve(
    arguments: Mapping[str, Any],
    *,
    environ: Mapping[str, str] | None = None,
    context: Mapping[str, str] | None = None,
    stored: Callable[[str | None], Mapping[str, Any]] | None = None,
    config: SDKConfig | None = None,
    config_path: str | os.PathLike[str] | None = None,
) -> Settings:
    """The settings of one client, each with where it came from.

    `stored` gives the stored defaults of the state file at a path. Raises `ConfigError`, which
    names the file, argument or variable and the mend.
    """
    environ = os.environ if environ is None else environ
    config = _config(environ, config, config_path)
    given = {name: value for name, value in arguments.items() if value is not None}
    from_environment, variables = _environment(environ)
    state_path = (
        given.get("state_path")
        or from_environment.get("state_path")
        or (config.state_path if config else None)
    )
    defaults = dict(stored(state_path)) if stored else {}
    layers: dict[str, Mapping[str, Any]] = {
        "argument": given,
        "context": context or {},
        "environment": from_environment,
        "stored default": defaults,
        "built-in": BUILT_IN,
    }
    profile, named = _profile_name(layers, config)
    layers["profile"], layers["file"] = _of_file(config, profile)
    where = config.path if config and config.path else "the configuration"
    order = ORDER_OF_NAMED if named else ORDER
    values, sources = _choose(layers, order)
    names = {
        "profile": f"profile {profile} in {where}",
        "file": where,
    }
    described = {
        name: f"environment {variables[name]}"
        if source == "environment"
        else names.get(source, source)
        for name, source in sources.items()
    }
    values["profile"] = profile
    return _finish(values, described)


def _config(
    environ: Mapping[str, str],
    config: SDKConfig | None,
    config_path: str | os.PathLike[str] | None,
) -> SDKConfig | None:
    if config is not None:
        return config
    from rsspot.config.files import find, load

    path = find(environ, config_path)
    return None if path is None else load(path)


def _environment(environ: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    values: dict[str, Any] = {}
    variables: dict[str, str] = {}
    for name, known in VARIABLES.items():
        for variable in known:
            if variable in environ:
                values[name], variables[name] = environ[variable], variable
                break
    return values, variables


def _profile_name(
    layers: Mapping[str, Mapping[str, Any]], config: SDKConfig | None
) -> tuple[str | None, bool]:
    """Which profile, and whether it was named by an argument or `use_profile`."""
    for layer in ("argument", "context", "environment", "stored default"):
        name = layers[layer].get("profile")
        if name:
            _existing(name, config, layer)
            return name, layer in {"argument", "context"}
    if config is None:
        return None, False
    for name, key in (
        (config.active_profile, "active_profile"),
        (config.default_profile, "default_profile"),
    ):
        if name:
            _existing(name, config, key)
            return name, False
    if len(config.profiles) == 1:
        return next(iter(config.profiles)), False
    return ("default" if "default" in config.profiles else None), False


def _existing(name: str, config: SDKConfig | None, source: str) -> None:
    profiles = sorted(config.profiles) if config else []
    if name not in profiles:
        known = f"There are: {', '.join(profiles)}" if profiles else "There is no profile at all"
        raise ConfigError(
            f"There is no profile {name!r} (from {source})",
            path=config.path if config else None,
            key="profile",
            hint=known,
        )


def _of_file(
    config: SDKConfig | None, profile: str | None
) -> tuple[dict[str, Any], dict[str, Any]]:
    if config is None:
        return {}, {}
    own: dict[str, Any] = {}
    if profile is not None:
        chosen = config.profiles[profile]
        own = _said(chosen)
    everywhere = {
        **_said(config.preferences),
        "retry": config.retry,
        "cache": config.cache,
        "state_path": config.state_path,
    }
    return own, {name: value for name, value in everywhere.items() if value is not None}


def _said(item: Any) -> dict[str, Any]:
    from attrs import asdict

    said = asdict(item, recurse=False)
    return {name: value for name, value in said.items() if value is not None}


def _choose(
    layers: Mapping[str, Mapping[str, Any]], order: tuple[str, ...]
) -> tuple[dict[str, Any], dict[str, str]]:
    values: dict[str, Any] = {}
    sources: dict[str, str] = {}
    joined = {name for group in TOGETHER for name in group}
    alone = {name for layer in layers.values() for name in layer} - joined
    groups: list[tuple[str, ...]] = [*TOGETHER, *((name,) for name in sorted(alone))]
    for group in groups:
        for layer in order:
            said = {name: layers[layer][name] for name in group if name in layers[layer]}
            if said:
                values |= said
                sources |= dict.fromkeys(said, layer)
                break
    return values, sources


def _finish(values: dict[str, Any], sources: dict[str, str]) -> Settings:
    for name in SECRETS & values.keys():
        if isinstance(values[name], str) and not values[name].strip():
            raise ConfigError(
                f"{name} from {sources[name]} is empty", key=name, hint="Set it, or leave it out"
            )
    _read_secret(values, sources)
    for name in URLS:
        values[name] = _url(name, values[name], sources.get(name, "built-in"))
    timeout = values.pop("timeout", None)
    if timeout is not None:
        try:
            values["timeouts"] = (
                timeout if isinstance(timeout, Timeouts) else Timeouts(total=timeout)
            )
        except ValueError as error:
            raise ConfigError(
                f"timeout from {sources['timeout']}: {error}", key="timeout"
            ) from None
        sources["timeouts"] = sources.pop("timeout")
    for name, kind in (("retry", RetryConfig), ("cache", CacheConfig)):
        if name in values and not isinstance(values[name], kind):
            raise ConfigError(f"{name} from {sources[name]} is no {kind.__name__}", key=name)
    return Settings(**values, sources=sources)


def _read_secret(values: dict[str, Any], sources: dict[str, str]) -> None:
    readers = {
        "refresh_token_file": from_file,
        "refresh_token_command": from_command,
        "refresh_token_keyring": from_keyring,
    }
    given = [name for name in readers if name in values]
    if "refresh_token" in values:
        given.append("refresh_token")
    if len(given) > 1:
        raise ConfigError(
            f"{given[0]} and {given[1]} from {sources[given[0]]} are both set",
            key=given[0],
            hint="Keep one of them",
        )
    for name in readers.keys() & values.keys():
        place = values.pop(name)
        values["refresh_token"] = readers[name](place)
        sources["refresh_token"] = f"{sources.pop(name)} ({name})"


def _url(name: str, value: Any, source: str) -> str:
    try:
        parts = urlsplit(str(value).strip())
        good = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        good = False
    else:
        if good and (parts.username or parts.password or parts.query or parts.fragment):
            raise ConfigError(
                f"{name} from {source} has more than scheme, host and path",
                key=name,
                hint="Leave out user, password, query and fragment",
            )
    if not good:
        raise ConfigError(
            f"{name} from {source} is {str(value)[:80]!r}, which is no URL",
            key=name,
            hint="Write https:// and a host",
        )
    return str(value).strip().rstrip("/")


def state_file(path: str | None) -> Path | None:
    """The state file at `path`, or at its default place, when there is one."""
    from rsspot.state.store import default_path

    file = Path(path or default_path()).expanduser()
    return file if file.is_file() else None
