"""Pages and lists that scripts write are what the code says now."""

from __future__ import annotations

import difflib

import public_names
import upgrading_page


def test_the_list_of_public_names_shows_each_change() -> None:
    listed = public_names.LIST.read_text("utf-8").splitlines()
    found = [*public_names.all_lines()]
    changes = [
        line
        for line in difflib.unified_diff(listed, found, "listed", "found", lineterm="", n=0)
        if line[0] in "+-"
    ]
    assert "\n".join(changes) == "", "run: python scripts/public_names.py"


def test_the_page_about_upgrading_has_the_table_that_errors_are_made_of() -> None:
    text = upgrading_page.PAGE.read_text("utf-8")
    assert upgrading_page.written(text) == text, "run: python scripts/upgrading_page.py"
