"""Preferences of the user: JSON values by name."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from rsspot.arguments import check_arguments
from rsspot.errors import InvalidInput, StateError
from rsspot.state.kinds import KINDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from rsspot.state.database import Database

__all__ = ["PreferenceStore"]

DEFAULTS = ("profile", "org", "region")


@check_arguments(KINDS)
class PreferenceStore:
    """Values by name. An unreadable value raises `StateError`; it does not count as missing."""

    def __init__(self, database: Callable[[], Database]) -> None:
        self._database = database

    def get(self, name: str, default: Any = None) -> Any:
        """Return the value called `name`."""
        row = self._database().get("preferences", (name,))
        return default if row is None else _read(name, row["value"])

    def set(self, name: str, value: Any) -> None:
        """Store a value that JSON can hold, such as None. Raises `InvalidInput` for others."""
        try:
            text = json.dumps(value, allow_nan=False)
        except (TypeError, ValueError, RecursionError):
            raise InvalidInput(
                f"The preference {name!r} cannot be stored as JSON",
                argument="value",
                hint="Use text, numbers, booleans, None, lists and objects of these",
            ) from None
        self._database().put("preferences", {"name": name, "value": text})

    def delete(self, name: str) -> None:
        """Delete a value, if it exists."""
        self._database().delete("preferences", (name,))

    def items(self) -> dict[str, Any]:
        """Return all values by name."""
        rows = self._database().rows("preferences")
        return {row["name"]: _read(row["name"], row["value"]) for row in rows}

    def defaults(self) -> dict[str, str]:
        """Return the stored defaults of clients, as far as set: profile, org and region."""
        kept = self.items()
        known = {name: kept.get(f"default_{name}") for name in DEFAULTS}
        return {name: value for name, value in known.items() if isinstance(value, str) and value}

    def set_default(self, name: str, value: str | None) -> None:
        """Store a default of clients; None deletes it."""
        if value is None:
            self.delete(f"default_{name}")
        else:
            self.set(f"default_{name}", value)


def _read(name: str, text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, TypeError, RecursionError):
        raise StateError(
            f"The preference {name!r} cannot be read", hint="Delete it, or set it again"
        ) from None
