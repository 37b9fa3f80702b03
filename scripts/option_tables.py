"""Write the tables of docs/configuration.md from the options of rsspot."""

from __future__ import annotations

from pathlib import Path

from rsspot.config.options import OPTIONS
from rsspot.config.places import VARIABLES as FILE_VARIABLES

PAGE = Path(__file__).parents[1] / "docs" / "configuration.md"


def keys() -> str:
    """Return the table of the keys of a profile."""
    rows = [(f"`{option.name}`", option.text) for option in OPTIONS if "profile" in option.places]
    return _table(("key of a profile", "meaning"), rows)


def variables() -> str:
    """Return the table of environment variables."""
    rows = [(f"`{option.name}`", _listed(option.variables)) for option in OPTIONS]
    rows.append(("the configuration file", _listed(FILE_VARIABLES)))
    return _table(("option", "variables; the first that is set is used"), rows)


def updated(page: str) -> str:
    """Return the page with up-to-date tables."""
    for name, table in (("keys", keys()), ("variables", variables())):
        start, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
        before, rest = page.split(start)
        page = f"{before}{start}\n{table}\n{end}{rest.split(end)[1]}"
    return page


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _table(head: tuple[str, str], rows: list[tuple[str, str]]) -> str:
    lines = [head, ("---", "---"), *(row for row in rows if row[1])]
    return "\n".join(f"| {left} | {right} |" for left, right in lines)


if __name__ == "__main__":
    PAGE.write_text(updated(PAGE.read_text("utf-8")), "utf-8")
