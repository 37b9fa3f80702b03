"""What a command suggests can be typed at the terminal: no hint there speaks of Python."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import rsspot
from rsspot.cli.hints import for_terminal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(rsspot.__file__).parent
PYTHON = re.compile(r"[a-z_]\(|\b[a-z_]{3,}=(?=[\s,;'\"\[]|True|False|None|$)")
NOT_SHOWN = {
    "pytest_plugin.py",
    "registry.py",
    "registration/listing.py",
    "resources/objects.py",
    "wire/dry_run.py",
}
"""Modules whose hints are for calls that no command makes, or that a command words itself."""


def text_of(node: ast.expr) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(
            str(part.value) if isinstance(part, ast.Constant) else _value(part)
            for part in node.values
        )
    if isinstance(node, ast.BoolOp):
        return " ".join(map(text_of, node.values))
    if isinstance(node, ast.BinOp):
        return text_of(node.left) + text_of(node.right)
    return ""


def _value(node: Any) -> str:
    return "'x'" if node.conversion == ord("r") else "x"


def hints() -> Iterator[tuple[str, str]]:
    for path in sorted(ROOT.rglob("*.py")):
        place = path.relative_to(ROOT).as_posix()
        if place.startswith(("cli/", "sandbox/", "api_diff/")) or place in NOT_SHOWN:
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.keyword) and node.arg == "hint":
                yield place, text_of(node.value)


def test_no_hint_of_the_package_speaks_of_python_at_the_terminal() -> None:
    found = [(place, hint) for place, hint in hints() if hint]
    assert len(found) > 50
    assert [each for each in found if PYTHON.search(for_terminal(each[1]))] == []


@pytest.mark.parametrize(
    ("hint", "shown"),
    [
        (
            "Choose one of uk-lon-1; pricing.list(region='uk-lon-1') lists its classes",
            "Choose one of uk-lon-1; `rsspot classes --region uk-lon-1` lists its classes",
        ),
        (
            "Pass allow_above_on_demand=True if that is what you want",
            "Pass --allow-above-on-demand",
        ),
        ("Write 5 GiB", "Write 5 GiB"),
    ],
)
def test_calls_become_commands(hint: str, shown: str) -> None:
    assert for_terminal(hint).startswith(shown)


def test_a_class_of_another_region_is_answered_with_a_command(rsspot: Callable[..., Any]) -> None:
    assert rsspot("cloudspaces", "create", "home", "--region", "us-central-dfw-1").status == 0
    there = rsspot("classes", "--region", "uk-lon-1", "-o", "name").out.split()[0]
    done = rsspot("pools", "create", "spot", "home", "--class", there, "--bid", "0.03")
    assert done.status == 2
    assert "`rsspot classes --region us-central-dfw-1`" in done.err
    assert "pricing.list" not in done.err
