"""The last senders of a chain: an httpx client, sync or async, created on the first request."""

from __future__ import annotations

import threading
from abc import abstractmethod
from typing import TYPE_CHECKING, Any, Generic, NoReturn, TypeVar, cast

from rsspot.errors import ClientClosed, InvalidInput
from rsspot.flow.forks import reset_in_child
from rsspot.senders.options import MAX_BODY
from rsspot.senders.sender import Sender
from rsspot.senders.transport.arguments import check_arguments, needs_client
from rsspot.shapes import type_name

if TYPE_CHECKING:
    from collections.abc import AsyncIterable, Iterable

    import httpx

    from rsspot.flow.tasks import Stage
    from rsspot.senders.messages import Request, Response
    from rsspot.senders.transport.httpx_exchange import HttpxExchange, SentFields
    from rsspot.senders.transport.loop_client import LoopClient, LoopClients

__all__ = ["AsyncSender", "SyncSender"]

C = TypeVar("C", "httpx.Client", "httpx.AsyncClient")


class _HttpSender(Sender, Generic[C]):
    """The common part of both: creating the client late, and interpreting an exchange."""

    def __init__(
        self, client: C | None = None, *, max_body: int = MAX_BODY, **arguments: Any
    ) -> None:
        check_arguments(type(self).__name__, arguments)
        if client is not None and arguments:
            raise TypeError("Give an httpx client, or arguments for one, not both.")
        if client is not None and not hasattr(client, "build_request"):
            what = f"client must be an httpx client, not {type_name(client)}"
            raise InvalidInput(what, argument="client")
        self._configured: C | None = client
        if client is not None:
            from rsspot.senders.transport.httpx_exchange import ignore_our_cookies

            ignore_our_cookies(client)
        self._needs_client: bool = client is not None or needs_client(arguments)
        self._fields: SentFields | None = None
        self._arguments = arguments
        self._max_body = max_body
        self._closed = False
        self._used = self._stranded = False
        self._guard = threading.Lock()
        reset_in_child(self)

    def after_fork(self) -> None:
        """Drop the clients without closing them: they belong to the parent process."""
        self._guard = threading.Lock()
        self._stranded = self._configured is not None and self._used

    @property
    @abstractmethod
    def client(self) -> C:
        """The httpx client, created now if necessary. You can use it for any httpx call."""

    def _sent(self, request: Request) -> SentFields | None:
        """Return the fields sent before if a transport can send a request; None if a client must.

        A client must if it may add something: cookies, authentication, what its user set on it.
        """
        return None if self._needs_client or "@" in request.url else self._fields

    def _check_open(self) -> None:
        given = self._configured
        if self._closed or (given is not None and given.is_closed):
            what = "is closed" if self._closed else "has a closed client"
            raise ClientClosed(
                f"This {type(self).__name__} {what}", hint="Create a new one, or close it later"
            )
        if self._stranded:
            raise ClientClosed(
                f"The client of this {type(self).__name__} was opened in another process",
                hint="Create it after the fork, or pass arguments for a client instead of a client",
            )
        self._used = True

    def _fail(self, exchange: HttpxExchange, error: Exception) -> NoReturn:
        if isinstance(error, RuntimeError):  # so httpx says that it was closed meanwhile
            self._check_open()
        exchange.fail(error)

    def __repr__(self) -> str:
        given = "client" if self._configured is not None else ", ".join(sorted(self._arguments))
        return f"{type(self).__name__}({given})"


class SyncSender(_HttpSender["httpx.Client"]):
    """Sends with an `httpx.Client`: one that is passed in, or one that is made.

    Args:
        client: Client to send with (default: one that is made from `arguments`).
        max_body: Maximum number of bytes of a response (default: 67,108,864).
        **arguments: Arguments of `httpx.Client` (default: none).

    Raises:
        ConfigError: If an argument cannot be used.
    """

    _made: httpx.Client | None = None

    @property
    def is_async(self) -> bool:
        return False

    @property
    def client(self) -> httpx.Client:
        self._needs_client = True
        return self._opened()

    def _opened(self) -> httpx.Client:
        self._check_open()
        return self._configured or self._made or self._make()

    def _make(self) -> httpx.Client:
        from rsspot.senders.transport.arguments import sync_client
        from rsspot.senders.transport.httpx_exchange import SentFields

        with self._guard:
            if self._made is None:
                made = sync_client(self._arguments)
                self._fields = SentFields()
                self._made = made
            return self._made

    def send(self, request: Request) -> Response:
        client = self._opened()
        from rsspot.senders.transport.deadline import within
        from rsspot.senders.transport.httpx_exchange import HttpxExchange

        exchange = HttpxExchange(request, self._max_body)
        try:
            with within(exchange.deadline, client):
                response = self._receive(client, exchange)
        except Exception as error:  # noqa: BLE001 - it is raised again, as what it means
            self._fail(exchange, error)
        return exchange.result(response)

    def _receive(self, client: httpx.Client, exchange: HttpxExchange) -> httpx.Response:
        sent = self._sent(exchange.request)
        message = exchange.message(client, sent)
        while True:
            response: httpx.Response = exchange.carrier(client, message, sent)(message)
            response.request = message
            try:
                following = exchange.redirected(response, client)
                if following is None:
                    if exchange.head(response):
                        # Raw bytes, since httpx would decompress them without a limit.
                        for chunk in cast("Iterable[bytes]", response.stream):
                            exchange.take(chunk)
                        exchange.end()
                    return response
            finally:
                response.close()
            message = following

    def close(self) -> None:
        self._closed = True
        client = self._configured or self._made
        if client is not None:
            client.close()

    def after_fork(self) -> None:
        super().after_fork()
        self._made = None


