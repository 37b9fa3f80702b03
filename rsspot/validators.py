"""Validators of attrs fields, for files and code. None means unset, and is accepted."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from rsspot.errors import ConfigError
from rsspot.redaction.quoting import quoted, quoted_key
from rsspot.shapes import is_mapping, type_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from attrs import Attribute

__all__ = [
    "HUGE",
    "KINDS",
    "InvalidValue",
    "Validator",
    "at_least",
    "check_kind",
    "check_number",
    "each",
    "is_a",
    "kind_of",
    "of",
    "required",
]

HUGE = 10.0**15


class InvalidValue(ConfigError, ValueError):
    """A value that cannot be used. It names the attribute and the fix, and never a secret.

    attribute: the name of the option, as in a file or an argument.
    problem: what is wrong, as the text continues after the name.
    hint: what to do.
    """

    def __init__(self, attribute: str, problem: str, hint: str | None = None) -> None:
        super().__init__(f"{attribute} {problem}", key=attribute, hint=hint)
        self.attribute = attribute
        self.problem = problem

    def __reduce__(self) -> tuple[Any, ...]:
        return (type(self), (self.attribute, self.problem, self.hint), self.__dict__)


Validator = Callable[[Any, "Attribute[Any]", Any], None]

KINDS: Mapping[type, str] = {
    str: "text",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    dict: "a mapping",
    list: "a list",
    type(None): "nothing",
}
"""Names of the types that files hold, for messages."""


def kind_of(value: object) -> str:
    """Return what kind of value it is, not its content, which may be a misplaced secret."""
    return KINDS.get(type(value), type_name(value))


def is_a(kind: type, value: object) -> bool:
    """Return whether `value` has this type. A flag is not a number; a whole number is a float."""
    if isinstance(value, bool):
        return kind is bool
    return isinstance(value, (int, float) if kind is float else kind)


def check_kind(name: str, value: object, kind: type) -> None:
    """Refuse anything but a value of this type. Raises `InvalidValue`."""
    if not is_a(kind, value):
        expected = KINDS.get(kind, kind.__name__)
        raise InvalidValue(name, f"must be {expected}, not {kind_of(value)}")


def of(kind: type) -> Validator:
    """Return a validator: None, or a value of this type."""

    def check(_owner: Any, attribute: Attribute[Any], value: Any) -> None:
        if value is not None:
            check_kind(attribute.name, value, kind)

    return check


def required(kind: type) -> Validator:
    """Return a validator: a value of this type."""

    def check(_owner: Any, attribute: Attribute[Any], value: Any) -> None:
        check_kind(attribute.name, value, kind)

    return check


def each(kind: type) -> Validator:
    """Return a validator: a mapping of text to values of this type."""

    def check(_owner: Any, attribute: Attribute[Any], value: Any) -> None:
        if not is_mapping(value):
            raise InvalidValue(attribute.name, f"must be a mapping, not {kind_of(value)}")
        for name, item in value.items():
            if not isinstance(name, str):
                raise InvalidValue(attribute.name, f"must have text as keys, not {kind_of(name)}")
            check_kind(f"{attribute.name}.{quoted_key(name)}", item, kind)

    return check


def at_least(
    minimum: float, *, none: bool = False, whole: bool = False, maximum: float = math.inf
) -> Validator:
    """Return a validator: a finite number between `minimum` and `maximum`."""

    def check(_owner: Any, attribute: Attribute[Any], value: Any) -> None:
        if none and value is None:
            return
        if whole and not is_a(int, value):
            raise InvalidValue(attribute.name, f"must be a whole number, not {kind_of(value)}")
        check_number(attribute.name, value, minimum)
        if value > maximum:
            raise InvalidValue(attribute.name, f"must be {maximum:g} or less, not {quoted(value)}")

    return check


def check_number(name: str, value: Any, minimum: float) -> None:
    """Refuse anything but a finite number of at least `minimum`. Raises `InvalidValue`."""
    if is_a(float, value):
        try:
            good = math.isfinite(value) and value >= minimum
        except OverflowError:
            good = False
        if good:
            return
    shown = quoted(value) if is_a(float, value) and abs(value) < HUGE else kind_of(value)
    raise InvalidValue(name, f"must be a finite number, {minimum:g} or more, not {shown}")
