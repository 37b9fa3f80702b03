"""What values may be: checks that files and code share. None is unset, and passes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from rsspot.files.folders import expand, is_there
from rsspot.redaction.quoting import quoted, quoted_path
from rsspot.validators import InvalidValue, check_number, kind_of, of

if TYPE_CHECKING:
    from attrs import Attribute

    from rsspot.validators import Validator

__all__ = [
    "REFRESH_TOKENS",
    "bundle",
    "check_bundle",
    "check_encrypted",
    "check_secret",
    "check_total",
    "check_url",
    "flag",
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

MASK = (
    "Programs show asterisks in place of a token, and rsspot 0.3.0 wrote them to its file. Set the "
    "token itself: `rsspot login` asks for it"
)
WORDS = frozenset({"true", "false", "yes", "no", "on", "off"})
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
LOOPBACK = re.compile(r"localhost|.*\.localhost|127(\.\d+){3}|::1")


text: Validator = of(str)
flag: Validator = of(bool)


def total(_owner: Any, attribute: Attribute[Any], value: Any) -> None:
    """A validator: None, seconds, more than none, or an object with all time-outs."""
    from rsspot.senders.options import Timeouts

    if value is not None and not isinstance(value, Timeouts):
        check_total(attribute.name, value)


def check_total(name: str, value: Any) -> None:
    """Refuse seconds that no call could meet. Raises `InvalidValue`."""
    check_number(name, value, 0)
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
    if not value.strip().strip("*"):
        raise InvalidValue(name, "is a mask, not a token", MASK)
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
