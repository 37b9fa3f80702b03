"""Record what happened to one VM, on behalf of an orchestrator or a person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rsspot.arguments import check_arguments
from rsspot.renamed import explain_arguments
from rsspot.state.kinds import KINDS
from rsspot.state.ledger import (
    Failed,
    Registered,
    Reissued,
    Reopened,
    Retried,
    Skipped,
    Submitted,
    TokenIssued,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from rsspot.state.ledger import Event, Ledger, RegistrationRecord

__all__ = ["Marks"]


@check_arguments(KINDS)
class Marks:
    """The methods of a workflow that change one record."""

    ledger: Ledger
    owner: str

    @explain_arguments("RegistrationWorkflow.mark_token_issued")
    def mark_token_issued(
        self,
        record: RegistrationRecord | str,
        token_id: str,
        expires_at: datetime | None = None,
    ) -> RegistrationRecord:
        """Record that a token was issued.

        Args:
            record: The record, or its key.
            token_id: Id of the token; never its text.
            expires_at: Time at which it expires, with a time zone (default: never).

        Returns:
            The record as it is now.

        Raises:
            RegistrationError: If the status of the record does not allow this, it has changed since
                it was read, or another worker holds it.
            StateError: If the ledger cannot be written.
        """
        return self._apply(record, TokenIssued(token_id, expires_at))

    def reissue(
        self,
        record: RegistrationRecord | str,
        token_id: str,
        expires_at: datetime | None = None,
    ) -> RegistrationRecord:
        """Record that a token was issued in place of one that expired or was lost.

        Args:
            record: The record, or its key.
            token_id: Id of the token; never its text.
            expires_at: Time at which it expires, with a time zone (default: never).

        Returns:
            The record as it is now.

        Raises:
            RegistrationError: If the status of the record does not allow this, it has changed since
                it was read, or another worker holds it.
            StateError: If the ledger cannot be written.
        """
        return self._apply(record, Reissued(token_id, expires_at))

    @explain_arguments("RegistrationWorkflow.mark_submitted")
    def mark_submitted(
        self, record: RegistrationRecord | str, payload: Mapping[str, Any] | None = None
    ) -> RegistrationRecord:
        """Record that the VM was announced to the orchestrator.

        Args:
            record: The record, or its key.
            payload: What to add to the payload of the record (default: nothing).

        Returns:
            The record as it is now.

        Raises:
            RegistrationError: If the status of the record does not allow this, it has changed since
                it was read, or another worker holds it.
            StateError: If the ledger cannot be written.
        """
        return self._apply(record, Submitted(payload))

    @explain_arguments("RegistrationWorkflow.mark_registered")
    def mark_registered(
        self, record: RegistrationRecord | str, payload: Mapping[str, Any] | None = None
    ) -> RegistrationRecord:
        """Record that the orchestrator knows the VM.

        Args:
            record: The record, or its key.
            payload: What to add to the payload of the record (default: nothing).

        Returns:
            The record as it is now.

        Raises:
            RegistrationError: If the status of the record does not allow this, it has changed since
                it was read, or another worker holds it.
            StateError: If the ledger cannot be written.
        """
        return self._apply(record, Registered(payload))

    @explain_arguments("RegistrationWorkflow.mark_failed")
    def mark_failed(
        self,
        record: RegistrationRecord | str,
        error: str | BaseException,
        *,
        retry_in: float | None = None,
    ) -> RegistrationRecord:
        """Record a failure.

        Args:
            record: The record, or its key.
            error: The error, or its text. It is kept without the secrets that can be recognized.
            retry_in: Seconds until a run tries again (default: only after `retry`).

        Returns:
            The record as it is now.

        Raises:
            RegistrationError: If the status of the record does not allow this, it has changed since
                it was read, or another worker holds it.
            StateError: If the ledger cannot be written.
        """
        text = error if isinstance(error, str) else f"{type(error).__name__}: {error}"
        return self._apply(record, Failed(text, retry_in))

    @explain_arguments("RegistrationWorkflow.mark_skipped")
    def mark_skipped(self, record: RegistrationRecord | str, reason: str) -> RegistrationRecord:
        """Record that the VM must not be registered.

        Args:
            record: The record, or its key.
            reason: Why, in your own words.

        Returns:
            The record as it is now.

        Raises:
            RegistrationError: If the status of the record does not allow this, it has changed since
                it was read, or another worker holds it.
            StateError: If the ledger cannot be written.
        """
        return self._apply(record, Skipped(reason))

    def retry(self, record: RegistrationRecord | str) -> RegistrationRecord:
        """Retry a failed record from the beginning, with no failures counted.

        Args:
            record: The record, or its key.

        Returns:
            The record as it is now.

        Raises:
            RegistrationError: If the status of the record does not allow this, it has changed since
                it was read, or another worker holds it.
            StateError: If the ledger cannot be written.
        """
        return self._apply(record, Retried(afresh=True))

    def reopen(self, record: RegistrationRecord | str, reason: str = "") -> RegistrationRecord:
        """Reopen a skipped record, or register a VM again with a new idempotency key.

        Args:
            record: The record, or its key.
            reason: Why, in your own words (default: empty).

        Returns:
            The record as it is now.

        Raises:
            RegistrationError: If the status of the record does not allow this, it has changed since
                it was read, or another worker holds it.
            StateError: If the ledger cannot be written.
        """
        return self._apply(record, Reopened(reason))

    def _apply(self, record: RegistrationRecord | str, event: Event) -> RegistrationRecord:
        return self.ledger.apply(record, event, who=self.owner)
