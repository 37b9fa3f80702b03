"""The registration ledger: records of VMs, what may happen to them, and what did."""

from __future__ import annotations

from rsspot.state.ledger.candidate import RegistrationCandidate
from rsspot.state.ledger.discovery import Discovery, Listing
from rsspot.state.ledger.importing import Imported
from rsspot.state.ledger.ledger import Ledger
from rsspot.state.ledger.record import RegistrationRecord
from rsspot.state.ledger.status import RegistrationStatus, Summary
from rsspot.state.ledger.transitions import (
    TRANSITIONS,
    Event,
    Failed,
    Registered,
    Reissued,
    Reopened,
    Retried,
    Skipped,
    Submitted,
    TokenIssued,
)

__all__ = [
    "TRANSITIONS",
    "Discovery",
    "Event",
    "Failed",
    "Imported",
    "Ledger",
    "Listing",
    "Registered",
    "RegistrationCandidate",
    "RegistrationRecord",
    "RegistrationStatus",
    "Reissued",
    "Reopened",
    "Retried",
    "Skipped",
    "Submitted",
    "Summary",
    "TokenIssued",
]
