"""How much a YAML document may expand to: a few lines of aliases can stand for billions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ruamel.yaml.constructor import SafeConstructor

from rsspot.documents.reading import Malformed
from rsspot.shapes import as_list

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["MAX_DEPTH", "MAX_NODES", "BoundedConstructor"]

MAX_NODES = 100_000
"""Nodes with all aliases and merge keys expanded. A kubeconfig of 5,000 clusters has fewer."""

MAX_DEPTH = 100
"""Levels of nesting. What users write has less than ten."""


class BoundedConstructor(SafeConstructor):
    """A constructor that first counts what the composed document expands to.

    It refuses one that is nested too deeply, contains itself, or expands to too much, with
    `Malformed`, before anything is expanded.
    """

    def construct_document(self, node: Any) -> Any:
        """Return the data of the document whose root is `node`."""
        _size(node, {}, set(), 0)
        base: Any = super()
        return base.construct_document(node)


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
