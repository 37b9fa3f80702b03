"""The sender: something that sends a request and answers with a response.

Senders compose by wrapping: an extending sender adds one policy to the sender that it is given.
"""

from __future__ import annotations

import warnings
from abc import ABC, abstractmethod
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

from rsspot.flow.flow import Effect, arun, run
from rsspot.senders.calls import begin_call
from rsspot.senders.messages import Response

if TYPE_CHECKING:
    from rsspot.flow.flow import Flow
    from rsspot.senders.messages import Request

__all__ = ["Client", "ExtendingSender", "Send", "Sender", "SenderConflictWarning", "forward"]

SendResult: TypeAlias = Response | Coroutine[Any, Any, Response]
"""A response from a sync sender, an awaitable one from an async sender."""


class Sender(ABC):
    """Sends requests. `is_async` says whether `send` and `close` are to be awaited."""

    _shown: ClassVar[tuple[str, ...]] = ()

    @property
    @abstractmethod
    def is_async(self) -> bool:
        """Whether `send` and `close` answer an awaitable."""

    @abstractmethod
    def send(self, request: Request) -> SendResult:
        """Send one request; any status is an answer. Errors: `rsspot.errors.RequestError`."""

    def close(self) -> Coroutine[Any, Any, None] | None:
        """Close what this sender holds open; to be awaited when `is_async`."""
        return _nothing() if self.is_async else None

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={getattr(self, name)!r}" for name in self._shown)
        return f"{type(self).__name__}({shown})"


async def _nothing() -> None:
    pass


class Send(Effect[Response]):
    """Send `request` with `sender`, and answer its response."""

    __slots__ = ("request", "sender")

    def __init__(self, sender: Sender, request: Request) -> None:
        self.sender = sender
        self.request = request

    def run(self) -> Response:
        result = self.sender.send(self.request)
        if isinstance(result, Response):
            return result
        result.close()
        raise TypeError(f"{self.sender!r} is async, and the call is sync.")

    async def arun(self) -> Response:
        result = self.sender.send(self.request)
        return result if isinstance(result, Response) else await result


def forward(sender: Sender, request: Request) -> Flow[Response]:
    """Send `request` on with `sender`.

    The flow of an extending sender is joined to the caller's, which keeps one driver for the
    whole chain; a sender that sends in its own way is asked to.
    """
    if isinstance(sender, ExtendingSender) and type(sender).send is ExtendingSender.send:
        return (yield from sender.flow(request))
    answer: Response = yield Send(sender, request)
    return answer


class ExtendingSender(Sender):
    """A sender that adds something to another one (a new `SyncSender` when none is given).

    A subclass overrides `flow`, which is written once and is_usable sync and async; or `send`,
    when it is meant for one colour only.
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
        """What happens to `request`: by default it is sent on."""
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
    begin_call()  # in here, since it is whoever awaits it that makes the call
    return await arun(flow)


class SenderConflictWarning(RuntimeWarning):
    """A sender of one colour was given where the other was asked for."""


class Client(ExtendingSender):
    """The base of clients: a sender, and whether calls are async.

    Where `asynchronous` and the sender disagree, a new sender of the right colour takes its
    place, with a `SenderConflictWarning`.
    """

    def __init__(self, sender: Sender | None = None, asynchronous: bool | None = None) -> None:  # noqa: FBT001 - the sender packages' known signature
        if sender is None or (asynchronous is not None and sender.is_async is not asynchronous):
            from rsspot.senders.transport.http import AsyncSender, SyncSender

            replacement = AsyncSender() if asynchronous else SyncSender()
            if sender is not None:
                warnings.warn(
                    f"{sender!r} is {_mode(sender.is_async)} and the client was asked to be "
                    f"{_mode(bool(asynchronous))}; it uses a new {replacement!r} instead",
                    SenderConflictWarning,
                    stacklevel=2,
                )
            sender = replacement
        super().__init__(sender)


def _mode(is_async: bool) -> str:  # noqa: FBT001 - one private word
    return "async" if is_async else "sync"
