from __future__ import annotations

import copy
import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from regeneration import compare
from regeneration.project import OURS

from rsspot.api_diff import comparison
from rsspot.api_diff.difference import Level
from rsspot.api_diff.document import Document

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from regeneration.project import Project

PET: dict[str, Any] = {
    "type": "object",
    "required": ["name"],
    "properties": {
        "name": {"type": "string"},
        "age": {"type": "integer"},
        "mood": {"type": "string", "enum": ["calm", "wild"]},
        "made": {"type": "string", "readOnly": True},
        "secret": {"type": "string", "writeOnly": True},
    },
}
PETS: dict[str, Any] = {
    "openapi": "3.1.0",
    "paths": {
        "/pets/{name}": {
            "parameters": [{"name": "name", "in": "path", "required": True}],
            "get": {
                "operationId": "get_pet",
                "parameters": [{"name": "full", "in": "query", "schema": {"type": "string"}}],
                "responses": {
                    "200": {"content": {"application/json": {"schema": {"$ref": "#/R"}}}}
                },
            },
            "put": {
                "operationId": "put_pet",
                "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/S"}}}},
                "responses": {"200": {}},
            },
        },
    },
    "R": PET,
    "S": copy.deepcopy(PET),
}
PATH = PETS["paths"]["/pets/{name}"]


def differences(edit: Callable[[Any], object]) -> list[tuple[str, str, str, str, str]]:
    """What is found when the other document is ours with an edit."""
    other = copy.deepcopy(PETS)
    edit(other)
    found = comparison.compare(Document("ours", "", PETS), Document("theirs", "", other))
    return [(each.level.name, each.kind, each.where, each.ours, each.upstream) for each in found]


def setting(value: Any, *path: str) -> Callable[[Any], None]:
    def edit(root: Any) -> None:
        for key in path[:-1]:
            root = root[key]
        root[path[-1]] = value

    return edit


def removing(*path: str) -> Callable[[Any], None]:
    def edit(root: Any) -> None:
        for key in path[:-1]:
            root = root[key]
        del root[path[-1]]

    return edit


PATHS = ("paths", "/pets/{name}")
STRING = {"type": "string"}
NEEDED = True


def test_a_document_does_not_differ_from_itself() -> None:
    assert differences(lambda root: root) == []


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (
            removing(*PATHS, "get"),
            ("BREAKING", "operation", "GET /pets/{name}", "present", "absent"),
        ),
        (
            setting({"responses": {}}, *PATHS, "delete"),
            ("ADDITION", "operation", "DELETE /pets/{name}", "absent", "present"),
        ),
        (
            removing(*PATHS, "get", "parameters"),
            ("BREAKING", "parameter", "get_pet query parameter full", "optional", "absent"),
        ),
        (
            setting([{"name": "by", "in": "query", "required": True}], *PATHS, "put", "parameters"),
            ("BREAKING", "parameter", "put_pet query parameter by", "absent", "required"),
        ),
        (
            setting([{"name": "by", "in": "query"}], *PATHS, "put", "parameters"),
            ("ADDITION", "parameter", "put_pet query parameter by", "absent", "optional"),
        ),
        (
            setting(
                [{"name": "content-type", "in": "header", "required": True}],
                *(*PATHS, "put", "parameters"),
            ),
            (
                "ADDITION",
                "parameter",
                "put_pet header parameter content-type",
                "absent",
                "optional",
            ),
        ),
        (
            setting({"application/yaml": {}}, *PATHS, "put", "requestBody", "content"),
            ("BREAKING", "media type", "put_pet application/json", "sent", "absent"),
        ),
        (
            setting(NEEDED, *PATHS, "put", "requestBody", "required"),
            ("BREAKING", "required", "put_pet body", "optional", "required"),
        ),
        (
            setting({}, *PATHS, "get", "responses", "404"),
            ("ADDITION", "new response", "get_pet", "absent", "404"),
        ),
        (
            setting({}, *PATHS, "get", "responses", "202"),
            ("BREAKING", "new response", "get_pet", "absent", "202"),
        ),
        (
            setting(STRING, "R", "properties", "age"),
            ("BREAKING", "type", "R.age", "integer", "string"),
        ),
        (
            setting({"type": "number"}, "R", "properties", "age"),
            ("BREAKING", "type", "R.age", "integer", "number"),
        ),
        (
            setting({"type": "number"}, "S", "properties", "age"),
            ("COMPATIBLE", "type", "S.age", "integer", "number"),
        ),
        (
            setting({"type": ["integer", "null"]}, "R", "properties", "age"),
            ("BREAKING", "null", "R.age", "never null", "may be null"),
        ),
        (
            setting({"type": "integer", "nullable": True}, "S", "properties", "age"),
            ("COMPATIBLE", "null", "S.age", "never null", "may be null"),
        ),
        (
            setting([], "R", "required"),
            ("BREAKING", "required", "R.name", "required", "optional"),
        ),
        (
            setting([], "S", "required"),
            ("COMPATIBLE", "required", "S.name", "required", "optional"),
        ),
        (
            setting(["name", "age"], "S", "required"),
            ("BREAKING", "required", "S.age", "optional", "required"),
        ),
        (
            removing("R", "properties", "age"),
            ("BREAKING", "property", "R.age", "optional", "absent"),
        ),
        (
            setting(STRING, "R", "properties", "size"),
            ("ADDITION", "property", "R.size", "absent", "optional"),
        ),
        (
            setting({"type": "string", "enum": ["calm"]}, "S", "properties", "mood"),
            ("BREAKING", "enum", "S.mood", "calm, wild", "calm"),
        ),
        (
            setting({"type": "string", "enum": ["calm"]}, "R", "properties", "mood"),
            ("COMPATIBLE", "enum", "R.mood", "calm, wild", "calm"),
        ),
        (
            setting(STRING, "R", "properties", "mood"),
            ("BREAKING", "enum", "R.mood", "calm, wild", "open"),
        ),
        (
            setting({"type": "string", "enum": ["x"]}, "R", "properties", "name"),
            ("COMPATIBLE", "enum", "R.name", "open", "x"),
        ),
    ],
)
def test_a_difference_is_found_and_weighed(edit: Any, expected: tuple[str, ...]) -> None:
    assert expected in differences(edit)


