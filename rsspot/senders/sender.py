"""The base of everything that sends a request, and of senders that wrap another sender."""

from __future__ import annotations

import warnings
from abc import ABC, abstractmethod
from collections.abc import Coroutine
from contextvars import ContextVar
from inspect import isawaitable
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

from rsspot.errors import InvalidInput
from rsspot.flow.flow import Effect, arun, run
from rsspot.senders.messages import Response

if TYPE_CHECKING:
    from rsspot.flow.flow import Flow
    from rsspot.senders.auth.token import Token
    from rsspot.senders.messages import Request

__all__ = [
    "Client",
    "ExtendingSender",
    "Send",
    "Sender",
    "SenderConflictWarning",
    "begin_call",
    "forward",
    "obtained",
]

SendResult: TypeAlias = Response | Coroutine[Any, Any, Response]
"""A response from a sync sender, an awaitable of one from an async sender."""


class Sender(ABC):
    """Sends requests. `is_async` tells whether `send` and `close` must be awaited."""

    _shown: ClassVar[tuple[str, ...]] = ()

    @property
    @abstractmethod
    def is_async(self) -> bool:
        """Whether `send` and `close` return an awaitable."""

    @abstractmethod
    def send(self, request: Request) -> SendResult:
        """Send one request and return its response, whatever the status. Raises `RequestError`."""

    def close(self) -> Coroutine[Any, Any, None] | None:
        """Close what this sender holds open. Must be awaited if `is_async`."""
        return _nothing() if self.is_async else None

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={getattr(self, name)!r}" for name in self._shown)
        return f"{type(self).__name__}({shown})"


async def _nothing() -> None:
    pass


class Send(Effect[Response]):
    """Send `request` with `sender`, and return its response."""

    __slots__ = ("request", "sender")

    def __init__(self, sender: Sender, request: Request) -> None:
        self.sender: Sender = sender
        self.request: Request = request

    def run(self) -> Response:
        result = self.sender.send(self.request)
        if isinstance(result, Response):
            return result
        _check_is_awaitable(self.sender, result)
        result.close()
        raise TypeError(f"{self.sender!r} is async, and the call is sync.")

    async def arun(self) -> Response:
        result = self.sender.send(self.request)
        if not isinstance(result, Response):
            _check_is_awaitable(self.sender, result)
            result = await result
            if not isinstance(result, Response):
                raise _no_response(self.sender, result)
        return result


def _check_is_awaitable(sender: Sender, result: Any) -> None:
    if not isawaitable(result):
        raise _no_response(sender, result)


def _no_response(sender: Sender, result: Any) -> InvalidInput:
    return InvalidInput(
        f"{type(sender).__name__}.send returned {type(result).__name__}, not a Response",
        argument="sender",
        hint="Return an rsspot.senders.Response",
    )


obtained: ContextVar[Token | None] = ContextVar("obtained", default=None)
"""The access token that was issued for this very call: a new one would have the same claims."""


def begin_call() -> None:
    """Forget the token of the previous call in this thread or task."""
    obtained.set(None)


def forward(sender: Sender, request: Request) -> Flow[Response]:
    """Send `request` with `sender`.

    The flow of an extending sender becomes part of the caller's flow, so that one driver runs the
    whole chain. A sender that overrides `send` is called.
    """
    if isinstance(sender, ExtendingSender) and type(sender).send is ExtendingSender.send:
        return sender.flow(request)
    return _sent(Send(sender, request))


def _sent(effect: Send) -> Flow[Response]:
    response: Response = yield effect
    return response


class ExtendingSender(Sender):
    """A sender that adds a policy to another one, by default to a new `SyncSender`.

    A subclass overrides `flow`, which is written once for sync and async; or `send`, if it supports
    one mode only.
    """

    _shown: ClassVar[tuple[str, ...]] = ("sender",)

    def __init__(self, sender: Sender | None = None) -> None:
        if sender is None:
            from rsspot.senders.transport.http import SyncSender

            sender = SyncSender()
        self.sender = sender

    @property
    def is_async(self) -> bool:
        return self.sender.is_async

    def flow(self, request: Request) -> Flow[Response]:
        """Carry out `request`. The default sends it unchanged."""
        return (yield from forward(self.sender, request))

    def send(self, request: Request) -> SendResult:
        flow = self.flow(request)
        if self.is_async:
            return _awaited(flow)
        begin_call()
        return run(flow)

    def close(self) -> Coroutine[Any, Any, None] | None:
        return self.sender.close()


async def _awaited(flow: Flow[Response]) -> Response:
    begin_call()  # in here, since awaiting it makes the call
    return await arun(flow)


class SenderConflictWarning(RuntimeWarning):
    """A sync sender was passed to an async client, or an async sender to a sync one."""


class Client(ExtendingSender):
    """The base of clients: a sender, and whether calls are async.

    If `asynchronous` does not match the sender, a new sender of the right mode replaces it, with a
    `SenderConflictWarning`.
    """

    def __init__(self, sender: Sender | None = None, asynchronous: bool | None = None) -> None:  # noqa: FBT001 - the sender packages' known signature
        if sender is None or (asynchronous is not None and sender.is_async is not asynchronous):
            from rsspot.senders.transport.http import AsyncSender, SyncSender

            replacement = AsyncSender() if asynchronous else SyncSender()
            if sender is not None:
                warnings.warn(
                    f"{sender!r} is {_mode(sender.is_async)}, but the client is to be "
                    f"{_mode(bool(asynchronous))}; it uses a new {replacement!r} instead",
                    SenderConflictWarning,
                    stacklevel=2,
                )
            sender = replacement
        super().__init__(sender)


def _mode(is_async: bool) -> str:  # noqa: FBT001 - one private word
    return "async" if is_async else "sync"
