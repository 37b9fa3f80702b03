"""`--watch`: a table that follows the ledger on a terminal, and one line per change elsewhere."""

from __future__ import annotations

import json
import shutil
import sys
import time
from datetime import datetime
from typing import TYPE_CHECKING

from attrs import evolve

from rsspot.cli.output.column import Column
from rsspot.cli.output.formatting import sanitize
from rsspot.cli.output.ledger import RECORDS, ShownRecord, short_line
from rsspot.cli.output.table import table
from rsspot.errors import StateUnavailable
from rsspot.flow.clock import SYSTEM_CLOCK
from rsspot.flow.flow import iterate
from rsspot.registration import RegistrationStatus
from rsspot.registration.watching import watch
from rsspot.state.durations import check_seconds

if TYPE_CHECKING:
    from rsspot.cli.output.column import Columns
    from rsspot.cli.output.terminal import Terminal
    from rsspot.registration.selection import Selection
    from rsspot.state.ledger import Ledger

__all__ = ["watch_records"]

URGENT = (
    RegistrationStatus.FAILED,
    RegistrationStatus.SUBMITTED,
    RegistrationStatus.TOKEN_ISSUED,
    RegistrationStatus.DISCOVERED,
    RegistrationStatus.SKIPPED,
    RegistrationStatus.REGISTERED,
)
"""Statuses in the order of importance, for when not all records fit."""
WIDE = 150
"""Minimum width of a screen that has room for everything."""
TAKEN = 44
"""Columns that key, name and status usually take on a narrower screen."""
FRAME = 4
"""Lines of the screen that have no record: counts, titles, and what does not fit."""


def watch_records(
    terminal: Terminal, ledger: Ledger, selection: Selection, interval: float
) -> None:
    """Show the selected records as they change, until interrupted.

    interval: seconds between two updates.
    """
    form = terminal.output
    if form not in {"table", "wide", "json", "name"}:
        terminal.refuse(f"--watch does not apply to -o {form:.20}", "Use -o table, json or name")
    check_seconds("--interval", interval, above_zero=True)
    try:
        if terminal.use_live(sys.stdout) and form in {"table", "wide"}:
            _on_screen(terminal, ledger, selection, interval)
        else:
            _by_line(terminal, ledger, selection, interval)
    except KeyboardInterrupt:  # the usual way to stop it
        return


def _by_line(terminal: Terminal, ledger: Ledger, selection: Selection, interval: float) -> None:
    def report(error: StateUnavailable | None) -> None:
        if error is None:
            terminal.note("The records can be read again")
        else:
            terminal.note(f"The records cannot be read, which is tried again: {error}", "Warning")

    for change in iterate(watch(ledger, selection, interval, SYSTEM_CLOCK, report)):
        before = None if change.before is None else str(change.before)
        terminal.write(_line(terminal, ShownRecord.of(change.record), before))


def _line(terminal: Terminal, record: ShownRecord, before: str | None) -> str:
    from rsspot.cli.output.rendering import to_json

    if terminal.output == "name":
        return f"{record.key}\n"
    if terminal.output == "json":
        return json.dumps({"before": before, **to_json(record)}) + "\n"
    change = f"{before} → {record.status}" if before else record.status
    reason = f": {record.reason}" if record.reason else ""
    return sanitize(short_line(record, f"{change}{reason}"), lines=False) + "\n"


def _on_screen(terminal: Terminal, ledger: Ledger, selection: Selection, interval: float) -> None:
    from rich.console import Console
    from rich.live import Live
    from rich.text import Text

    color = terminal.use_color(sys.stdout)
    console = Console(file=sys.stdout, no_color=not color, highlight=False)
    last = ""
    with Live(console=console, screen=True, auto_refresh=False) as live:
        while True:
            size = shutil.get_terminal_size()
            try:
                text = _screen(ledger, selection, size.columns, size.lines - 1, color=color)
                last = text
            except StateUnavailable as error:
                if not last:
                    raise
                line = sanitize(f"The records cannot be read: {error}", lines=False)
                text = f"{line[: size.columns]}\n{last}"
            live.update(Text.from_ansi(text, no_wrap=True, overflow="crop"), refresh=True)
            time.sleep(interval)


def _screen(ledger: Ledger, selection: Selection, width: int, height: int, *, color: bool) -> str:
    counts = ledger.summary(selection.target)
    names = [(name.replace("_", " "), getattr(counts, name)) for name in URGENT]
    title = ", ".join(f"{count:,} {name}" for name, count in names if count) or "no records"
    room = max(height - FRAME, 1)
    statuses = selection.statuses or URGENT
    found: list[ShownRecord] = []
    for status in (each for each in URGENT if each in statuses):
        part = evolve(selection, statuses=(status,))
        found += map(ShownRecord.of, part.records(ledger, room + 1 - len(found)))
        if len(found) > room:
            break
    clock = f"{datetime.now().astimezone():%H:%M:%S}"
    lines = [f"{clock}  {selection.target or 'all targets'}: {title}"[:width], ""]
    if found:
        lines += table(found[:room], _columns(width), width, color=color).splitlines()
    if len(found) > room:
        lines.append("…")
    return "\n".join(lines[:height])


def _columns(width: int) -> Columns[ShownRecord]:
    """What fits in one line for each record: on a narrow screen the beginning of the error."""
    if width >= WIDE:
        return RECORDS
    key, name, status = (each for each in RECORDS if each.title in {"KEY", "NAME", "STATUS"})
    room = max(width - TAKEN, 1)

    def reason(item: ShownRecord) -> str | None:
        text = item.reason
        return text if text is None or len(text) <= room else f"{text[: room - 1]}…"

    return (key, name, status, Column("ERROR", reason, 1, optional=True))
