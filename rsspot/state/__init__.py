"""What is kept between processes: preferences, tokens, cached answers, history, registrations."""

from __future__ import annotations

from rsspot.state.store import StateStore

__all__ = ["StateStore"]
