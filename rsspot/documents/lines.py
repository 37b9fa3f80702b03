"""Find the line of a key in a document."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from rsspot.shapes import as_list

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["line_finder"]

Keys = tuple[Any, ...]

_HEADER = re.compile(r"\s*\[\[?([^\]]+)\]")
_KEY = r"(?:[\w-]++|\"[^\"]*\"|'[^']*')"
_ASSIGNED = re.compile(rf"\s*+({_KEY}(?:\s*+\.\s*+{_KEY})*+)\s*+=")
_PART = re.compile(_KEY)


def line_finder(text: str, suffix: str) -> Callable[[Keys], int | None]:
    """Return a function from a path of keys to its line, counted from 1.

    If a part of the path is not in the document, the line is that of the part before it; None if no
    part is. JSON is read as YAML, of which it is a subset. `suffix` is as for `parse`.
    """
    find = _in_toml if suffix == ".toml" else _in_yaml
    return lambda keys: find(text, keys) if keys else None


def _in_yaml(text: str, keys: Keys) -> int | None:
    from ruamel.yaml import YAML

    reader: Any = YAML(typ="safe", pure=True)
    try:
        node: Any = reader.compose(text)
    except Exception:  # noqa: BLE001 - a line is only a help in the message about another problem
        return None
    line: int | None = None
    for key in keys:
        found = next((pair for pair in _pairs(node) if pair[0].value == str(key)), None)
        if found is None:
            break
        line = found[0].start_mark.line + 1
        node = found[1]
    return line


def _pairs(node: Any) -> list[tuple[Any, Any]]:
    values: list[Any] = as_list(getattr(node, "value", None))
    return [pair for pair in values if isinstance(pair, tuple)]


def _in_toml(text: str, keys: Keys) -> int | None:
    wanted = tuple(map(str, keys))
    best: tuple[int, int | None] = (0, None)
    for number, path in _assigned(text):
        length = next(
            (size for size in range(len(wanted), 0, -1) if path[:size] == wanted[:size]), 0
        )
        if length > best[0]:
            best = (length, number)
    return best[1]


def _assigned(text: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Yield each line with a header or an assignment, and the full path of its key."""
    table: tuple[str, ...] = ()
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(line):
            table = _parts(header[1])
            yield number, table
        elif assigned := _ASSIGNED.match(line):
            yield number, (*table, *_parts(assigned[1]))


def _parts(path: str) -> tuple[str, ...]:
    return tuple(part.strip("\"'") for part in _PART.findall(path))
