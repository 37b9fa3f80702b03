"""Tokens that are kept between processes."""

from __future__ import annotations

from attrs import field, frozen

__all__ = ["StoredToken"]


@frozen
class StoredToken:
    """A bearer with what is known of it. Times are seconds since the epoch."""

    value: str = field(repr=False)
    expires_at: float | None
    obtained_at: float
    refresh_token: str | None = field(default=None, repr=False)
