"""Text that every database can store."""

from __future__ import annotations

__all__ = ["storable"]


def storable(text: str) -> str:
    """Return `text` with escapes for characters that some databases cannot store.

    These are halves of surrogate pairs, which cannot be encoded, and NUL, which PostgreSQL refuses.
    """
    if text.isascii() and "\0" not in text:
        return text
    return text.encode("utf-8", "backslashreplace").decode().replace("\0", "\\x00")
