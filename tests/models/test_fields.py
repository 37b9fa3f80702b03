"""Every field of every view stands in the document where the view looks for it, and fits."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

import pytest
from ruamel.yaml import YAML

from rsspot import models
from rsspot.models import quantities
from rsspot.models.names import did_you_mean
from rsspot.models.view import View

if TYPE_CHECKING:
    from rsspot.models.view import Field

ROOT = Path(__file__).parents[2]
YAML_READER: Final[Any] = YAML(typ="safe")
DOCUMENT: Final[Any] = YAML_READER.load((ROOT / "openapi/spot.yaml").read_text())
SCHEMAS: Final[dict[str, dict[str, Any]]] = DOCUMENT["components"]["schemas"]

VIEWS: Final[list[type[View[Any]]]] = [
    kind
    for name in models.__all__
    if isinstance(kind := getattr(models, name), type) and issubclass(kind, View) and kind.model
]
PAIRS: Final = [(kind, name) for kind in VIEWS for name in kind.fields]

LEFT_TO_RAW: Final = {
    # What the document has and no view shows, with the reason.
    "apiVersion": "the same for all",
    "kind": "the class says it",
    "metadata.generateName": "for requests",
    "metadata.deletionGracePeriodSeconds": "machinery",
    "metadata.finalizers": "machinery",
    "metadata.ownerReferences": "machinery",
    "metadata.managedFields": "machinery",
    "metadata.selfLink": "machinery",
    "CloudSpace.spec.clusterRef": "machinery",
    "CloudSpace.spec.networks": "no client has seen one",
    "CloudSpace.spec.servers": "no client has seen one",
    "CloudSpace.status.clusterRef": "machinery",
    "CloudSpace.status.assignedServers": "`servers`",
    "VMCloudSpace.status.assignedServers": "`servers`",
    "OnDemandNodePool.spec.autoscaling": "not supported (docs/api-facts.md#numbers-of-servers)",
}


def resolved(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema behind references, and the one of several that is not null."""
    while True:
        options: list[dict[str, Any]] = [
            item for way in ("oneOf", "anyOf", "allOf") for item in schema.get(way, [])
        ]
        if "$ref" in schema:
            schema = SCHEMAS[schema["$ref"].rsplit("/", 1)[1]]
        elif options:
            schema = next(item for item in options if item.get("type") != "null")
        else:
            return schema


def at(kind: type[View[Any]], path: tuple[str, ...]) -> dict[str, Any]:
    schema = resolved(SCHEMAS[kind.model])
    for key in path:
        properties = schema.get("properties", {})
        assert key in properties, f"{kind.model} has no {'.'.join(path)}"
        schema = resolved(properties[key])
    return schema


def types_of(schema: dict[str, Any]) -> set[str]:
    stated = schema.get("type", "object")
    found = {stated} if isinstance(stated, str) else set(cast("list[str]", stated))
    return found - {"null"}


READS: Final[dict[str, set[str]]] = {
    # What each reader makes sense of.
    "_read_text": {"string"},
    "_read_whole": {"integer"},
    "_read_flag": {"boolean"},
    "_read_names": {"array"},
    "_read_labels": {"object"},
    quantities.read_price.__name__: {"string", "number"},
    quantities.read_cpu.__name__: {"string", "integer", "number"},
    quantities.read_memory.__name__: {"string", "integer", "number"},
    quantities.read_time.__name__: {"string", "integer"},
    "read": {"array", "object"},
}


@pytest.mark.parametrize(("kind", "name"), PAIRS, ids=lambda item: getattr(item, "__name__", item))
def test_a_field_is_in_the_document_and_has_a_type_that_its_reader_takes(
    kind: type[View[Any]], name: str
) -> None:
    field: Field[Any] = kind.fields[name]
    schema = at(kind, field.path)
    assert types_of(schema) <= READS[field.read.__name__], (schema, field.read)
    if field.read is quantities.read_time and "string" in types_of(schema):
        assert schema["format"] == "date-time"


def leaves(schema: dict[str, Any], path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """The paths of a schema down to values, lists and maps."""
    properties = resolved(schema).get("properties")
    if not properties:
        return [path]
    return [leaf for key, part in properties.items() for leaf in leaves(part, (*path, key))]


@pytest.mark.parametrize("kind", VIEWS, ids=lambda kind: kind.__name__)
def test_everything_in_the_document_is_in_a_view_or_left_out_for_a_reason(
    kind: type[View[Any]],
) -> None:
    shown = {field.path for field in kind.fields.values()}
    for leaf in leaves(SCHEMAS[kind.model]):
        ways = [leaf[:end] for end in range(1, len(leaf) + 1)]
        left = any(
            name in LEFT_TO_RAW
            for way in ways
            for name in (".".join(way), f"{kind.model}.{'.'.join(way)}")
        )
        assert left or shown & set(ways), f"{kind.model}.{'.'.join(leaf)}"


def test_nothing_is_left_out_that_the_document_does_not_have() -> None:
    known = {
        text
        for kind in VIEWS
        for leaf in leaves(SCHEMAS[kind.model])
        for end in range(1, len(leaf) + 1)
        for text in (".".join(leaf[:end]), f"{kind.model}.{'.'.join(leaf[:end])}")
    }
    assert set(LEFT_TO_RAW) <= known


def test_the_views_are_all_kinds_that_the_document_lists() -> None:
    listed = {
        schema["properties"]["items"]["items"]["$ref"].rsplit("/", 1)[1]
        for name, schema in SCHEMAS.items()
        if name.endswith("List") and "items" in schema["properties"]
    }
    assert len(listed) == 9
    assert listed <= {kind.model for kind in VIEWS}


@pytest.mark.parametrize(
    ("name", "expected"),
    [("us-central-dfw2", "us-central-dfw-2"), ("dfw", "us-central-dfw-1"), ("ab", None)],
)
def test_a_similar_name_or_one_that_contains_the_part_is_suggested(
    name: str, expected: str | None
) -> None:
    known = ["us-central-dfw-1", "us-central-dfw-2", "uk-lab"]
    suggestion = did_you_mean(name, known)
    assert suggestion == (None if expected is None else f"Did you mean {expected!r}?")
