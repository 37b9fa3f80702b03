"""Notifications of records that may be due: LISTEN on a dedicated connection that reconnects."""

from __future__ import annotations

import hashlib
import logging
import threading
from typing import TYPE_CHECKING

import psycopg

from rsspot.errors import StateError
from rsspot.flow.forks import reset_in_child

if TYPE_CHECKING:
    from rsspot.state.postgres.connections import Connections
    from rsspot.state.postgres.driver import Bounded

__all__ = ["Signal", "channel_of"]

NOTIFY_TIMEOUT = 0.5
"""Seconds between two checks of whether this has been closed."""
LOOK = 20
"""Number of such checks between two checks of the connection to the server."""
FIRST, LONGEST = 0.05, 5.0
"""Seconds between two attempts to connect."""

_log = logging.getLogger("rsspot.state")


def channel_of(schema: str) -> str:
    """Return the channel of a schema."""
    return f"rsspot_{hashlib.sha256(schema.encode()).hexdigest()[:16]}"


class Signal:
    """Counts notifications in a thread. If `is_live` is False, callers have to poll.

    connections: which schema, and how it is reached.
    """

    def __init__(self, connections: Connections) -> None:
        self._all = connections
        self._guard = threading.Lock()
        self.count: int = 0
        """Number of notifications, increased also when some may have been missed."""
        self.is_live: bool = False
        self._begin()
        reset_in_child(self)

    def _begin(self) -> None:
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None

    def after_fork(self) -> None:
        """Start over in a child process, which does not have the thread."""
        self._guard = threading.Lock()
        self.is_live = False
        self._begin()

    def start(self) -> None:
        """Start to listen, unless it is already listening, or a pooler makes it pointless."""
        with self._guard:
            if self._thread is not None or self._ended.is_set():
                return
            if self._all.is_pooled:
                self._ended.set()
                _log.warning(
                    "%s is behind a pooler in transaction mode, which forwards no notifications: "
                    "workers poll for records that are due",
                    self._all.where.shown,
                )
                return
            self._thread = threading.Thread(
                target=self._run, args=(self._ended,), name="rsspot-signal", daemon=True
            )
            self._thread.start()

    def close(self) -> None:
        """Stop listening."""
        self._ended.set()

    def _run(self, ended: threading.Event) -> None:
        pause = FIRST
        while not ended.is_set():
            try:
                with self._all.connect() as connection:
                    connection.execute(f"LISTEN {channel_of(self._all.where.schema)}".encode())
                    pause = FIRST
                    self.count += 1  # what came while nobody listened
                    self.is_live = True
                    self._listen(connection, ended)
            except (psycopg.Error, StateError, OSError):
                pass
            finally:
                self.is_live = False
            ended.wait(pause)
            pause = min(2 * pause, LONGEST)

    def _listen(self, connection: Bounded, ended: threading.Event) -> None:
        quiet = 0
        while not ended.is_set():
            news = len([*connection.notifies(timeout=NOTIFY_TIMEOUT)])
            self.count += news
            quiet = 0 if news else quiet + 1
            if quiet >= LOOK:
                connection.execute("SELECT 1")
                quiet = 0
