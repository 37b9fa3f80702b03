"""`rsspot state …`: the state file."""

from rsspot.cli.command import command_group
from rsspot.cli.commands.state_import import add_import

state = command_group("Manage the state file: preferences, history and registrations.")


@state.callback()
def _group() -> None:
    """Keep it a group while it has one command."""


add_import(state)
