"""Register each VM with your orchestrator once, even after a crash.

Packages that it imports: `flow`, `legacy`, `models`, `redaction`, `renamed`, `state`.
"""

from __future__ import annotations

from rsspot.registration.progress import Progress
from rsspot.registration.steps import JoinToken, Permanent, Skip, Step
from rsspot.registration.watching import RegistrationChange
from rsspot.registration.workflow import RegistrationWorkflow
from rsspot.state.ledger import (
    Discovery,
    Imported,
    RegistrationCandidate,
    RegistrationRecord,
    RegistrationStatus,
    Summary,
)

__all__ = [
    "Discovery",
    "Imported",
    "JoinToken",
    "Permanent",
    "Progress",
    "RegistrationCandidate",
    "RegistrationChange",
    "RegistrationRecord",
    "RegistrationStatus",
    "RegistrationWorkflow",
    "Skip",
    "Step",
    "Summary",
]
