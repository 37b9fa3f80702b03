"""Convert the content of a file into typed objects; errors name file, line, key and fix."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin

import cattrs
from attrs import evolve, fields, frozen, resolve_types
from cattrs.errors import BaseValidationError, ForbiddenExtraKeysError
from cattrs.gen import make_dict_structure_fn, override

from rsspot.config.profile import Preferences, ProfileConfig, SDKConfig
from rsspot.config.secrets import without_frames
from rsspot.errors import ConfigError
from rsspot.redaction.quoting import quoted_keys
from rsspot.senders.options import CacheConfig, RetryConfig, Timeouts
from rsspot.validators import KINDS as NAMES
from rsspot.validators import InvalidValue, is_a, kind_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["structure", "structure_part"]

Keys = tuple[Any, ...]

MODELS = (Timeouts, RetryConfig, CacheConfig, Preferences, ProfileConfig)

KINDS: tuple[type, ...] = (str, int, float, bool)
"""The scalars that files contain."""
SHOWN = 20
"""Maximum problems in one message."""


@without_frames
def structure(
    data: Any,
    path: str,
    line_of: Callable[[Keys], int | None],
    *,
    original: Callable[[Keys], Keys] = lambda keys: keys,
) -> SDKConfig:
    """Return the configuration in `data`.

    line_of: returns the line of a path of keys, or None. original: returns the name of a path of
    keys in the file.

    Raises `ConfigError` with all problems of the file.
    """
    try:
        config = _converter.structure(data, SDKConfig)
    except BaseValidationError as error:
        found = [
            _Problem(line_of(keys), original(keys), problem, hint)
            for keys, problem, hint in _problems(error)
        ]
        raise _refusal(path, found) from None
    except RecursionError:
        raise ConfigError(f"{path} is nested too deeply", path=path, hint="Correct it") from None
    return evolve(config, path=path)


def structure_part(value: Mapping[Any, Any], name: str) -> Any:
    """Return the typed form of `value`, a mapping that code has passed for an attribute.

    name: the attribute of `SDKConfig` or `ProfileConfig`. Raises `InvalidValue`, which has the
    first problem.
    """
    kinds = {item.name: item.type for kind in (SDKConfig, ProfileConfig) for item in fields(kind)}
    try:
        return _converter.structure(value, kinds[name])
    except BaseValidationError as error:
        keys, problem, hint = next(_problems(error))
    except RecursionError:
        keys, problem, hint = (), "is nested too deeply", None
    raise InvalidValue(quoted_keys((name, *keys)), problem, hint)


@frozen
class _Problem:
    line: int | None
    keys: Keys
    problem: str
    hint: str | None

    def __str__(self) -> str:
        return f"{quoted_keys(self.keys)}: {self.problem}" if self.keys else self.problem


def _refusal(path: str, problems: list[_Problem]) -> ConfigError:
    problems = sorted(problems, key=lambda each: each.line or 0)
    first = problems[0]
    key = quoted_keys(first.keys) or None
    if len(problems) == 1:
        place = f"{path}, line {first.line}" if first.line else path
        return ConfigError(f"{place}: {first}", path=path, key=key, hint=first.hint)
    lines = [
        f"{f'line {each.line}: ' if each.line else ''}{each}"
        + (f". {each.hint}" if each.hint else "")
        for each in problems[:SHOWN]
    ]
    if len(problems) > SHOWN:
        lines.append(f"and {len(problems) - SHOWN} more")
    text = "\n".join((f"{path} has {len(problems)} problems:", *lines))
    return ConfigError(text, path=path, key=key, hint="Correct them all there")


def _problems(error: BaseValidationError) -> Iterator[tuple[Keys, str, str | None]]:
    for keys, cause in _causes(error, ()):
        if isinstance(cause, ForbiddenExtraKeysError):
            extra: list[Any] = sorted(cause.extra_fields, key=str)
            for unknown in extra:
                if isinstance(unknown, str):
                    yield (*keys, unknown), "is not a known key", _meant(unknown, cause.cl)
                else:
                    problem = f"must be text, not {kind_of(unknown)}"
                    yield (*keys, unknown), problem, "Put it into quotes"
        elif isinstance(cause, InvalidValue):
            yield (*keys, *cause.attribute.split(".", 1)), cause.problem, cause.hint
        else:
            yield keys, str(cause), None


def _meant(unknown: str, model: Any) -> str:
    known = [item.name for item in fields(model) if item.name != "path"]
    if model is SDKConfig and unknown in {item.name for item in fields(ProfileConfig)}:
        return f"Write it below `profiles:` and the name of a profile, as {unknown} there"
    close = difflib.get_close_matches(unknown, known, 1)
    return f"Did you mean `{close[0]}`?" if close else f"Known keys: {', '.join(known)}"


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
    # cattrs would convert "no" to true and 5 to text.
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
    # Its validator checks it.
    return str(value) if isinstance(value, PurePath) else value


def _timeout(value: Any, _: Any) -> Any:
    if value is None or isinstance(value, Timeouts):
        return value
    return _converter.structure(value, Timeouts if isinstance(value, Mapping) else float)


def _entries(value: Any, kind: Any) -> Any:
    plain: Any = dict
    return _a_mapping(_converter.structure)(value, plain[get_args(kind)])


def _a_mapping(made: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    # YAML reads a key whose entries are all commented out as null, which means an empty mapping.
    def read(value: Any, kind: Any) -> Any:
        if isinstance(kind, type) and kind is not dict and isinstance(value, kind):
            return value  # made in code
        if value is not None and not isinstance(value, Mapping):
            raise ValueError(f"must be a mapping, not {kind_of(value)}")
        return made(value or {}, kind)

    return read


def _with_all_problems(made: Callable[[Any, Any], Any], model: Any) -> Callable[[Any, Any], Any]:
    """Report all values that validators refuse; attrs stops at the first."""

    def read(value: Any, kind: Any) -> Any:
        try:
            return made(value, kind)
        except BaseValidationError as error:
            refused = [*_refused(model, value)]
            if not refused:
                raise
            others = [each for each in error.exceptions if not isinstance(each, InvalidValue)]
            raise error.derive([*others, *refused]) from None

    return read


def _refused(model: Any, values: Mapping[str, Any]) -> Iterator[InvalidValue]:
    for item in fields(model):
        if item.name not in values or item.validator is None:
            continue
        try:
            value = _converter.structure(values[item.name], item.type)
            if item.converter is not None:
                value = item.converter(value)
            item.validator(None, item, value)
        except InvalidValue as error:
            yield error
        except Exception:  # noqa: BLE001, S112 - a wrong type, which is reported with its place
            continue


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
        made = _with_all_problems(make_dict_structure_fn(model, converter), model)
        converter.register_structure_hook(model, _a_mapping(made))
    plain = make_dict_structure_fn(SDKConfig, converter, path=override(omit=True))
    whole = _with_all_problems(plain, SDKConfig)
    converter.register_structure_hook(SDKConfig, _a_mapping(whole))
    return converter


def _origin(kind: Any) -> Any:
    return get_origin(kind)


for _model in (*MODELS, SDKConfig):
    resolve_types(_model, {**globals(), "Literal": Literal, "Mapping": Mapping})

_converter = _make()
