"""Whatever code, tests and pages cite can be looked up in the repository."""

from __future__ import annotations

import re

import pytest

from tests.docs import citations
from tests.docs.pages import ROOT

TEXTS = dict(citations.texts())
PAGES = [each for name, text in TEXTS.items() for each in citations.pages_cited(name, text)]
PLACES = [each for name, text in TEXTS.items() for each in citations.places_cited(name, text)]
HERE = "tests/docs/test_citations.py"
FORMER = re.compile("fact" + r"\s*-?\s*" + "sheet", re.IGNORECASE)
"""A paper that the repository never had, and that code used to cite."""


def test_every_page_and_heading_that_is_cited_exists() -> None:
    lost = [
        f"{each.where} cites {each.target}" for each in PAGES if each.where.split(":")[0] != HERE
    ]
    lost = [each for each in lost if not citations.has_heading(each.rpartition(" ")[2])]
    assert lost == [], "correct the citation, or bring the heading back"
    assert len(PAGES) > 60


def test_every_place_in_the_description_that_is_cited_exists() -> None:
    lost = [each for each in PLACES if not citations.has_place(each.target)]
    assert [each for each in lost if not each.where.startswith(HERE)] == [], (
        "correct the citation: a schema and its members, or an operation"
    )
    assert len(PLACES) > 5


@pytest.mark.parametrize(
    ("text", "cited"),
    [
        ("(docs/rules.md#once)", ["docs/rules.md#once"]),
        ("docs/rules.md#once, docs/rules.md#names.", ["docs/rules.md#once", "docs/rules.md#names"]),
        ("docs/rules.md and so on", ["docs/rules.md"]),
        ("see `docs/rules.md#retry-after`:", ["docs/rules.md#retry-after"]),
        (".github/SECURITY.md#what-counts", [".github/SECURITY.md#what-counts"]),
        ("otherdocs/rules.md#once", []),
    ],
)
def test_citations_of_pages_are_found(text: str, cited: list[str]) -> None:
    assert [each.target for each in citations.pages_cited("x.py", text)] == cited


@pytest.mark.parametrize(
    "place",
    [
        "SpotNodePool",
        "SpotNodePool.spec.bidPrice",
        "SpotNodePool.spec.autoscaling.minNodes",
        "SpotNodePoolSpecPatch.autoscaling.minNodes",
        "CloudSpaceList.items.spec.region",
        "CloudSpace.status.assignedServers.IP",
        "Unauthorized",
        "LabelSelector",
        "create_token",
        "serverReleased",
    ],
)
def test_places_are_found_through_references_arrays_maps_and_alternatives(place: str) -> None:
    wrapped = f"(openapi/spot.yaml,\n    {place})."
    assert [each.target for each in citations.places_cited("x.py", wrapped)] == [place]
    assert citations.has_place(place)


@pytest.mark.parametrize(
    "target",
    [
        "SpotNodePools",
        "SpotNodePool.spec.bidprice",
        "SpotNodePool.bidPrice",
        "SpotNodePool.spec.bidPrice.cents",
        "create_tokens",
    ],
)
def test_places_that_do_not_exist_are_noticed(target: str) -> None:
    assert not citations.has_place(target)


@pytest.mark.parametrize("target", ["docs/rules.md#twice", "docs/nothing.md", "docs/nothing.md#x"])
def test_headings_that_do_not_exist_are_noticed(target: str) -> None:
    assert not citations.has_heading(target)


def test_nothing_cites_a_paper_that_is_not_here() -> None:
    assert [name for name, text in TEXTS.items() if FORMER.search(text)] == []


def test_a_section_is_one_of_a_standard() -> None:
    section, standard = re.compile(r"\bsections? \d"), re.compile(r"RFC \d|OpenAPI")
    bare = [
        name
        for name, text in TEXTS.items()
        if name.endswith(".py") and section.search(text) and not standard.search(text)
    ]
    assert bare == [], "say of which RFC it is, or cite a heading of a page"


def test_every_rule_says_what_it_is_and_is_cited_by_a_test() -> None:
    rules = citations.rules()
    held = {each.target for each in PAGES if each.where.startswith("tests/")}
    assert [name for name, said in rules.items() if not said.strip()] == []
    assert [name for name in rules if f"docs/rules.md#{name}" not in held] == []
    assert len(rules) > 25


def test_every_statement_about_the_api_has_its_basis() -> None:
    text = (ROOT / "docs" / "api-facts.md").read_text("utf-8")
    tables = re.findall(r"^\| statement .*\n\|.*\n((?:\|.*\n)+)", text, re.MULTILINE)
    rows = [row for table in tables for row in table.splitlines()]
    bases = re.compile("observed|clients|documented|weak|assumed|not found")
    assert [row for row in rows if not bases.search(row.split(" | ")[1])] == []
    assert len(rows) > 60
