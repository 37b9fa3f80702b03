"""`rsspot apply`."""

import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from typer import Typer

from rsspot import SpotClient
from rsspot.cli.command import single_command
from rsspot.cli.input import confirm_bid, read_text
from rsspot.cli.options import AboveOnDemand, Yes
from rsspot.cli.output.formatting import format_value
from rsspot.cli.session import Session
from rsspot.errors import InvalidInput
from rsspot.files.folders import expand
from rsspot.models.document_change import DocumentChange

__all__ = ["apply"]

SIGNS = {"create": "+", "update": "~", "delete": "-", "keep": " "}
COLORS = {"create": "32", "update": "33", "delete": "31"}


@single_command()
def _apply(
    ctx: typer.Context,
    *,
    file: Annotated[
        str, typer.Option("--file", "-f", metavar="FILE", help="YAML or JSON file; - is stdin.")
    ],
    prune: Annotated[
        bool, typer.Option("--prune", help="Delete the pools that are not in the file.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show the differences, and change nothing.")
    ] = False,
    allow_above_on_demand: AboveOnDemand = False,
    yes: Yes = False,
) -> None:
    """Create or change a cloudspace and its pools to match a file.

    The differences are shown first. Applying a file again changes nothing.
    """
    session = Session.of(ctx)
    path = None if file == "-" else expand(file, InvalidInput)
    text = sys.stdin.read() if path is None else read_text(session, Path(path))
    with session.client() as spot:
        changes = spot.cloudspaces.diff(text, prune=prune)
        if session.is_table:
            session.write("".join(map(_Shown(session).text, changes)))
        else:
            session.show_one(changes)
        work = [change for change in changes if change.action != "keep"]
        if not work:
            session.note("Nothing to change.")
            return
        if dry_run:
            session.note("Dry run: nothing was changed.")
            return
        question = f"Apply {len(work)} change{'s' * (len(work) > 1)}?"
        if not session.can_prompt:
            session.confirm(question, yes=yes)

        def run(client: SpotClient, *, allow_above_on_demand: bool) -> list[DocumentChange]:
            return client.cloudspaces.apply(
                text, prune=prune, allow_above_on_demand=allow_above_on_demand
            )

        confirm_bid(session, spot, run, allowed=allow_above_on_demand, question=question, yes=yes)
    session.note(f"Applied {len(work)} change{'s' * (len(work) > 1)}.")


class _Shown:
    """Format changes as lines, in color where the terminal allows it."""

    def __init__(self, session: Session) -> None:
        self._color = session.use_color(sys.stdout)

    def text(self, change: DocumentChange) -> str:
        noun = change.kind if change.kind == "cloudspace" else f"{change.kind} pool"
        lines = [f"{SIGNS[change.action]} {noun} {change.key}"]
        if change.action == "keep":
            lines[0] += ": no change"
        for name, (old, new) in change.fields.items():
            before = f"{_text(old)} -> " if change.action == "update" else ""
            lines.append(f"    {name}: {before}{_text(new)}")
        code = COLORS.get(change.action) if self._color else None
        return "".join(f"\x1b[{code}m{line}\x1b[0m\n" if code else f"{line}\n" for line in lines)


def _text(value: Any) -> str:
    return format_value(value)


apply: Typer = _apply
