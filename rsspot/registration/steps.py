"""The steps of a registration: their arguments, their results, and how they are called."""

from __future__ import annotations

import inspect
import threading
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from contextvars import copy_context
from typing import TYPE_CHECKING, Any, TypeAlias

from attrs import field, frozen

from rsspot.errors import RegistrationError
from rsspot.flow.flow import Effect
from rsspot.flow.shared_flow import running_loop

if TYPE_CHECKING:
    from datetime import datetime

    from rsspot.flow.flow import Flow
    from rsspot.state.ledger import RegistrationRecord

__all__ = ["IssueToken", "JoinToken", "Permanent", "Skip", "Step", "Submit", "Verify", "call_step"]


class Skip(Exception):
    """Raise this in a step if the VM must not be registered. Its text is kept as the reason."""


class Permanent(Exception):
    """Raise this in a step for a failure that another attempt cannot change."""


@frozen(kw_only=True)
class Step:
    """The argument of a step.

    Attributes:
        record: The record of the VM.
        attempt: Number of the attempt, from 1.
    """

    record: RegistrationRecord
    attempt: int

    @property
    def idempotency_key(self) -> str:
        """The same key in every attempt and after every crash, for the orchestrator to honour."""
        return self.record.idempotency_key

    @property
    def earlier_token_id(self) -> str | None:
        """The id of the previous token, which may have been lost, or None."""
        return self.record.token_id


@frozen
class JoinToken:
    """A token with which a VM joins. Only `id` and `expires_at` are stored, never `text`.

    Attributes:
        id: Id of the token, which is no secret.
        text: The token itself, which is secret.
        expires_at: Time at which it expires, with a time zone (default: never).
    """

    id: str
    text: str = field(repr=False)
    expires_at: datetime | None = None


IssueToken: TypeAlias = Callable[[Step], JoinToken | Awaitable[JoinToken]]
"""Function that issues a token for a VM."""
Submit: TypeAlias = Callable[
    [Step, JoinToken], Mapping[str, Any] | Awaitable[Mapping[str, Any] | None] | None
]
"""Function that submits a VM; its result is added to the payload of the record."""
Verify: TypeAlias = Callable[[Step], bool | Awaitable[bool]]
"""Function that returns whether the orchestrator has registered the VM; called until it has."""


class _CallStep(Effect[Any]):
    """Call a function of the user, in async code for at most `seconds`.

    In async code, a sync function is called in a thread of its own: in a shared executor, functions
    that wait for the event loop could use up all threads that the loop waits for.
    """

    __slots__ = ("arguments", "function", "seconds")

    def __init__(
        self, function: Callable[..., Any], arguments: tuple[Any, ...], seconds: float
    ) -> None:
        self.function = function
        self.arguments = arguments
        self.seconds = seconds

    def run(self) -> Any:
        result = _checked(self._name, _outcome(self._call))
        if not inspect.isawaitable(result):
            return result
        if inspect.iscoroutine(result):
            result.close()
        raise RegistrationError(f"{self._name} is async, but the run is sync", hint="Use `arun`")

    async def arun(self) -> Any:
        import asyncio

        limit = asyncio.timeout(self.seconds)
        try:
            async with limit:
                if inspect.iscoroutinefunction(self.function):
                    return await self._call()
                result = _checked(self._name, await _in_thread(self._call))
                return await result if inspect.isawaitable(result) else result
        except TimeoutError:
            if not limit.expired():
                raise
            raise RegistrationError(
                f"{self._name} did not end within {self.seconds:g} s",
                hint="Raise step_timeout, or have the step give up earlier",
            ) from None
        except (SystemExit, GeneratorExit) as error:
            if running_loop() is None:
                raise  # not from the step: this coroutine is being closed
            raise _failure_of(self._name, error) from error
        except asyncio.CancelledError as error:
            task = asyncio.current_task()
            if task is None or task.cancelling():
                raise
            # Nobody cancelled this task: the step cancelled itself only.
            raise _failure_of(self._name, error) from error

    def _call(self) -> Any:
        return self.function(*self.arguments)

    @property
    def _name(self) -> str:
        return getattr(self.function, "__name__", None) or type(self.function).__name__


async def _in_thread(call: Callable[[], Any]) -> tuple[Any, BaseException | None]:
    import asyncio

    loop = asyncio.get_running_loop()
    ended: asyncio.Future[tuple[Any, BaseException | None]] = loop.create_future()
    context = copy_context()

    def settle(outcome: tuple[Any, BaseException | None]) -> None:
        if not ended.done():
            ended.set_result(outcome)

    def work() -> None:
        outcome = _outcome(lambda: context.run(call))
        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(settle, outcome)

    # A daemon: a step that hangs must not keep the process from ending.
    threading.Thread(target=work, name="rsspot-step", daemon=True).start()
    return await ended


def _outcome(call: Callable[[], Any]) -> tuple[Any, BaseException | None]:
    try:
        return call(), None
    except BaseException as error:  # noqa: BLE001 - it is raised where it is waited for
        return None, error


def _checked(name: str, outcome: tuple[Any, BaseException | None]) -> Any:
    result, error = outcome
    if error is None:
        return result
    # These have a meaning of their own for generators, tasks and processes, and would end more
    # than a step. `sys.exit` in a step is a failure of that step; Ctrl-C is for the run.
    if isinstance(error, StopIteration | StopAsyncIteration | GeneratorExit | SystemExit) or (
        type(error).__name__ == "CancelledError"
    ):
        raise _failure_of(name, error) from error
    raise error


def _failure_of(name: str, error: BaseException) -> RegistrationError:
    return RegistrationError(f"{name} raised {type(error).__name__}")


def call_step(function: Callable[..., Any], *arguments: Any, seconds: float) -> Flow[Any]:
    """Call `function`, which may be async in async code, and return its result.

    In async code it fails after `seconds`; in sync code it does not, since a thread cannot be
    stopped.
    """
    result: Any = yield _CallStep(function, arguments, seconds)
    return result
