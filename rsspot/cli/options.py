"""Options that several commands take, each with one meaning."""

from typing import Annotated

import typer

__all__ = [
    "AboveOnDemand",
    "Cascade",
    "Keep",
    "KeepPools",
    "Key",
    "Least",
    "Most",
    "Poll",
    "Timeout",
    "Wait",
    "Yes",
]

Cascade = Annotated[
    bool, typer.Option("--cascade", help="Delete its pools first, and wait until all are gone.")
]
KeepPools = Annotated[
    bool, typer.Option("--keep-pools", help="Leave its pools, which go on costing.")
]
AboveOnDemand = Annotated[
    bool,
    typer.Option(
        "--allow-above-on-demand", help="Bid more than the on-demand price without being asked."
    ),
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]
Keep = Annotated[bool, typer.Option("--keep", help="Take the one that is there, if there is one.")]
Key = Annotated[
    str | None, typer.Option(metavar="TEXT", help="Same key, same pool: it is made only once.")
]
Least = Annotated[int | None, typer.Option("--min", metavar="N", help="Autoscale from.")]
Most = Annotated[int | None, typer.Option("--max", metavar="N", help="Autoscale up to.")]
Wait = Annotated[bool, typer.Option("--wait", help="Wait until it is done, and show how it goes.")]
Timeout = Annotated[
    float, typer.Option(metavar="SECONDS", show_default=True, help="Wait so long at most.")
]
Poll = Annotated[
    float, typer.Option(metavar="SECONDS", show_default=True, help="Look so often while waiting.")
]
