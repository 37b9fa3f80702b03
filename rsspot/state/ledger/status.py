"""The status of the registration of a VM."""

from __future__ import annotations

from enum import StrEnum

from attrs import frozen

__all__ = ["RegistrationStatus", "Summary"]


class RegistrationStatus(StrEnum):
    """The states of a record; `TRANSITIONS` has the allowed changes."""

    DISCOVERED = "discovered"
    TOKEN_ISSUED = "token_issued"  # noqa: S105 - no secret
    SUBMITTED = "submitted"
    REGISTERED = "registered"
    FAILED = "failed"
    SKIPPED = "skipped"


@frozen
class Summary:
    """The number of records of each status.

    Attributes:
        discovered: Number of records that were discovered (default: 0).
        token_issued: Number of records with a token (default: 0).
        submitted: Number of records that were submitted to the orchestrator (default: 0).
        registered: Number of records that the orchestrator knows (default: 0).
        failed: Number of records whose last step failed (default: 0).
        skipped: Number of records that will not be registered (default: 0).
        damaged: Number of rows with an unknown status (default: 0).
    """

    discovered: int = 0
    token_issued: int = 0
    submitted: int = 0
    registered: int = 0
    failed: int = 0
    skipped: int = 0
    damaged: int = 0
    """Number of rows with an unknown status."""

    @property
    def total(self) -> int:
        """Total number of records."""
        return sum(getattr(self, name) for name in (*RegistrationStatus, "damaged"))
