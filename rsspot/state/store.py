"""The state store: one file, or a database server, and typed views of what is in it."""

from __future__ import annotations

import os
import time
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from rsspot.arguments import check_arguments
from rsspot.config.state_location import server_location
from rsspot.errors import StateError
from rsspot.files.folders import STATE_FILE, expand, is_there, refuse_token, state_folder
from rsspot.lazy import lazy_property
from rsspot.state.durations import check_seconds
from rsspot.state.kinds import KINDS
from rsspot.state.uptime import uptime

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType
    from typing import Self

    from rsspot.state.database import Database
    from rsspot.state.history import History
    from rsspot.state.http_cache import HTTPCache
    from rsspot.state.ledger.ledger import Ledger
    from rsspot.state.preferences import PreferenceStore
    from rsspot.state.sqlite.database import SQLite
    from rsspot.state.tokens import Tokens
    from rsspot.state.uptime import Uptime

__all__ = ["OWN_FILE", "StateStore", "default_path"]


MEMORY = ":memory:"


def default_path() -> str:
    """Return the default path of the state file; empty if the user has no folder for it.

    XDG Base Directory Specification.
    """
    folder = state_folder(os.environ)
    return str(folder / STATE_FILE) if folder else ""


class _OwnFile:
    """The user's own state file, whose path is determined on each use."""

    def __fspath__(self) -> str:
        return default_path()


OWN_FILE = _OwnFile()
"""The default path of a `StateStore`: the user's own state file."""


