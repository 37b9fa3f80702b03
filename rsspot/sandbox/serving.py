"""A uvicorn server in a thread that begins and ends without delay.

uvicorn itself looks every tenth of a second whether it should end, and then pauses as long for each
thing that it waits for. A test suite starts and stops hundreds of local Spots.
"""

from __future__ import annotations

import asyncio
import socket
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

import uvicorn

if TYPE_CHECKING:
    from rsspot.sandbox.app import App

__all__ = ["ServerThread", "listen"]

GRACE = 1.0
"""Seconds that requests in progress have to finish once the server should end."""
TICKS = 10
"""What uvicorn counts in a second; it renews the Date header when it has counted these."""
PAUSE = 0.002
"""Seconds between two looks at connections that are ending."""


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens there. Raises `OSError` if it cannot."""
    family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    # asyncio disables Nagle's algorithm only for sockets whose protocol is TCP. With it, each
    # response waits 40 ms for an acknowledgement.
    listening = socket.socket(family, kind, socket.IPPROTO_TCP)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(2048)
    except OSError:
        listening.close()
        raise
    return listening


class ServerThread:
    """Serves an app at a socket from when it is made until `stop`."""

    def __init__(self, app: App, listening: socket.socket) -> None:
        config = uvicorn.Config(
            app, log_level="critical", access_log=False, lifespan="off", ws="none"
        )
        self._server = _Server(config)
        self._thread = threading.Thread(
            target=self._server.run,
            kwargs={"sockets": [listening]},
            name="rsspot-sandbox",
            daemon=True,
        )
        self._thread.start()

    def stop(self) -> None:
        """End the server, and wait until it has."""
        self._server.stop()
        self._thread.join(10)


class _Server(uvicorn.Server):
    _wake: tuple[asyncio.AbstractEventLoop, asyncio.Event] | None = None

    def stop(self) -> None:
        """Make the server end, from another thread."""
        self.should_exit = True
        if self._wake is not None:
            loop, event = self._wake
            with suppress(RuntimeError):  # the loop has ended already
                loop.call_soon_threadsafe(event.set)

    async def main_loop(self) -> None:
        """Serve until it should end."""
        event = asyncio.Event()
        self._wake = asyncio.get_running_loop(), event
        while not await self.on_tick(TICKS):
            with suppress(TimeoutError):
                await asyncio.wait_for(event.wait(), 1)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End connections: idle ones at once, others after their response, all after a second."""
        for server in self.servers:
            server.close()
        for listening in sockets or ():
            listening.close()
        state = self.server_state
        for connection in [*state.connections]:
            connection.shutdown()
        with suppress(TimeoutError):
            async with asyncio.timeout(GRACE):
                while state.connections or state.tasks:  # noqa: ASYNC110 - there is no event
                    await asyncio.sleep(PAUSE)
        for task in state.tasks:
            task.cancel("the local Spot has ended")
