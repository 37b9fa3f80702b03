"""Text as any database can hold it."""

from __future__ import annotations

__all__ = ["storable"]


def storable(text: str) -> str:
    """Return `text` with escapes in place of what not every database can hold.

    Those are halves of surrogate pairs, which no encoding has, and NUL, which PostgreSQL refuses.
    """
    if text.isascii() and "\0" not in text:
        return text
    return text.encode("utf-8", "backslashreplace").decode().replace("\0", "\\x00")
