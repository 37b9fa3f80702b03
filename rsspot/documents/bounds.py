"""Bounds of a YAML document: a few lines of aliases can expand to billions of nodes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from rsspot.shapes import as_list

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["MAX_DEPTH", "MAX_NODES", "Malformed", "check_brackets", "check_expansion"]

MAX_NODES = 100_000
"""Nodes with all aliases and merge keys expanded. A kubeconfig of 5,000 clusters has fewer."""

MAX_DEPTH = 100
"""Levels of nesting. What users write has less than ten."""

MAX_BRACKETS = 500
"""Open brackets at one place, those in texts too. What users write has a few."""

_BRACKETS = re.compile(r"[\[\]{}]")


class Malformed(ValueError):
    """A text that is not a document of its format. Nothing of the text is in the error.

    `name` is the format, `reason` what is wrong with the text, `line` where (from 1), or None.
    """

    def __init__(self, name: str, reason: str | None = None, line: int | None = None) -> None:
        super().__init__(f"not {name}: {reason}" if reason else f"not {name}")
        self.name = name
        self.reason = reason
        self.line = line


def check_expansion(node: Any) -> None:
    """Refuse a composed YAML document before any of it is expanded. Raises `Malformed`.

    node: the root of the document. It is refused when it is nested too deeply, contains itself,
    or expands to more than `MAX_NODES` nodes.
    """
    _size(node, {}, set(), 0)


def check_brackets(text: str) -> None:
    """Refuse deeply nested flow collections, on which the scanner is slow. Raises `Malformed`."""
    depth = 0
    for bracket in _BRACKETS.findall(text):
        depth += 1 if bracket in "[{" else -1
        if depth > MAX_BRACKETS:
            raise Malformed("YAML", "it is nested too deeply")


def _size(node: Any, sizes: dict[int, int], above: set[int], depth: int) -> int:
    """The number of nodes that `node` expands to; a node that was counted is not walked again."""
    known = sizes.get(id(node))
    if known is not None:
        return known
    if id(node) in above:
        raise _refused("it has an alias to what contains it", node)
    if depth > MAX_DEPTH:
        raise _refused("it is nested too deeply", node)
    above.add(id(node))
    size = 1
    for child in _children(node):
        size += _size(child, sizes, above, depth + 1)
        if size > MAX_NODES:
            raise _refused(f"it expands to more than {MAX_NODES:,} nodes", node)
    above.discard(id(node))
    sizes[id(node)] = size
    return size


def _children(node: Any) -> Iterator[Any]:
    for item in as_list(node.value):  # pairs of a mapping, members of a list; none of a scalar
        yield from item if isinstance(item, tuple) else (item,)


def _refused(reason: str, node: Any) -> Malformed:
    return Malformed("YAML", reason, node.start_mark.line + 1)
