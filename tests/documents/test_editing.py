from __future__ import annotations

from typing import Any

import pytest

from rsspot.documents import EditRefused, Malformed, edit, parse

SUFFIXES = [".yml", ".toml", ".json"]


def add(data: Any) -> None:
    data.setdefault("profiles", {})["stage"] = {"org": "x"}


def change_dev(data: Any) -> None:
    data["profiles"]["dev"]["org"] = "new"


def drop_org(data: Any) -> None:
    data["profiles"]["dev"].pop("org")


@pytest.mark.parametrize(
    ("suffix", "text", "change"),
    [
        # Dotted keys: the editor puts the other profiles into the new table.
        (".toml", 'profiles.dev.org = "a"\nprofiles.prod.org = "b"\n', add),
        (".yml", "profiles:\n  base: &b {org: a}\n  dev: *b\n", change_dev),
        (".yml", "profiles:\n  dev: &b {org: a}\n  prod: *b\n", change_dev),
        (".yml", "profiles:\n  base: &b {org: a}\n  dev: {<<: *b}\n", drop_org),
        (".yml", "profiles:\n  dev: &b {org: a}\n  prod: {<<: *b, region: r}\n", change_dev),
        (".yml", "a: &b {dev: {org: a}}\nprofiles: *b\n", add),
    ],
)
def test_an_edit_that_would_change_something_else_is_refused(
    suffix: str, text: str, change: Any
) -> None:
    with pytest.raises(EditRefused):
        edit(text, suffix, change)


@pytest.mark.parametrize(
    ("suffix", "text", "change"),
    [
        (".yml", "profiles:\n  base: &b {org: a}\n  dev: {<<: *b, region: r}\n", change_dev),
        (".yml", "%YAML 1.1\n---\nread_only: yes\nprofiles: {dev: {org: a}}\n", change_dev),
        (".yml", "when: 2026-01-01\nprofiles: {dev: {org: .nan}}\nx: [1, 1.0, true, ~]\n", add),
        (".yml", "profiles:\n  dev:\n    org: |\n      two\n      lines\n", add),
        (".toml", "[profiles.dev]\norg = 'a'\n[[x]]\n[[x]]\n[profiles.prod]\norg = 'b'\n", add),
        (".toml", "profiles = {dev = {org = 'a'}}\nx = 1979-05-27T07:32:00Z\n", change_dev),
        (".json", '{"profiles": {"dev": {"org": "\\u00e4"}}, "x": [1, 1.0, true, null]}', add),
    ],
)
def test_an_edit_makes_the_change_and_no_other(suffix: str, text: str, change: Any) -> None:
    expected = parse(text, suffix)
    change(expected)
    assert repr(parse(edit(text, suffix, change), suffix)) == repr(expected)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_an_empty_document_is_an_empty_mapping(suffix: str) -> None:
    empty = "{}" if suffix == ".json" else ""
    assert parse(edit(empty, suffix, add), suffix) == {"profiles": {"stage": {"org": "x"}}}


def test_comments_of_a_document_without_keys_are_kept() -> None:
    text = "# who pays for what\n# and why\n"
    assert edit(text, ".yml", add).startswith(text)
    assert edit(text, ".toml", add).startswith(text)


@pytest.mark.parametrize(
    ("suffix", "text"),
    [
        (".yml", "\ufeff# mine\r\nprofiles:\r\n  dev: {org: a} # near\r\n"),
        (".toml", "\ufeff# mine\r\n[profiles.dev]\r\norg = 'a' # near\r\n"),
        (".json", '\ufeff{\r\n    "profiles": {\r\n        "dev": {"org": "\u00e4"}}}\r\n'),
    ],
)
def test_line_ends_byte_order_mark_and_comments_stay(suffix: str, text: str) -> None:
    new = edit(text, suffix, add)
    assert new.startswith("\ufeff")
    assert "\n" not in new.replace("\r\n", "")
    assert new.count("#") == text.count("#")
    if suffix == ".json":
        assert '\r\n    "profiles"' in new
        assert "\u00e4" in new


def test_long_lines_are_not_folded() -> None:
    line = "x: " + "word " * 200 + "end"
    assert line in edit(f"{line}\n", ".yml", add)


@pytest.mark.parametrize(
    ("suffix", "text", "error"),
    [
        (".yml", "- a\n", EditRefused),
        (".yml", "text\n", EditRefused),
        (".json", "[]", EditRefused),
        (".yml", "a: [", Malformed),
        (".yml", "a: 1\n---\nb: 2\n", Malformed),
    ],
)
def test_what_is_no_mapping_is_not_edited(suffix: str, text: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        edit(text, suffix, add)


def test_what_a_format_cannot_hold_is_refused_without_being_quoted() -> None:
    def put(data: Any) -> None:
        data["x"] = {"hunter2": None}

    with pytest.raises(EditRefused) as caught:
        edit("", ".toml", put)
    assert "hunter2" not in str(caught.value)
