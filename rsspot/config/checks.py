"""What values may be: checks that files and code share. None is unset, and passes."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from rsspot.errors import ConfigError
from rsspot.files.folders import expand, is_there
from rsspot.models.shapes import is_mapping
from rsspot.redaction.quoting import quoted, quoted_key, quoted_path

if TYPE_CHECKING:
    from collections.abc import Mapping

    from attrs import Attribute

__all__ = [
    "KINDS",
    "REFRESH_TOKENS",
    "InvalidValue",
    "at_least",
    "bundle",
    "check_bundle",
    "check_encrypted",
    "check_secret",
    "check_total",
    "check_url",
    "each",
    "flag",
    "is_a",
    "kind_of",
    "of",
    "required",
    "secret",
    "text",
    "total",
    "url",
]

REFRESH_TOKENS = (
    "refresh_token",
    "refresh_token_file",
    "refresh_token_command",
    "refresh_token_keyring",
)
"""The places of a refresh token, of which at most one is used."""

WORDS = frozenset({"true", "false", "yes", "no", "on", "off"})
HUGE = 10.0**15
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
LOOPBACK = re.compile(r"localhost|.*\.localhost|127(\.\d+){3}|::1")


class InvalidValue(ConfigError, ValueError):
    """A value that cannot be used. It names the attribute and the fix, and never a secret.

    attribute: the name of the setting, as in a file or an argument.
    problem: what is wrong, as the text goes on after the name.
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
"""How messages call the types that files hold."""


def kind_of(value: object) -> str:
    """Return what `value` is, and not what it holds: it may be a secret under the wrong key."""
    return KINDS.get(type(value), type(value).__name__)


def is_a(kind: type, value: object) -> bool:
    """Return whether `value` is of this type; a flag is no number, a whole number is a float."""
    if isinstance(value, bool):
        return kind is bool
    return isinstance(value, (int, float) if kind is float else kind)


def of(*kinds: type) -> Validator:
    """A validator: None, or a value of one of these types."""
    names = " or ".join(KINDS.get(kind, kind.__name__) for kind in kinds)

    def check(_owner: Any, attribute: Attribute[Any], value: Any) -> None:
        if value is not None and not any(is_a(kind, value) for kind in kinds):
            raise InvalidValue(attribute.name, f"must be {names}, not {kind_of(value)}")

    return check


text, flag = of(str), of(bool)


def required(kind: type) -> Validator:
    """A validator: a value of this type."""

    def check(_owner: Any, attribute: Attribute[Any], value: Any) -> None:
        if not is_a(kind, value):
            name = KINDS.get(kind, kind.__name__)
            raise InvalidValue(attribute.name, f"must be {name}, not {kind_of(value)}")

    return check


def each(kind: type) -> Validator:
    """A validator: a mapping of text to values of this type."""

    def check(_owner: Any, attribute: Attribute[Any], value: Any) -> None:
        if not is_mapping(value):
            raise InvalidValue(attribute.name, f"must be a mapping, not {kind_of(value)}")
        for name, item in value.items():
            if not isinstance(name, str):
                raise InvalidValue(attribute.name, f"must have text as keys, not {kind_of(name)}")
            if not is_a(kind, item):
                problem = f"must be {KINDS.get(kind, kind.__name__)}, not {kind_of(item)}"
                raise InvalidValue(f"{attribute.name}.{quoted_key(name)}", problem)

    return check


def at_least(
    minimum: float, *, none: bool = False, whole: bool = False, maximum: float = math.inf
) -> Validator:
    """A validator: a finite number, `minimum` or more, and `maximum` or less."""

    def check(_owner: Any, attribute: Attribute[Any], value: Any) -> None:
        if none and value is None:
            return
        if whole and not is_a(int, value):
            raise InvalidValue(attribute.name, f"must be a whole number, not {kind_of(value)}")
        _number(attribute.name, value, minimum)
        if value > maximum:
            raise InvalidValue(attribute.name, f"must be {maximum:g} or less, not {quoted(value)}")

    return check


