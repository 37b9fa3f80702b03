"""From what a file holds to typed objects, with errors that name file, line, key and fix."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin

import cattrs
from attrs import evolve, fields, resolve_types
from cattrs.errors import BaseValidationError, ForbiddenExtraKeysError
from cattrs.gen import make_dict_structure_fn, override

from rsspot.config.profile import Preferences, ProfileConfig, SDKConfig
from rsspot.config.secrets import without_frames
from rsspot.errors import ConfigError
from rsspot.redaction.quoting import quoted_key
from rsspot.senders.options import CacheConfig, RetryConfig, Timeouts
from rsspot.validators import KINDS as NAMES
from rsspot.validators import InvalidValue, is_a, kind_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["structure"]

Keys = tuple[Any, ...]

MODELS = (Timeouts, RetryConfig, CacheConfig, Preferences, ProfileConfig)

KINDS: tuple[type, ...] = (str, int, float, bool)
"""The scalars that files hold."""


@without_frames
def structure(data: Any, path: str, line_of: Callable[[Keys], int | None]) -> SDKConfig:
    """The configuration in `data`. `line_of` gives the line of a key path, or None.

    Raises `ConfigError`.
    """
    try:
        config = _converter.structure(data, SDKConfig)
    except BaseValidationError as error:
        keys, problem, hint = _first_problem(error)
        line = line_of(keys)
        place = f"{path}, line {line}" if line else path
        key = ".".join(map(quoted_key, keys))
        where = f"{place}: {key}: {problem}" if key else f"{place}: {problem}"
        raise ConfigError(where, path=path, key=key or None, hint=hint) from None
    except RecursionError:
        raise ConfigError(f"{path} is nested too deeply", path=path, hint="Correct it") from None
    return evolve(config, path=path)


def _first_problem(error: BaseValidationError) -> tuple[Keys, str, str | None]:
    keys, cause = next(_causes(error, ()))
    if isinstance(cause, ForbiddenExtraKeysError):
        unknown: Any = min(cause.extra_fields, key=str)
        if not isinstance(unknown, str):
            return (*keys, unknown), f"must be text, not {kind_of(unknown)}", "Put it into quotes"
        return (*keys, unknown), "is not known", _meant(unknown, cause.cl)
    if isinstance(cause, InvalidValue):
        return (*keys, *cause.attribute.split(".", 1)), cause.problem, cause.hint
    return keys, str(cause), None


def _meant(unknown: str, model: Any) -> str:
    known = [item.name for item in fields(model) if item.name != "path"]
    if model is SDKConfig and unknown in {item.name for item in fields(ProfileConfig)}:
        return f"Write it below `profiles:` and the name of a profile, as {unknown} there"
    close = difflib.get_close_matches(unknown, known, 1)
    return f"Did you mean `{close[0]}`?" if close else f"Known are: {', '.join(known)}"


def _causes(error: BaseException, keys: Keys) -> Iterator[tuple[Keys, BaseException]]:
    if not isinstance(error, BaseValidationError):
        yield keys, error
        return
    for inner in error.exceptions:
        notes = getattr(inner, "__notes__", ())
        names = (getattr(note, "name", getattr(note, "index", None)) for note in notes)
        added = tuple(name for name in names if name is not None)
        yield from _causes(inner, (*keys, *added[:1]))


def _a(kind: type) -> Callable[[Any, Any], Any]:
    # cattrs would take "no" for true and 5 for text.
    def read(value: Any, _: Any) -> Any:
        if not is_a(kind, value):
            raise ValueError(f"must be {NAMES[kind]}, not {kind_of(value)}")
        return float(value) if kind is float else value

    return read


def _one_of(value: Any, kind: Any) -> Any:
    if not any(value is item or value == item for item in get_args(kind)):
        raise ValueError(f"must be {' or '.join(map(str, get_args(kind)))}")
    return value


def _as_it_is(value: Any, _: Any) -> Any:
    # Its validator knows all that may be here.
    return str(value) if isinstance(value, PurePath) else value


def _timeout(value: Any, _: Any) -> Any:
    if value is None or isinstance(value, Timeouts):
        return value
    return _converter.structure(value, Timeouts if isinstance(value, Mapping) else float)


def _entries(value: Any, kind: Any) -> Any:
    plain: Any = dict
    return _a_mapping(_converter.structure)(value, plain[get_args(kind)])


def _a_mapping(made: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    # YAML reads a key whose entries are all commented out as null: that is an empty mapping.
    def read(value: Any, kind: Any) -> Any:
        if isinstance(kind, type) and kind is not dict and isinstance(value, kind):
            return value  # made in code
        if value is not None and not isinstance(value, Mapping):
            raise ValueError(f"must be a mapping, not {kind_of(value)}")
        return made(value or {}, kind)

    return read


def _make() -> cattrs.Converter:
    converter = cattrs.Converter(forbid_extra_keys=True)
    for kind in KINDS:
        converter.register_structure_hook(kind, _a(kind))
    converter.register_structure_hook(bool | str | None, _as_it_is)
    converter.register_structure_hook(float | Timeouts | None, _timeout)
    converter.register_structure_hook(str | tuple[str, ...] | None, _as_it_is)
    converter.register_structure_hook_func(lambda kind: kind == frozenset[int], _as_it_is)
    converter.register_structure_hook_func(lambda kind: _origin(kind) is Literal, _one_of)
    converter.register_structure_hook_func(lambda kind: _origin(kind) is Mapping, _entries)
    for model in MODELS:
        made = make_dict_structure_fn(model, converter)
        converter.register_structure_hook(model, _a_mapping(made))
    whole = make_dict_structure_fn(SDKConfig, converter, path=override(omit=True))
    converter.register_structure_hook(SDKConfig, _a_mapping(whole))
    return converter


def _origin(kind: Any) -> Any:
    return get_origin(kind)


for _model in (*MODELS, SDKConfig):
    resolve_types(_model, {**globals(), "Literal": Literal, "Mapping": Mapping})

_converter = _make()
