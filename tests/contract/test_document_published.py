"""openapi/spot.yaml beside the document that the vendor publishes, where that is at hand."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import TYPE_CHECKING, Any, cast

import pytest

from tests.contract.spot_document import ROOT, load, operations, resolve, walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.contract.spot_document import Operation

UPSTREAM = ROOT.parent / "shared" / "upstream" / "published-spot-openapi.json"
SOURCES = {
    *("GO", "PY", "CTL", "TF", "TF-auto", "PUL", "KARP", "DJ", "KTRK", "RSS", "MCP", "WARDEN"),
    *("DOCS", "ISS", "Kubernetes", "OAuth", "Auth0", "S3"),
}
# A header that OpenAPI tells everyone to ignore, since the media type says it.
IGNORED_PARAMETERS = {"Content-Type"}

at_hand = pytest.mark.skipif(not UPSTREAM.exists(), reason="the published document is not here")


@cache
def published() -> dict[str, Any]:
    """The vendor's document; it has line breaks inside of strings, which strict JSON forbids."""
    return cast("dict[str, Any]", json.loads(UPSTREAM.read_text(), strict=False))


def theirs(node: dict[str, Any]) -> dict[str, Any]:
    """What a node of the vendor's document refers to, or the node itself."""
    if "$ref" not in node:
        return node
    name = node["$ref"].removeprefix("#/components/schemas/")
    return cast("dict[str, Any]", published()["components"]["schemas"][name])


def published_operation(operation: Operation) -> dict[str, Any] | None:
    return cast(
        "dict[str, Any] | None", published()["paths"].get(operation.path, {}).get(operation.method)
    )


def pairs() -> Iterator[tuple[Operation, dict[str, Any]]]:
    """Our operations with the vendor's, where he has them."""
    for operation in operations():
        other = published_operation(operation)
        if other is not None:
            yield operation, other


def json_schema(content: dict[str, Any]) -> dict[str, Any] | None:
    """The schema of the first media type that is not YAML."""
    return next((each.get("schema") for kind, each in content.items() if "yaml" not in kind), None)


def bodies() -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    """Request and answer bodies that both documents describe."""
    for ours, other in pairs():
        exchanged = [("body", ours.body, other.get("requestBody", {}).get("content", {}))]
        for status, response in ours.responses.items():
            content = other["responses"].get(status, {}).get("content", {})
            exchanged.append((status, response.get("content", {}), content))
        for what, mine, his in exchanged:
            my_schema, his_schema = json_schema(mine), json_schema(his)
            if my_schema is not None and his_schema is not None:
                yield f"{ours.id} {what}", my_schema, his_schema


def main_alternative(schema: dict[str, Any]) -> dict[str, Any]:
    """A schema resolved, and of alternatives the first, which is the published one."""
    node = resolve(schema)
    return (
        main_alternative(node["anyOf"][0])
        | {key: value for key, value in node.items() if key == "x-evidence"}
        if "anyOf" in node
        else node
    )


def members(
    where: str, mine: dict[str, Any], his: dict[str, Any]
) -> Iterator[tuple[str, dict[str, Any] | None, dict[str, Any] | None, bool]]:
    """Every property of either, in both resolved forms, and whether its owner has evidence."""
    mine, his = main_alternative(mine), theirs(his)
    mine_below, his_below = mine.get("properties", {}), his.get("properties", {})
    for name in sorted(mine_below.keys() | his_below.keys()):
        my_node, his_node = mine_below.get(name), his_below.get(name)
        yield f"{where}.{name}", my_node, his_node, "x-evidence" in mine
        if my_node is not None and his_node is not None:
            yield from members(f"{where}.{name}", my_node, his_node)
    for keyword in ("items", "additionalProperties"):
        if isinstance(mine.get(keyword), dict) and isinstance(his.get(keyword), dict):
            yield from members(f"{where}[]", mine[keyword], his[keyword])


def compared() -> list[tuple[str, dict[str, Any] | None, dict[str, Any] | None, bool]]:
    return [each for where, mine, his in bodies() for each in members(where, mine, his)]


