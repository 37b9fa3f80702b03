"""Keep the commands that used the API, without their secrets."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rsspot.cli.session import Session

__all__ = ["record"]

OFF = frozenset({"off", "0", "no", "false"})
IN_MEMORY = frozenset({"", ":memory:"})


def record(session: Session) -> None:
    """Add the command of this run to the history, unless that is turned off.

    A state file that cannot be written is no reason to fail: the command itself has ended.
    """
    off = os.environ.get("RSSPOT_HISTORY", "").casefold() in OFF
    if off or session.state_path in IN_MEMORY or session.arguments[:1] == ["history"]:
        return
    from rsspot.errors import RSSpotError
    from rsspot.state import StateStore

    with suppress(RSSpotError, OSError), StateStore(session.state_path, busy_timeout=1) as state:
        if state.preferences.get("history", default=True) is not False:
            import shlex

            state.history.add(shlex.join(["rsspot", *session.arguments]))
