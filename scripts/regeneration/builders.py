"""Builders of requests that go to a server of their own: their URL becomes absolute.

The generator ignores the servers of operations, so a client would send a refresh token to the host
of the API. An absolute URL takes precedence over the base URL of the client.
"""

from __future__ import annotations

import ast
import json
from typing import TYPE_CHECKING

from rsspot.api_diff.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["ask_for", "complete", "serve"]


def serve(module: Path, base: str) -> None:
    """Put `base` before the path in the builder of a generated module."""
    source = module.read_text("utf-8")
    found = list(_urls(ast.parse(source)))
    if len(found) != 1:
        raise Problem(
            f"{module.name}: has no builder with one URL; is the generator the pinned one?"
        )
    (node,) = found
    lines = source.splitlines(keepends=True)
    line = lines[node.lineno - 1].encode()
    escaped = base.replace("{", "{{").replace("}", "}}") if _formatted(source, node) else base
    text = json.dumps(escaped + str(node.value), ensure_ascii=False)
    whole = line[: node.col_offset] + text.encode() + line[node.end_col_offset :]
    lines[node.lineno - 1] = whole.decode()
    module.write_text("".join(lines), "utf-8", newline="\n")


def ask_for(module: Path, media_types: str) -> None:
    """Let the builder of a generated module ask for media types (RFC 9110, section 12.5.1)."""
    source = module.read_text("utf-8")
    header = f'"Accept": {json.dumps(media_types)}'
    last = '    _kwargs["headers"] = headers\n'
    head, mark, tail = source.partition(last)
    if mark:
        mark = f'    _kwargs["headers"] = {{{header}, **headers}}\n'
    else:
        head, mark, tail = source.partition("    return _kwargs\n")
        head += f'    _kwargs["headers"] = {{{header}}}\n'
    module.write_text(f"{head}{mark}{tail}", "utf-8", newline="\n")


def complete(module: Path) -> None:
    """Add an import that the generator omits if a body has several media types."""
    source = module.read_text("utf-8")
    tree = ast.parse(source)
    imported = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    if "Unset" in used - imported:
        head, mark, tail = source.partition("from ...types import ")
        module.write_text(f"{head}{mark}Unset, {tail}", "utf-8", newline="\n")


def _urls(tree: ast.Module) -> Iterator[ast.Constant]:
    """Yield the text of the URL in the dictionary that a builder makes."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Dict):
            continue
        for key, value in zip(node.keys, node.values, strict=True):
            if isinstance(key, ast.Constant) and key.value == "url":
                if isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute):
                    value = value.func.value  # noqa: PLW2901 - "…".format(…)
                if isinstance(value, ast.Constant) and isinstance(value.value, str):
                    yield value


def _formatted(source: str, node: ast.Constant) -> bool:
    line = source.splitlines()[node.lineno - 1].encode()
    return line[node.end_col_offset or 0 :].startswith(b".format(")
