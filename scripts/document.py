"""OpenAPI documents as plain data: read leniently, checked before anything trusts them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import source
import structure
from problem import Problem, squeeze
from structure import METHODS
from values import is_array, is_object

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from values import Json

__all__ = ["METHODS", "Document", "OperationNode", "check", "load", "plain", "resolve"]

NODES = 1_000_000
"""More than this many values are not a document but an alias that was expanded too often."""

DATA = frozenset({"const", "default", "enum", "example", "value"})
"""Keys whose value is data: what looks like a reference there is none."""


@dataclass(frozen=True)
class Document:
    """A checked OpenAPI 3 document."""

    name: str
    sha256: str
    root: Json

    @property
    def version(self) -> str:
        """`info.version`."""
        return str(self.root.get("info", {}).get("version", ""))

    @property
    def title(self) -> str:
        """`info.title`."""
        return str(self.root.get("info", {}).get("title", "an HTTP API"))

    def operations(self) -> Iterator[OperationNode]:
        """All operations under `paths`, in the order of the document."""
        for path, item in self.root["paths"].items():
            shared = resolve(self.root, item) if is_object(item) else {}
            for method in METHODS:
                if is_object(shared.get(method)):
                    yield OperationNode(path, method, shared[method], shared)


@dataclass(frozen=True)
class OperationNode:
    """One operation and the path item around it."""

    path: str
    method: str
    node: Json
    item: Json

    @property
    def title(self) -> str:
        """How messages name it."""
        return f"{self.method.upper()} {self.path}"

    def parameters(self, root: Json) -> Iterator[Json]:
        """Its parameters, then those of its path that it does not replace."""
        seen: set[tuple[Any, Any]] = set()
        for node in (*self.node.get("parameters", ()), *self.item.get("parameters", ())):
            parameter = resolve(root, node)
            key = parameter.get("name"), parameter.get("in")
            if key not in seen:
                seen.add(key)
                yield parameter


def load(location: str | Path) -> Document:
    """Read and check the document at a file or a URL.

    JSON may have raw control characters in its strings, as the published document has.
    Raises `Problem` when it is anything but an OpenAPI 3 document whose references resolve.
    """
    read = source.read(location)
    root = plain(read)
    check(root, read.name)
    return Document(read.name, read.sha256, root)


def check(root: Json, name: str) -> None:
    """Refuse what is not OpenAPI 3, is not built like it, has no paths, or refers to nothing."""
    if "swagger" in root:
        raise Problem(
            f"{name}: is Swagger {squeeze(str(root['swagger']), 20)}; convert it to OpenAPI 3 first"
        )
    version = root.get("openapi")
    if version is None:
        raise Problem(f"{name}: has no `openapi` key; give an OpenAPI 3 document")
    if not str(version).startswith("3."):
        raise Problem(f"{name}: OpenAPI {squeeze(str(version), 20)} is not known; 3.0 and 3.1 are")
    if not is_object(root.get("paths")):
        raise Problem(f"{name}: `paths` is missing or no object; is this the whole document?")
    for where, wanted in structure.faults(root):
        raise Problem(f"{name}: {squeeze(where, 200)} has to be {wanted}; correct it there")
    for where, reference in _references(root):
        if not reference.startswith("#"):
            raise Problem(
                f"{name}: $ref at {where} leaves the document ({squeeze(reference, 100)}); "
                "bundle the documents into one first"
            )
        if _lookup(root, reference) is None:
            raise Problem(
                f"{name}: $ref at {where} points at {squeeze(reference, 100)}, which does not "
                "exist; add what it names, or correct it"
            )


def resolve(root: Json, node: Json) -> Json:
    """The node, or what it refers to; a cycle of references alone gives an empty node."""
    seen: set[str] = set()
    while isinstance(reference := node.get("$ref"), str):
        if reference in seen:
            return {}
        seen.add(reference)
        node = _lookup(root, reference) or {}
    return node


def plain(read: source.Source) -> Json:
    """The object that a file holds, in JSON or YAML, with nothing in it that JSON has not."""
    text = _text(read)
    value = _json(text, read.name) if text[0] in "{[" else _yaml(text, read.name)
    try:
        root = _plain(value, [NODES])
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
        return json.loads(text, strict=False, object_pairs_hook=_pairs)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise Problem(f"{name}: not JSON at {place} ({error.msg}); correct it there") from None
    except KeyError as error:
        raise Problem(f"{name}: the key {error} stands twice in one object; keep one") from None
    except RecursionError:
        raise Problem(f"{name}: nested too deep; is this an OpenAPI document?") from None


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
    if value is None or isinstance(value, str | bool | int | float):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _key(key: Any) -> str:
    return key if isinstance(key, str) else json.dumps(_plain(key, [100]))


def _references(root: Json) -> Iterator[tuple[str, str]]:
    """Every reference with a pointer to where it stands."""
    waiting: list[tuple[str, Any]] = [("#", root)]
    while waiting:
        where, node = waiting.pop()
        if is_object(node):
            if isinstance(reference := node.get("$ref"), str):
                yield where, reference
            waiting += [
                (f"{where}/{key.replace('~', '~0').replace('/', '~1')}", child)
                for key, child in node.items()
                if key not in DATA
            ]
        elif is_array(node):
            waiting += [(f"{where}/{index}", child) for index, child in enumerate(node)]


def _lookup(root: Json, reference: str) -> Json | None:
    node: Any = root
    for part in reference.removeprefix("#").split("/")[1:]:
        key = part.replace("~1", "/").replace("~0", "~")
        if is_object(node) and key in node:
            node = node[key]
        elif is_array(node) and key.isdecimal() and int(key) < len(node):
            node = node[int(key)]
        else:
            return None
    return node if is_object(node) else None
