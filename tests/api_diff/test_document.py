from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, cast

import pytest

from rsspot.api_diff import document
from rsspot.api_diff.problem import Problem

if TYPE_CHECKING:
    from pathlib import Path

MINIMAL = '{"openapi": "3.1.0", "info": {"title": "T", "version": "7"}, "paths": {}}'
REFERENCE = '{"openapi": "3.1.0", "paths": {"/a": {"get": {"x": {"$ref": "%s"}}}}}'
BOMB = "a0: &a0 [x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 9)
)

ANSWER = ("post", "responses", "200", "content", "application/json", "schema")


def write(folder: Path, content: str | bytes) -> Path:
    path = folder / "document"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_json_and_yaml_give_the_same(tmp_path: Path) -> None:
    yaml = "openapi: 3.1.0\ninfo: {title: T, version: '7'}\npaths: {}\n"
    read = document.load(write(tmp_path, MINIMAL))
    assert document.load(write(tmp_path, yaml)).root == read.root
    assert (read.title, read.version) == ("T", "7")


def test_raw_control_characters_in_strings_are_taken(tmp_path: Path) -> None:
    read = document.load(write(tmp_path, MINIMAL.replace("T", "two\nlines\tand a tab")))
    assert read.title == "two\nlines\tand a tab"


def test_dates_and_numbers_as_keys_of_yaml_become_what_json_has(tmp_path: Path) -> None:
    # In block style: ruamel.yaml 0.18.6 takes no colon in the plain text of a flow mapping.
    times = ["x: 2026-01-02", "y: 2026-01-02T03:04:05Z", "z: !!timestamp 2026-01-02"]
    inside = "".join(f"\n          {each}" for each in times)
    text = f"openapi: 3.1.0\npaths:\n  /a:\n    get:\n      responses:\n        200:{inside}\n"
    read = document.load(write(tmp_path, text))
    (operation,) = read.operations()
    assert operation.node["responses"] == {
        "200": {"x": "2026-01-02", "y": "2026-01-02T03:04:05Z", "z": "2026-01-02"}
    }
    assert json.dumps(read.root)


