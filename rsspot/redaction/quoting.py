"""Quote values in messages, unless they may be secrets that were put in the wrong place.

A token that is put where a path, number, name or URL belongs must not come out in an error.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from rsspot.shapes import type_name

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["quoted", "quoted_key", "quoted_keys", "quoted_name", "quoted_path", "unknown_path"]

TINY, SHORT = 4, 12
"""Characters of what is no secret, and of a word that may be shown."""
NAME = 32

# Patterns that are rarely used are texts, here and elsewhere: `re` compiles them on first use.
_MIXED = r"[A-Za-z0-9+/=]{24,}|\d+[A-Za-z]+\d+[A-Za-z]|[A-Za-z]+\d+[A-Za-z]+\d"
"""A long run, or alternating letters and digits, which names do not have."""


_NUMBER = (
    r"(?i)[+-]?\d{0,6}[.,]?\d{1,6} ?(%|x|[mu]?s|min|h|d|[kmg]i?b?|(sec|second|minute|hour|day)s?)?"
)
WORDS = frozenset(
    ("true", "false", "yes", "no", "on", "off", "enabled", "disabled", "always", "never", "auto",
     "default", "none", "null", "inf", "infinity", "unlimited", "nan")
)  # fmt: skip
"""What people write for a flag or for no limit."""


def quoted(value: object, known: Iterable[str] = ()) -> str:
    """Return a number, or a word that is much like one of `known`, or a description of the rest.

    A short text may be a password, so its length does not make it harmless.
    """
    if isinstance(value, str):
        return repr(value) if _is_harmless(value, known) else _hidden(value)
    return repr(value) if isinstance(value, int | float) else type_name(value)


def _is_harmless(text: str, known: Iterable[str]) -> bool:
    if not text.isprintable():
        return False
    if len(text) <= TINY or re.fullmatch(_NUMBER, text.strip()):
        return True
    if len(text) > SHORT or not text.replace("_", "").isalpha():
        return False
    from difflib import get_close_matches  # only for an error

    return bool(get_close_matches(text.lower(), WORDS.union(known), 1))


def quoted_name(name: object) -> str:
    """Return a name in quotes, unless it looks like a token."""
    shown = quoted_key(name)
    return repr(name) if shown == name else shown


def quoted_key(name: object) -> str:
    """Return a name as it is, for a path of keys, unless it looks like a token."""
    if not isinstance(name, str):
        return quoted(name)
    good = len(name) <= NAME and name.isprintable() and not re.search(_MIXED, name)
    return name if good else f"({_hidden(name)})"


def quoted_keys(keys: tuple[object, ...]) -> str:
    """Return a path of keys, joined by dots, without what looks like a token."""
    return ".".join(map(quoted_key, keys))


def quoted_path(path: Path) -> str | None:
    """Return a path as text if it is certainly one; None where it may be a secret.

    It is one if it exists, if it is absolute, or if its folder exists, and the part that is missing
    consists of short words.
    """
    try:
        if path.exists():
            return str(path)
        there = next(folder for folder in path.parents if folder.exists())
        missing = path.relative_to(there).parts
    except (OSError, ValueError, StopIteration):
        return None
    if there == Path() and not path.is_absolute():
        return None
    return str(path) if all(quoted_key(part) == part for part in missing) else None


def unknown_path(path: Path, source: str) -> tuple[str, str | None]:
    """Return the words that follow "the file" in a message, and the path if it may be quoted."""
    text = quoted_path(path)
    if text is None:
        return f"that {source} names ({_hidden(str(path))})", None
    return f"{text} from {source}", text


def _hidden(value: str) -> str:
    return f"{len(value)} characters, not shown because they may be a secret"