class AsyncSender(_HttpSender["httpx.AsyncClient"]):
    """Sends with an `httpx.AsyncClient`: one that is passed in, or one for each running loop.

    Connections belong to the loop that opened them. A client that this sender made is closed when
    its loop shuts down (as `asyncio.run` does at its end), or by `close`.

    Args:
        client: Client to send with (default: one that is made from `arguments`).
        max_body: Maximum number of bytes of a response (default: 67,108,864).
        **arguments: Arguments of `httpx.AsyncClient` (default: none).

    Raises:
        ConfigError: If an argument cannot be used.
    """

    @property
    def is_async(self) -> bool:
        return True

    def __init__(
        self, client: httpx.AsyncClient | None = None, *, max_body: int = MAX_BODY, **arguments: Any
    ) -> None:
        super().__init__(client, max_body=max_body, **arguments)
        self._prepared = False
        self._by_loop = _loop_clients()

    @property
    def client(self) -> httpx.AsyncClient:
        self._needs_client = True
        self._check_open()
        return self._configured or self._by_loop.current(self._make).client

    def _make(self) -> LoopClient[httpx.AsyncClient]:
        from rsspot.senders.transport.arguments import async_client
        from rsspot.senders.transport.httpx_exchange import SentFields
        from rsspot.senders.transport.loop_client import LoopClient

        client = async_client(self._arguments)
        self._fields = SentFields()
        return LoopClient(client, client.aclose)

    async def send(self, request: Request) -> Response:
        self._check_open()
        from rsspot.senders.transport.httpx_exchange import HttpxExchange

        exchange = HttpxExchange(request, self._max_body)
        if self._configured is not None:
            client = self._configured
            if not self._prepared:
                from rsspot.senders.transport.pools import close_failed_tls, transports_of

                close_failed_tls(*transports_of(client))
                self._prepared = True
        else:
            held = self._by_loop.current(self._make)
            client = held.client
            if not held.watched:
                await held.watch()
        import asyncio

        from rsspot.flow.tasks import detached

        async def receive(stage: Stage) -> httpx.Response:
            return await self._receive(client, exchange, stage)

        try:
            async with asyncio.timeout(exchange.left):
                response = await detached(receive)
        except Exception as error:  # noqa: BLE001 - it is raised again, as what it means
            self._fail(exchange, error)
        return exchange.result(response)

    async def _receive(
        self, client: httpx.AsyncClient, exchange: HttpxExchange, stage: Stage
    ) -> httpx.Response:
        import asyncio

        sent = self._sent(exchange.request)
        message = exchange.message(client, sent)
        try:
            while True:
                response: httpx.Response = await exchange.carrier(client, message, sent)(message)
                response.request = message
                try:
                    following = exchange.redirected(response, client)
                    if following is None:
                        if exchange.head(response):
                            async for chunk in cast("AsyncIterable[bytes]", response.stream):
                                exchange.take(chunk)
                            exchange.end()
                        return response
                finally:
                    stage.closing = True
                    await response.aclose()
                stage.closing, message = False, following
        except asyncio.CancelledError:
            from rsspot.senders.transport.pools import close_lost_connections

            stage.closing = True
            await close_lost_connections(client)
            raise

    async def close(self) -> None:
        """Close the client of the running loop; other loops close theirs when they end."""
        self._closed = True
        if self._configured is not None:
            await self._configured.aclose()
        held = self._by_loop.pop()
        if held is not None:
            await held.client.aclose()

    def after_fork(self) -> None:
        super().after_fork()
        self._by_loop = _loop_clients()


def _loop_clients() -> LoopClients[httpx.AsyncClient]:
    from rsspot.senders.transport.loop_client import LoopClients

    return LoopClients["httpx.AsyncClient"](lambda client: client.is_closed)
