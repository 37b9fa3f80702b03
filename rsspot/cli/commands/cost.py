"""`rsspot cost`: what cloudspaces cost, and the cost of a pool before it is created or changed."""

from decimal import Decimal
from typing import Annotated

import typer

from rsspot import SpotClient
from rsspot.cli.command import ListCommand, single_command
from rsspot.cli.output.column import Column, Columns
from rsspot.cli.session import Session
from rsspot.errors import NotFoundError, RSSpotError
from rsspot.market import Cost, CostLine
from rsspot.models.names import did_you_mean
from rsspot.quantities import HOURS_PER_MONTH

LINES: Columns[CostLine] = (
    Column("WHAT", lambda item: item.title, is_id=True),
    Column("CLOUDSPACE", lambda item: item.owner, 2),
    Column("KIND", lambda item: item.kind, 4),
    Column("CLASS", lambda item: item.server_class, 3),
    Column("HAS", lambda item: f"{item.servers}/{item.wanted}" if item.wanted else "", 1),
    Column("PRICE", lambda item: item.price, 5),
    Column("NOW", lambda item: _rounded(item.now)),
    Column("EXPECTED", lambda item: _rounded(item.expected)),
    Column("AT MOST", lambda item: _rounded(item.maximum)),
)


@single_command(ListCommand)
def cost(
    ctx: typer.Context,
    cloudspace: Annotated[
        str | None,
        typer.Argument(metavar="[CLOUDSPACE]", help="Only this cloudspace or VM cloudspace."),
    ] = None,
) -> None:
    """Show what cloudspaces cost, in US dollars an hour and a month.

    NOW is the cost of the running servers at the market price, EXPECTED the cost of all requested
    servers at that price, and AT MOST their cost at their bids.
    """
    session = Session.of(ctx)
    with session.client() as spot:
        found = spot.pricing.cost(cloudspace)
    if session.output in {"json", "yaml"}:
        session.show_one(found)
        return
    session.show(found.lines, LINES, lambda item: item.name)
    if session.is_table and found.lines:
        session.write("\n")
        session.show_fields(
            (name, f"{hourly:.4f} USD an hour, {monthly:.2f} a month")
            for name, hourly, monthly in (
                ("now", found.now, found.now_per_month),
                ("expected", found.expected, found.expected_per_month),
                ("at most", found.maximum, found.maximum_per_month),
            )
        )
    _note_gaps(session, found)


def note_cost(
    session: Session, spot: SpotClient, server_class: str, count: int, bid: str | None
) -> None:
    """Write to stderr what a pool will cost, if that is known.

    Raises `NotFoundError` for a class that does not exist; any other failure is no reason to stop.
    """
    try:
        found = spot.pricing.estimate(server_class, count=count, bid=bid)
    except NotFoundError as error:
        names = [item.name for item in spot.server_classes.list()]
        if server_class in names:
            return
        hint = did_you_mean(server_class, names) or "`rsspot classes` lists them"
        raise NotFoundError(f"There is no server class {server_class!r:.80}", hint=hint) from error
    except RSSpotError:  # the command itself reports it, if it matters
        return
    what = f"{count} of {server_class}"
    if bid is None:
        session.note(f"{what}: {_amount(found.maximum)}, a fixed price", "Cost")
        return
    (line,) = found.lines
    if line.price is None:
        session.note(f"{what}: at most {_amount(found.maximum)}", "Cost")
    elif line.expected:
        expected, most = _amount(found.expected), _amount(found.maximum)
        session.note(f"{what}: expected {expected}, at most {most}", "Cost")
    elif count:
        session.note(
            f"{what}: nothing while the market price, {line.price:f}, is above the bid; "
            f"at most {_amount(found.maximum)}",
            "Cost",
        )


def _note_gaps(session: Session, found: Cost) -> None:
    if found.unknown:
        session.note(f"No price is known for: {', '.join(found.unknown)}", "Warning")
    if found.missing:
        session.note(
            f"Not counted, because it cannot be read: {', '.join(found.missing)}", "Warning"
        )


def _rounded(amount: Decimal | None) -> Decimal | None:
    return None if amount is None else round(amount, 4)


def _amount(hourly: Decimal) -> str:
    return f"{hourly.normalize():f} USD an hour ({hourly * HOURS_PER_MONTH:.2f} a month)"
