"""Identities and secrets that follow from a seed: the same calls get the same ones."""

from __future__ import annotations

import random
import string
import uuid
from typing import Any

__all__ = ["Identities"]


class Identities:
    """Makes names that nobody chose."""

    def __init__(self, seed: object) -> None:
        self.reseed(seed)

    def reseed(self, seed: object) -> None:
        """Go on as another `seed` says."""
        self._random = random.Random(f"identities/{seed}")  # noqa: S311 - repeatable on purpose

    @property
    def position(self) -> object:
        """Where the sequence of identities is."""
        return self._random.getstate()

    def go_back(self, position: Any) -> None:
        """Go on from an earlier `position`."""
        self._random.setstate(position)

    def uid(self) -> str:
        """A UUID."""
        return str(uuid.UUID(int=self._random.getrandbits(128), version=4))

    def suffix(self) -> str:
        """Five letters and digits."""
        return "".join(self._random.choices(string.ascii_lowercase + string.digits, k=5))

    def secret(self) -> str:
        """What cannot be guessed from the outside, but is the same again for the same seed."""
        return f"{self._random.getrandbits(192):048x}"
