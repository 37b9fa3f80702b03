"""A secret that does not show where it is passed on."""

from __future__ import annotations

__all__ = ["Secret"]


class Secret:
    """Text that no frame, log or error report shows."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """Return the text. Use it where it is needed, and do not assign it to a variable."""
        return self._value

    # So that it can be passed wherever a function that returns a token can.
    __call__ = reveal

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)

    def __repr__(self) -> str:
        return "Secret('********')"
