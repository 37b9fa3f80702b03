"""Changes derived from a document with a fixed seed: verified or refused, compared, never lost.

What is lost is judged without the verifier, too: a word that a change writes into a name or an
address has to be in the code that is generated, wherever generating ends well.
"""

from __future__ import annotations

import copy
import json
import random
from typing import TYPE_CHECKING, Any

import pytest
from regeneration import regenerate

from rsspot.api_diff import comparison, document
from rsspot.api_diff.problem import Problem
from rsspot.shapes import is_array, is_object

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

SEED = 20261127
WORD = "zebra"
"""Stands in no document."""


def places(node: Any, key: Any = None, above: Any = None) -> Iterator[tuple[Any, Any, Any]]:
    """Every node with what it is in, and its key there."""
    if above is not None:
        yield above, key, node
    if is_object(node):
        for name, child in list(node.items()):
            if name not in {"example", "examples", "description", "x-evidence"}:
                yield from places(child, name, node)
    elif is_array(node):
        for at, child in enumerate(node):
            yield from places(child, at, node)


def parents(root: Any, key: str) -> list[Any]:
    return [node for _, at, node in places(root) if at == key and is_object(node)]


def rename_property(root: Any, draw: random.Random) -> bool:
    holder = draw.choice([each for each in parents(root, "properties") if each])
    name = draw.choice(sorted(holder))
    holder[f"{name}_{WORD}"] = holder.pop(name)
    return True


def rename_parameter(root: Any, draw: random.Random) -> bool:
    named = [
        node
        for _, _, node in places(root)
        if is_object(node) and node.get("in") in {"query", "header"}
    ]
    draw.choice(named)["name"] += f"-{WORD}"
    return True


def move_server(root: Any, draw: random.Random) -> bool:
    operation = draw.choice([item for _, at, item in places(root) if at in METHODS])
    where = draw.choice([root, operation])
    where["servers"] = [{"url": f"https://{WORD}.example.org/{draw.choice(['', 'v2', 'a/b'])}"}]
    return True


def move_path(root: Any, draw: random.Random) -> bool:
    path = draw.choice(sorted(root["paths"]))
    root["paths"][f"/{WORD}{path}"] = root["paths"].pop(path)
    return True


def add_value(root: Any, draw: random.Random) -> bool:
    values = [node for _, at, node in places(root) if at == "enum" and is_array(node)]
    if values:
        draw.choice(values).append(WORD)
    return bool(values)


def add_parameter(root: Any, draw: random.Random) -> bool:
    operation = draw.choice([item for _, at, item in places(root) if at in METHODS])
    place = draw.choice(["query", "header", "cookie"])
    kind = draw.choice(["string", "integer", "array"])
    styles: list[dict[str, Any]] = [{}, {"explode": False}, {"style": "pipeDelimited"}]
    new = {"name": f"{WORD}", "in": place, "schema": {"type": kind}, **draw.choice(styles)}
    operation.setdefault("parameters", []).append(new)
    return True


def change_type(root: Any, draw: random.Random) -> bool:
    typed = [node for _, _, node in places(root) if is_object(node) and "type" in node]
    draw.choice(typed)["type"] = draw.choice(["string", "integer", "array", ["string", "null"], []])
    return False


def change_media_type(root: Any, draw: random.Random) -> bool:
    content = draw.choice([each for each in parents(root, "content") if each])
    kind = draw.choice(sorted(content))
    new = draw.choice(["application/xml", "text/plain", "application/json; charset=utf-8"])
    content[new] = content.pop(kind)
    return False


def remove(root: Any, draw: random.Random) -> bool:
    above, key, _ = draw.choice(list(places(root)))
    del above[key]
    return False


def replace(root: Any, draw: random.Random) -> bool:
    above, key, _ = draw.choice(list(places(root)))
    values: list[Any] = [None, True, 0, "", "\u200b", [], {}, 10**400, "GET", {"type": []}]
    above[key] = draw.choice(values)
    return False


METHODS = {"get", "put", "post", "delete", "patch"}
CHANGES: list[Callable[[Any, random.Random], bool]] = [
    *(rename_property, rename_parameter, move_server, move_path, add_value, add_parameter),
    *(change_type, change_media_type, remove, replace),
]


def changed(root: Any, number: int) -> tuple[Any, bool]:
    """A copy with one change, and whether `WORD` has to be in the code made of it."""
    draw = random.Random(SEED + number)  # noqa: S311 - the same in every run
    made = copy.deepcopy(root)
    return made, CHANGES[number % len(CHANGES)](made, draw)


def outcome(folder: Path, root: Any, number: int, corrections: Path) -> str:
    """What becomes of one change; every promise about it is asserted."""
    made, marked = changed(root, number)
    path = folder / f"{number}.json"
    path.write_text(json.dumps(made))
    out = folder / f"api_{number}"
    said = ""
    try:
        regenerate.regenerate(path, out, corrections=corrections, drop_stale=True)
    except Problem as problem:
        said = str(problem)
        assert not out.exists()
        assert str(path) in said or str(corrections) in said
        assert "Traceback" not in said
        assert "object at 0x" not in said
    if not said and marked:
        code = "".join(each.read_text() for each in out.rglob("*.py"))
        assert WORD in code, f"change {number} is lost"
    try:
        found = comparison.compare(document.Document("ours", "", root), document.load(path))
    except Problem:
        return "unusable"
    assert found or not marked, f"change {number} is no difference"
    return "refused" if said else "verified"


@pytest.fixture
def usable(published_like: Path) -> Any:
    return document.load(published_like).root


@pytest.mark.parametrize("number", range(len(CHANGES)))
def test_a_change_of_each_kind_is_verified_or_refused_and_compared(
    tmp_path: Path, usable: Any, corrections: Path, number: int
) -> None:
    outcome(tmp_path, usable, number, corrections)


@pytest.mark.prove
def test_derived_changes_are_verified_or_refused_and_compared(
    tmp_path: Path, usable: Any, corrections: Path
) -> None:
    outcomes = [outcome(tmp_path, usable, number, corrections) for number in range(10, 160)]
    counts = {each: outcomes.count(each) for each in sorted(set(outcomes))}
    print(counts)
    assert counts["verified"] > 30
    assert counts["refused"] > 20
