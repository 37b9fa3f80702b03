"""Import the registration ledger, preferences and history of rsspot 0.3.0.

Packages that it imports: `config`, `files`, `models`, `redaction`, `state`.
"""

from __future__ import annotations

from rsspot.legacy.importing import LegacyImport, discard, import_state
from rsspot.legacy.places import find_state_files
from rsspot.legacy.state_file import LegacyState, is_legacy, read_state

__all__ = [
    "LegacyImport",
    "LegacyState",
    "discard",
    "find_state_files",
    "import_state",
    "is_legacy",
    "read_state",
]
