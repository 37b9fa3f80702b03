"""Text in cells of a terminal: how wide it is, and where it is wrapped."""

from __future__ import annotations

import re

__all__ = ["cell_width", "shorten_ids", "wrap", "wrap_after"]

MIN_ID = 8
"""Characters of a shortened id: enough to tell thousands of pools apart."""
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def cell_width(text: str) -> int:
    """Return the number of cells that a terminal needs for one line of text."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)


def wrap(text: str, width: int, *, split: bool = True) -> list[str]:
    """Return the lines of a text of at most `width` cells each, broken between words.

    A word that is longer than a line is split, or stands alone if `split` is false, so that it can
    be copied.
    """
    lines = [""]
    for word in text.split(" "):
        joined = f"{lines[-1]} {word}" if lines[-1] else word
        if cell_width(joined) <= width:
            lines[-1] = joined
            continue
        parts = _chop(word, width) if split else [word]
        lines[-1:] = [*([lines[-1]] if lines[-1] else []), *parts]
    return lines


def wrap_after(label: str, text: str) -> str:
    """Return a message broken between words, so that it fits on the terminal after a label."""
    before = len(label)
    import shutil  # it loads what unpacks archives

    width = shutil.get_terminal_size().columns
    first, *rest = wrap(f"{'.' * before}{text}", width, split=False)
    return "\n".join([first[before:], *rest])


def _chop(word: str, width: int) -> list[str]:
    parts = [""]
    for character in word:
        if parts[-1] and cell_width(parts[-1] + character) > width:
            parts.append("")
        parts[-1] += character
    return parts


def shorten_ids(texts: list[str]) -> list[str]:
    """Return texts whose UUIDs are cut to as few characters as tell all of these apart."""
    ids = {found for text in texts for found in _UUID.findall(text)}
    length = MIN_ID
    while len({found[:length] for found in ids}) < len(ids):
        length += 1
    return [_UUID.sub(lambda match: match[0][:length], text) for text in texts]
