"""The status of the registration of a VM."""

from __future__ import annotations

from enum import StrEnum

from attrs import frozen

__all__ = ["RegistrationStatus", "Summary"]


class RegistrationStatus(StrEnum):
    """The states of a record; the table beside `TRANSITIONS` says what may follow which."""

    DISCOVERED = "discovered"
    TOKEN_ISSUED = "token_issued"  # noqa: S105 - no secret
    SUBMITTED = "submitted"
    REGISTERED = "registered"
    FAILED = "failed"
    SKIPPED = "skipped"


@frozen
class Summary:
    """How many records there are of each status.

    Attributes:
        discovered: Number of records that were discovered (default: 0).
        token_issued: Number of records with a token (default: 0).
        submitted: Number of records that were announced to the orchestrator (default: 0).
        registered: Number of records that the orchestrator knows (default: 0).
        failed: Number of records whose last step failed (default: 0).
        skipped: Number of records that will not be registered (default: 0).
        damaged: Number of rows whose status no version of rsspot has written (default: 0).
    """

    discovered: int = 0
    token_issued: int = 0
    submitted: int = 0
    registered: int = 0
    failed: int = 0
    skipped: int = 0
    damaged: int = 0
    """Rows whose status no version of rsspot has written."""

    @property
    def total(self) -> int:
        """All of them."""
        return sum(getattr(self, name) for name in (*RegistrationStatus, "damaged"))
