"""A proxy between a client and PostgreSQL that cuts connections, or holds what they send.

It knows as much of the protocol as is needed to tell requests and responses apart (PostgreSQL,
"Message Formats"). Connections through it are not encrypted.
"""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from typing import Self

__all__ = ["Cut", "CuttingProxy"]

Cut: TypeAlias = Literal["before", "after", "middle"]
"""Where a connection is cut: before the server has the request, after it has carried it out but
before the client has a byte of the response, or in the middle of the response."""


class CuttingProxy:
    """Listens at `port`; `count` is how many requests have come since it was armed."""

    def __init__(self, server_port: int) -> None:
        self._server_port = server_port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._guard = threading.Lock()
        self._open = threading.Event()
        self._open.set()
        self._links: set[_Link] = set()
        self.count = 0
        self._cuts: dict[int, Cut] = {}
        self.done = 0
        """How many connections were cut."""
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self, position: int, how: Cut) -> None:
        """Cut a connection at the request with this number, from 0, and count from now on."""
        with self._guard:
            self.count, self.done = 0, 0
            self._cuts = {position: how}

    def partition(self) -> None:
        """Hold all bytes, in both directions."""
        self._open.clear()

    def heal(self) -> None:
        """Let them go on, those that were held first."""
        self._open.set()

    def drop(self) -> None:
        """Cut all connections."""
        for link in [*self._links]:
            link.close()

    def next_action(self) -> Cut | None:
        """Count a request; return what becomes of it."""
        with self._guard:
            found = self._cuts.pop(self.count, None)
            self.count += 1
            self.done += found is not None
            return found

    def wait(self) -> None:
        """Wait while there is a partition."""
        self._open.wait()

    def forget(self, link: _Link) -> None:
        """Note that a connection has ended."""
        self._links.discard(link)

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            try:
                server = socket.create_connection(("127.0.0.1", self._server_port))
            except OSError:  # it is away for a while
                client.close()
                continue
            link = _Link(self, client, server)
            self._links.add(link)
            link.start()

    def close(self) -> None:
        """End everything."""
        self.heal()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.drop()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class _Link:
    """One connection through the proxy."""

    def __init__(self, proxy: CuttingProxy, client: socket.socket, server: socket.socket) -> None:
        self._proxy = proxy
        self._client = client
        self._server = server
        self._action: Cut | None = None

    def start(self) -> None:
        """Begin to pass bytes on."""
        for pump in (self._requests, self._responses):
            threading.Thread(target=self._pump, args=(pump,), daemon=True).start()

    def close(self) -> None:
        """Cut the connection at both ends."""
        for end in (self._client, self._server):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
        self._proxy.forget(self)

    def _pump(self, pump: object) -> None:
        with suppress(OSError):
            pump()  # type: ignore[operator] # one of the two below
        self.close()

    def _requests(self) -> None:
        head = self._exactly(4)
        self._server.sendall(head + self._exactly(int.from_bytes(head, "big") - 4))
        request = b""
        while True:
            head = self._exactly(5)
            request += head + self._exactly(int.from_bytes(head[1:], "big") - 4)
            if head[:1] not in b"SQX":
                continue
            self._proxy.wait()
            action = None if head[:1] == b"X" else self._proxy.next_action()
            if action == "before":
                return
            self._action = action
            self._server.sendall(request)
            request = b""

    def _exactly(self, count: int) -> bytes:
        found = b""
        while len(found) < count:
            some = self._client.recv(count - len(found))
            if not some:
                raise OSError("closed")
            found += some
        return found

    def _responses(self) -> None:
        kept = b""
        while some := self._server.recv(65536):
            self._proxy.wait()
            if self._action is None:
                self._client.sendall(some)
                continue
            kept += some
            # ReadyForQuery: what was asked is done.
            if kept[-6:-1] == b"Z\0\0\0\5":
                if self._action == "middle":
                    self._client.sendall(kept[: len(kept) // 2])
                return
