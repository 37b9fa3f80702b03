"""openapi/spot.yaml as data, and the ways through it that the tests of the document share."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from ruamel.yaml import YAML

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ROOT = Path(__file__).parents[2]
PATH = ROOT / "openapi" / "spot.yaml"
METHODS = ("get", "put", "post", "patch", "delete")


@dataclass(frozen=True)
class Operation:
    """One operation, with what its path item adds and what its references point at."""

    method: str
    path: str
    node: dict[str, Any]
    parameters: tuple[dict[str, Any], ...]

    @property
    def id(self) -> str:
        """Its operationId."""
        return cast("str", self.node["operationId"])

    @property
    def body(self) -> dict[str, Any]:
        """The media types of its request body."""
        return cast("dict[str, Any]", self.node.get("requestBody", {}).get("content", {}))

    @property
    def responses(self) -> dict[str, dict[str, Any]]:
        """Its answers by status."""
        return {status: resolve(node) for status, node in self.node["responses"].items()}


@cache
def load() -> dict[str, Any]:
    """The document, read once."""
    reader: Any = YAML(typ="safe")
    return cast("dict[str, Any]", reader.load(PATH))


def schemas() -> dict[str, dict[str, Any]]:
    """The named schemas."""
    return cast("dict[str, dict[str, Any]]", load()["components"]["schemas"])


def lookup(reference: str) -> dict[str, Any]:
    """What a reference points at; KeyError where that is nothing."""
    node: Any = load()
    for part in reference.removeprefix("#/").split("/"):
        node = node[part.replace("~1", "/").replace("~0", "~")]
    return cast("dict[str, Any]", node)


def resolve(node: dict[str, Any]) -> dict[str, Any]:
    """The node, or what it refers to with the node's own keys on top."""
    while "$ref" in node:
        own = {key: value for key, value in node.items() if key != "$ref"}
        node = lookup(node["$ref"]) | own
    return node


def operations() -> Iterator[Operation]:
    """All operations under `paths`."""
    for path, item in load()["paths"].items():
        for method in METHODS:
            if method in item:
                node = item[method]
                both = [*item.get("parameters", ()), *node.get("parameters", ())]
                yield Operation(method, path, node, tuple(resolve(each) for each in both))


def walk(node: Any, where: str = "#") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every mapping of the document with a pointer to it; examples are data and left out."""
    if isinstance(node, dict):
        mapping = cast("dict[str, Any]", node)
        yield where, mapping
        for key, child in mapping.items():
            if key not in {"example", "examples"}:
                yield from walk(child, f"{where}/{key}")
    elif isinstance(node, list):
        for index, child in enumerate(cast("Sequence[Any]", node)):
            yield from walk(child, f"{where}/{index}")


def inner(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The schemas directly inside a schema, references not followed."""
    for name, child in schema.get("properties", {}).items():
        yield f"properties/{name}", child
    for keyword in ("items", "additionalProperties"):
        if isinstance(schema.get(keyword), dict):
            yield keyword, schema[keyword]
    for keyword in ("anyOf", "oneOf", "allOf"):
        for index, child in enumerate(schema.get(keyword, ())):
            yield f"{keyword}/{index}", child


def types(schema: dict[str, Any]) -> set[str]:
    """The JSON types that a schema allows by name, through references and alternatives."""
    node = resolve(schema)
    found: set[str] = set()
    for alternative in node.get("anyOf", ()):
        found |= types(alternative)
    named = node.get("type", [])
    return found | ({named} if isinstance(named, str) else set(named))
