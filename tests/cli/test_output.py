"""The output formats: tables that fit, exact JSON and YAML, and names."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from ruamel.yaml import YAML

from rsspot.cli.output.column import Column
from rsspot.cli.output.formatting import format_memory, format_money, format_value, sanitize
from rsspot.cli.output.rendering import to_json
from rsspot.cli.output.table import table
from rsspot.models import PricePoint, Region

if TYPE_CHECKING:
    from collections.abc import Callable


def test_a_piped_table_has_no_color_no_frame_and_no_limit(rsspot: Callable[..., Any]) -> None:
    done = rsspot("prices", "--region", "us-central-dfw-2", width=20)
    lines = done.out.splitlines()
    assert lines[0].split() == [
        *("CLASS", "CPU", "MEMORY", "NOW", "MIN", "BID", "ON", "DEMAND"),
        *("REGION", "AVAILABLE", "CATEGORY"),
    ]
    assert "\x1b" not in done.out
    assert lines == [line.rstrip() for line in lines]
    assert all("us-central-dfw-2" in line for line in lines[1:])


@pytest.mark.parametrize("width", [40, 60, 80, 200])
def test_a_table_never_runs_over_the_edge_of_a_terminal(
    rsspot: Callable[..., Any], width: int
) -> None:
    done = rsspot("--no-color", "prices", terminal=True, width=width)
    assert max(len(line) for line in done.out.splitlines()[:-1]) <= width
    assert "gp.vs1.medium-iad" in done.out
    assert ("too narrow for" in done.out) == (width < 110)


def test_prices_are_aligned_at_the_decimal_point(rsspot: Callable[..., Any]) -> None:
    head, *lines = rsspot("prices").out.splitlines()
    for title in ("NOW", "MIN BID", "ON DEMAND"):
        end = head.index(title) + len(title)
        assert {line[end - 4] for line in lines} == {"."}


def test_only_terminals_that_want_color_get_it(
    rsspot: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "\x1b[1m" in rsspot("regions", terminal=True).out
    assert "\x1b" not in rsspot("regions", "--no-color", terminal=True).out
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in rsspot("regions", terminal=True).out
    assert "\x1b" not in rsspot("regions", "--bad", terminal=True).err


def test_json_and_yaml_are_what_the_api_sent(rsspot: Callable[..., Any]) -> None:
    as_json = json.loads(rsspot("regions", "--output", "json").out)
    reader: Any = YAML(typ="safe")
    as_yaml = reader.load(rsspot("-o", "yaml", "regions").out)
    assert as_json == as_yaml
    assert {item["kind"] for item in as_json} == {"Region"}


def test_names_come_one_a_line(rsspot: Callable[..., Any]) -> None:
    names = rsspot("regions", "-o", "name").out.splitlines()
    assert len(names) == 8
    assert names == sorted(names)


def test_options_of_every_command_stand_before_or_behind_it_and_the_last_wins(
    rsspot: Callable[..., Any],
) -> None:
    assert rsspot("-o", "yaml", "regions", "-o", "name").out.startswith("aus-syd-1\n")


def test_a_form_of_output_that_does_not_exist_is_refused(rsspot: Callable[..., Any]) -> None:
    done = rsspot("regions", "-o", "xml")
    assert done.status == 2
    assert "'xml' is not one of table, wide, csv, json, yaml, name" in done.err


def test_an_empty_list_is_reported_on_stderr(rsspot: Callable[..., Any]) -> None:
    nothing = rsspot("prices", "--max-price", "0")
    assert (nothing.status, nothing.out, nothing.err) == (0, "", "Nothing found.\n")
    assert rsspot("prices", "--max-price", "0", "-o", "json").out == "[]\n"


def test_text_from_a_server_cannot_control_the_terminal() -> None:
    assert sanitize("a\x1b[31mb\r\x9bc\u202ed\n") == "a [31mb  c d\n"
    assert format_value("one\ntwo") == "one two"
    assert format_value({"key": "\x07"}) == "key= "
    odd = Region({"metadata": {"name": "[red]x[/red]\x1b]0;y\x07"}})
    shown = table([odd], (Column("NAME", lambda item: item.name),), 80, color=True)
    assert "[red]x[/red] ]0;y" in shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "-"), ("", "-"), ((), "-"), ({}, "-"), (0, "0"), (False, "no"), (True, "yes"),
        (Decimal("0.5"), "0.500"), (("a", None), "a, -"), ({"a": "b"}, "a=b"),
        (datetime(2026, 1, 2, 3, 4, tzinfo=UTC).astimezone(), None),
    ],
)  # fmt: skip
def test_each_value_is_one_short_text(value: object, shown: str | None) -> None:
    expected = f"{value:%Y-%m-%d %H:%M %Z}" if isinstance(value, datetime) else shown
    assert format_value(value) == expected


@given(st.lists(st.none() | st.decimals("0", "100", places=6), min_size=1))
def test_money_is_exact_and_of_one_precision(amounts: list[Decimal | None]) -> None:
    texts = format_money(amounts)
    known = [(a, t) for a, t in zip(amounts, texts, strict=True) if a is not None]
    assert all(Decimal(text) == amount for amount, text in known)
    assert len({len(text.partition(".")[2]) for _, text in known}) <= 1


def test_memory_is_shown_in_its_natural_unit() -> None:
    assert [format_memory(2 * 1024**3), format_memory(3_750_000_000), format_memory(None)] == [
        "2 GiB",
        "3.75 GB",
        None,
    ]


def test_what_json_has_no_type_for_is_exact_text() -> None:
    point = PricePoint(datetime(2026, 1, 2, tzinfo=UTC), Decimal("0.0100"))
    assert to_json([point]) == [{"time": "2026-01-02T00:00:00+00:00", "price": "0.0100"}]


@given(
    st.lists(st.text(min_size=1, max_size=30), min_size=1, max_size=5),
    st.integers(min_value=12, max_value=120),
)
def test_no_text_makes_a_table_wider_than_it_may_be(texts: list[str], width: int) -> None:
    columns = (
        Column[str]("NAME", lambda item: item),
        Column[str]("SAME", lambda item: item, 1),
        Column[str]("LENGTH", len, 2),
    )
    lines = table(texts, columns, width, color=False).splitlines()
    assert all(cell_len(line) <= width for line in lines if not line.startswith("(too narrow"))
