"""Read YAML, TOML and JSON strictly, within limits, and without quoting the document.

A document may contain secrets anywhere, so errors contain only a line and a reason.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from rsspot.redaction.quoting import quoted_key
from rsspot.shapes import as_list

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = [
    "BOM",
    "MAX_DEPTH",
    "MAX_NODES",
    "NAMES",
    "Malformed",
    "parse",
]

MAX_NODES = 100_000
"""Maximum nodes, with aliases and merge keys expanded; a kubeconfig of 5,000 clusters has fewer."""

MAX_DEPTH = 100
"""Maximum levels of nesting. Real documents have less than ten."""

MAX_BRACKETS = 500
"""Maximum open brackets, including those in texts. Real documents have a few."""

MAX_ALIASES = 1_000
"""Maximum aliases. Real documents have a few; each takes time, even if it is refused."""

_ALIAS = re.compile(r"(?:^|(?<=[\s,:\[{-]))\*[\w-]", re.MULTILINE)
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


def _check_expansion(node: Any) -> None:
    """Refuse a composed YAML document before any of it is expanded. Raises `Malformed`.

    node: the root of the document. It is refused when it is nested too deeply, contains itself,
    or expands to more than `MAX_NODES` nodes.
    """
    _size(node, {}, set(), 0)


def _check_brackets(text: str) -> None:
    """Refuse deeply nested flow collections, on which the scanner is slow. Raises `Malformed`."""
    depth = 0
    for bracket in _BRACKETS.findall(text):
        depth += 1 if bracket in "[{" else -1
        if depth > MAX_BRACKETS:
            raise Malformed("YAML", "it is nested too deeply")


def _check_aliases(text: str) -> None:
    """Refuse a document with very many aliases before it is read. Raises `Malformed`."""
    if text.count("*") > MAX_ALIASES:
        found = sum(1 for _ in _ALIAS.finditer(text))
        if found > MAX_ALIASES:
            raise Malformed("YAML", f"it has more than {MAX_ALIASES:,} aliases")


def _size(node: Any, sizes: dict[int, int], above: set[int], depth: int) -> int:
    """Return the number of nodes that `node` expands to; each node is visited once."""
    known = sizes.get(id(node))
    if known is not None:
        return known
    if id(node) in above:
        raise _refused("it has an alias to a node that contains it", node)
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


BOM = "\ufeff"
NAMES: Mapping[str, str] = {".json": "JSON", ".toml": "TOML"}
"""Formats by suffix; every other suffix means YAML."""

_QUOTED = re.compile(r"(['\"])(.*?)\1")
_LINE = re.compile(r"line (\d+)")


def parse(text: str, suffix: str) -> Any:
    """Return the content of `text`: mappings, lists and scalars; None for an empty YAML document.

    `suffix` is ``.json``, ``.toml``, or anything else for YAML 1.2. A byte order mark is skipped.
    Duplicate keys, unknown tags, documents that contain themselves, and aliases that expand to
    more than `MAX_NODES` nodes are refused. Raises `Malformed`.
    """
    name = NAMES.get(suffix, "YAML")
    read = {"JSON": _json, "TOML": _toml}.get(name, _yaml)
    problem: Malformed
    try:
        return read(text.removeprefix(BOM))
    except RecursionError:
        problem = Malformed(name, "it is nested too deeply")
    except Malformed as error:
        problem = error
    raise problem.with_traceback(None) from None


def _json(text: str) -> Any:
    try:
        return json.loads(text, object_pairs_hook=_once)
    except json.JSONDecodeError as error:
        raise Malformed("JSON", error.msg, error.lineno) from None
    except Malformed:
        raise
    except ValueError as error:
        raise _given_up("JSON", error) from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        duplicate = next(name for name in names if names.count(name) > 1)
        raise Malformed("JSON", f"duplicate key {quoted_key(duplicate)}")
    return found


def _toml(text: str) -> Any:
    import tomllib

    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = _LINE.search(str(error))
        reason = _unquoted(str(error).partition(" (at")[0])
        raise Malformed("TOML", reason, int(line[1]) if line else None) from None
    except ValueError as error:
        raise _given_up("TOML", error) from None


def _yaml(text: str) -> Any:
    from ruamel.yaml import YAML
    from ruamel.yaml.constructor import DuplicateKeyError, SafeConstructor
    from ruamel.yaml.error import MarkedYAMLError

    class Bounded(SafeConstructor):
        def construct_document(self, node: Any) -> Any:
            _check_expansion(node)
            base: Any = super()
            return base.construct_document(node)

    _check_brackets(text)
    _check_aliases(text)
    reader: Any = YAML(typ="safe", pure=True)
    reader.Constructor = Bounded
    try:
        return reader.load(text)
    except (Malformed, RecursionError):
        raise
    except MarkedYAMLError as error:
        known: Any = error
        mark = known.problem_mark or known.context_mark
        duplicate = isinstance(error, DuplicateKeyError)
        reason = "duplicate key" if duplicate else _unquoted(known.problem)
        raise Malformed("YAML", reason, mark.line + 1 if mark else None) from None
    except Exception as error:  # noqa: BLE001 - the constructors of tags raise whatever they meet
        raise _given_up("YAML", error) from None


def _given_up(name: str, error: Exception) -> Malformed:
    # The text of the error may quote the value.
    return Malformed(name, f"it has a value that cannot be read ({type(error).__name__})")


def _unquoted(reason: str | None) -> str | None:
    """Return the reason of a parser without its quotations, except single characters and `<…>`."""

    def shown(match: re.Match[str]) -> str:
        return match[0] if len(match[2]) <= 2 or match[2].startswith("<") else "…"  # noqa: PLR2004 - `\t` is two

    return _QUOTED.sub(shown, reason) if reason else None
