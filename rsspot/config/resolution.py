"""Resolve settings: which of several sources sets an option."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from rsspot.config.environment import read_environment
from rsspot.config.options import BUILT_IN, BY_NAME, FIRST_OF, TOKENS, converted
from rsspot.config.reporting import report_ignored, report_overruled
from rsspot.config.secrets import from_command, from_file, from_keyring, hidden, without_frames
from rsspot.config.settings import Settings
from rsspot.errors import ConfigError
from rsspot.models.names import known_names
from rsspot.redaction.quoting import quoted_name
from rsspot.redaction.secret import Secret
from rsspot.senders.options import Timeouts
from rsspot.shapes import is_mapping, type_name
from rsspot.validators import InvalidValue, kind_of
from rsspot.values import evolve

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from rsspot.config.profile import SDKConfig

__all__ = ["ORDER", "ORDER_OF_NAMED", "config_of", "override", "resolve"]

ORDER = ("argument", "context", "environment", "stored default", "profile", "file", "built-in")
"""Sources by precedence."""

ORDER_OF_NAMED = (*ORDER[:2], "profile", *ORDER[2:4], *ORDER[5:])
"""The same if an argument or `use_profile` names the profile, which then comes first."""


@without_frames
def resolve(
    arguments: Mapping[str, Any],
    *,
    environ: Mapping[str, str] | None = None,
    context: Mapping[str, str] | None = None,
    stored: Callable[[str | None], Mapping[str, Any]] | None = None,
    config: SDKConfig | Mapping[str, Any] | None = None,
    config_path: str | os.PathLike[str] | None = None,
) -> Settings:
    """Return the settings of one client, and the source of each.

    arguments: those of the client; tokens may be `Secret`.
    environ: the environment, by default that of the process.
    context: what `use_profile` and the like set.
    stored: returns the stored defaults of the state file at a path.
    config: a configuration, or a mapping like a file; by default the file at `config_path`, or the
    usual one, is read.

    Raises `ConfigError`, which names the file, argument or variable and the fix.
    """
    environ = os.environ if environ is None else environ
    given = {name: value for name, value in arguments.items() if value is not None}
    given |= {name: hidden(given[name]) for name in TOKENS if name in given}
    from_environment, variables = read_environment(environ)
    allowed = given.get("allow_foreign_owner", from_environment.get("allow_foreign_owner"))
    config = config_of(environ, config, config_path, allow_foreign_owner=allowed is True)
    state_path = from_environment.get("state_path") or (config.state_path if config else None)
    layers: dict[str, Mapping[str, Any]] = {
        "argument": given,
        "context": context or {},
        "environment": from_environment,
        "stored default": stored(state_path) if stored else {},
        "built-in": BUILT_IN,
    }
    profile, source = _profile_name(layers, config)
    layers["profile"], layers["file"] = _of_file(config, profile)
    order = ORDER_OF_NAMED if source in {"argument", "context"} else ORDER
    values, sources = _choose(layers, order)
    report_ignored(environ, variables)
    if order is ORDER_OF_NAMED:
        report_overruled(
            profile,
            source,
            said=from_environment,
            by_profile=layers["profile"],
            variables=variables,
            sources=sources,
        )
    if isinstance(values.get("verify_ssl"), os.PathLike):
        values["verify_ssl"] = os.fspath(values["verify_ssl"])
    values["profile"], sources["profile"] = profile, source
    where = config.path if config and config.path else "the configuration"
    names = {"profile": f"profile {profile} in {where}", "file": where}
    described = {
        name: f"environment {variables[name]}" if source == "environment" else source
        for name, source in ((name, names.get(source, source)) for name, source in sources.items())
    }
    return _finish(values, described)


def config_of(
    environ: Mapping[str, str],
    config: SDKConfig | Mapping[str, Any] | None,
    config_path: str | os.PathLike[str] | None,
    *,
    allow_foreign_owner: bool | None = None,
) -> SDKConfig | None:
    """Return the configuration that was passed, or that of the file; None without either.

    config: a configuration, or a mapping that is read like a file. The others are as for `resolve`
    and `rsspot.config.files.load`. Raises `ConfigError`.
    """
    if config is None:
        from rsspot.config.files import find, load

        path = find(environ, config_path)
        return None if path is None else load(path, allow_foreign_owner=allow_foreign_owner)
    from rsspot.config.profile import SDKConfig

    if isinstance(config, SDKConfig):
        return config
    from rsspot.config.layouts import interpret

    if not is_mapping(config):
        raise ConfigError(
            f"config must be an SDKConfig or a mapping, not {kind_of(config)}",
            key="config",
            hint="Pass the path of a file as config_path",
        )
    return evolve(interpret(config, "config", lambda _: None), path=None)


def _profile_name(
    layers: Mapping[str, Mapping[str, Any]], config: SDKConfig | None
) -> tuple[str | None, str]:
    """Return the name of the profile, and its source."""
    for layer in ("argument", "context", "environment", "stored default"):
        name = layers[layer].get("profile")
        if name is not None and not isinstance(name, str):
            problem = f"profile from {layer} must be str, not {type_name(name)}"
            raise ConfigError(problem, key="profile", hint="Give the name of a profile")
        if name == "" and layer == "argument":
            raise ConfigError("profile is empty", key="profile", hint="Set it, or leave it out")
        if name:
            _existing(name, config, layer)
            return name, layer
    if config is None:
        return None, "built-in"
    for key in ("active_profile", "default_profile"):
        name = getattr(config, key)
        if name:
            _existing(name, config, key)
            return name, key
    if len(config.profiles) == 1:
        return next(iter(config.profiles)), "the only one"
    return ("default" if "default" in config.profiles else None), "built-in"


def _existing(name: str, config: SDKConfig | None, source: str) -> None:
    known = sorted(config.profiles) if config else []
    if name not in known:
        there = known_names(name, known) if known else "`rsspot login` creates one"
        forget = "; set_default_profile(None) deletes it" if source == "stored default" else ""
        raise ConfigError(
            f"There is no profile {quoted_name(name)} (from {source})",
            path=config.path if config else None,
            key="profile",
            hint=there + forget,
        )


def _of_file(
    config: SDKConfig | None, profile: str | None
) -> tuple[dict[str, Any], dict[str, Any]]:
    if config is None:
        return {}, {}
    own: dict[str, Any] = {}
    if profile is not None:
        chosen = config.profiles[profile]
        own = _set_in(chosen)
    everywhere = {
        **_set_in(config.preferences),
        "retry": config.retry,
        "cache": config.cache,
        "state_path": config.state_path,
    }
    return own, {name: value for name, value in everywhere.items() if value is not None}


def _set_in(item: object) -> dict[str, Any]:
    return {
        name: hidden(value) if name in TOKENS else value
        for name, value in vars(item).items()
        if value is not None
    }


def _choose(
    layers: Mapping[str, Mapping[str, Any]], order: tuple[str, ...]
) -> tuple[dict[str, Any], dict[str, str]]:
    values: dict[str, Any] = {}
    sources: dict[str, str] = {}
    joined = {name for group in FIRST_OF for name in group}
    alone = {name for layer in layers.values() for name in layer} - joined
    groups: list[tuple[str, ...]] = [*FIRST_OF, *((name,) for name in sorted(alone))]
    for group in groups:
        for layer in order:
            found = {name: layers[layer][name] for name in group if name in layers[layer]}
            if found:
                values |= found
                sources |= dict.fromkeys(found, layer)
                break
    return values, sources


def override(settings: Settings, arguments: Mapping[str, Any]) -> Settings:
    """Return `settings` with another `timeout`, `retry` or `cache`. Raises `ConfigError`."""
    values = {name: value for name, value in arguments.items() if value is not None}
    sources = dict.fromkeys(values, "argument")
    _prepare(values, sources)
    return evolve(settings, **values, sources={**settings.sources, **sources})


def _finish(values: dict[str, Any], sources: dict[str, str]) -> Settings:
    _prepare(values, sources)
    _read_secret(values, sources)
    access_token: Secret | None = values.pop("access_token", None)
    for name in values.keys() & BUILT_IN.keys():
        values[name] = values[name].strip().rstrip("/")
    return Settings(
        **values,
        access_token=None if access_token is None else access_token.reveal(),
        sources=sources,
    )


def _prepare(values: dict[str, Any], sources: dict[str, str]) -> None:
    for name, value in values.items():
        try:
            values[name] = converted(name, value)
            _check(name, values)
        except InvalidValue as error:
            raise ConfigError(
                f"{error.attribute} from {sources[name]} {error.problem}",
                key=error.attribute,
                hint=error.hint,
            ) from None
    timeout = values.pop("timeout", None)
    if timeout is not None:
        values["timeouts"] = (
            timeout if isinstance(timeout, Timeouts) else Timeouts(total=float(timeout))
        )
        sources["timeouts"] = sources.pop("timeout")


def _check(name: str, values: Mapping[str, Any]) -> None:
    """Refuse a value that cannot be used, whatever its source. Raises `InvalidValue`."""
    kind, value = BY_NAME[name].kind, values[name]
    is_function = name == "refresh_token" and callable(value) and not isinstance(value, Secret)
    if value is not None and not is_function:
        kind.check(name, value)
        kind.check_use(name, value, values)


def _read_secret(values: dict[str, Any], sources: dict[str, str]) -> None:
    readers: dict[str, Callable[[Any], Callable[[], str]]] = {
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
        place, source = values.pop(name), sources.pop(name)
        is_file = name == "refresh_token_file"
        values["refresh_token"] = from_file(place, source) if is_file else readers[name](place)
        sources["refresh_token"] = f"{source} ({name})"