@at_hand
def test_every_published_operation_is_described() -> None:
    described = {(each.method, each.path) for each in operations()}
    theirs_too = {
        (method, path)
        for path, item in published()["paths"].items()
        for method in item
        if method in {"get", "put", "post", "patch", "delete"}
    }
    assert len(theirs_too) == 28
    assert theirs_too - described == set()


@at_hand
def test_every_published_parameter_is_described() -> None:
    for ours, other in pairs():
        names = {each["name"] for each in other.get("parameters", ())} - IGNORED_PARAMETERS
        assert names <= {each["name"] for each in ours.parameters}, ours.id


@at_hand
def test_every_published_status_is_described() -> None:
    for ours, other in pairs():
        assert set(other["responses"]) <= set(ours.responses), ours.id


@at_hand
def test_every_published_member_is_described() -> None:
    lost = [where for where, mine, _, _ in compared() if mine is None]
    assert lost == []
    assert len(compared()) > 1000


@at_hand
def test_operations_that_are_not_published_carry_evidence() -> None:
    bare = [each.id for each in operations() if published_operation(each) is None]
    bare = [each.id for each in operations() if each.id in bare and "x-evidence" not in each.node]
    assert bare == []


@at_hand
def test_operations_that_are_published_carry_none() -> None:
    assert [ours.id for ours, _ in pairs() if "x-evidence" in ours.node] == []


@at_hand
def test_parameters_that_are_not_published_carry_evidence() -> None:
    bare = [
        (ours.id, each["name"])
        for ours, other in pairs()
        for each in ours.parameters
        if each["name"] not in {p["name"] for p in other.get("parameters", ())}
        and "x-evidence" not in each
    ]
    assert bare == []


@at_hand
def test_answers_that_are_not_published_carry_evidence() -> None:
    bare = [
        (ours.id, status)
        for ours, other in pairs()
        for status, response in ours.responses.items()
        if status not in other["responses"] and "x-evidence" not in response
    ]
    assert bare == []


@at_hand
def test_members_that_are_not_published_carry_evidence() -> None:
    bare = {
        where
        for where, mine, his, covered in compared()
        if mine is not None and his is None and not covered and "x-evidence" not in resolve(mine)
    }
    assert bare == set()


@at_hand
def test_members_that_are_published_carry_none() -> None:
    marked = {
        where.rsplit(".", 1)[1]
        for where, mine, his, _ in compared()
        if mine is not None and his is not None and "x-evidence" in mine
    }
    assert marked == set()


def test_evidence_names_a_strength_and_sources_that_the_document_explains() -> None:
    explained = load()["info"]["description"]
    assert {each for each in SOURCES if f" {each}" not in explained} == set()
    found = [node["x-evidence"] for _, node in walk(load()) if "x-evidence" in node]
    for evidence in found:
        assert set(evidence) == {"strength", "source"}, evidence
        assert evidence["strength"] in {"L", "C", "D", "M", "I"}, evidence
        used = {each.split()[0] for each in evidence["source"].split(", ")}
        assert used <= SOURCES, evidence
    assert len(found) > 80


def test_statements_about_what_is_published_have_evidence_each() -> None:
    marked = [node for _, node in walk(load()) if "x-facts" in node]
    assert [node for node in marked if "x-evidence" in node] == [], "that covers them already"
    found = [fact for node in marked for fact in node["x-facts"]]
    assert [fact for fact in found if set(fact) != {"fact", "x-evidence"}] == []
    assert all(re.fullmatch(r"\S.*\.", fact["fact"]) for fact in found)
    assert len(found) > 40


def runs(node: Any, length: int, keys: set[str] | None) -> set[tuple[str, ...]]:
    """All runs of so many words, in the texts under the keys, or in all texts."""
    found: set[tuple[str, ...]] = set()
    for _, mapping in walk(node):
        for key, value in mapping.items():
            if isinstance(value, str) and (keys is None or key in keys):
                plain = re.sub(r"<[^>]+>", " ", value).lower()
                words = re.findall(r"[a-z0-9]+", plain)
                found |= {tuple(words[at : at + length]) for at in range(len(words) - length + 1)}
    return found


@at_hand
def test_no_sentence_is_the_vendors() -> None:
    ours = runs(load(), 8, {"description", "summary", "title"})
    his = runs(published(), 8, None)
    assert ours & his == set()
    assert min(len(ours), len(his)) > 1000
