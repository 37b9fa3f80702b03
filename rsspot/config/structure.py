"""From what a file holds to typed objects, with errors that name file, line, key and mend."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

import cattrs
from attrs import evolve, fields, resolve_types
from cattrs.errors import (
    BaseValidationError,
    ForbiddenExtraKeysError,
)

from rsspot.config.options import CacheConfig, RetryConfig, Timeouts
from rsspot.config.profile import Preferences, ProfileConfig, SDKConfig
from rsspot.errors import ConfigError
from rsspot.models.shapes import as_list

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["structure"]

Path = tuple[str, ...]

MODELS = (SDKConfig, ProfileConfig, Preferences, Timeouts, RetryConfig, CacheConfig)

NAMES: dict[type, str] = {
    str: "text",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
}


def structure(data: Any, path: str, line_of: Any) -> SDKConfig:
    """The configuration in `data`. `line_of` gives the line of a key path, or None.

    Raises `ConfigError`.
    """
    try:
        config = _converter.structure(data, SDKConfig)
    except Exception as error:  # noqa: BLE001 - whatever structuring raises is about the file
        keys, what, hint = _explain(error)
        line = line_of(keys)
        place = f"{path}, line {line}" if line else path
        key = ".".join(keys)
        where = f"{place}: {key}: {what}" if key else f"{place}: {what}"
        raise ConfigError(where, path=path, key=key or None, hint=hint) from None
    return evolve(config, path=path)


def _explain(error: BaseException) -> tuple[Path, str, str | None]:
    for keys, cause in _causes(error, ()):
        if isinstance(cause, ForbiddenExtraKeysError):
            unknown = min(cause.extra_fields)
            known = [item.name for item in fields(cause.cl) if item.name != "path"]
            close = difflib.get_close_matches(unknown, known, 1)
            hint = f"Did you mean `{close[0]}`?" if close else f"Known are: {', '.join(known)}"
            return (*keys, unknown), "is not known", hint
        return keys, str(cause), None
    return (), "cannot be read", None


def _causes(error: BaseException, keys: Path) -> Iterator[tuple[Path, BaseException]]:
    if not isinstance(error, BaseValidationError):
        yield keys, error
        return
    for inner in error.exceptions:
        notes = getattr(inner, "__notes__", ())
        names = (getattr(note, "name", getattr(note, "index", None)) for note in notes)
        added = tuple(str(name) for name in names if name is not None)
        yield from _causes(inner, (*keys, *added[:1]))


def _strict(kind: type) -> Any:
    # cattrs would take "no" for true and 5 for text.
    def read(value: Any, _: Any) -> Any:
        if kind is float and isinstance(value, int) and not isinstance(value, bool):
            return float(value)
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            raise ValueError(f"must be {NAMES[kind]}, not {_shown(value)}")
        return value

    return read


def _shown(value: object) -> str:
    # Only of which kind it is: the value may be a secret under the wrong key.
    kinds = {dict: "a mapping", list: "a list", type(None): "nothing", **NAMES}
    return kinds.get(type(value), type(value).__name__)


def _verify(value: Any, _: Any) -> Any:
    if value is None or isinstance(value, bool | str):
        return value
    raise ValueError(f"must be true, false or the path of a CA bundle, not {_shown(value)}")


def _timeout(value: Any, _: Any) -> Any:
    if value is None or isinstance(value, Timeouts):
        return value
    return _converter.structure(value, Timeouts if isinstance(value, Mapping) else float)


def _command(value: Any, _: Any) -> Any:
    if value is None or isinstance(value, str):
        return value
    if not all(isinstance(item, str) for item in as_list(value)) or not as_list(value):
        raise ValueError(f"must be text or a list of text, not {_shown(value)}")
    return tuple(as_list(value))


def _make() -> cattrs.Converter:
    converter = cattrs.Converter(forbid_extra_keys=True)
    for kind in NAMES:
        converter.register_structure_hook(kind, _strict(kind))
    converter.register_structure_hook(bool | str | None, _verify)
    converter.register_structure_hook_func(lambda kind: kind == frozenset[int], _statuses)
    converter.register_structure_hook(float | Timeouts | None, _timeout)
    converter.register_structure_hook(str | tuple[str, ...] | None, _command)
    for model in MODELS:
        made = converter.gen_structure_attrs_fromdict(model)
        converter.register_structure_hook(model, _a_mapping(made))
    return converter


def _a_mapping(made: Any) -> Any:
    def read(value: Any, kind: Any) -> Any:
        if not isinstance(value, Mapping):
            raise ValueError(f"must be a mapping, not {_shown(value)}")  # noqa: TRY004 - one kind of error
        return made(value, kind)

    return read


def _statuses(value: Any, _: Any) -> frozenset[int]:
    statuses = as_list(value)
    if not statuses or not all(type(item) is int for item in statuses):
        raise ValueError("must be a list of HTTP statuses")
    return frozenset(statuses)


for _model in MODELS:
    resolve_types(_model, {**globals(), "Literal": Literal, "Mapping": Mapping})

_converter = _make()
