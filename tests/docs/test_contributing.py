"""The habits of the project: what contributors are told, and what runs before a commit, is true."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from typing import TYPE_CHECKING, Any

import pytest
from ruamel.yaml import YAML

from tests.docs.pages import ROOT

if TYPE_CHECKING:
    from pathlib import Path

CONTRIBUTING = (ROOT / ".github" / "CONTRIBUTING.md").read_text("utf-8")
HOOKS = ROOT / ".pre-commit-config.yaml"
FORMS = sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("[!c]*.yml"))


def read(path: Path) -> dict[str, Any]:
    reader: Any = YAML(typ="safe")
    content: dict[str, Any] = reader.load(path)
    return content


def test_every_place_that_the_table_sends_to_exists() -> None:
    table = CONTRIBUTING.split("| what | where |")[1].split("\n\n")[0]
    rows = table.strip().splitlines()[1:]
    assert len(rows) >= 8
    for row in rows:
        where = row.split("|")[2]
        places = [each for each in re.findall("`(.*?)`", where) if not each.startswith("make ")]
        assert places, row
        assert [place for place in places if not (ROOT / place).exists()] == [], row


def test_hooks_run_what_ci_runs_and_nothing_else() -> None:
    ci = (ROOT / ".ci" / "run").read_text("utf-8")
    (local,) = read(HOOKS)["repos"]
    assert local["repo"] == "local", "hooks of others cannot be pinned with hashes"
    hooks = {hook["entry"] for hook in local["hooks"]}
    assert hooks == set(re.findall(r"^make [a-z]+$", ci, re.MULTILINE))


def test_the_hooks_are_readable_by_the_pinned_pre_commit() -> None:
    command = [sys.executable, "-m", "pre_commit", "validate-config", str(HOOKS)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_lint_checks_spelling() -> None:
    lint = (ROOT / "Makefile").read_text("utf-8").split("\nlint:")[1].split("\n\n")[0]
    assert "codespell" in lint


def test_coverage_counts_branches_and_has_a_floor() -> None:
    coverage = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["coverage"]
    assert coverage["run"]["branch"] is True
    assert coverage["report"]["fail_under"] >= 85


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.stem)
def test_a_form_asks_for_something_and_names_its_fields_once(form: Path) -> None:
    content = read(form)
    assert {"name", "description", "body"} <= content.keys()
    inputs = [part for part in content["body"] if part["type"] != "markdown"]
    names = [part["id"] for part in inputs]
    assert len(set(names)) == len(names) > 0
    assert all(part["attributes"]["label"] for part in inputs)
    assert any(part.get("validations", {}).get("required") for part in inputs)
