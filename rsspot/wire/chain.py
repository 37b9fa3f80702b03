"""The senders of one client: a chain for each colour over what they share."""

from __future__ import annotations

__all__ = ["Chain"]
