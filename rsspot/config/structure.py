"""From what a file holds to typed objects, with errors that name file, line, key and mend."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin

import cattrs
from attrs import evolve, fields, resolve_types
from cattrs.errors import BaseValidationError, ForbiddenExtraKeysError
from cattrs.gen import make_dict_structure_fn, override

from rsspot.config.checks import Unfit
from rsspot.config.options import CacheConfig, RetryConfig, Timeouts
from rsspot.config.profile import Preferences, ProfileConfig, SDKConfig
from rsspot.errors import ConfigError
from rsspot.models.shapes import as_list

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["structure"]

Keys = tuple[str, ...]

MODELS = (Timeouts, RetryConfig, CacheConfig, Preferences, ProfileConfig)

KINDS: dict[type, str] = {
    str: "text",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
}


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
        key = ".".join(keys)
        where = f"{place}: {key}: {problem}" if key else f"{place}: {problem}"
        raise ConfigError(where, path=path, key=key or None, hint=hint) from None
    return evolve(config, path=path)


def _first_problem(error: BaseValidationError) -> tuple[Keys, str, str | None]:
    keys, cause = next(_causes(error, ()))
    if isinstance(cause, ForbiddenExtraKeysError):
        unknown = min(cause.extra_fields)
        known = [item.name for item in fields(cause.cl) if item.name != "path"]
        close = difflib.get_close_matches(unknown, known, 1)
        hint = f"Did you mean `{close[0]}`?" if close else f"Known are: {', '.join(known)}"
        return (*keys, unknown), "is not known", hint
    if isinstance(cause, Unfit):
        return (*keys, *cause.attribute.split(".", 1)), cause.problem, cause.hint
    return keys, str(cause), None


def _causes(error: BaseException, keys: Keys) -> Iterator[tuple[Keys, BaseException]]:
    if not isinstance(error, BaseValidationError):
        yield keys, error
        return
    for inner in error.exceptions:
        notes = getattr(inner, "__notes__", ())
        names = (getattr(note, "name", getattr(note, "index", None)) for note in notes)
        added = tuple(str(name) for name in names if name is not None)
        yield from _causes(inner, (*keys, *added[:1]))


def _shown(value: object) -> str:
    # Only of which kind it is: the value may be a secret under the wrong key.
    kinds = {dict: "a mapping", list: "a list", type(None): "nothing", **KINDS}
    return kinds.get(type(value), type(value).__name__)


def _a(kind: type) -> Callable[[Any, Any], Any]:
    # cattrs would take "no" for true and 5 for text.
    def read(value: Any, _: Any) -> Any:
        if kind is float and isinstance(value, int) and not isinstance(value, bool):
            return float(value)
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            raise ValueError(f"must be {KINDS[kind]}, not {_shown(value)}")
        return value

    return read


def _one_of(value: Any, kind: Any) -> Any:
    if value not in get_args(kind):
        raise ValueError(f"must be {' or '.join(map(str, get_args(kind)))}")
    return value


def _verify(value: Any, _: Any) -> Any:
    if isinstance(value, str) and value.lower() in {"true", "false", "yes", "no", "on", "off"}:
        raise ValueError("must be true or false without quotes, or the path of a CA bundle")
    if value is None or isinstance(value, bool | str):
        return value
    raise ValueError(f"must be true, false or the path of a CA bundle, not {_shown(value)}")


def _timeout(value: Any, _: Any) -> Any:
    if value is None:
        return None
    return _converter.structure(value, Timeouts if isinstance(value, Mapping) else float)


def _command(value: Any, _: Any) -> Any:
    if value is None or isinstance(value, str):
        return value
    words = as_list(value)
    if not words or not all(isinstance(word, str) for word in words):
        raise ValueError(f"must be text or a list of text, not {_shown(value)}")
    return tuple(words)


def _statuses(value: Any, _: Any) -> frozenset[int]:
    statuses = as_list(value)
    if not isinstance(value, list) or not all(type(item) is int for item in statuses):
        raise ValueError("must be a list of HTTP statuses")
    return frozenset(statuses)


def _entries(value: Any, kind: Any) -> Any:
    plain: Any = dict
    return _a_mapping(_converter.structure)(value, plain[get_args(kind)])


def _a_mapping(made: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    # YAML reads a key whose entries are all commented out as null: that is an empty mapping.
    def read(value: Any, kind: Any) -> Any:
        if value is not None and not isinstance(value, Mapping):
            raise ValueError(f"must be a mapping, not {_shown(value)}")
        return made(value or {}, kind)

    return read


def _make() -> cattrs.Converter:
    converter = cattrs.Converter(forbid_extra_keys=True)
    for kind in KINDS:
        converter.register_structure_hook(kind, _a(kind))
    converter.register_structure_hook(bool | str | None, _verify)
    converter.register_structure_hook(float | Timeouts | None, _timeout)
    converter.register_structure_hook(str | tuple[str, ...] | None, _command)
    converter.register_structure_hook_func(lambda kind: kind == frozenset[int], _statuses)
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
