"""The three formats of configuration files: read strictly, and never quoted in an error."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from rsspot.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

__all__ = ["line_finder", "parse"]

_QUOTED = re.compile(r"(['\"])(.*?)\1")
_LINE = re.compile(r"line (\d+)")


class _Malformed(ValueError):
    def __init__(self, reason: str | None = None, line: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line


def parse(path: Path, text: str, suffix: str) -> Any:
    """What `text`, from the file at `path`, holds; `suffix` says its format.

    Raises `ConfigError` with the line, and nothing of what stands there: it may be a token.
    """
    name, read = {".json": ("JSON", _json), ".toml": ("TOML", _toml)}.get(suffix, ("YAML", _yaml))
    try:
        return read(text)
    except RecursionError:
        problem = _Malformed("it is nested too deeply")
    except _Malformed as error:
        problem = error
    place = f"{path}, line {problem.line}" if problem.line else str(path)
    reason = f": {problem.reason}" if problem.reason else ""
    raise ConfigError(f"{place}: not {name}{reason}", path=str(path), hint="Correct the file there")


def _json(text: str) -> Any:
    try:
        return json.loads(text, object_pairs_hook=_once)
    except json.JSONDecodeError as error:
        raise _Malformed(error.msg, error.lineno) from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise _Malformed(f"the key {twice[:40]} stands twice")
    return found


def _toml(text: str) -> Any:
    import tomllib

    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = _LINE.search(str(error))
        reason = _unquoted(str(error).partition(" (at")[0])
        raise _Malformed(reason, int(line[1]) if line else None) from None


def _yaml(text: str) -> Any:
    from ruamel.yaml import YAML
    from ruamel.yaml.constructor import DuplicateKeyError
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    reader: Any = YAML(typ="safe")
    try:
        return reader.load(text)
    except MarkedYAMLError as error:
        known: Any = error
        mark = known.problem_mark or known.context_mark
        reason = "a key stands twice" if isinstance(error, DuplicateKeyError) else known.problem
        raise _Malformed(_unquoted(reason), mark.line + 1 if mark else None) from None
    except (YAMLError, ValueError) as error:
        raise _Malformed(type(error).__name__) from None


def _unquoted(reason: str | None) -> str | None:
    """The reason of a parser, without what it quotes, but for single characters and `<…>`."""

    def shown(match: re.Match[str]) -> str:
        return match[0] if len(match[2]) <= 2 or match[2].startswith("<") else "…"  # noqa: PLR2004 - `\t` is two

    return _QUOTED.sub(shown, reason) if reason else None


def line_finder(text: str, suffix: str) -> Callable[[tuple[str, ...]], int | None]:
    """A function from a path of keys to its line. JSON is YAML too; no parser of TOML tells."""

    def line_of(keys: tuple[str, ...]) -> int | None:
        if suffix == ".toml" or not keys:
            return None
        from ruamel.yaml import YAML
        from ruamel.yaml.error import YAMLError

        reader: Any = YAML(typ="rt")
        try:
            node: Any = reader.load(text)
        except YAMLError:
            return None
        line: int | None = None
        for key in keys:
            if not hasattr(node, "lc") or key not in node:
                break
            line = int(node.lc.key(key)[0]) + 1
            node = node[key]
        return line

    return line_of
