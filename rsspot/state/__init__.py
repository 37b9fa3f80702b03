"""State that processes share: preferences, tokens, cached responses, history, registrations.

Packages that it imports: `config`, `files`, `flow`, `redaction`, `renamed`, `senders`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rsspot.state.store import StateStore

__all__ = ["StateStore"]


if not TYPE_CHECKING:  # a type checker would accept any name

    def __getattr__(name: str) -> object:
        from rsspot.renamed import missing_name

        raise missing_name(__name__, name)
