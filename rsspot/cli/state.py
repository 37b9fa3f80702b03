"""The state store of a command."""

from __future__ import annotations

import getpass
import os
import socket
from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal

from rsspot.config.state_location import server_location
from rsspot.errors import StateError
from rsspot.files.folders import expand

if TYPE_CHECKING:
    from collections.abc import Generator

    from rsspot import StateStore
    from rsspot.cli.output.terminal import Terminal

__all__ = ["configured_state", "open_state", "who"]


@contextmanager
def open_state(
    terminal: Terminal, path: str | None, *, missing: Literal["refuse", "empty", "make"] = "refuse"
) -> Generator[StateStore]:
    """Open the state that is in use.

    path: that of --state.
    missing: what to do about a file, or tables on a server, that do not exist: refuse them if they
    were named (a default file counts as empty), treat them as empty, or create them.

    Raises `StateError` or `ConfigError`.
    """
    from rsspot import StateStore
    from rsspot.legacy.guard import check_ledger
    from rsspot.state.store import MEMORY, OWN_FILE, default_path

    named = path or configured_state(terminal)
    if missing != "empty":
        check_ledger(StateStore(named or OWN_FILE), terminal.config_path)
    place = named or default_path()
    is_file = place and "://" not in place and place != MEMORY
    file = expand(place, StateError) if is_file else None
    # The store itself explains what is wrong with a directory.
    if file is not None and missing != "make" and not file.is_file() and not file.is_dir():
        if named and missing == "refuse":
            raise StateError(
                f"There is no state file {place}",
                path=place,
                hint="Name another one with --state; `rsspot registrations run` creates one",
            )
        place = MEMORY
    elif missing != "make" and not _has_tables(place, refuse=missing == "refuse"):
        place = MEMORY
    with StateStore(place or OWN_FILE) as state:
        yield state


def _has_tables(place: str | None, *, refuse: bool) -> bool:
    """Return whether there is something to read, if that is a place on a server."""
    where = None if place is None else server_location(place)
    if where is None:
        return True
    from rsspot.state.postgres.administration import has_tables

    found = has_tables(where)
    if refuse and not found:
        raise StateError(
            f"There are no tables of rsspot in schema {where.schema} at {where.shown}",
            path=where.shown,
            hint="Name another schema, or create them with `rsspot state migrate`",
        )
    return found


def configured_state(terminal: Terminal) -> str | None:
    """Return where the state is by environment or configuration; None for the usual file."""
    from rsspot.config.resolution import config_of

    if stated := os.environ.get("RSSPOT_STATE_PATH"):
        return stated
    config = config_of(os.environ, None, terminal.config_path)
    return config.state_path if config else None


def who() -> str:
    """Return the name of the current user for histories."""
    try:
        user = getpass.getuser()
    except (OSError, KeyError, ImportError):  # no entry for this user id, as in many containers
        user = f"uid {os.getuid()}" if hasattr(os, "getuid") else "somebody"
    return f"{user}@{socket.gethostname()}"