def _number(name: str, value: Any, minimum: float) -> None:
    if is_a(float, value):
        try:
            good = math.isfinite(value) and value >= minimum
        except OverflowError:
            good = False
        if good:
            return
    shown = quoted(value) if is_a(float, value) and abs(value) < HUGE else kind_of(value)
    raise InvalidValue(name, f"must be a finite number, {minimum:g} or more, not {shown}")


def total(_owner: Any, attribute: Attribute[Any], value: Any) -> None:
    """A validator: None, seconds, more than none, or an object with all time-outs."""
    from rsspot.senders.options import Timeouts

    if value is not None and not isinstance(value, Timeouts):
        check_total(attribute.name, value)


def check_total(name: str, value: Any) -> None:
    """Refuse seconds that no call could meet. Raises `InvalidValue`."""
    _number(name, value, 0)
    if not value:
        raise InvalidValue(name, "must be more than 0 seconds", "Leave it out for the usual")


def bundle(_owner: Any, attribute: Attribute[Any], value: Any) -> None:
    """A validator: None, true, false, or the path of a CA bundle, which need not exist yet."""
    if isinstance(value, str) and value.lower() in WORDS:
        problem = "must be true or false without quotes, or the path of a CA bundle"
        raise InvalidValue(attribute.name, problem)
    if value is not None and not isinstance(value, bool | str):
        problem = f"must be true, false or the path of a CA bundle, not {kind_of(value)}"
        raise InvalidValue(attribute.name, problem)


def check_bundle(name: str, value: Any) -> None:
    """Refuse what is neither true, false nor a file of CA certificates. Raises `InvalidValue`."""
    if not isinstance(value, bool | str):
        raise InvalidValue(name, f"must be true, false or a path, not {type(value).__name__}")
    if isinstance(value, str):
        path = expand(value)
        if not is_there(path):
            shown = quoted_path(path)
            what = repr(shown) if shown else "a path"
            raise InvalidValue(
                name, f"names {what}, which does not exist", "Give a CA bundle, or true"
            )


def secret(_owner: Any, attribute: Attribute[Any], value: Any) -> None:
    """A validator: None, or a token that can be in a header. It is in no message."""
    text(_owner, attribute, value)
    if value is not None:
        check_secret(attribute.name, value)


def check_secret(name: str, value: str) -> None:
    """Refuse a token that is empty, padded, or has control characters. Raises `InvalidValue`."""
    if not value.strip():
        raise InvalidValue(name, "is empty", "Set it, or leave it out")
    if value != value.strip():
        raise InvalidValue(name, "has space around it", "Take the space and line ends off")
    if _CONTROL.search(value):
        raise InvalidValue(
            name, "has a line end or control character in it", "Copy it again, as one line"
        )


def url(_owner: Any, attribute: Attribute[Any], value: Any) -> None:
    """A validator: None, or scheme, host, and perhaps port and path."""
    text(_owner, attribute, value)
    if value is not None:
        check_url(attribute.name, value)


def check_url(name: str, value: str) -> None:
    """Refuse what is no base for URLs. Raises `InvalidValue`, which never holds a password."""
    try:
        parts = urlsplit(value.strip())
        good = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        good = False
    else:
        if good and (parts.username or parts.password or parts.query or parts.fragment):
            raise InvalidValue(
                name,
                "has more than scheme, host and path",
                "Leave out user, password, query and fragment",
            )
    if not good or _CONTROL.search(value.strip()) or " " in value.strip():
        shown = quoted(value.rpartition("@")[2])
        raise InvalidValue(name, f"is {shown}, which is no URL", "Write https:// and a host")


def check_encrypted(name: str, value: str) -> None:
    """Refuse http to other machines, where anyone on the way reads tokens.

    Raises `InvalidValue`.
    """
    parts = urlsplit(value)
    if parts.scheme == "http" and not LOOPBACK.fullmatch(parts.hostname or ""):
        raise InvalidValue(
            name,
            f"is http to {parts.hostname}, and would send tokens in clear",
            "Write https://, or set allow_http where you mean it",
        )
