"""Promises are broken one at a time, and the tests notice."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import mutants
import pytest
from regeneration.project import OURS

from rsspot.api_diff.problem import Problem

if TYPE_CHECKING:
    from pathlib import Path

QUICK = ("no-store", "private")


def small(tmp_path: Path, test: str) -> Path:
    """A tree of one module and one test."""
    (tmp_path / "sum.py").write_text("def total(a, b):\n    return a + b\n")
    (tmp_path / "test_sum.py").write_text(f"from sum import total\n\n\n{test}\n")
    return tmp_path


def flipped(old: str = "a + b", file: str = "sum.py") -> mutants.Mutant:
    return mutants.Mutant("flipped", file, old, "a - b", "sums are right", ("test_sum.py",))


def test_a_mutant_that_a_test_notices_is_told_with_that_test(tmp_path: Path) -> None:
    root = small(tmp_path, "def test_it():\n    assert total(1, 2) == 3")
    (verdict,) = mutants.verdicts([flipped()], root)
    assert verdict.killer == "test_sum.py::test_it - assert -1 == 3"
    assert "a + b" in (root / "sum.py").read_text(), "only the copy is broken"


def test_a_mutant_that_no_test_notices_survives(tmp_path: Path) -> None:
    root = small(tmp_path, "def test_it():\n    assert total(1, 0) == 1")
    assert [each.killer for each in mutants.verdicts([flipped()], root)] == [None]


def test_a_mutant_that_never_ends_is_noticed_and_says_where(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mutants, "MORE", 1.0)
    root = small(tmp_path, "def test_it():\n    while total(1, 2) != 3:\n        pass")
    (verdict,) = mutants.verdicts([flipped()], root)
    # Where it hangs is known unless the machine was too busy to begin.
    where = r"test_sum\.py(::test_it)? - still running after \d+ s"
    assert re.fullmatch(where, verdict.killer or "")


def test_a_text_that_is_not_there_any_more_names_its_mutant(tmp_path: Path) -> None:
    root = small(tmp_path, "def test_it():\n    pass")
    with pytest.raises(
        Problem, match=r"sum\.py: mutant 'flipped' must find its text once, not 0 times"
    ):
        list(mutants.verdicts([flipped("a * b")], root))


def test_tests_that_fail_anyway_prove_nothing(tmp_path: Path) -> None:
    root = small(tmp_path, "def test_it():\n    assert total(1, 2) == 4")
    wrong = r"test_sum\.py::test_it - assert 3 == 4.*: fails without a mutant"
    with pytest.raises(Problem, match=wrong):
        list(mutants.verdicts([flipped()], root))


def test_every_mutant_is_still_there_to_be_made() -> None:
    found = mutants.load()
    assert len(found) >= 75
    assert len({mutant.name for mutant in found}) == len(found)
    for mutant in found:
        assert mutant.applied(OURS.root) != (OURS.root / mutant.file).read_text("utf-8")
        for test in mutant.tests:
            assert (OURS.root / test).exists(), f"{mutant.name}: there is no {test}"


def test_the_page_about_proofs_names_tests_and_mutants_that_are_there() -> None:
    page = (OURS.root / "docs" / "proofs.md").read_text("utf-8")
    rules = page.split("| rule | tests |")[1].split("\n\n")[0].splitlines()[2:]
    assert len(rules) >= 10
    known = {mutant.name for mutant in mutants.load()}
    for rule in rules:
        _, _, tests, noticed, _ = rule.split("|")
        assert set(noticed.strip().split(", ")) <= known, rule
        for test in re.findall("`(.*?)`", tests):
            assert (OURS.root / test).exists(), f"there is no {test}"


def broken(names: tuple[str, ...] | None) -> list[mutants.Verdict]:
    chosen = [mutant for mutant in mutants.load() if names is None or mutant.name in names]
    found: list[mutants.Verdict] = []
    for verdict in mutants.verdicts(chosen):
        print(f"{verdict.mutant.name:<28} {verdict.killer or 'SURVIVED'}", flush=True)
        found.append(verdict)
    return found


def test_some_broken_promises_are_noticed() -> None:
    found = broken(QUICK)
    assert len(found) == len(QUICK)
    assert [each.mutant.name for each in found if each.killer is None] == []


@pytest.mark.prove
def test_every_broken_promise_is_noticed() -> None:
    found = broken(None)
    assert [each.mutant.name for each in found if each.killer is None] == []
