"""What a document says and its package does not do is an error that names it, and nothing else."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

import pytest
from regeneration import regenerate, tree
from regeneration.verification import judging, losses

from rsspot.api_diff.problem import Problem

if TYPE_CHECKING:
    from pathlib import Path

TEXT: dict[str, Any] = {"type": "string"}
NUMBER: dict[str, Any] = {"type": "integer"}
LIST: dict[str, Any] = {"type": "array", "items": TEXT}
OBJECT: dict[str, Any] = {"type": "object", "properties": {"x": TEXT, "y": NUMBER}}
IN_FORM: dict[str, Any] = {"type": "object", "properties": {"l": LIST}}
JSON = "application/json"
FORM = "application/x-www-form-urlencoded"


def parameter(place: str, schema: Any = TEXT, name: str = "n", **more: Any) -> dict[str, Any]:
    return {"parameters": [{"name": name, "in": place, "schema": schema, **more}]}


def body(content: dict[str, Any], *, required: bool = True) -> dict[str, Any]:
    return {"requestBody": {"required": required, "content": content}}


def sent(schema: Any, kind: str = JSON, *, required: bool = True) -> dict[str, Any]:
    return body({kind: {"schema": schema}}, required=required)


def read(schema: Any, kind: str = JSON) -> dict[str, Any]:
    return {"responses": {"200": {"description": "d", "content": {kind: {"schema": schema}}}}}


def body_read(schemas: dict[str, Any]) -> dict[str, Any]:
    content = {kind: {"schema": schema} for kind, schema in schemas.items()}
    return {"responses": {"200": {"description": "d", "content": content}}}


def properties(*names: str) -> dict[str, Any]:
    return {"type": "object", "properties": dict.fromkeys(names, TEXT)}


def described(parts: dict[str, Any], method: str = "post") -> dict[str, Any]:
    """A document with one operation for each part."""
    paths: dict[str, Any] = {}
    for number, part in enumerate(parts.values()):
        responses = {"responses": {"200": {"description": "d"}}}
        operation = {"operationId": f"call_{number}", **responses, **part}
        in_path = [each for each in part.get("parameters", ()) if each["in"] == "path"]
        more = "".join(f"/{{{each['name']}}}" for each in in_path)
        paths[f"/{number}{more}"] = {method: operation}
    info = {"title": "Losses", "version": "1"}
    return {"openapi": "3.1.0", "info": info, "servers": SERVERS, "paths": paths, **SECURITY}


SERVERS = [{"url": "https://api.example.org/v1"}]
SECURITY = {
    "components": {
        "securitySchemes": {
            "bearer": {"type": "http", "scheme": "bearer"},
            "header": {"type": "apiKey", "in": "header", "name": "X-Key"},
            "query": {"type": "apiKey", "in": "query", "name": "key"},
            "digest": {"type": "http", "scheme": "Digest"},
            "magic": {"type": "magic"},
            "odd": {"type": "apiKey", "in": "header", "name": "a\nb"},
        },
        "schemas": {
            "Base": {**OBJECT, "required": ["x"]},
            "Other": {**properties("z"), "required": ["z"]},
            "Any": OBJECT,
            "D": properties("k"),
            "Values": {"type": "string", "enum": ["a-b", "a_b", "A B"]},
            "Named": {"enum": ["a", "b"], "type": "string", "x-enum-varnames": ["SAME", "SAME"]},
            "a/b c%": properties("deep"),
        },
    }
}
BASE = {"$ref": "#/components/schemas/Base"}
OTHER = {"$ref": "#/components/schemas/Other"}

LOST: dict[str, tuple[dict[str, Any], str]] = {
    "a body in XML": (sent(OBJECT, "application/xml"), "body application/xml"),
    "text as a body": (sent(TEXT, "text/plain"), "body text/plain"),
    "two bodies of one type": (
        body({kind: {"schema": BASE} for kind in (JSON, "application/merge-patch+json")}),
        "body application/json",
    ),
    "an object in a form": (
        sent({"type": "object", "properties": {"o": OBJECT}}, "application/x-www-form-urlencoded"),
        "body application/x-www-form-urlencoded",
    ),
    "a list with commas in a form": (
        body({FORM: {"schema": IN_FORM, "encoding": {"l": {"explode": False}}}}),
        f"body {FORM}",
    ),
    "a part in XML": (
        body(
            {
                "multipart/form-data": {
                    "schema": {"type": "object", "properties": {"o": OBJECT}},
                    "encoding": {"o": {"contentType": "application/xml"}},
                }
            }
        ),
        "body multipart/form-data",
    ),
    "a part with a header": (
        body(
            {
                "multipart/form-data": {
                    "schema": {"type": "object", "properties": {"o": TEXT}},
                    "encoding": {"o": {"headers": {"X-Checksum": {"schema": TEXT}}}},
                }
            }
        ),
        "body multipart/form-data",
    ),
    "a body that may be null": (sent({"type": ["object", "null"]}), f"body {JSON}"),
    "a parameter described by its content": (
        {"parameters": [{"name": "n", "in": "query", "content": {JSON: {"schema": OBJECT}}}]},
        "query parameter `n`",
    ),
    "a list with commas": (parameter("query", LIST, explode=False), "query parameter `n`"),
    "a list with bars": (
        parameter("query", LIST, style="pipeDelimited", explode=False),
        "query parameter `n`",
    ),
    "a list with spaces": (
        parameter("query", LIST, style="spaceDelimited", explode=False),
        "query parameter `n`",
    ),
    "a deep object": (parameter("query", OBJECT, style="deepObject"), "query parameter `n`"),
    "a list in a path": (parameter("path", LIST, required=True), "path parameter `n`"),
    "a truth in a path": (
        parameter("path", {"type": "boolean"}, required=True),
        "path parameter `n`",
    ),
    "a label in a path": (
        parameter("path", required=True, style="label"),
        "path parameter `n`",
    ),
    "a number in a cookie": (parameter("cookie", NUMBER), "cookie parameter `n`"),
    "a name with a control character": (
        parameter("query", name="a\x01b"),
        "query parameter `a\\x01b`",
    ),
    "a name with a zero-width space": (
        parameter("header", name="a\u200bb"),
        "header parameter `a\\u200bb`",
    ),
    "a name from right to left": (
        parameter("query", name="a\u202eb"),
        "query parameter `a\\u202eb`",
    ),
    "a property with a zero-width space": (
        read(properties("a\u200bb")),
        f"properties of response 200 {JSON}",
    ),
    "alternatives that cannot be told apart": (
        read({"oneOf": [properties("a"), properties("b")]}),
        f"properties of response 200 {JSON}",
    ),
    "a constant with quotes": (
        sent({"type": "object", "properties": {"k": {"const": 'a"b\\c'}}}),
        f"body {JSON}",
    ),
    "binary in JSON": (read({"type": "string", "format": "binary"}), f"response 200 {JSON}"),
    "a response in XML": (read(OBJECT, "application/xml"), "response 200"),
    "a key in the query": ({"security": [{"query": []}]}, "sign-in"),
    "a key in a header without a name": ({"security": [{"odd": []}]}, "sign-in"),
    "a relative server": ({"servers": [{"url": "/v2"}]}, "server"),
    "a list in a style for objects": (
        parameter("query", LIST, style="deepObject", explode=True),
        "query parameter `n`",
    ),
    "a header whose name has a space": (parameter("header", name="a b"), "header parameter `a b`"),
    "a cookie whose name has a semicolon": (
        parameter("cookie", name="a;b"),
        "cookie parameter `a;b`",
    ),
    "a key that follows from a challenge": ({"security": [{"digest": []}]}, "sign-in"),
    "a key of a type that nobody knows": ({"security": [{"magic": []}]}, "sign-in"),
    "a status without a name": ({"responses": {"599": {"description": "d"}}}, "response 599"),
}


def write(folder: Path, document: dict[str, Any]) -> Path:
    path = folder / "document.json"
    path.write_text(json.dumps(document))
    return path


def test_each_kind_of_loss_is_named_with_its_operation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(judging, "SHOWN", 1000)
    document = described({name: part for name, (part, _) in LOST.items()})
    with pytest.raises(Problem) as caught:
        regenerate.regenerate(write(tmp_path, document), tmp_path / "api")
    lines = str(caught.value).splitlines()
    for (name, (_, said)), path in zip(LOST.items(), document["paths"], strict=True):
        assert any(f": POST {path}: {said}" in line for line in lines), (name, lines)
    named = {line.split(": POST ")[1].split(":")[0] for line in lines}
    assert named == set(document["paths"]), "one line at least for each, and none for another"
    assert not (tmp_path / "api").exists()


OWN = ("cls", "d", "field_dict", "to_dict", "from_dict", "additional_properties")
"""Names in the methods of a generated model."""

KEPT: dict[str, dict[str, Any]] = {
    **{f"a property called {name}": read(properties(name, "other")) for name in OWN},
    "an object, a list and a time with such names": sent(
        {
            "type": "object",
            "required": ["d"],
            "properties": {
                "d": {**OBJECT, "properties": {"d": TEXT, "cls": LIST}},
                "cls": {"type": "array", "items": properties("from_dict")},
                "to_dict": {"type": "string", "format": "date-time"},
            },
        }
    ),
    **{
        f"a {place} called {name}": parameter(place, name=name)
        for place in ("query", "header", "cookie")
        for name in ("params", "headers", "cookies", "d")
    },
    "YAML, which JSON is": sent(OBJECT, "application/yaml"),
    "a patch": sent(LIST, "application/json-patch+json"),
    "a file": sent({"type": "string", "format": "binary"}, "application/octet-stream"),
    "several files": sent(
        {"type": "object", "properties": {"f": {"type": "string", "format": "binary"}, "l": LIST}},
        "multipart/form-data",
    ),
    "a part in JSON, as it is said": body(
        {
            "multipart/form-data": {
                "schema": {"type": "object", "properties": {"o": OBJECT}},
                "encoding": {"o": {"contentType": "text/plain, application/json"}},
            }
        }
    ),
    "a form": sent({**OBJECT, "required": ["x"]}, "application/x-www-form-urlencoded"),
    "an optional body": sent(OBJECT, required=False),
    "two bodies of two types": body(
        {JSON: {"schema": BASE}, "application/merge-patch+json": {"schema": OTHER}}
    ),
    "anything": sent({}),
    "a list": parameter("query", LIST),
    "an object": parameter("query", OBJECT),
    "a parameter without a schema": {"parameters": [{"name": "n", "in": "query"}]},
    "a default": parameter("query", {"type": "integer", "default": 5}),
    "a header": parameter("header", name="X-Mode"),
    "a header to be ignored": parameter("header", name="Authorization", required=True),
    "names that collide": {
        "parameters": [
            {"name": "n", "in": place, "schema": TEXT} for place in ("query", "header", "cookie")
        ]
    },
    "odd names in a path": parameter("path", name="a.b[c]", required=True),
    "parts with more beside": sent({"allOf": [BASE], "properties": {"more": TEXT}}),
    "parts in parts": sent({"allOf": [{"allOf": [properties("deep")]}, OTHER]}),
    "alternatives that only require": read(
        {**properties("a", "b"), "anyOf": [{"required": ["a"]}]}
    ),
    "alternatives beside properties": read({**properties("a"), "oneOf": [BASE, OTHER]}),
    "constants": sent({"type": "object", "properties": {"k": {"const": "a b"}}}),
    "values of several kinds": read(
        {
            "type": "object",
            "properties": {
                "a": {"const": True},
                "b": {"const": [1]},
                "c": {"enum": ["a", 1, None, True]},
                "d": {"type": "number", "enum": [1.5]},
                "e": {"enum": [True, None]},
            },
        }
    ),
    "values that collide": read({"$ref": "#/components/schemas/Values"}),
    "a model called Any": read({"$ref": "#/components/schemas/Any"}),
    "a model called D": read({"$ref": "#/components/schemas/D"}),
    "a server with variables": {
        "servers": [
            {
                "url": "https://{place}.example.org:8443/{base}",
                "variables": {"place": {"default": "eu"}, "base": {"default": "v3"}},
            }
        ]
    },
    "a key in a header": {"security": [{"header": []}]},
    "a token": {"security": [{"bearer": []}]},
    "text": read(TEXT, "text/plain"),
    "null instead of an object": read({**OBJECT, "type": ["object", "null"]}),
    "several media types": body_read({"text/csv": TEXT, JSON: OBJECT}),
    "a parameter called body beside a body": {**sent(OBJECT), **parameter("query", name="body")},
    "a parameter called like a function of the package": parameter("query", name="quote"),
    "parts called like those of the package": sent(
        properties("files", "json", "to_multipart"), "multipart/form-data"
    ),
    "a reference to a property": read(
        {**properties("a"), "properties": {"a": {"$ref": "#/components/schemas/Base/properties/x"}}}
    ),
    "a reference with escapes": read({"$ref": "#/components/schemas/a~1b%20c%25"}),
    "text with limits in parts": sent(
        {"type": "object", "properties": {"k": {"allOf": [TEXT, {"maxLength": 9}]}}}
    ),
    "values with one name": read({"$ref": "#/components/schemas/Named"}),
    "a status and a range around it": {
        "responses": {
            "400": {"description": "d", "content": {JSON: {"schema": BASE}}},
            "4XX": {"description": "d", "content": {JSON: {"schema": OTHER}}},
            "default": {"description": "d", "content": {JSON: {"schema": OBJECT}}},
        }
    },
}


def test_what_is_kept_or_put_right_is_no_loss(tmp_path: Path) -> None:
    document = described(KEPT)
    done = regenerate.regenerate(write(tmp_path, document), tmp_path / "api")
    assert done.operations == len(KEPT)
    table = (tmp_path / "api" / "operations.py").read_text()
    assert "https://{place}.example.org:8443/{base}" in table
    assert "https://eu.example.org:8443/v3" in table


def test_where_a_success_may_be_of_several_types_the_one_that_is_read_is_asked_for(
    tmp_path: Path,
) -> None:
    document = described({"": body_read({"application/xml": TEXT, JSON: OBJECT})})
    regenerate.regenerate(write(tmp_path, document), tmp_path / "api")
    module = (tmp_path / "api" / "api" / "default" / "call_0.py").read_text()
    assert f'"Accept": "{JSON}"' in module


def test_a_path_that_is_a_reference_is_generated(tmp_path: Path) -> None:
    document = described({"a": {}, "b": {}})
    document["components"] = {"pathItems": {"It": document["paths"].pop("/1")}}
    document["paths"]["/1"] = {"$ref": "#/components/pathItems/It"}
    assert regenerate.regenerate(write(tmp_path, document), tmp_path / "api").operations == 2
    document["paths"]["/1"]["get"] = {"operationId": "more", "responses": {}}
    with pytest.raises(Problem, match=r"`get` beside its \$ref.*; move it into"):
        regenerate.regenerate(write(tmp_path, document), tmp_path / "more")


def test_the_cause_in_a_schema_is_named_before_what_follows_from_it(tmp_path: Path) -> None:
    document = copy.deepcopy(described({"": read(BASE)}))
    document["components"]["schemas"]["Base"]["properties"]["y"]["default"] = "many"
    with pytest.raises(Problem, match=r"make all of it: Unable to process schema .*/Base: .*many"):
        regenerate.regenerate(write(tmp_path, document), tmp_path / "api")


def accepting(folder: Path, *entries: dict[str, str]) -> Path:
    path = folder / "overlay.yaml"
    path.write_text(json.dumps({"overlay": "1.0.0", "actions": [], "x-losses": entries}))
    return path


def entry(**parts: str) -> dict[str, str]:
    made = {"document": "Losses", "where": "POST /0", "lost": "body text/plain"}
    return {**made, "reason": "Nobody sends it.", **parts}


def test_a_loss_is_accepted_by_its_name_and_reason_as_the_message_gives_them(
    tmp_path: Path,
) -> None:
    spec = write(tmp_path, described({"text": sent(TEXT, "text/plain")}))
    with pytest.raises(Problem) as caught:
        regenerate.regenerate(spec, tmp_path / "api")
    paste = '{document: "Losses", where: "POST /0", lost: "body text/plain", reason: …}'
    assert paste in str(caught.value)
    corrections = accepting(tmp_path, entry())
    done = regenerate.regenerate(spec, tmp_path / "api", corrections=corrections)
    assert [str(loss).partition(" (")[0] for loss in done.accepted] == ["POST /0: body text/plain"]


def test_an_accepted_loss_that_is_none_fails(tmp_path: Path) -> None:
    spec = write(tmp_path, described({"json": sent(OBJECT)}))
    corrections = accepting(tmp_path, entry())
    with pytest.raises(Problem, match=r"`losses` 1, POST /0: body text/plain, is no longer lost"):
        regenerate.regenerate(spec, tmp_path / "api", corrections=corrections)
    other = accepting(tmp_path, entry(document="Another"))
    assert regenerate.regenerate(spec, tmp_path / "api", corrections=other).operations == 1


@pytest.mark.parametrize("key", ["document", "where", "lost", "reason"])
def test_an_accepted_loss_has_all_of_its_parts(tmp_path: Path, key: str) -> None:
    spec = write(tmp_path, described({"json": sent(OBJECT)}))
    corrections = accepting(tmp_path, entry(**{key: " "}))
    with pytest.raises(Problem, match=rf"`x-losses` 1 has no `{key}`"):
        regenerate.regenerate(spec, tmp_path / "api", corrections=corrections)


def test_an_action_of_an_overlay_names_what_it_loses(tmp_path: Path) -> None:
    spec = write(tmp_path, described({"text": sent(TEXT, "text/plain")}))
    action: dict[str, Any] = {
        "target": "$.paths['/0'].post.requestBody",
        "x-reason": "No.",
        "remove": True,
    }
    path = tmp_path / "overlay.yaml"
    path.write_text(json.dumps({"overlay": "1.0.0", "actions": [action]}))
    before = tree.hashes(tmp_path)
    with pytest.raises(Problem, match=r"POST /0: body text/plain \(Unsupported content type"):
        regenerate.regenerate(spec, tmp_path / "api", corrections=path)
    assert tree.hashes(tmp_path) == before
    action["x-loses"] = ["body"]
    path.write_text(json.dumps({"overlay": "1.0.0", "actions": [action]}))
    assert regenerate.regenerate(spec, tmp_path / "api", corrections=path).operations == 1
    spec = write(tmp_path, described({"json": sent(OBJECT)}))
    action |= {"target": "$.paths['/0'].post.responses['200']", "remove": True}
    path.write_text(json.dumps({"overlay": "1.0.0", "actions": [action]}))
    with pytest.raises(Problem, match=r"action 1, .* names a loss \(body\), but none follows"):
        regenerate.regenerate(spec, tmp_path / "other", corrections=path)


def test_our_own_package_loses_nothing() -> None:
    from regeneration.project import OURS

    assert losses.accepted_in(OURS.settings) == ()
