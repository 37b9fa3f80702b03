"""`rsspot state …`: the state file, or the schema of a server."""

from typer import Typer

from rsspot.cli.command import command_group
from rsspot.cli.commands.state_import import add_import
from rsspot.cli.commands.state_server import add_server

state: Typer = command_group("Manage the state: preferences, history and registrations.")

add_import(state)
add_server(state)
