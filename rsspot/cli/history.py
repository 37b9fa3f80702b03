"""Keep the commands that used the API, without their secrets."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rsspot.cli.session import Session
    from rsspot.state import StateStore

__all__ = ["add", "is_off", "record"]

OFF = frozenset({"off", "0", "no", "false"})
IN_MEMORY = frozenset({"", ":memory:"})


def record(session: Session) -> None:
    """Add the command of this run to the history, unless that is turned off.

    A state file that cannot be written is no reason to fail: the command itself has ended.
    """
    if is_off() or session.state_path in IN_MEMORY or session.arguments[:1] == ["history"]:
        return
    from rsspot.errors import RSSpotError
    from rsspot.state import StateStore

    with suppress(RSSpotError, OSError), StateStore(session.state_path, busy_timeout=1) as state:
        add(state, session.arguments)


def is_off() -> bool:
    """Whether the environment turns the history off."""
    return os.environ.get("RSSPOT_HISTORY", "").casefold() in OFF


def add(state: StateStore, words: Sequence[str], *, has_secrets: bool = True) -> None:
    """Add a command to the history, unless the user has turned it off. Raises `StateError`."""
    if state.preferences.get("history", default=True) is not False:
        import shlex

        state.history.add(shlex.join(["rsspot", *words]), has_secrets=has_secrets)
