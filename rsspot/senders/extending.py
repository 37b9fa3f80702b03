"""Senders that wrap another sender and add one policy to it."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, ClassVar

from rsspot.arguments import check_arguments
from rsspot.errors import InvalidInput
from rsspot.flow.flow import Effect, arun, run
from rsspot.senders.messages import Response, check_request
from rsspot.senders.sender import Sender, begin_call

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from typing import Any

    from rsspot.flow.flow import Flow
    from rsspot.senders.messages import Request
    from rsspot.senders.sender import SendResult

__all__ = ["Client", "ExtendingSender", "Send", "SenderConflictWarning", "forward"]


def forward(sender: Sender, request: Request) -> Flow[Response]:
    """Send `request` with `sender`.

    The flow of an extending sender becomes part of the caller's flow, so that one driver runs the
    whole chain. A sender that overrides `send` is called.
    """
    if type(sender).send is _EXTENDED:
        extended: Any = sender
        flow: Flow[Response] = extended.flow(request)
        return flow
    return _sent(sender, request)


def _sent(sender: Sender, request: Request) -> Flow[Response]:
    response: Response = yield Send(sender, request)
    return response


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
        raise TypeError(f"{self.sender!r} is async, but the call is sync.")

    async def arun(self) -> Response:
        result: Any = self.sender.send(self.request)
        if not isinstance(result, Response):
            _check_is_awaitable(self.sender, result)
            result = await result
            if not isinstance(result, Response):
                raise _no_response(self.sender, result)
        return result


def _check_is_awaitable(sender: Sender, result: Any) -> None:
    from inspect import isawaitable  # it takes 6 ms

    if not isawaitable(result):
        raise _no_response(sender, result)


def _no_response(sender: Sender, result: Any) -> InvalidInput:
    return InvalidInput(
        f"{type(sender).__name__}.send returned {type(result).__name__}, not a Response",
        argument="sender",
        hint="Return an rsspot.senders.Response",
    )


@check_arguments(methods=False)
class ExtendingSender(Sender):
    """A sender that adds a policy to another one.

    A subclass overrides `flow`, which is written once for sync and async; or `send`, if it supports
    one mode only.

    Args:
        sender: Sender that sends the requests (default: a new `SyncSender`).
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
        """Carry out a request. The default sends it unchanged.

        Args:
            request: The request.

        Returns:
            A flow, whose result is the response.
        """
        return (yield from forward(self.sender, request))

    def send(self, request: Request) -> SendResult:
        check_request(request)
        flow = self.flow(request)
        if self.is_async:
            return _awaited(flow)
        begin_call()
        return run(flow)

    def close(self) -> Coroutine[Any, Any, None] | None:
        return self.sender.close()


async def _awaited(flow: Flow[Response]) -> Response:
    begin_call()  # here, since the call starts when it is awaited
    return await arun(flow)


_EXTENDED = ExtendingSender.send


class SenderConflictWarning(RuntimeWarning):
    """A sync sender was passed to an async client, or an async sender to a sync one."""


@check_arguments(methods=False)
class Client(ExtendingSender):
    """The base of clients: a sender, and whether calls are async.

    If `asynchronous` does not match the sender, a new sender of the right mode replaces it, with a
    `SenderConflictWarning`.

    Args:
        sender: Sender that sends the requests (default: a new `SyncSender`).
        asynchronous: Whether calls are async (default: None, as the sender is).
    """

    def __init__(self, sender: Sender | None = None, asynchronous: bool | None = None) -> None:  # noqa: FBT001 - the sender packages' known signature
        if sender is None or (asynchronous is not None and sender.is_async is not asynchronous):
            from rsspot.senders.transport.http import AsyncSender, SyncSender

            replacement = AsyncSender() if asynchronous else SyncSender()
            if sender is not None:
                warnings.warn(
                    f"{sender!r} is {_mode(sender.is_async)}, but the client is "
                    f"{_mode(bool(asynchronous))}; it uses a new {replacement!r} instead",
                    SenderConflictWarning,
                    stacklevel=2,
                )
            sender = replacement
        super().__init__(sender)


def _mode(is_async: bool) -> str:  # noqa: FBT001 - one private word
    return "async" if is_async else "sync"
