"""The files that only type checkers read leave nothing out; `make types` runs both checkers."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from typing import Any

import pytest

from rsspot import SpotClient
from rsspot.wire.bind import Group, operation, stream

FOLDER = Path(__file__).parent


def groups() -> dict[str, type[Group[Any]]]:
    """The groups of a client by the names of their attributes, in both modes."""
    client = SpotClient(refresh_token="x")
    kinds: dict[str, type] = {
        name: type(getattr(client, name)) for name in dir(client) if name[0] != "_"
    }
    return {name: kind for name, kind in kinds.items() if Group in kind.__mro__}


def sync_groups() -> dict[str, type[Group[Any]]]:
    return {name: each for name, each in groups().items() if f"a{name}" in groups()}


def operations() -> list[str]:
    return [
        f"{name}.{member}"
        for name, group in sync_groups().items()
        for member, value in inspect.getmembers_static(group)
        if isinstance(value, operation | stream) and not member.startswith("_")
    ]


@pytest.mark.parametrize("mode", ["sync", "async"])
def test_the_types_of_every_operation_are_asserted(mode: str) -> None:
    asserted = (FOLDER / f"right_{mode}_calls.py").read_text("utf-8")
    assert [each for each in operations() if f"client.{each}(" not in asserted] == []
    assert len(operations()) > 70


def test_both_modes_are_asserted_on_one_object() -> None:
    asserted = (FOLDER / "right_async_calls.py").read_text("utf-8")
    assert [name for name in sync_groups() if f"client.a{name}." not in asserted] == []
    assert len(groups()) == 2 * len(sync_groups()) == 26


def test_calls_of_every_group_are_rejected_in_both_modes() -> None:
    rejected = (FOLDER / "wrong_calls.py").read_text("utf-8")
    assert [name for name in sync_groups() if f" client.{name}." not in rejected] == []
    assert [name for name in sync_groups() if f" other.{name}." not in rejected] == []


def test_every_wrong_line_expects_one_kind_of_error() -> None:
    lines = (FOLDER / "wrong_calls.py").read_text("utf-8").splitlines()
    ignored = [line for line in lines if "type: ignore" in line]
    assert all(re.search(r"# type: ignore\[[a-z-]+\]", line) for line in ignored)
    assert len(ignored) > 50
