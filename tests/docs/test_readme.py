"""The README tells the truth: its first example runs, its tables and versions are complete."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import rsspot

if TYPE_CHECKING:
    import pytest

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")


def test_the_first_example_runs_as_it_stands(capsys: pytest.CaptureFixture[str]) -> None:
    example = README.split("```python\n")[1].split("```")[0]
    assert len(example.strip().splitlines()) <= 10
    exec(compile(example, "README.md", "exec"), {})  # noqa: S102 - our own example
    printed = capsys.readouterr().out
    assert printed.startswith("bid 0.0")
    assert "<Kubeconfig of" in printed
    assert "<Server name=" in printed


def test_the_two_commands_are_shown_before_anything_else() -> None:
    commands = README.split("```console\n")[1]
    assert commands.startswith("make demo")
    assert "\nmake test" in commands


def test_every_dependency_has_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    wanted = [
        *project["project"]["dependencies"],
        *(item for extra in project["project"]["optional-dependencies"].values() for item in extra),
        *project["dependency-groups"]["dev"],
    ]
    table = README.split("## Dependencies")[1].split("Written here")[0]
    for requirement in wanted:
        name = re.split(r"[\[<>=~ ]", requirement)[0]
        assert re.search(rf"[ |`]{re.escape(name)}[,\[ |]", table), name


def test_the_changelog_knows_this_version() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text("utf-8")
    versions = re.findall(r"^## \[(\d[^\]]*)\]", changelog, re.MULTILINE)
    assert versions[0] == rsspot.__version__
