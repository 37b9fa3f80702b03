"""What the steps of a registration are told, what they answer, and how one of them is called."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from attrs import field, frozen

from rsspot.errors import RegistrationError
from rsspot.senders.flow import Effect

if TYPE_CHECKING:
    from datetime import datetime

    from rsspot.senders.flow import Flow
    from rsspot.state.ledger import RegistrationRecord

__all__ = ["IssueToken", "JoinToken", "Permanent", "Skip", "Step", "Submit", "Verify", "ask"]


class Skip(Exception):
    """Raised by a step: this VM is not to be registered. Its text is kept as the reason."""


class Permanent(Exception):
    """Raised by a step: this failed, and to try again would be in vain."""


@frozen(kw_only=True)
class Step:
    """What a step is told.

    `idempotency_key` is the same in every attempt and after every crash: an orchestrator that
    honours it does nothing twice. `earlier_token_id` is the token that was issued before, which
    may have been lost; `attempt` counts from 1.
    """

    record: RegistrationRecord
    attempt: int

    @property
    def idempotency_key(self) -> str:
        """What the orchestrator should know this registration by."""
        return self.record.idempotency_key

    @property
    def earlier_token_id(self) -> str | None:
        """The id of the token that was issued last, if one was."""
        return self.record.token_id


@frozen
class JoinToken:
    """A token with which a VM joins. Only `id` and `expires_at` are kept, never `text`."""

    id: str
    text: str = field(repr=False)
    expires_at: datetime | None = None


IssueToken: TypeAlias = Callable[[Step], JoinToken | Awaitable[JoinToken]]
"""Issues a token for a VM."""
Submit: TypeAlias = Callable[
    [Step, JoinToken], Mapping[str, Any] | Awaitable[Mapping[str, Any] | None] | None
]
"""Tells the orchestrator of a VM; what it answers is added to the record's payload."""
Verify: TypeAlias = Callable[[Step], bool | Awaitable[bool]]
"""Whether the orchestrator knows the VM by now; if not, it is asked again later."""


class _Ask(Effect[Any]):
    """Call a function of the user's: plain ones in a thread where there is a loop to stop."""

    __slots__ = ("arguments", "function")

    def __init__(self, function: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
        self.function = function
        self.arguments = arguments

    def run(self) -> Any:
        answer = self.function(*self.arguments)
        if not inspect.isawaitable(answer):
            return answer
        if inspect.iscoroutine(answer):
            answer.close()
        name = getattr(self.function, "__name__", repr(self.function))
        raise RegistrationError(f"{name} is async, and this run is not", hint="Use `arun`")

    async def arun(self) -> Any:
        import asyncio

        if inspect.iscoroutinefunction(self.function):
            return await self.function(*self.arguments)
        answer = await asyncio.to_thread(self.function, *self.arguments)
        return await answer if inspect.isawaitable(answer) else answer


def ask(function: Callable[..., Any], *arguments: Any) -> Flow[Any]:
    """Call `function`, which may be async where the caller is."""
    answer: Any = yield _Ask(function, arguments)
    return answer