@check_arguments(KINDS)
class StateStore:
    """State in a file that only its owner can read, in memory, or on a database server.

    Nothing is opened before it is needed. It is safe for threads, tasks, processes and
    `fork`; methods that write may wait for another process. With a URL, the ledger and access
    tokens are in that schema, for all hosts that use it; preferences, cache and history stay in the
    usual file of this host, or in memory if no file can be created.

    Args:
        path: Path of the file, ``":memory:"``, or a URL like
            ``postgresql://user@host/database?schema=rsspot`` with all that libpq knows (default:
            the file of the user, with a warning, since it was in memory in rsspot 0.3.0;
            `StateStore.own()` does not warn). A relative path counts from the working directory.
        busy_timeout: Maximum seconds to wait for another process, or for the server (default: 10).
        now: Wall clock, in seconds since the epoch, for the times that people read (default: that
            of the system).
        since_boot: Clock that decides when leases end and records are due (default: that of the
            system). None of its results stands for a platform without one.
        database: Database in place of sqlite (default: sqlite).
        allow_foreign_owner: Whether to use a file that belongs to another user, as on a shared
            volume (default: as ``RSSPOT_ALLOW_FOREIGN_OWNER`` says).

    Raises:
        StateError: If the path or URL cannot be used, and by all methods: if the state cannot be
            read or written.
    """

    def __init__(
        self,
        path: str | os.PathLike[str] | None = None,
        *,
        busy_timeout: float = 10.0,
        now: Callable[[], float] = time.time,
        since_boot: Callable[[], Uptime | None] = uptime,
        database: Database | None = None,
        allow_foreign_owner: bool | None = None,
    ) -> None:
        if path is None:
            path = OWN_FILE
            if database is None:
                warnings.warn(
                    f"StateStore() is your own state file, {default_path()}; in rsspot 0.3.0 it "
                    'was in memory. Write StateStore(":memory:") for that, or StateStore.own() '
                    "for your file",
                    RuntimeWarning,
                    stacklevel=3,
                )
        self._server = None if path is OWN_FILE else server_location(path)
        if self._server is not None:
            self.path: str = self._server.shown
        else:
            if path is not OWN_FILE:
                refuse_token(path, StateError)
            self.path = default_path() if path is OWN_FILE else str(expand(path, StateError))
        if self._server is None and self.path not in {MEMORY, ""}:
            # One name for one file, despite links and changes of the working directory.
            self.path = os.path.realpath(self.path)
        self.busy_timeout: float = check_seconds("busy_timeout", busy_timeout)
        self._allow_foreign_owner = allow_foreign_owner
        self.now = now
        self._since_boot = since_boot
        self._given = database
        self.config_path: str | os.PathLike[str] | None = None
        """The configuration file of its client, if it is not the default one."""

    if not TYPE_CHECKING:  # a type checker would accept any name

        def __getattr__(self, name: str) -> object:
            from rsspot.renamed import missing_attribute

            raise missing_attribute(self, name, ("a state store",))

    @classmethod
    def own(cls) -> Self:
        """Return the store of the user's own state file, which clients use by default."""
        return cls(OWN_FILE)

    @property
    def exists(self) -> bool:
        """Whether there may be preferences: a file, an open database, or one that was passed.

        Raises `StateError` if a folder of another user hides it.
        """
        if self._given is not None or "database" in self.__dict__:
            return True
        file = self.path if self._server is None else default_path()
        return bool(file) and is_there(Path(file), StateError) and Path(file).is_file()

    @lazy_property
    def database(self) -> Database:
        """The database of this store."""
        if self._given is not None:
            return self._given
        if self._server is not None:
            from rsspot.state.postgres.fleet import Fleet

            return Fleet(self._server, self.busy_timeout, self._open_local)
        if not self.path:
            raise StateError(
                "There is no folder for the state file, because this user has no home directory",
                hint='Set HOME, XDG_STATE_HOME or RSSPOT_STATE_PATH, or pass state=":memory:"',
            )
        return self._sqlite(self.path)

    def _sqlite(self, path: str) -> SQLite:
        from rsspot.state.sqlite.database import SQLite
        from rsspot.state.sqlite.lease_clock import LeaseClock

        return SQLite(
            path,
            self.busy_timeout,
            LeaseClock(self.now, self._since_boot),
            allow_foreign_owner=self._may_be_foreign(),
        )

    @lazy_property
    def _local(self) -> SQLite:
        """The database for data of this host: in the usual file, or else in memory."""
        path = default_path() or MEMORY
        made = self._sqlite(path)
        try:
            made.generation()
        except StateError as error:
            from rsspot.senders.reporting import report

            report(f"Preferences, cache and history are not kept on this host: {error}")
            made.close()
            made = self._sqlite(MEMORY)
        return made

    def _open_local(self) -> Database:
        return self._local

    def _open_host(self) -> Database:
        return self.database if self._server is None else self._local

    def _may_be_foreign(self) -> bool:
        if self._allow_foreign_owner is None and "RSSPOT_ALLOW_FOREIGN_OWNER" in os.environ:
            from rsspot.config.files import is_foreign_owner_allowed

            return is_foreign_owner_allowed()
        return self._allow_foreign_owner is True

    def _open(self) -> Database:
        return self.database

    @lazy_property
    def preferences(self) -> PreferenceStore:
        """Preferences by name."""
        from rsspot.state.preferences import PreferenceStore

        return PreferenceStore(self._open_host)

    @lazy_property
    def tokens(self) -> Tokens:
        """Access tokens, by host and credential."""
        from rsspot.state.tokens import Tokens

        return Tokens(self._open)

    @lazy_property
    def http_cache(self) -> HTTPCache:
        """Stored responses."""
        from rsspot.state.http_cache import HTTPCache

        return HTTPCache(self._open_host)

    @lazy_property
    def history(self) -> History:
        """Recorded commands, without their secrets."""
        from rsspot.state.history import History

        return History(self._open_host, self.now)

    @lazy_property
    def registrations(self) -> Ledger:
        """The registration ledger."""
        from rsspot.state.ledger.ledger import Ledger

        return Ledger(self._open, self.path)

    def close(self) -> None:
        """Close the file, or the connections; a store that was not used has none."""
        if "database" in self.__dict__:
            self.database.close()
        if "_local" in self.__dict__:
            self._local.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"StateStore({self.path!r})"


if not TYPE_CHECKING:  # a type checker would accept any name

    def __getattr__(name: str) -> object:
        from rsspot.renamed import missing_import

        raise missing_import(__name__, name)
