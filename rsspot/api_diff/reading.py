"""The text of a document, JSON or YAML, as plain data."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any, cast

from rsspot.api_diff.problem import Problem, squeeze
from rsspot.api_diff.values import is_array, is_object

if TYPE_CHECKING:
    from rsspot.api_diff import source
    from rsspot.api_diff.values import Json

__all__ = ["plain"]

NODES = 1_000_000
"""More than this many values are not a document but an alias that was expanded too often."""
DIGITS = 1000
"""Bits of an integer; more is no number of an API, and Python refuses to write it as text."""


def plain(read: source.Source) -> Json:
    """The object that a file holds, in JSON or YAML, with nothing in it that JSON has not."""
    text = _text(read)
    value = _json(text, read.name) if text[0] in "{[" else _yaml(text, read.name)
    try:
        root = _plain(value, [NODES])
    except _UnusableError as error:
        raise Problem(f"{read.name}: {error}; correct it") from None
    except (RecursionError, OverflowError):
        raise Problem(f"{read.name}: nested without end or too deep; expand its aliases") from None
    if not is_object(root):
        kind = "a list" if is_array(root) else "plain text"
        raise Problem(f"{read.name}: holds {kind}, not an object; give an OpenAPI document")
    return root


def _text(read: source.Source) -> str:
    content = read.content
    if content.startswith(b"\x1f\x8b"):
        raise Problem(f"{read.name}: is compressed; unpack it first")
    try:
        text = content.decode(
            "utf-16" if content[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig"
        )
    except UnicodeDecodeError:
        raise Problem(f"{read.name}: is binary, not text; give JSON or YAML in UTF-8") from None
    text = text.strip()
    if not text:
        raise Problem(f"{read.name}: is empty; give an OpenAPI document")
    if "\x00" in text:
        raise Problem(f"{read.name}: is binary, not text; give JSON or YAML in UTF-8")
    if text.startswith("<"):
        raise Problem(
            f"{read.name}: is HTML or XML, not JSON or YAML; "
            "a page about the document? give the address of the document itself"
        )
    return text


def _json(text: str, name: str) -> Any:
    try:
        return json.loads(text, strict=False, object_pairs_hook=_pairs, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise Problem(f"{name}: not JSON at {place} ({error.msg}); correct it there") from None
    except KeyError as error:
        key = squeeze(str(error), 100)
        raise Problem(f"{name}: the key {key} is duplicated in one object; keep one") from None
    except ValueError as error:
        raise Problem(f"{name}: not JSON ({squeeze(str(error), 120)}); correct it") from None
    except RecursionError:
        raise Problem(f"{name}: nested too deep; is this an OpenAPI document?") from None


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no number in JSON")


def _pairs(pairs: list[tuple[str, Any]]) -> Json:
    result: Json = {}
    for key, value in pairs:
        if key in result:
            raise KeyError(key)
        result[key] = value
    return result


def _yaml(text: str, name: str) -> Any:
    from ruamel.yaml import YAML, error

    reader: Any = YAML(typ="safe")
    try:
        return reader.load(text)
    except error.MarkedYAMLError as caught:
        marked = cast("Any", caught)
        mark = marked.problem_mark or marked.context_mark
        place = f" at line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        tab = " (YAML is indented with spaces, not tabs)" if "\t" in _line(text, mark) else ""
        reason = squeeze(str(marked.problem or marked.context), 120)
        raise Problem(f"{name}: not YAML{place}: {reason}{tab}; correct it there") from None
    except (error.YAMLError, ValueError, RecursionError) as caught:
        raise Problem(f"{name}: not YAML: {squeeze(str(caught), 120)}; correct it") from None


def _line(text: str, mark: Any) -> str:
    lines = text.splitlines()
    number: int = mark.line if mark else len(lines)
    return lines[number] if number < len(lines) else ""


class _UnusableError(Exception):
    """A value that JSON has not, or that no file of Python can hold."""


def _plain(value: Any, left: list[int]) -> Any:
    """A copy without aliases, with keys that are text and dates that are text again."""
    left[0] -= 1
    if left[0] < 0:
        raise OverflowError
    if is_object(value):
        return {_key(key): _plain(child, left) for key, child in value.items()}
    if isinstance(value, tuple | set):
        value = list(cast("set[Any]", value))
    if is_array(value):
        return [_plain(child, left) for child in value]
    return _scalar(value)


def _scalar(value: Any) -> Any:
    if isinstance(value, str):
        if not value.isascii() and any("\ud800" <= each <= "\udfff" for each in value):
            raise _UnusableError(f"holds half a surrogate pair ({squeeze(value, 40)})")
        return value
    if isinstance(value, float) and not math.isfinite(value):
        raise _UnusableError("holds a number that is infinite or none")
    if isinstance(value, int) and not isinstance(value, bool) and value.bit_length() > DIGITS:
        raise _UnusableError("holds an integer of more than 300 digits")
    if value is None or isinstance(value, bool | int | float):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _key(key: Any) -> str:
    return str(_scalar(key)) if isinstance(key, str) else json.dumps(_plain(key, [100]))
