"""Decisions about state files of rsspot 0.3.0, stored in our own state, not in those files."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from rsspot.shapes import as_object

if TYPE_CHECKING:
    from pathlib import Path

    from rsspot.state import StateStore

__all__ = ["BEGUN", "DISCARDED", "IMPORTED", "decision_about", "remember"]

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
