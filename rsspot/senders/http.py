"""The ends of the chain: an httpx client, sync or async, made on the first real request."""

from __future__ import annotations

import threading
import weakref
from abc import abstractmethod
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from rsspot.errors import ClientClosed
from rsspot.forks import reset_in_child
from rsspot.senders.arguments import (
    check_arguments,
    client_arguments,
    fast_client_class,
    making,
    pooled,
)
from rsspot.senders.exchange import MAX_BODY, Exchange
from rsspot.senders.sender import Sender

if TYPE_CHECKING:
    import asyncio
    from collections.abc import AsyncGenerator

    import httpx

    from rsspot.senders.messages import Request, Response

__all__ = ["AsyncSender", "SyncSender"]

C = TypeVar("C", "httpx.Client", "httpx.AsyncClient")

CONNECTIONS = 100
"""How many connections an async client keeps; `make bench` measures this choice."""


class _HttpSender(Sender, Generic[C]):
    """What both ends share: making the client late, and what an exchange means."""

    def __init__(
        self, client: C | None = None, *, max_body: int = MAX_BODY, **arguments: Any
    ) -> None:
        check_arguments(type(self).__name__, arguments)
        if client is not None and arguments:
            raise TypeError("Give an httpx client, or arguments for one, not both.")
        self._given: C | None = client
        self._arguments = arguments
        self._max_body = max_body
        self._closed = False
        self._used = self._stranded = False
        self._guard = threading.Lock()
        reset_in_child(self)

    def after_fork(self) -> None:
        """Drop the clients without closing them: they belong to the parent process."""
        self._guard = threading.Lock()
        self._stranded = self._given is not None and self._used

    @property
    @abstractmethod
    def client(self) -> C:
        """The httpx client, made now if need be. It takes any httpx call."""

    def _check_open(self) -> None:
        given = self._given
        if self._closed or (given is not None and given.is_closed):
            what = "is closed" if self._closed else "has a client that is closed"
            raise ClientClosed(
                f"This {type(self).__name__} {what}", hint="Make a new one, or close it later"
            )
        if self._stranded:
            raise ClientClosed(
                f"The client of this {type(self).__name__} has connections of another process",
                hint="Make it after the fork, or give arguments for one instead of the client",
            )
        self._used = True

    def __repr__(self) -> str:
        given = "client" if self._given is not None else ", ".join(sorted(self._arguments))
        return f"{type(self).__name__}({given})"


class SyncSender(_HttpSender["httpx.Client"]):
    """Sends with an `httpx.Client`: one that is given, or one made from `arguments`."""

    _made: httpx.Client | None = None

    @property
    def is_async(self) -> bool:
        return False

    @property
    def client(self) -> httpx.Client:
        self._check_open()
        if self._given is not None:
            return self._given
        return self._made or self._make()

    def _make(self) -> httpx.Client:
        import httpx

        from rsspot.senders.deadline import bound_waits

        with self._guard:
            if self._made is None:
                with making(self):
                    made = httpx.Client(
                        **client_arguments(self._arguments, httpx.HTTPTransport, httpx.Limits())
                    )
                bound_waits(made)
                self._made = made
            return self._made

    def send(self, request: Request) -> Response:
        client = self.client
        from rsspot.senders.deadline import within

        exchange = Exchange(request, self._max_body)
        try:
            message = exchange.message(client)
            with within(exchange.deadline):
                answer = client.send(message, stream=True, follow_redirects=exchange.follows)
                try:
                    exchange.begin(answer)
                    for chunk in answer.iter_bytes():
                        exchange.take(chunk)
                finally:
                    answer.close()
        except Exception as error:  # noqa: BLE001 - it is raised again, as what it means
            exchange.fail(error)
        return exchange.response(answer)

    def close(self) -> None:
        self._closed = True
        client = self._given or self._made
        if client is not None:
            client.close()

    def after_fork(self) -> None:
        super().after_fork()
        self._made = None


class AsyncSender(_HttpSender["httpx.AsyncClient"]):
    """Sends with an `httpx.AsyncClient`: one that is given, or one a running loop.

    With the extra `fast` installed, a client that this sender makes uses its transport, unless
    `fast` is off or an argument asks for what that transport has not (HTTP/2, mounts).
    Connections belong to the loop that opened them. A client that this sender made is closed
    when its loop shuts down (as `asyncio.run` does at its end), or by `close`.
    """

    @property
    def is_async(self) -> bool:
        return True

    def __init__(
        self,
        client: httpx.AsyncClient | None = None,
        *,
        max_body: int = MAX_BODY,
        fast: bool = True,
        **arguments: Any,
    ) -> None:
        super().__init__(client, max_body=max_body, **arguments)
        self._fast = fast
        self._by_loop: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, _LoopClient] = (
            weakref.WeakKeyDictionary()
        )

    @property
    def client(self) -> httpx.AsyncClient:
        self._check_open()
        return self._given if self._given is not None else self._of_this_loop().client

    def _of_this_loop(self) -> _LoopClient:
        import asyncio

        loop = asyncio.get_running_loop()
        held = self._by_loop.get(loop)
        if held is None:
            import httpx

            limits = httpx.Limits(
                max_connections=CONNECTIONS, max_keepalive_connections=CONNECTIONS
            )
            fast = fast_client_class(self._arguments) if self._fast else None
            with making(self):
                arguments = client_arguments(self._arguments, httpx.AsyncHTTPTransport, limits)
                held = _LoopClient(
                    fast(**arguments) if fast else httpx.AsyncClient(**pooled(arguments))
                )
            with self._guard:
                # A loop that has ended may live on for a while; its client is of no more use.
                for other, ended in list(self._by_loop.items()):
                    if ended.client.is_closed:
                        del self._by_loop[other]
                self._by_loop[loop] = held
        return held

    async def send(self, request: Request) -> Response:
        self._check_open()
        exchange = Exchange(request, self._max_body)
        if self._given is not None:
            client = self._given
        else:
            held = self._of_this_loop()
            client = held.client
            if not held.watched:
                await held.watch()
        import asyncio

        try:
            message = exchange.message(client)
            async with asyncio.timeout(exchange.left):
                answer = await client.send(message, stream=True, follow_redirects=exchange.follows)
                try:
                    exchange.begin(answer)
                    async for chunk in answer.aiter_bytes():
                        exchange.take(chunk)
                finally:
                    await answer.aclose()
        except Exception as error:  # noqa: BLE001 - it is raised again, as what it means
            exchange.fail(error)
        return exchange.response(answer)

    async def close(self) -> None:
        """Close the client of the running loop; other loops close theirs when they end."""
        import asyncio

        self._closed = True
        if self._given is not None:
            await self._given.aclose()
        held = self._by_loop.pop(asyncio.get_running_loop(), None)
        if held is not None:
            await held.client.aclose()

    def after_fork(self) -> None:
        super().after_fork()
        _of_the_parent.extend(self._by_loop.values())
        self._by_loop = weakref.WeakKeyDictionary()


_of_the_parent: list[_LoopClient] = []
"""In a child process: were they collected, aiohttp would take their connections off the poll
that both processes share, and the parent would wait in vain for answers."""


class _LoopClient:
    """The client of one event loop, closed when the loop shuts its async generators down."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client
        self.watched = False

    async def watch(self) -> None:
        self.watched = True
        self._watcher = self._until_shutdown()
        await anext(self._watcher)

    async def _until_shutdown(self) -> AsyncGenerator[None, None]:
        try:
            yield
        finally:
            await self.client.aclose()
