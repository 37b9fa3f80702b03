"""Whether a client may still be used."""

from __future__ import annotations

__all__ = ["Lifetime"]


class Lifetime:
    """Whether a client accepts calls: until it or the client that it is a copy of is closed."""

    def __init__(self, base: Lifetime | None = None) -> None:
        self.base = base
        self.closed = False
