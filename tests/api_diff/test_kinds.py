"""Every kind of change that a program could notice is a difference, and weighed."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

import pytest

from rsspot.api_diff import comparison, report
from rsspot.api_diff.document import Document
from rsspot.api_diff.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PROPERTIES: dict[str, Any] = {
    "name": {"type": "string", "maxLength": 63, "pattern": "^a", "default": "a"},
    "when": {"type": "string", "format": "date-time"},
    "size": {"type": "integer", "format": "int32", "minimum": 1},
    "kind": {"type": "string"},
    "more": {"type": "object", "additionalProperties": {"type": "string"}},
}
SENT = {"type": "object", "properties": copy.deepcopy(PROPERTIES)}
READ = {"type": "object", "properties": copy.deepcopy(PROPERTIES)}
LIST = {"type": "array", "items": {"type": "string"}}
DOCUMENT: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "T", "version": "1"},
    "servers": [{"url": "https://api.example.org/v1"}],
    "security": [{"token": []}],
    "paths": {
        "/a": {
            "post": {
                "operationId": "a",
                "parameters": [
                    {"name": "q", "in": "query", "schema": LIST},
                    {"name": "X-Mode", "in": "header", "schema": {"type": "string"}},
                ],
                "requestBody": {"content": {"application/json": {"schema": SENT}}},
                "responses": {
                    "200": {
                        "description": "d",
                        "headers": {"ETag": {"schema": {"type": "string"}}},
                        "content": {"application/json": {"schema": READ}},
                    }
                },
            }
        }
    },
    "components": {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
}


def differences(edit: Callable[[Any], object], root: Any = None) -> list[tuple[str, str]]:
    ours = root or DOCUMENT
    other = copy.deepcopy(ours)
    edit(other)
    found = comparison.compare(Document("ours", "", ours), Document("theirs", "", other))
    return [(each.level.name, each.kind) for each in found]


def operation(root: Any) -> Any:
    return root["paths"]["/a"]["post"]


def sent(root: Any, name: str) -> Any:
    schema = operation(root)["requestBody"]["content"]["application/json"]["schema"]
    return schema["properties"][name]


def read(root: Any, name: str) -> Any:
    response = operation(root)["responses"]["200"]
    return response["content"]["application/json"]["schema"]["properties"][name]


def rename(holder: Any, old: str, new: str) -> None:
    holder[new] = holder.pop(old)


BREAKING: list[tuple[Callable[[Any], object], str]] = [
    (lambda r: r["servers"][0].update(url="https://api.example.org/v2"), "server"),
    (lambda r: r["servers"][0].update(url="http://api.example.org/v1"), "server"),
    (lambda r: r["servers"][0].update(url="https://api.example.org:8443/v1"), "server"),
    (lambda r: operation(r).update(servers=[{"url": "https://b.example.org"}]), "server"),
    (lambda r: operation(r).update(security=[{"other": []}]), "security"),
    (
        lambda r: r["components"]["securitySchemes"].update(
            token={"type": "apiKey", "in": "query", "name": "k"}
        ),
        "security",
    ),
    (lambda r: operation(r)["parameters"][0].update(explode=False), "explode"),
    (lambda r: operation(r)["parameters"][0].update(style="pipeDelimited"), "style"),
    (lambda r: sent(r, "kind").update(enum=["x"]), "enum"),
    (lambda r: sent(r, "kind").update(readOnly=True), "readOnly"),
    (lambda r: read(r, "kind").update(writeOnly=True), "writeOnly"),
    (lambda r: sent(r, "name").update(maxLength=10), "maxLength"),
    (lambda r: sent(r, "name").update(minLength=3), "minLength"),
    (lambda r: sent(r, "name").update(pattern="^b"), "pattern"),
    (lambda r: sent(r, "name").update(default="b"), "default"),
    (lambda r: sent(r, "size").update(minimum=2), "minimum"),
    (lambda r: sent(r, "size").update(multipleOf=5), "multipleOf"),
    (lambda r: read(r, "when").pop("format"), "format"),
    (lambda r: sent(r, "kind").update(format="uuid"), "format"),
    (lambda r: sent(r, "more").update(additionalProperties=False), "additionalProperties"),
    (lambda r: operation(r)["responses"]["200"].pop("content"), "response body"),
    (
        lambda r: rename(
            operation(r)["responses"]["200"]["content"], "application/json", "text/csv"
        ),
        "response media type",
    ),
    (lambda r: operation(r)["responses"]["200"].pop("headers"), "response header"),
    (
        lambda r: rename(
            operation(r)["requestBody"]["content"], "application/json", "application/xml"
        ),
        "media type",
    ),
    (lambda r: read(r, "kind").update(oneOf=[{"type": "string"}, LIST]), "type"),
]


@pytest.mark.parametrize(("edit", "expected"), BREAKING)
def test_what_could_break_a_program_is_breaking(edit: Any, expected: str) -> None:
    assert ("BREAKING", expected) in differences(edit)


COMPATIBLE: list[tuple[Callable[[Any], object], str]] = [
    (lambda r: sent(r, "name").update(maxLength=100), "maxLength"),
    (lambda r: sent(r, "name").pop("pattern"), "pattern"),
    (lambda r: sent(r, "size").update(format="int64"), "format"),
    (lambda r: read(r, "kind").update(enum=["x"]), "enum"),
    (lambda r: read(r, "name").update(maxLength=10), "maxLength"),
    (lambda r: r["servers"].append({"url": "https://b.example.org"}), "further servers"),
    (lambda r: operation(r).update(security=[{}]), "security"),
    (lambda r: operation(r).update(deprecated=True), "deprecated"),
    (lambda r: sent(r, "kind").update(contentSchema={"type": "null"}), "contentSchema"),
    (lambda r: operation(r).update(callbacks={"done": {}}), "callbacks"),
    (lambda r: operation(r).update(operationId="b"), "operationId"),
    (lambda r: operation(r).update(tags=["t"]), "tags"),
]


@pytest.mark.parametrize(("edit", "expected"), COMPATIBLE)
def test_what_no_program_notices_is_compatible(edit: Any, expected: str) -> None:
    assert differences(edit) == [("COMPATIBLE", expected)]


def nest(root: Any) -> None:
    root["components"]["schemas"] = {"x.y.Sent": copy.deepcopy(SENT)}
    reference = {"allOf": [{"$ref": "#/components/schemas/x.y.Sent"}]}
    operation(root)["requestBody"]["content"]["application/json"]["schema"] = reference


SAME: list[Callable[[Any], object]] = [
    lambda r: rename(
        operation(r)["requestBody"]["content"],
        "application/json",
        "Application/JSON; charset=utf-8",
    ),
    lambda r: r["servers"][0].update(url="https://API.example.org:443/v1/"),
    lambda r: rename(operation(r)["responses"]["200"]["headers"], "ETag", "etag"),
    lambda r: operation(r)["parameters"][1].update(name="x-mode"),
    lambda r: operation(r).update(summary="s", description="d", externalDocs={"url": "u"}),
    lambda r: operation(r)["parameters"][0].update(style="form", explode=True),
    lambda r: sent(r, "kind").update(title="t", description="d", examples=["x"]),
    lambda r: r["components"]["securitySchemes"].update(token={"type": "http", "scheme": "Bearer"}),
    nest,
]


@pytest.mark.parametrize("edit", SAME)
def test_other_words_for_the_same_are_no_difference(edit: Any) -> None:
    assert differences(edit) == []


def accepted(folder: Path, **parts: str) -> Path:
    each = {"kind": "enum", "where": "a body.kind", "ours": "open", "upstream": "x"}
    entry = {**each, "reason": "It is known.", **parts}
    path = folder / "accepted.yaml"
    path.write_text(json.dumps({"documents": [{"title": "T", "differences": [entry]}]}))
    return path


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Path, str]:
    """A document, and another in which a value that is sent is one of a closed set."""
    ours, other = tmp_path / "ours.json", tmp_path / "theirs.json"
    ours.write_text(json.dumps(DOCUMENT))
    closed = copy.deepcopy(DOCUMENT)
    sent(closed, "kind")["enum"] = ["x"]
    other.write_text(json.dumps(closed))
    return ours, str(other)


def test_an_accepted_difference_is_counted_apart(
    tmp_path: Path, pair: tuple[Path, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert report.report(*pair, accepted=None) == 1
    assert report.report(*pair, accepted=accepted(tmp_path)) == 0
    assert capsys.readouterr().out.endswith("no differences beside 1 accepted ones\n")


@pytest.mark.parametrize("part", ["kind", "where", "ours", "upstream"])
def test_an_accepted_difference_is_that_very_one_and_a_stale_one_fails(
    tmp_path: Path, pair: tuple[Path, str], part: str
) -> None:
    with pytest.raises(Problem, match=r"accepted\.yaml: difference 1, .* no longer exists"):
        report.report(*pair, accepted=accepted(tmp_path, **{part: "another"}))


@pytest.mark.parametrize("part", ["kind", "where", "ours", "upstream", "reason"])
def test_an_accepted_difference_has_all_of_its_parts(
    tmp_path: Path, pair: tuple[Path, str], part: str
) -> None:
    with pytest.raises(Problem, match=rf"accepted\.yaml: difference 1 has no `{part}`"):
        report.report(*pair, accepted=accepted(tmp_path, **{part: " "}))


def beside(edit: Callable[[Any], object]) -> list[tuple[str, str]]:
    """What an edit adds to documents that differ in each operation already."""
    ours = copy.deepcopy(DOCUMENT)
    operation(ours)["deprecated"] = True
    base = set(differences(lambda root: operation(root).pop("deprecated"), ours))
    return sorted(
        set(differences(lambda root: (operation(root).pop("deprecated"), edit(root)), ours)) - base
    )


ALSO: list[tuple[Callable[[Any], object], tuple[str, str]]] = [
    (lambda r: r.update(webhooks={"sold": {"post": {}}}), ("COMPATIBLE", "webhooks")),
    (lambda r: operation(r).update(callbacks={"done": {}}), ("COMPATIBLE", "callbacks")),
    (lambda r: operation(r).update({"x-beta": True}), ("COMPATIBLE", "x-beta")),
    (lambda r: sent(r, "name").update({"x-nullable": True}), ("COMPATIBLE", "x-nullable")),
    (lambda r: sent(r, "name").update(xml={"attribute": True}), ("COMPATIBLE", "xml")),
    (lambda r: sent(r, "name").update(const="a"), ("BREAKING", "enum")),
    (lambda r: sent(r, "name").update(enum=[1]), ("BREAKING", "enum")),
    (lambda r: read(r, "more").update(prefixItems=[LIST]), ("COMPATIBLE", "prefixItems")),
    (
        lambda r: sent(r, "more").update(unevaluatedProperties=False),
        ("BREAKING", "unevaluatedProperties"),
    ),
    (lambda r: sent(r, "more").update(required=["any"]), ("BREAKING", "required")),
    (
        lambda r: operation(r)["parameters"][0].update(schema={"type": "array"}),
        ("COMPATIBLE", "type"),
    ),
    (
        lambda r: operation(r)["parameters"][0].update(allowEmptyValue=True),
        ("COMPATIBLE", "allowEmptyValue"),
    ),
    (
        lambda r: operation(r)["responses"]["200"].update(links={"next": {}}),
        ("COMPATIBLE", "links"),
    ),
    (
        lambda r: operation(r)["responses"]["200"]["headers"]["ETag"].update(
            explode=True, schema=LIST
        ),
        ("BREAKING", "explode"),
    ),
    (
        lambda r: r["components"]["securitySchemes"]["token"].update(bearerFormat="JWT"),
        ("COMPATIBLE", "security scheme"),
    ),
    (lambda r: r["servers"][0].update(url="https://{a}", variables=REGION), ("BREAKING", "server")),
    (lambda r: operation(r).update(operationId="b"), ("COMPATIBLE", "operationId")),
    (lambda r: operation(r).update(tags=["b"]), ("COMPATIBLE", "tags")),
]
REGION: dict[str, Any] = {"a": {"default": "api.example.org", "enum": ["api.example.org"]}}


@pytest.mark.parametrize(("edit", "expected"), ALSO)
def test_a_change_shows_beside_other_differences(edit: Any, expected: tuple[str, str]) -> None:
    assert expected in beside(edit)


def both(root: Any, first: Any, second: Any) -> None:
    sent(root, "kind").clear()
    sent(root, "kind")["allOf"] = [first, second]


def test_schemas_that_no_operation_uses_are_compared_too() -> None:
    root = copy.deepcopy(DOCUMENT)
    root["components"]["schemas"] = {"One": copy.deepcopy(SENT), "Two": {"type": "string"}}

    def edit(other: Any) -> None:
        schemas = other["components"]["schemas"]
        schemas["One"]["properties"]["size"]["type"] = "string"
        schemas["Three"] = schemas.pop("Two")

    found = differences(edit, root)
    assert set(found) == {("COMPATIBLE", "type"), ("COMPATIBLE", "schema"), ("ADDITION", "schema")}


def test_the_title_that_a_class_is_called_after_is_compared() -> None:
    root = copy.deepcopy(DOCUMENT)
    root["components"]["schemas"] = {"One": {**copy.deepcopy(SENT), "title": "First"}}
    content = operation(root)["requestBody"]["content"]["application/json"]
    content["schema"] = {"$ref": "#/components/schemas/One"}
    found = differences(lambda it: it["components"]["schemas"]["One"].pop("title"), root)
    assert found == [("COMPATIBLE", "name")]


def test_each_part_of_all_of_counts_also_where_the_parts_contradict() -> None:
    ours = copy.deepcopy(DOCUMENT)
    both(ours, {"type": "string", "pattern": "^a"}, {"pattern": "b$"})
    edit = {"type": "string", "pattern": "^a"}, {"pattern": "c$"}
    assert differences(lambda root: both(root, *edit), ours) == [("COMPATIBLE", "allOf")]


def test_an_alternative_that_only_one_has_is_a_difference_in_both_directions() -> None:
    ours = copy.deepcopy(DOCUMENT)
    choices = [{"type": "string"}, {"type": "integer"}]
    for each in (sent(ours, "kind"), read(ours, "kind")):
        each.pop("type")
        each["anyOf"] = copy.deepcopy(choices)

    def drop(root: Any) -> None:
        for each in (sent(root, "kind"), read(root, "kind")):
            each["anyOf"] = [choices[0], {"type": "boolean"}]

    assert {each for each in differences(drop, ours) if each[1] == "alternative"} == set()
    assert ("BREAKING", "type") in differences(drop, ours)

    def fewer(root: Any) -> None:
        for each in (sent(root, "kind"), read(root, "kind")):
            each["anyOf"] = [choices[0]]

    levels = {level for level, kind in differences(fewer, ours) if kind == "alternative"}
    assert levels == {"BREAKING", "COMPATIBLE"}


def test_strict_fails_on_any_difference_that_is_not_accepted(
    tmp_path: Path, pair: tuple[Path, str]
) -> None:
    ours, _ = pair
    named = copy.deepcopy(DOCUMENT)
    operation(named)["operationId"] = "b"
    theirs = tmp_path / "named.json"
    theirs.write_text(json.dumps(named))
    assert report.report(ours, str(theirs), accepted=None) == 0
    assert report.report(ours, str(theirs), accepted=None, strict=True) == 1
    rows = [["a", "a", "b"]]
    entry = {"kind": "operationId", "reason": "It is known.", "each": rows}
    known = tmp_path / "known.json"
    known.write_text(json.dumps({"documents": [{"title": "T", "differences": [entry]}]}))
    assert report.report(ours, str(theirs), accepted=known, strict=True) == 0
    entry["each"] = [["a", "a"]]
    known.write_text(json.dumps({"documents": [{"title": "T", "differences": [entry]}]}))
    with pytest.raises(Problem, match="difference 1 has a wrong `each`; list"):
        report.report(ours, str(theirs), accepted=known, strict=True)
