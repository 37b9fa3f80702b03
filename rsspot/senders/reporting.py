"""Warnings that fail no call, and texts of servers that are safe to show."""

from __future__ import annotations

import re
import sys
import warnings

__all__ = ["gave_up", "log_debug", "report", "sanitize"]

_TAGS = re.compile(r"<(script|style).*?</\1>|<[^>]*>", re.DOTALL | re.IGNORECASE)
_TOKENS = re.compile(r"[\w-]{12,}\.[\w-]{8,}\.[\w-]{8,}")


def sanitize(text: str, limit: int = 400) -> str:
    """`text` without tags of HTML or XML, in one line, cut at `limit`; tokens are not shown.

    Nor is what cannot be: control characters, which could move the cursor of a terminal, and
    halves of surrogate pairs, which cannot be encoded.
    """
    # The head is enough: a page of megabytes is not searched for its last tag.
    bare = " ".join(_TAGS.sub(" ", text[: 20 * limit]).split())
    bare = _TOKENS.sub("[token]", bare)
    bare = bare if len(bare) <= limit else f"{bare[:limit]}…"
    return "".join(each if each.isprintable() else "\ufffd" for each in bare)


def gave_up(tries: int, elapsed: float | None) -> str:
    """How often and for how long something was tried, to follow what came of it; else nothing."""
    if tries < 2 or elapsed is None:  # noqa: PLR2004 - one try needs no word
        return ""
    return f" (gave up after {tries} tries in {elapsed:.1f} s)"


def log_debug(message: str, *details: object) -> None:
    """Write a line to the log `rsspot` at the level DEBUG."""
    # Where nobody has imported logging, nobody listens; and its import costs.
    if imported := sys.modules.get("logging"):
        imported.getLogger("rsspot").debug(message, *details)


def report(message: str) -> None:
    """Warn, with a `RuntimeWarning`; where warnings are errors, write it to the log instead."""
    try:
        warnings.warn(message, RuntimeWarning, stacklevel=3)
    except RuntimeWarning:
        import logging

        logging.getLogger("rsspot").warning(message)
