"""Small settings that a user made: JSON values by name."""

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
    """Values by name. What is there and cannot be read is a `StateError`, not absent."""

    def __init__(self, database: Callable[[], Database]) -> None:
        self._database = database

    def get(self, name: str, default: Any = None) -> Any:
        """The value called `name`."""
        row = self._database().get("preferences", (name,))
        return default if row is None else _read(name, row["value"])

    def set(self, name: str, value: Any) -> None:
        """Keep a value that JSON can hold; None is one. Raises `InvalidInput` for others."""
        try:
            text = json.dumps(value, allow_nan=False)
        except (TypeError, ValueError, RecursionError):
            raise InvalidInput(
                f"The preference {name!r} cannot be kept as JSON",
                argument="value",
                hint="Give text, numbers, booleans, None, lists and objects of these",
            ) from None
        self._database().put("preferences", {"name": name, "value": text})

    def delete(self, name: str) -> None:
        """Forget a value, if it is there."""
        self._database().delete("preferences", (name,))

    def items(self) -> dict[str, Any]:
        """All values by name."""
        rows = self._database().rows("preferences")
        return {row["name"]: _read(row["name"], row["value"]) for row in rows}

    def defaults(self) -> dict[str, str]:
        """The stored defaults of clients, as far as there are any: profile, org and region."""
        kept = self.items()
        known = {name: kept.get(f"default_{name}") for name in DEFAULTS}
        return {name: value for name, value in known.items() if isinstance(value, str) and value}

    def set_default(self, name: str, value: str | None) -> None:
        """Store a default of clients; None forgets it."""
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
