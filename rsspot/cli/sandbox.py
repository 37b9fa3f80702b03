"""`rsspot sandbox`: the same as `python -m rsspot.sandbox`."""

import typer

from rsspot.cli.command import Command, noun
from rsspot.cli.session import Session

app = noun("Serve a local Spot.")


@app.command(
    cls=Command,
    add_help_option=False,
    context_settings={"ignore_unknown_options": True, "allow_extra_args": True},
)
def sandbox(ctx: typer.Context) -> None:
    """Serve a local Spot until it is interrupted (`rsspot sandbox --help` has its options)."""
    try:
        from rsspot.sandbox.__main__ import main
    except ModuleNotFoundError as error:
        if (error.name or "rsspot").startswith("rsspot"):
            raise
        Session.of(ctx).note(str(error), "Error")  # it names the extra
        raise typer.Exit(1) from None
    raise typer.Exit(main(ctx.args, prog="rsspot sandbox"))
