"""Show a list of the catalogue from the cache, without the command line and without a client.

Which stored responses a command used is noted in the state file, under a hash of everything that
its settings come from: environment, configuration files, stored defaults. While the hash is the
same and the responses are fresh, the next run reads them directly. In any other case the command
runs as usual, which also reports whatever is wrong.
"""

from __future__ import annotations

import os
import re
import sys
import time
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from rsspot import __version__
from rsspot.config.places import VARIABLES, places
from rsspot.errors import RSSpotError
from rsspot.state import StateStore
from rsspot.state.store import OWN_FILE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from rsspot.cli.session import Session

__all__ = ["Quick"]

COMMANDS = frozenset({"regions", "classes"})
OUTPUTS = frozenset({"table", "wide", "csv", "json", "yaml", "name"})
PREFERENCE = "quick_lists"
STATE_VARIABLE = "RSSPOT_STATE_PATH"
PATHS = (*VARIABLES, STATE_VARIABLE)
WATCHED = re.compile("SPOT|RACKSPACE|NGPC|XDG|^HOME$")
"""In the name of a variable of the environment that may change the settings."""
MAX_KEPT = 8
SETTLED = 2.0
"""Seconds after which a change of a file certainly changes its times too."""
BUSY_TIMEOUT = 1.0


class Quick:
    """One run of a list of the catalogue: shown from the cache, or remembered for the next run."""

    def __init__(self, command: str, output: str, settings: str) -> None:
        self.command = command
        self.output = output
        self._settings = settings

    @classmethod
    def of(cls, words: Sequence[str]) -> Quick | None:
        """Return the run of these words; None if they are no plain list of the catalogue."""
        rest = words[1:]
        if not words or words[0] not in COMMANDS:
            return None
        has_output = len(rest) == 2 and rest[0] in {"-o", "--output"} and rest[1] in OUTPUTS  # noqa: PLR2004
        if rest and not has_output:
            return None
        settings = _settings(os.environ)
        return None if settings is None else cls(words[0], rest[1] if rest else "table", settings)

    def show(self, words: Sequence[str]) -> str | None:
        """Return what the command prints, if fresh responses are stored, and note the command."""
        try:
            with StateStore(_state_path(), busy_timeout=BUSY_TIMEOUT) as state:
                if not state.exists:
                    return None
                kept = state.preferences.items()
                rows = kept.get(PREFERENCE, {}).get(self._key(kept))
                items = _read(state, rows)
                if not items:
                    return None
                text = self._text(items)
                self._record(state, words)
                return text
        except (RSSpotError, OSError, ValueError, TypeError, AttributeError, KeyError):
            return None

    def remember(self, session: Session) -> None:
        """Note which stored responses a run used, if they alone decided what it showed."""
        client = session.used_client
        if client is None or session.warned or not _decides(client.settings):
            return
        memory = client.chain.memory
        if not session.calls == len(memory) == 1:
            return
        from rsspot.flow.flow import run
        from rsspot.senders.cache.keys import hashed

        try:
            with StateStore(_state_path(), busy_timeout=BUSY_TIMEOUT) as state:
                if state.path != session.state_path:
                    return
                kept = state.preferences.items()
                row = [run(client.chain.tokens.identify()), hashed(memory.keys()[0])]
                known = dict(kept.get(PREFERENCE, {}))
                if row[0] is None or known.get(self._key(kept)) == row:
                    return
                known = {**known, self._key(kept): row}
                state.preferences.set(PREFERENCE, dict([*known.items()][-MAX_KEPT:]))
        except (RSSpotError, OSError, ValueError, TypeError):
            return

    def _key(self, preferences: Mapping[str, Any]) -> str:
        defaults = sorted(item for item in preferences.items() if item[0].startswith("default_"))
        return sha256(f"{self.command}\0{self._settings}\0{defaults}".encode()).hexdigest()

    def _text(self, items: list[dict[str, Any]]) -> str:
        from rsspot.cli.output.catalogue import CLASSES, REGIONS
        from rsspot.cli.output.rendering import Form, render
        from rsspot.models.catalog import Region, ServerClass

        color = sys.stdout.isatty() and os.environ.get("TERM") != "dumb"
        form = Form(output=self.output, color=color and not os.environ.get("NO_COLOR"))
        if self.command == "regions":
            return render(Region.each_of(items), REGIONS, lambda item: item.name, form)
        return render(ServerClass.each_of(items), CLASSES, lambda item: item.name, form)

    @staticmethod
    def _record(state: StateStore, words: Sequence[str]) -> None:
        from rsspot.cli.history import add, is_off

        if not is_off():
            add(state, words, has_secrets=False)


def _settings(environ: Mapping[str, str]) -> str | None:
    """Return a text that differs wherever settings may; None where that is not known."""
    if any(not environ[name].startswith(("/", "~")) for name in PATHS if environ.get(name)):
        return None  # a relative path, or a database
    found: list[object] = [__version__]
    found += sorted(item for item in environ.items() if WATCHED.search(item[0].upper()))
    try:
        files = [_file(path) for path in places(environ)]
    except (RSSpotError, OSError):
        return None
    return None if None in files else repr([*found, *files])


def _file(path: Path) -> tuple[object, ...] | None:
    """Return what changes with a file; None for one that has changed just now."""
    try:
        status = path.stat()
    except FileNotFoundError:
        return (str(path),)
    if abs(time.time() - status.st_ctime) < SETTLED:
        return None
    return str(path), *status[:7], status.st_mtime_ns, status.st_ctime_ns


def _state_path() -> Any:
    return os.environ.get(STATE_VARIABLE) or OWN_FILE


def _decides(settings: Any) -> bool:
    """Whether the credential is known from the settings alone, and responses are stored."""
    from rsspot.redaction.secret import Secret

    given = settings.refresh_token
    known = isinstance(given, Secret) if given is not None else settings.access_token is not None
    return known and settings.cache.enabled and settings.cache.backend == "sqlite"


def _read(state: StateStore, row: Any) -> list[dict[str, Any]] | None:
    """Return the objects of a stored response that is fresh."""
    if not row:
        return None
    from rsspot.senders.cache.entry import CacheEntry
    from rsspot.senders.decoding import read_json

    stored = state.http_cache.get(*row)
    entry = stored and CacheEntry.from_meta("", stored.path, stored.meta, stored.body)
    if not entry or not entry.is_fresh(time.time()):
        return None
    content = read_json(entry.body)
    items = content["items"]
    is_whole = not content.get("metadata", {}).get("continue")
    return items if is_whole and all(isinstance(item, dict) for item in items) else None
