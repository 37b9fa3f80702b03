"""One record and its worker: the next step, and the result of the last one."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast

from rsspot.errors import RegistrationError
from rsspot.redaction.known import hide, hide_in
from rsspot.registration.steps import JoinToken, Permanent, Skip, Step, call_step
from rsspot.shapes import is_object
from rsspot.state.ledger import (
    Failed,
    Registered,
    Reissued,
    Retried,
    Skipped,
    Submitted,
    TokenIssued,
)
from rsspot.state.ledger import RegistrationStatus as Status

if TYPE_CHECKING:
    from collections.abc import Callable

    from rsspot.flow.clock import Clock
    from rsspot.flow.flow import Flow
    from rsspot.registration.plan import RunPlan
    from rsspot.state.ledger import Event, RegistrationRecord

__all__ = ["Job"]


class Job:
    """The state of a worker beyond the record: the token, and the error of the last step.

    The text of the token exists only here. A job that ends between issuing and submitting loses it;
    the next one requests a token again, with the same idempotency key. `waits` holds since when
    this run knows of each submitted VM, by a monotonic clock.
    """

    def __init__(
        self, plan: RunPlan, record: RegistrationRecord, clock: Clock, waits: dict[str, float]
    ) -> None:
        self.record = record
        self.token: JoinToken | None = None
        self.error: Exception | None = None
        self.lost = False
        self.due_in: float = 0.0
        self._plan = plan
        self._clock = clock
        self._waits = waits

    @property
    def is_held(self) -> bool:
        """Whether the lease is still ours, as far as is known."""
        return self.record.owner is not None and not self.lost

    @property
    def is_under_way(self) -> bool:
        """Whether there is a step to take now."""
        return self.is_held and not self.due_in

    def next_events(self) -> Flow[tuple[Event, ...]]:
        """Take the next step; what it raises is an event too."""
        self.error = None
        try:
            return (yield from self._step())
        except Skip as skip:
            self.error = skip
            return self._skipped(self._text(skip) or "skipped")
        except Exception as failure:  # noqa: BLE001 - a step may raise anything
            self.error = failure
            return (self._failed(failure),)

    def _step(self) -> Flow[tuple[Event, ...]]:
        if self.record.status is Status.FAILED:
            yield from ()
            return (Retried(),)
        if self.record.status is Status.SUBMITTED:
            return (yield from self._verify())
        if self.token is None or self._has_expired(self.token):
            return (yield from self._issue())
        return (yield from self._submit(self.token))

    def _issue(self) -> Flow[tuple[Event, ...]]:
        again = self.record.status is Status.TOKEN_ISSUED
        token = yield from self._ask(self._plan.issue_token, self._next_step())
        if not isinstance(token, JoinToken):
            raise RegistrationError(f"`issue_token` returned a {type(token).__name__}", hint=TOKEN)
        text = cast("object", token.text)
        if not isinstance(text, str):
            what = type(text).__name__
            raise RegistrationError(f"The text of a join token is a {what}, not a str", hint=TOKEN)
        kind = Reissued if again else TokenIssued
        self.token = token
        event = kind(token.id, token.expires_at)
        if hide(token.id, token.text) != token.id:
            raise RegistrationError("The id of a join token contains its text", hint=TOKEN)
        if self._has_expired(token):
            raise RegistrationError(f"Token {token.id} had expired when it was issued")
        return (event,)

    def _submit(self, token: JoinToken) -> Flow[tuple[Event, ...]]:
        result: Any = yield from self._ask(self._plan.submit, self._next_step(), token)
        if result is not None and not is_object(result):
            raise RegistrationError(
                f"`submit` returned a {type(result).__name__}", hint="Return a dict, or None"
            )
        return (Submitted(hide_in(result, token.text)),)

    def _verify(self) -> Flow[tuple[Event, ...]]:
        plan = self._plan
        if plan.verify is None or (yield from self._ask(plan.verify, self._next_step())):
            self._waits.pop(self.record.key, None)
            return (Registered(),)
        now = self._clock.monotonic()
        if now - self._waits.setdefault(self.record.key, now) >= plan.verify_timeout:
            del self._waits[self.record.key]
            raise RegistrationError(
                f"The orchestrator did not know the VM within {plan.verify_timeout:g} s"
            )
        self.due_in = plan.verify_every
        return ()

    def _ask(self, step: Callable[..., Any], *arguments: Any) -> Flow[Any]:
        return (yield from call_step(step, *arguments, seconds=self._plan.step_timeout))

    def _next_step(self) -> Step:
        return Step(record=self.record, attempt=self.record.attempts + 1)

    def _has_expired(self, token: JoinToken) -> bool:
        now = datetime.fromtimestamp(self._clock.now(), UTC)
        return token.expires_at is not None and token.expires_at <= now

    def _text(self, error: Exception) -> str:
        try:
            text = str(error)
        except (Exception, SystemExit):  # noqa: BLE001 - an exception of user code may do anything
            text = "(its text cannot be read)"
        return hide(text, None if self.token is None else self.token.text)

    def _failed(self, error: Exception) -> Failed:
        text = f"{type(error).__name__}: {self._text(error)}"
        failures = self.record.attempts + 1
        if isinstance(error, Permanent) or failures >= self._plan.max_attempts:
            return Failed(text)
        return Failed(text, self._plan.wait(failures))

    def _skipped(self, reason: str) -> tuple[Event, ...]:
        # After a submission the orchestrator may know it, so an earlier step has failed.
        first = (Failed(reason),) if self.record.status is Status.SUBMITTED else ()
        return (*first, Skipped(reason))


TOKEN = "Return JoinToken(id, text, expires_at): the id is stored, the text never is"  # noqa: S105 - no secret
