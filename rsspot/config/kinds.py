"""The kinds of values that options have: how they are checked, and read from the environment."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

from rsspot.errors import ConfigError
from rsspot.files.folders import expand, is_there
from rsspot.redaction.quoting import quoted, quoted_path
from rsspot.redaction.secret import Secret
from rsspot.shapes import is_sequence, is_unicode
from rsspot.validators import InvalidValue, check_kind, check_number, kind_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = [
    "BUNDLE",
    "CACHE",
    "COMMAND",
    "FLAG",
    "LOOPBACK",
    "NOT_IN_FILES",
    "RETRY",
    "TEXT",
    "TIMEOUT",
    "TOKEN",
    "TOKEN_URL",
    "URL",
    "OptionKind",
]

FLAGS = {"1": True, "true": True, "yes": True, "on": True} | {
    "0": False,
    "false": False,
    "no": False,
    "off": False,
}
NOT_IN_FILES = "not in files"
"""Metadata of an attribute of a class that a file cannot set."""
MASKED = (
    "Programs show asterisks in place of a token, and rsspot 0.3.0 wrote them to its file. Set "
    "the token itself, or remove the line (`rsspot config migrate` does) and run `rsspot login`"
)
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
LOOPBACK = re.compile(r"localhost|.*\.localhost|127(\.\d+){3}|::1")


def _as_it_is(_variable: str, text: str) -> Any:
    return text


def _anything(_name: str, _value: Any, _values: Mapping[str, Any]) -> None:
    """Accept every value."""


class OptionKind(NamedTuple):
    """How the values of an option are checked and read. All functions raise `ConfigError`."""

    check: Callable[[str, Any], None]
    """Refuse an invalid value. Arguments: the name of the option and the value, never None."""
    read: Callable[[str, str], Any] = _as_it_is
    """Parse an environment variable. Arguments: the name of the variable and its text."""
    check_use: Callable[[str, Any, Mapping[str, Any]], None] = _anything
    """Refuse a value before it is used. Arguments as above, and the values of all options."""
    model: Callable[[], type] | None = None
    """Import and return the class that a mapping is converted to, if the value can be one."""


def _is_text(name: str, value: Any) -> None:
    check_kind(name, value, str)


def _is_filled(name: str, value: Any, _values: Mapping[str, Any]) -> None:
    """Refuse a text that is empty, or contains control characters."""
    if not value.strip():
        raise InvalidValue(name, "is empty", "Set it, or leave it out")
    if _CONTROL.search(value) or not is_unicode(value):
        raise InvalidValue(name, "contains a control character", "Write it again, as one line")


def _is_flag(name: str, value: Any) -> None:
    check_kind(name, value, bool)


def _read_flag(variable: str, text: str) -> bool:
    value = FLAGS.get(text.strip().lower())
    if value is None:
        raise ConfigError(
            f"{variable} is {quoted(text)}", key=variable, hint="Set it to true or false"
        )
    return value


def _is_timeout(name: str, value: Any) -> None:
    if isinstance(value, _timeouts()):
        return
    check_number(name, value, 0)
    if not value:
        raise InvalidValue(name, "must be more than 0 seconds", "Leave it out for the default")


def _read_seconds(variable: str, text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise ConfigError(
            f"{variable} is {quoted(text)}, which is not a number",
            key=variable,
            hint="Set it to a number of seconds",
        ) from None


def _read_bundle(_variable: str, text: str) -> bool | str:
    return FLAGS.get(text.strip().lower(), text)


def _is_bundle(name: str, value: Any) -> None:
    if isinstance(value, str) and value.lower() in FLAGS.keys() - {"0", "1"}:
        raise InvalidValue(name, "must be true or false without quotes, or the path of a CA bundle")
    if not isinstance(value, bool | str):
        problem = f"must be true, false or the path of a CA bundle, not {kind_of(value)}"
        raise InvalidValue(name, problem)


def _bundle_exists(name: str, value: Any, _values: Mapping[str, Any]) -> None:
    if isinstance(value, str):
        path = expand(value)
        if not is_there(path):
            shown = quoted_path(path)
            what = repr(shown) if shown else "a path"
            raise InvalidValue(
                name, f"names {what}, which does not exist", "Give a CA bundle, or true"
            )


def _is_token(name: str, value: Any) -> None:
    """Refuse a token that cannot be sent in a header. No message shows it."""
    token = value.reveal() if isinstance(value, Secret) else value
    check_kind(name, token, str)
    if not token.strip():
        raise InvalidValue(name, "is empty", "Set it, or leave it out")
    if not token.strip().strip("*"):
        raise InvalidValue(name, "is a mask, not a token", MASKED)
    if token != token.strip():
        raise InvalidValue(name, "has spaces around it", "Remove the spaces and line breaks")
    if _CONTROL.search(token) or not is_unicode(token):
        raise InvalidValue(
            name, "contains a line break or another control character", "Copy it again, as one line"
        )


def _read_token(_variable: str, text: str) -> Secret:
    return Secret(text)


def _is_command(name: str, value: Any) -> None:
    words = value if is_sequence(value) else (value,)
    if not words or not all(isinstance(word, str) for word in words):
        raise InvalidValue(name, f"must be text or a list of text, not {kind_of(value)}")


def _is_url(name: str, value: Any) -> None:
    """Refuse a value that cannot be the base of URLs. No message shows a password."""
    check_kind(name, value, str)
    text = str(value).strip()
    try:
        parts = urlsplit(text)
        good = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        good = False
    else:
        if good and (parts.username or parts.password or parts.query or parts.fragment):
            raise InvalidValue(
                name,
                "must consist of a scheme, a host and an optional path",
                "Remove the user, password, query and fragment",
            )
    if not good or _CONTROL.search(text) or " " in text:
        shown = quoted(text)
        raise InvalidValue(name, f"is {shown}, which is not a URL", "Write https:// and a host")


def _is_encrypted(name: str, value: Any, values: Mapping[str, Any]) -> None:
    """Refuse http to other machines, since anyone on the way can read tokens."""
    parts = urlsplit(str(value))
    is_open = parts.scheme == "http" and not LOOPBACK.fullmatch(parts.hostname or "")
    if is_open and not values.get("allow_http"):
        raise InvalidValue(
            name,
            f"is http to {parts.hostname}, which would send tokens unencrypted",
            "Write https://, or set allow_http if this is intended",
        )


def _timeouts() -> type:
    from rsspot.senders.options import Timeouts

    return Timeouts


def _retry() -> type:
    from rsspot.senders.options import RetryConfig

    return RetryConfig


def _cache() -> type:
    from rsspot.senders.options import CacheConfig

    return CacheConfig


def _is_retry(name: str, value: Any) -> None:
    check_kind(name, value, _retry())


def _is_cache(name: str, value: Any) -> None:
    check_kind(name, value, _cache())


TEXT = OptionKind(_is_text, check_use=_is_filled)
FLAG = OptionKind(_is_flag, _read_flag)
TIMEOUT = OptionKind(_is_timeout, _read_seconds, model=_timeouts)
BUNDLE = OptionKind(_is_bundle, _read_bundle, _bundle_exists)
"""True, false, or the path of a file with CA certificates."""
TOKEN = OptionKind(_is_token, _read_token)
COMMAND = OptionKind(_is_command)
"""A line with the quoting rules of the shell, or a list of arguments."""
URL = OptionKind(_is_url)
TOKEN_URL = OptionKind(_is_url, check_use=_is_encrypted)
"""A URL to which tokens are sent."""
RETRY = OptionKind(_is_retry, model=_retry)
CACHE = OptionKind(_is_cache, model=_cache)
