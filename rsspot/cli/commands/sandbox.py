"""`rsspot sandbox`: the same as `python -m rsspot.sandbox`."""

import typer

from rsspot.cli.command import Command, noun

app = noun("Serve a local Spot.")


@app.command(
    cls=Command,
    add_help_option=False,
    context_settings={"ignore_unknown_options": True, "allow_extra_args": True},
)
def sandbox(ctx: typer.Context) -> None:
    """Serve a local Spot until it is interrupted (`rsspot sandbox --help` has its options)."""
    from rsspot.sandbox.__main__ import main  # it says itself when its extra is missing

    raise typer.Exit(main(ctx.args, prog="rsspot sandbox"))
