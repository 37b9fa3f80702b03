from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from regeneration import overlay
from regeneration.project import OURS

from rsspot.api_diff.problem import Problem

if TYPE_CHECKING:
    from pathlib import Path


def load(folder: Path, *actions: Any) -> overlay.Overlay:
    path = folder / "overlay.yaml"
    path.write_text(json.dumps({"overlay": "1.0.0", "actions": actions}))
    return overlay.load(path)


def action(target: str, **parts: Any) -> dict[str, Any]:
    return {"target": target, "x-reason": "because", **parts}


@pytest.mark.parametrize(
    ("parts", "before", "after"),
    [
        (action("$.a", update={"c": 2}), {"a": {"b": 1}}, {"a": {"b": 1, "c": 2}}),
        (
            action("$.a", update={"b": {"c": 2}}),
            {"a": {"b": {"d": 1}}},
            {"a": {"b": {"d": 1, "c": 2}}},
        ),
        (action("$.a", update={"b": [2]}), {"a": {"b": [1]}}, {"a": {"b": [1, 2]}}),
        (action("$.a", update={"b": True}), {"a": {"b": 1}}, {"a": {"b": True}}),
        (action("$.a", update=2), {"a": [1]}, {"a": [1, 2]}),
        (
            action("$.a[?@.n == 1]", remove=True),
            {"a": [{"n": 1}, {"n": 2}, {"n": 1}]},
            {"a": [{"n": 2}]},
        ),
        (action("$..x", remove=True), {"x": {"x": {}}, "y": {"x": []}}, {"y": {}}),
        (action("$['a', 'a']", remove=True), {"a": {}, "b": 1}, {"b": 1}),
    ],
)
def test_an_action_changes_what_it_selects(
    tmp_path: Path, parts: Any, before: Any, after: Any
) -> None:
    assert all(each.changed for each in load(tmp_path, parts).apply(before))
    assert before == after


def test_actions_are_applied_in_their_order(tmp_path: Path) -> None:
    root = {"a": {"b": {"old": 1}}}
    load(tmp_path, action("$.a.b", remove=True), action("$.a", update={"b": {"new": 1}})).apply(
        root
    )
    assert root == {"a": {"b": {"new": 1}}}


def test_an_update_is_copied_for_each_place(tmp_path: Path) -> None:
    root: dict[str, Any] = {"a": {}, "b": {}}
    load(tmp_path, action("$.*", update={"list": []})).apply(root)
    root["a"]["list"].append(1)
    assert root["b"]["list"] == []


@pytest.mark.parametrize(
    "stale",
    [
        action("$.absent", remove=True),
        action("$.absent", update={}),
        action("$.a", update={"b": 1}),
    ],
)
def test_an_action_that_changes_nothing_fails_and_names_itself(tmp_path: Path, stale: Any) -> None:
    corrections = load(tmp_path, action("$.a", update={"c": 1}), stale)
    with pytest.raises(Problem) as caught:
        corrections.apply({"a": {"b": 1}})
    said = str(caught.value)
    assert f"overlay.yaml: action 2, `{stale['target']}` (because)" in said
    assert "DROP_STALE=1" in said


def test_stale_actions_can_be_left_out_and_are_told(tmp_path: Path) -> None:
    root = {"a": {"b": 1}}
    corrections = load(tmp_path, action("$.absent", remove=True), action("$.a", update={"c": 1}))
    applied = corrections.apply(root, drop_stale=True)
    assert [each.action.target for each in applied if not each.changed] == ["$.absent"]
    assert root == {"a": {"b": 1, "c": 1}}


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        (action("$.a.b", remove=True), "selects single values"),
        (action("$.a", update=[1]), "selects an object, so its update must be one"),
    ],
)
def test_what_overlay_1_0_does_not_allow_is_refused(tmp_path: Path, parts: Any, said: str) -> None:
    with pytest.raises(Problem, match=said) as caught:
        load(tmp_path, parts).apply({"a": {"b": 1}})
    assert "overlay.yaml: action 1" in str(caught.value)


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ("text", "action 1 is no object"),
        ({"x-reason": "because", "remove": True}, "action 1 has no `target`"),
        ({"target": "$.a", "remove": True}, "action 1 has no `x-reason`"),
        ({"target": "$.a", "x-reason": " ", "remove": True}, "action 1 has no `x-reason`"),
        (action("$.a"), "needs exactly one of `update` and `remove: true`"),
        (action("$.a", remove=True, update={}), "needs exactly one of"),
        (action("$.a", remvoe=True), "has `remvoe`, which Overlay 1.0 does not know"),
        (action("$.a[", remove=True), r"`\$\.a\[` is no JSONPath"),
    ],
)
def test_an_action_that_cannot_be_used_is_named(tmp_path: Path, parts: Any, said: str) -> None:
    with pytest.raises(Problem, match=said):
        load(tmp_path, parts)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("openapi: 3.1.0", "is no OpenAPI Overlay 1.0"),
        ("overlay: 1.0.0", "has no `actions`"),
        ("overlay: 1.0.0\nactions: []", "has no `actions`"),
        ("overlay:\t1.0.0\n\tactions: []", "not YAML at line "),
    ],
)
def test_a_file_that_is_no_overlay_is_named(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "overlay.yaml"
    path.write_text(text)
    with pytest.raises(Problem, match=rf"overlay\.yaml: {said}"):
        overlay.load(path)


def test_our_corrections_can_be_read() -> None:
    assert overlay.load(OURS.overlay).actions
