from __future__ import annotations

import pytest

from rsspot.documents import Malformed, parse
from rsspot.documents.lines import line_finder

MERGES = "a0: &a0 {k: v}\n" + "".join(
    f"a{level}: &a{level}\n  <<: [{', '.join([f'*a{level - 1}'] * 9)}]\n" for level in range(1, 9)
)
ALIASES = "a0: &a0 [x, x]\n" + "".join(
    f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 9)}]\n" for level in range(1, 9)
)
WIDE = f"a: &a [{'x,' * 400}]\nb: [{'*a,' * 400}]\n"


@pytest.mark.parametrize("text", [MERGES, ALIASES, WIDE])
def test_what_aliases_expand_to_is_bounded_before_it_is_made(text: str) -> None:
    with pytest.raises(Malformed, match="expands to more than 100,000 nodes") as caught:
        parse(text, ".yml")
    assert caught.value.line is not None


@pytest.mark.parametrize(
    ("suffix", "text", "reason"),
    [
        (".yml", "a: &a [*a]", "an alias to a node that contains it"),
        (".yml", "profiles: &a\n  dev: *a\n", "an alias to a node that contains it"),
        (".yml", "x: " + "[" * 200 + "]" * 200, "nested too deeply"),
        (".yml", "x: !!timestamp soon", "failed to construct timestamp"),
        (".yml", "x: !!bool soon", "a value that cannot be read (KeyError)"),
        (".yml", "x: !!int soon", "a value that cannot be read (ValueError)"),
        (".yml", f"x: {'1' * 5000}", "a value that cannot be read (ValueError)"),
        (".yml", "%YAML 3.0\n---\nx: 1", "incompatible YAML document"),
        (".yml", "x: !!python/object:os.system {}", "could not determine a constructor"),
        (".yml", "? {a: b}\n: c", "unhashable key"),
        (".yml", "<<: 5", "expected a mapping"),
        (".yml", "x: 1\nx: 2", "duplicate key"),
        (".json", '{"x": 1, "x": 2}', "duplicate key"),
        (".json", f'{{"x": {"1" * 5000}}}', "a value that cannot be read (ValueError)"),
        (".json", "[" * 100_000, "nested too deeply"),
        (".toml", f"x = {'1' * 5000}", "a value that cannot be read (ValueError)"),
        (".toml", "x = " + "[" * 100_000, "nested too deeply"),
    ],
)
def test_whatever_is_wrong_is_one_kind_of_error(suffix: str, text: str, reason: str) -> None:
    with pytest.raises(Malformed) as caught:
        parse(text, suffix)
    assert reason in str(caught.value)
    assert "soon" not in str(caught.value)


@pytest.mark.parametrize(
    ("suffix", "text"),
    [
        (".yml", "# top\nprofiles:\n  dev:\n    org: x\n"),
        (".json", '{\n"profiles": {\n"dev": {\n"org": "x"}}}'),
        (".toml", "# top\n[profiles]\n[profiles.dev]\norg = 'x'\n"),
        (".toml", "# top\n\n\nprofiles . 'dev' . org = 'x'\n"),
    ],
)
def test_a_line_is_found_for_a_key_in_every_format(suffix: str, text: str) -> None:
    line_of = line_finder(text, suffix)
    assert line_of(("profiles", "dev", "org")) == 4
    assert line_of(("profiles", "dev", "missing")) in {3, 4}
    assert line_of(("missing",)) is None
    assert line_of(()) is None


@pytest.mark.parametrize("part", ["a", "a.", "a . ", "'", "'a'", " ", ". "])
def test_a_line_that_is_no_assignment_is_soon_passed_over(part: str) -> None:
    text = f'note = """\n{part * 2_000}\n"""\norg = 1\n'
    assert line_finder(text, ".toml")(("org",)) == 4


@pytest.mark.parametrize("opening", ["[", "{a: ", "- [", "[{a: "])
def test_brackets_beyond_reason_are_refused_before_they_are_scanned(opening: str) -> None:
    with pytest.raises(Malformed, match="nested too deeply"):
        parse(opening * 20_000, ".yaml")


@pytest.mark.parametrize(
    "text",
    [
        "a: &a {k: 1}\nb: {<<: [" + "*a, " * 30_000 + "*a]}\n",
        "a: &a {k: 1}\n" + "".join(f"b{n}: {{<<: *a}}\n" for n in range(30_000)),
        "a: &a {k: 1}\nb:\n" + "  <<: *a\n" * 30_000,
        "a: &a 1\nb:\n" + "- *a\n" * 30_000,
    ],
)
def test_aliases_beyond_reason_are_refused_before_they_are_read(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ruamel.yaml.YAML.load", None)  # nothing gets that far
    with pytest.raises(Malformed, match="it has more than 1,000 aliases"):
        parse(text, ".yaml")


def test_stars_in_texts_are_no_aliases() -> None:
    text = "a: |\n" + "  * item *this* 2*3\n" * 2_000 + "b: &b 1\nc: *b\n"
    assert parse(text.replace("*this*", "**"), ".yaml")["c"] == 1
