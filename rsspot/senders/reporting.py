"""Warnings that fail no call, and texts of servers made safe to show."""

from __future__ import annotations

import re
import sys
import warnings

__all__ = ["gave_up", "log_debug", "report", "sanitize"]

# Neither looks at a character again and again: a server must not be able to keep a client busy.
_TAGS = r"(?si)<(script|style).*?(?:</\1>|\Z)|<[^<>]*>"
_TOKENS = r"(?<![\w-])[\w-]{12,}+\.[\w-]{8,}+\.[\w-]{8,}+"


def sanitize(text: str, limit: int = 400) -> str:
    """Return `text` in one line of at most `limit` characters, without markup and tokens.

    Control characters, which could move the cursor of a terminal, and halves of surrogate pairs,
    which cannot be encoded, are removed too.
    """
    # The start is enough: a page of megabytes is not searched for its last tag.
    bare = " ".join(re.sub(_TAGS, " ", text[: 20 * limit]).split())
    bare = re.sub(_TOKENS, "[token]", bare)
    bare = bare if len(bare) <= limit else f"{bare[:limit]}…"
    return "".join(each if each.isprintable() else "\ufffd" for each in bare)


def gave_up(tries: int, elapsed: float | None) -> str:
    """Return how often and how long a request was tried, to append to a message; else nothing."""
    if tries < 2 or elapsed is None:  # noqa: PLR2004 - one try needs no word
        return ""
    return f" (gave up after {tries} tries in {elapsed:.1f} s)"


def log_debug(message: str, *details: object) -> None:
    """Write a line to the log `rsspot` at the level DEBUG."""
    # If the program has not imported logging, no handler exists, and importing it takes time.
    if imported := sys.modules.get("logging"):
        imported.getLogger("rsspot").debug(message, *details)


def report(message: str) -> None:
    """Warn with a `RuntimeWarning`, or log it where warnings are errors."""
    try:
        warnings.warn(message, RuntimeWarning, stacklevel=3)
    except RuntimeWarning:
        import logging

        logging.getLogger("rsspot").warning(message)
