"""Configuration: options, where they are set, and which place takes precedence.

Packages that it imports: `documents`, `files`, `models`, `redaction`, `renamed`, `senders`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if not TYPE_CHECKING:  # a type checker would accept any name

    def __getattr__(name: str) -> object:
        from rsspot.renamed import missing_name

        raise missing_name(__name__, name)