@pytest.mark.parametrize(
    "edit",
    [
        setting({"type": "integer", "readOnly": True}, "S", "properties", "made"),
        setting({"type": "integer", "writeOnly": True}, "R", "properties", "secret"),
        setting("other words", "R", "description"),
    ],
)
def test_what_is_not_on_the_wire_is_no_difference(edit: Any) -> None:
    assert differences(edit) == []


def test_the_name_of_a_path_parameter_is_compared_as_a_name() -> None:
    def edit(root: Any) -> None:
        root["paths"]["/pets/{pet}"] = root["paths"].pop("/pets/{name}")
        root["paths"]["/pets/{pet}"]["parameters"][0]["name"] = "pet"

    assert differences(edit) == [
        ("COMPATIBLE", "name", f"{operation} path parameter 1", "name", "pet")
        for operation in ("get_pet", "put_pet")
    ]


def test_the_name_of_a_schema_is_compared_as_a_name() -> None:
    def edit(root: Any) -> None:
        root["x.y.Pet"] = root.pop("R")
        answer = root["paths"]["/pets/{name}"]["get"]["responses"]["200"]
        answer["content"]["application/json"]["schema"] = {"$ref": "#/x.y.Pet"}

    assert differences(edit) == [("COMPATIBLE", "name", "R", "R", "x.y.Pet")]


def test_a_schema_in_place_is_no_difference() -> None:
    def edit(root: Any) -> None:
        answer = root["paths"]["/pets/{name}"]["get"]["responses"]["200"]
        answer["content"]["application/json"]["schema"] = {"allOf": [root["R"]]}

    assert differences(edit) == []


def test_what_only_ours_has_with_evidence_is_an_extension() -> None:
    ours = copy.deepcopy(PETS)
    ours["paths"]["/pets/{name}"]["get"]["x-evidence"] = {"strength": "L"}
    ours["R"]["properties"]["age"]["x-evidence"] = {"strength": "C"}
    other = copy.deepcopy(PETS)
    del other["paths"]["/pets/{name}"]["get"]
    found = comparison.compare(Document("ours", "", ours), Document("theirs", "", other))
    assert [(each.level, each.kind) for each in found] == [(Level.EXTENSION, "operation")]


def test_of_alternatives_the_nearest_is_compared() -> None:
    ours = copy.deepcopy(PETS)
    error = {"type": "object", "properties": {"message": STRING}}
    content = ours["paths"]["/pets/{name}"]["get"]["responses"]["200"]["content"]
    content["application/json"]["schema"] = {"anyOf": [error, {"$ref": "#/R"}, {"type": "null"}]}
    found = comparison.compare(Document("ours", "", ours), Document("theirs", "", PETS))
    assert [(each.level, each.kind) for each in found] == [
        (Level.COMPATIBLE, "alternative"),  # the error, which the other one does not have
        (Level.COMPATIBLE, "null"),
    ]


def test_the_worst_stands_first() -> None:
    def edit(root: Any) -> None:
        root["R"]["properties"]["size"] = STRING
        root["R"]["properties"]["age"] = STRING

    assert [level for level, *_ in differences(edit)] == ["BREAKING", "ADDITION"]


@pytest.fixture
def pets(checkout: Project) -> Project:
    checkout.document.write_text(json.dumps(PETS))
    return checkout


def write(folder: Path, edit: Callable[[Any], object]) -> str:
    other = copy.deepcopy(PETS)
    edit(other)
    path = folder / "theirs.json"
    path.write_text(json.dumps(other))
    return str(path)


def test_no_difference_is_said_and_status_0(
    pets: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert compare.main([write(tmp_path, lambda root: root)], pets) == 0
    assert capsys.readouterr().out == "no differences\n"


def test_the_table_has_a_line_for_each_difference_and_a_summary(
    pets: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    theirs = write(tmp_path, setting(STRING, "R", "properties", "age"))
    assert compare.main([theirs], pets) == 1
    assert capsys.readouterr().out.splitlines() == [
        "level     what  where  ours     upstream",
        "breaking  type  R.age  integer  string",
        "",
        "1 breaking, 0 addition, 0 compatible, 0 extension",
    ]


def test_json_says_the_same_and_an_addition_is_status_0(
    pets: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    theirs = write(tmp_path, setting(STRING, "R", "properties", "size"))
    assert compare.main([theirs, "--json"], pets) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["summary"] == {"breaking": 0, "addition": 1, "compatible": 0, "extension": 0}
    assert said["differences"] == [
        {
            "level": "addition",
            "kind": "property",
            "where": "R.size",
            "ours": "absent",
            "upstream": "optional",
        }
    ]


def test_input_that_cannot_be_used_is_one_line_and_status_2(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text("<html></html>")
    script = OURS.root / "scripts" / "compare.py"
    done = subprocess.run(
        [sys.executable, str(script), str(path)], capture_output=True, encoding="utf-8", check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"{path}: is HTML or XML")
    assert done.stderr.count("\n") == 1