def test_a_byte_order_mark_and_utf_16_are_read(tmp_path: Path) -> None:
    assert document.load(write(tmp_path, b"\xef\xbb\xbf" + MINIMAL.encode())).title == "T"
    assert document.load(write(tmp_path, MINIMAL.encode("utf-16"))).title == "T"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("<!doctype html><title>Docs</title>", "is HTML or XML, not JSON or YAML"),
        (
            "openapi: 3.1.0\npaths:\n\t/a: {}\n",
            r"not YAML at line 3.*indented with spaces, not tabs",
        ),
        ('{"openapi": "3.1.0",}', r"not JSON at line 1, column 2\d"),
        ('{"openapi": "3.1.0", "paths": {', "not JSON at line 1"),
        ('{"swagger": "2.0", "paths": {}}', r"is Swagger 2\.0; convert it to OpenAPI 3"),
        ('{"openapi": "4.0.0", "paths": {}}', r"OpenAPI 4\.0\.0 is not known"),
        ('{"info": {}}', "has no `openapi` key"),
        ('{"openapi": "3.2.0"}', r"OpenAPI 3\.2\.0 is not known; give OpenAPI 3\.0 or 3\.1"),
        ('{"openapi": "3.1.0"}', "`paths` is missing"),
        ('{"openapi": "3.1.0", "paths": []}', "`paths` is missing or not an object"),
        ("[]", "holds a list, not an object"),
        ("just words", "holds plain text, not an object"),
        ("", "is empty"),
        (" \n\t", "is empty"),
        (b"\x00\x01\xff\xfe", "is binary"),
        (b"PK\x03\x04\x00\x00", "is binary"),
        (b"\x1f\x8b\x08", "is compressed; unpack it first"),
        ('{"paths": {}, "paths": {}}', "the key 'paths' is duplicated"),
        ("paths: {}\npaths: {}\n", "not YAML at line 2"),
        (
            "openapi: 3.1.0\npaths: {/a: {get: {responses: {200: {}, '200': {}}}}}\n",
            "has the key 200 twice, as text and otherwise; correct it",
        ),
        (REFERENCE % "#anchor", "#anchor, which does not exist"),
        ("a: &a [*a]\n", "nested without end or too deep"),
        (BOMB, "nested without end or too deep"),
        ('{"a": ' * 100_000, "nested too deep"),
        (REFERENCE % "#/components/schemas/Nowhere", "Nowhere, which does not exist"),
        (
            (
                '{"openapi": "3.1.0", "paths": {}, "components": {"schemas": {'
                '"A": {"$ref": "#/components/schemas/B"}, '
                '"B": {"$ref": "#/components/schemas/A"}}}}'
            ),
            r"leads to nothing but references \(#/components/schemas/",
        ),
        (
            '{"openapi": "3.1.0", "paths": {"/a": {"get": {"security": [{"k": []}]}}}}',
            "GET /a asks for `k`, which #/components/securitySchemes does not describe",
        ),
        (REFERENCE % "other.json#/a", r"leaves the document \(other\.json#/a\); bundle"),
    ],
)
def test_what_is_no_document_is_named_with_the_mend(
    tmp_path: Path, content: str | bytes, said: str
) -> None:
    path = write(tmp_path, content)
    with pytest.raises(Problem, match=said) as caught:
        document.load(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert "\n" not in str(caught.value)


def broken(*path: str | int, value: Any) -> dict[str, Any]:
    """A small document with another value in one place."""
    schema = {"type": "object", "required": ["n"], "properties": {"n": {"type": "string"}}}
    media = {"application/json": {"schema": schema}}
    operation = {
        "operationId": "a",
        "tags": ["t"],
        "parameters": [{"name": "n", "in": "query", "schema": {"enum": ["x"]}}],
        "requestBody": {"content": media},
        "responses": {"200": {"description": "d", "content": media}},
    }
    root: Any = {"openapi": "3.1.0", "info": {}, "paths": {"/a~b": {"post": operation}}}
    root = json.loads(json.dumps(root))
    node = root
    for key in path[:-1]:
        node = node[key]
    node[path[-1]] = value
    return cast("dict[str, Any]", root)


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (("info",), "x", "#/info must be an object"),
        (("components",), [], "#/components must be an object"),
        (("paths", "/a~b"), None, "#/paths/~1a~0b must be an object"),
        (("post",), [], "#/paths/~1a~0b/post must be an object"),
        (("post", "operationId"), 5, "/post/operationId must be text"),
        (("post", "tags"), "t", "/post/tags must be a list"),
        (("post", "parameters"), {"n": {}}, "/post/parameters must be a list"),
        (("post", "parameters", 0), None, "/post/parameters/0 must be an object"),
        (("post", "parameters", 0, "schema"), True, "/parameters/0/schema must be an object"),
        (("post", "parameters", 0, "schema", "enum"), "x", "/schema/enum must be a list"),
        (("post", "requestBody"), "x", "/post/requestBody must be an object"),
        (("post", "requestBody", "content"), [], "/requestBody/content must be an object"),
        (("post", "responses"), [], "/post/responses must be an object"),
        (("post", "responses", "200"), "fine", "/responses/200 must be an object"),
        ((*ANSWER, "type"), 5, "/application~1json/schema/type must be text or a list"),
        ((*ANSWER, "type"), [5], "/application~1json/schema/type/0 must be text"),
        ((*ANSWER, "required"), True, "/application~1json/schema/required must be a list"),
        ((*ANSWER, "properties", "n"), 5, "/schema/properties/n must be an object"),
    ],
)
def test_a_part_of_the_wrong_kind_is_said_with_its_place(
    tmp_path: Path, path: tuple[str | int, ...], value: Any, said: str
) -> None:
    inside = ("paths", "/a~b", *path) if path[0] == "post" else path
    with pytest.raises(Problem, match=re.escape(f"{said}; correct it there")):
        document.load(write(tmp_path, json.dumps(broken(*inside, value=value))))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("post", "x-note"), 5),
        (("post", "responses", "x-note"), "an extension"),
        ((*ANSWER, "properties", "n"), True),
        ((*ANSWER, "additionalProperties"), False),
        ((*ANSWER, "type"), ["object", "null"]),
    ],
)
def test_what_openapi_allows_is_taken(
    tmp_path: Path, path: tuple[str | int, ...], value: Any
) -> None:
    root = broken("paths", "/a~b", *path, value=value)
    assert document.load(write(tmp_path, json.dumps(root))).root == root


def test_a_reference_to_nowhere_is_said_with_its_place(tmp_path: Path) -> None:
    with pytest.raises(Problem, match=r"at #/paths/~1a/get/x points at #/nowhere"):
        document.load(write(tmp_path, REFERENCE % "#/nowhere"))


def test_what_looks_like_a_reference_in_an_example_is_none(tmp_path: Path) -> None:
    text = '{"openapi": "3.1.0", "paths": {}, "example": {"$ref": "#/nowhere"}}'
    assert document.load(write(tmp_path, text)).root["paths"] == {}


def test_references_are_followed_to_their_end() -> None:
    root = {"a": {"$ref": "#/b"}, "b": {"$ref": "#/c~1d/0"}, "c/d": [{"found": True}]}
    assert document.resolve(root, root["a"]) == {"found": True}  # type: ignore[arg-type] # JSON


def test_a_circle_of_references_is_empty() -> None:
    root = {"a": {"$ref": "#/b"}, "b": {"$ref": "#/a"}}
    assert document.resolve(root, root["a"]) == {}


def test_parameters_of_an_operation_replace_those_of_its_path() -> None:
    shared = {"name": "n", "in": "query", "x": "path"}
    own = {"name": "n", "in": "query", "x": "operation"}
    header = {"name": "n", "in": "header"}
    node = document.OperationNode(
        "/", "get", {"parameters": [own]}, {"parameters": [shared, header]}
    )
    assert list(node.parameters({})) == [own, header]
