"""What values may be: checks that fields of configuration share. None is unset, and passes."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable

    from attrs import Attribute

__all__ = [
    "REFRESH_TOKENS",
    "Unfit",
    "at_least",
    "check_bundle",
    "check_encrypted",
    "check_secret",
    "check_total",
    "check_url",
    "secret",
    "total",
    "url",
]

REFRESH_TOKENS = (
    "refresh_token",
    "refresh_token_file",
    "refresh_token_command",
    "refresh_token_keyring",
)
"""The places of a refresh token, of which one at most is used."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
LOOPBACK = re.compile(r"localhost|.*\.localhost|127(\.\d+){3}|::1")


class Unfit(ValueError):
    """A value that cannot be used. It names the attribute and the mend, and never a secret."""

    def __init__(self, attribute: str, problem: str, hint: str | None = None) -> None:
        super().__init__(f"{attribute} {problem}")
        self.attribute = attribute
        self.problem = problem
        self.hint = hint


def at_least(least: float, *, none: bool = False) -> Callable[[Any, Attribute[Any], Any], None]:
    """A validator: a finite number, `least` or more."""

    def check(_owner: Any, attribute: Attribute[Any], value: Any) -> None:
        if not (none and value is None):
            _number(attribute.name, value, least)

    return check


def _number(name: str, value: Any, least: float) -> None:
    good = isinstance(value, int | float) and not isinstance(value, bool)
    if not good or not math.isfinite(value) or value < least:
        raise Unfit(name, f"must be a finite number, {least:g} or more, not {value!r}")


def total(_owner: Any, attribute: Attribute[Any], value: Any) -> None:
    """A validator: seconds, more than none, or an object with all time-outs."""
    if isinstance(value, int | float):
        check_total(attribute.name, value)


def check_total(name: str, value: Any) -> None:
    """Refuse seconds that no call could meet. Raises `Unfit`."""
    _number(name, value, 0)
    if not value:
        raise Unfit(name, "must be more than 0 seconds", "Leave it out for the usual")


def check_bundle(name: str, value: Any) -> None:
    """Refuse what is neither true, false nor a file of CA certificates. Raises `Unfit`."""
    if isinstance(value, str) and not Path(value).expanduser().exists():
        raise Unfit(name, f"names {value!r}, which does not exist", "Give a CA bundle, or true")
    if not isinstance(value, bool | str):
        raise Unfit(name, f"must be true, false or a path, not {type(value).__name__}")


def secret(_owner: Any, attribute: Attribute[Any], value: Any) -> None:
    """A validator: a token that can stand in a header. The token is never told."""
    if isinstance(value, str):
        check_secret(attribute.name, value)


def check_secret(name: str, value: str) -> None:
    """Refuse a token that is empty, padded, or has control characters. Raises `Unfit`."""
    if not value.strip():
        raise Unfit(name, "is empty", "Set it, or leave it out")
    if value != value.strip():
        raise Unfit(name, "has space around it", "Take the space and line ends off")
    if _CONTROL.search(value):
        raise Unfit(name, "has a line end or control character in it", "Copy it again, as one line")


def url(_owner: Any, attribute: Attribute[Any], value: Any) -> None:
    """A validator: scheme, host, and perhaps port and path."""
    if isinstance(value, str):
        check_url(attribute.name, value)


def check_url(name: str, value: str) -> None:
    """Refuse what is no base for URLs. Raises `Unfit`, which never tells a password."""
    try:
        parts = urlsplit(value.strip())
        good = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        good = False
    else:
        if good and (parts.username or parts.password or parts.query or parts.fragment):
            raise Unfit(
                name,
                "has more than scheme, host and path",
                "Leave out user, password, query and fragment",
            )
    if not good or _CONTROL.search(value.strip()) or " " in value.strip():
        shown = value.rpartition("@")[2][:80]
        raise Unfit(name, f"is {shown!r}, which is no URL", "Write https:// and a host")


def check_encrypted(name: str, value: str) -> None:
    """Refuse http to other machines, where anyone on the way reads the token. Raises `Unfit`."""
    parts = urlsplit(value)
    if parts.scheme == "http" and not LOOPBACK.fullmatch(parts.hostname or ""):
        raise Unfit(
            name,
            f"is http to {parts.hostname}, and would send tokens in clear",
            "Write https://, or set allow_http where you mean it",
        )
