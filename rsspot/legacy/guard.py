"""Prevent a second registration of VMs that a state file of rsspot 0.3.0 has registered."""

from __future__ import annotations

import os
import shlex
import warnings
from typing import TYPE_CHECKING, Final

from rsspot.errors import StateError
from rsspot.legacy.places import places
from rsspot.legacy.state_file import count_registrations
from rsspot.shapes import as_object
from rsspot.state.store import MEMORY, default_path

if TYPE_CHECKING:
    from pathlib import Path

    from rsspot.state import StateStore

__all__ = [
    "BEGUN",
    "DISCARDED",
    "IMPORTED",
    "check_ledger",
    "decision_about",
    "pending",
    "remember",
]

NAME = "legacy_state_files"
"""The preference that holds the decisions, by path."""
BEGUN: Final = "begun"
"""An import has begun and not finished."""
IMPORTED: Final = "imported"
DISCARDED: Final = "discarded"


def decision_about(state: StateStore, path: str | Path) -> str | None:
    """Return the decision about the file at `path`, or None."""
    known = as_object(state.preferences.get(NAME)) if state.exists else {}
    found = known.get(os.path.realpath(path))
    return found if isinstance(found, str) else None


def remember(state: StateStore, path: str | Path, decision: str) -> None:
    """Store a decision about the file at `path`."""
    others = as_object(state.preferences.get(NAME))
    state.preferences.set(NAME, {**others, os.path.realpath(path): decision})


def check_ledger(state: StateStore, config_path: str | os.PathLike[str] | None = None) -> None:
    """Refuse to work with a ledger that lacks registrations of 0.3.0. Raises `StateError`.

    It is refused if `state` is a file of 0.3.0, or if it is the default state file and a file of
    0.3.0 was neither imported nor discarded. With any other state file there is only a warning,
    since it may be a new ledger on purpose.

    state: the state store. config_path: the configuration file in use, where it is not the usual
    one.
    """
    if state.path == MEMORY:
        return
    config_path = config_path or state.config_path
    error = pending(state, config_path)
    if error is None:
        return
    if _is_default(state) or error.path == state.path:
        raise error
    warnings.warn(str(error), RuntimeWarning, stacklevel=3)


def pending(
    state: StateStore, config_path: str | os.PathLike[str] | None = None
) -> StateError | None:
    """Return the error for registrations of 0.3.0 that were neither imported nor discarded.

    Parameters as for `check_ledger`. None where there are none, or where `state` has a ledger.
    """
    if state.path:
        found = count_registrations(state.path)
        if found:
            return _error(state.path, found)
    for path in places(config_path):
        try:
            found = count_registrations(path)
        except StateError as error:
            if not _is_settled(state, path):
                return error
            continue
        if found and not _is_settled(state, path):
            return _error(path, found, None if _is_default(state) else state.path)
    return None


def _is_default(state: StateStore) -> bool:
    return state.path == os.path.realpath(default_path())


def _is_settled(state: StateStore, path: Path) -> bool:
    """Return whether the file was imported or discarded, or our ledger is in use without it."""
    if not state.exists:
        return False
    decision = decision_about(state, path)
    if decision is None:
        return state.registrations.summary().total > 0
    return decision != BEGUN


def _error(path: str | Path, count: int, to: str | None = None) -> StateError:
    option = f" --to {shlex.quote(to)}" if to else ""
    some = "1 registration is" if count == 1 else f"{count} registrations are"
    return StateError(
        f"{some} in a state file of rsspot 0.3.0, {path}, and not in the ledger of this version, "
        "which would register those VMs again",
        path=str(path),
        hint=f"Import it with `rsspot state import-legacy{option}` (--dry-run shows what that "
        "does), or start with an empty ledger with --discard",
    )
