"""The fields of the classes of the configuration file, each of which is an option."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rsspot.config import kinds
from rsspot.config.options import BY_NAME, MASK, converted
from rsspot.shapes import is_sequence
from rsspot.values import field

if TYPE_CHECKING:
    from collections.abc import Callable

    from attrs import Attribute

    from rsspot.config.options import Option

__all__ = ["field_of"]


def field_of(name: str) -> Any:
    """Return the field of an option, for a class of the configuration file."""
    option = BY_NAME[name]

    def check(_owner: Any, attribute: Attribute[Any], value: Any) -> None:
        if value is not None:
            option.kind.check(attribute.name, value)

    return field(
        default=None,
        validator=check,
        converter=_converter_of(option),
        repr=True if option.shown == "whole" else _masked,
    )


def _converter_of(option: Option) -> Callable[[Any], Any] | None:
    if option.kind is kinds.COMMAND:
        return _tuple_of
    if option.kind.model is None:
        return None

    def convert(value: Any) -> Any:  # its annotations are those of the class's signature
        return converted(option.name, value)

    return convert


def _tuple_of(value: Any) -> Any:
    return tuple(value) if is_sequence(value) else value


def _masked(value: Any) -> str:
    return repr(None if value is None else MASK)
