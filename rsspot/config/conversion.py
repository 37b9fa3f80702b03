"""Convert plain values into attrs classes with cattrs. This module knows no class by name."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Mapping
from pathlib import PurePath
from types import UnionType
from typing import TYPE_CHECKING, Any, Literal, Union, get_args, get_origin

import cattrs
from attrs import fields, has, resolve_types
from cattrs.errors import BaseValidationError, ForbiddenExtraKeysError
from cattrs.gen import make_dict_structure_fn, override

from rsspot.config.kinds import NOT_IN_FILES
from rsspot.redaction.quoting import quoted_keys
from rsspot.validators import KINDS as NAMES
from rsspot.validators import InvalidValue, is_a, kind_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["Keys", "convert", "convert_part", "problems_of"]

Keys = tuple[Any, ...]

SCALARS: tuple[type, ...] = (str, int, float, bool)
"""The scalars that files contain."""


def convert(value: Any, kind: Any) -> Any:
    """Return `value` as `kind`: a class of attrs, or a mapping of names to instances of one.

    Raises `BaseValidationError` with all problems, and `RecursionError` if it is nested too deeply.
    """
    return _converter.structure(value, kind)


def convert_part(value: Mapping[Any, Any], kind: Any, name: str) -> Any:
    """Return `value`, a mapping that code has passed for the attribute `name`, as `kind`.

    Raises `InvalidValue`, which has the first problem.
    """
    try:
        return convert(value, kind)
    except BaseValidationError as error:
        keys, problem, hint = next(problems_of(error))
    except RecursionError:
        keys, problem, hint = (), "is nested too deeply", None
    raise InvalidValue(quoted_keys((name, *keys)), problem, hint)


def problems_of(
    error: BaseValidationError, advise: Callable[[str, Any], str | None] = lambda _key, _model: None
) -> Iterator[tuple[Keys, str, str | None]]:
    """Yield the keys, the text and the fix of each problem of a failed conversion.

    advise: returns the fix for an unknown key of a class, or None for a similar or the known keys.
    """
    for keys, cause in _causes(error, ()):
        if isinstance(cause, ForbiddenExtraKeysError):
            extra: list[Any] = sorted(cause.extra_fields, key=str)
            for unknown in extra:
                if isinstance(unknown, str):
                    hint = advise(unknown, cause.cl) or _meant(unknown, cause.cl)
                    yield (*keys, unknown), "is not a known key", hint
                else:
                    problem = f"must be text, not {kind_of(unknown)}"
                    yield (*keys, unknown), problem, "Put it into quotes"
        elif isinstance(cause, InvalidValue):
            yield (*keys, *cause.attribute.split(".", 1)), cause.problem, cause.hint
        else:
            yield keys, str(cause), None


def _meant(unknown: str, model: Any) -> str:
    known = [item.name for item in fields(model) if NOT_IN_FILES not in item.metadata]
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


def _is_scalar_or_class(kind: Any) -> bool:
    members = get_args(kind)
    is_union = get_origin(kind) in {Union, UnionType}
    return is_union and any(map(has, members)) and any(member in SCALARS for member in members)


def _scalar_or_class(value: Any, kind: Any) -> Any:
    model = next(filter(has, get_args(kind)))
    if value is None or isinstance(value, model):
        return value
    scalar = next(member for member in get_args(kind) if member in SCALARS)
    return _converter.structure(value, model if isinstance(value, Mapping) else scalar)


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


def _of_class(model: Any) -> Callable[[Any, Any], Any]:
    # Annotations are text, and name types that are imported for type checkers only.
    known = {"Literal": Literal, "Mapping": Mapping, **vars(sys.modules[model.__module__])}
    resolve_types(model, known)
    omitted: Any = {
        item.name: override(omit=True) for item in fields(model) if NOT_IN_FILES in item.metadata
    }
    made = make_dict_structure_fn(model, _converter, **omitted)
    return _a_mapping(_with_all_problems(made, model))


def _make() -> cattrs.Converter:
    converter = cattrs.Converter(forbid_extra_keys=True)
    converter.register_structure_hook_factory(has, _of_class)
    for kind in SCALARS:
        converter.register_structure_hook(kind, _a(kind))
    converter.register_structure_hook(bool | str | None, _as_it_is)
    converter.register_structure_hook(str | tuple[str, ...] | None, _as_it_is)
    converter.register_structure_hook_func(_is_scalar_or_class, _scalar_or_class)
    converter.register_structure_hook_func(lambda kind: kind == frozenset[int], _as_it_is)
    converter.register_structure_hook_func(lambda kind: _origin(kind) is Literal, _one_of)
    converter.register_structure_hook_func(lambda kind: _origin(kind) is Mapping, _entries)
    return converter


def _origin(kind: Any) -> Any:
    return get_origin(kind)


_converter = _make()
