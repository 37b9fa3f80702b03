"""Write pictures of price histories to files."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from rsspot.cli.output.formatting import format_value
from rsspot.errors import InvalidInput
from rsspot.files.folders import expand

if TYPE_CHECKING:
    from pathlib import Path

    from rsspot.cli.output.terminal import Terminal
    from rsspot.models import PriceHistories

__all__ = ["write_pictures"]

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
</head>
<body>
<h1 style="font: 600 1.1rem sans-serif">{title}</h1>
{picture}
</body>
</html>
"""


def write_pictures(
    terminal: Terminal, found: PriceHistories, *, svg: Path | None, html: Path | None
) -> None:
    """Write the picture to an SVG file, an HTML page, or both. Raises `OSError`."""
    picture = found.svg()
    names = ", ".join(history.server_class for history in found)
    page = _PAGE.format(title=escape(f"Prices of {names}"), picture=picture)
    for path, text in ((svg, picture), (html, page)):
        if path is not None:
            target = expand(str(path), InvalidInput)
            target.write_text(text, "utf-8")
            terminal.note(f"The chart is in {format_value(target)}")
