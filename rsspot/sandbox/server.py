"""The sandbox as a server in a thread, for a test, a demo or a command."""

from __future__ import annotations

import json
import socket
import threading
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from rsspot.files.ownership import replace_text
from rsspot.sandbox.api.app import App
from rsspot.sandbox.api.hosts import Hosts, is_loopback, is_unspecified
from rsspot.sandbox.faults.plan import FaultPlan
from rsspot.sandbox.world.clock import ClientClock
from rsspot.sandbox.world.state import SandboxState

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable
    from datetime import datetime
    from types import TracebackType
    from typing import Self

    import uvicorn

    from rsspot.sandbox.faults.middleware import Received
    from rsspot.sandbox.world.clock import SandboxClock

__all__ = ["SpotSandbox"]

KEPT = 1000
"""Most notices that are remembered."""


class SpotSandbox:
    """A local Spot on loopback. Enter it to serve; `app` works without a server too.

    `speed` is how many of its seconds pass in a real one; with None its clock stands still until
    `advance`, or until a client with its `client_options()` waits. The same calls get the same
    answers for the same `seed`, but for their times, which count from `start` (now, if it is not
    given), and but for signatures: the key is made anew in each process. `snapshot` is a file that
    `save` wrote; seed, identities and objects are then those of the file.

    It serves requests whose Host is a name of loopback, `host`, or one of `allow_hosts` (names or
    addresses, without port or wildcard), and which no web page of another site has sent.
    """

    def __init__(
        self,
        seed: int = 1,
        *,
        speed: float | None = None,
        start: datetime | None = None,
        snapshot: str | os.PathLike[str] | None = None,
        port: int = 0,
        host: str = "127.0.0.1",
        allow_hosts: Iterable[str] = (),
        token_lifetime: int = 86400,
        rotate_refresh_tokens: bool = False,
    ) -> None:
        self.host = host
        self.port = port
        self.notices: list[dict[str, str]] = []
        """The bodies that were sent to webhooks."""
        self.state = SandboxState(
            seed=seed,
            speed=speed,
            start=None if start is None else start.timestamp(),
            token_lifetime=token_lifetime,
            rotate_refresh_tokens=rotate_refresh_tokens,
            notify=self._notify,
        )
        self.faults = FaultPlan(seed)
        # To listen everywhere says nothing about the names that it is known by.
        hosts = Hosts(allow_hosts)
        if not is_unspecified(host):
            hosts = Hosts([*hosts.names, host])
        self.app = App(self.state, self.faults, hosts)
        if snapshot is not None:
            self.restore(snapshot)
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None
        self._socket: socket.socket | None = None

    @property
    def url(self) -> str:
        """Where it listens: API, sign-in and price files alike."""
        host = self.host
        if is_unspecified(host):
            host = "::1" if ":" in host else "127.0.0.1"
        host = f"[{host}]" if ":" in host else host
        return f"http://{host}:{self.port}"

    @property
    def clock(self) -> SandboxClock:
        """Its time."""
        return self.state.clock

    @property
    def refresh_token(self) -> str:
        """The refresh token of its first organization."""
        return self.state.refresh_tokens[0]

    @property
    def refresh_tokens(self) -> dict[str, str]:
        """A refresh token of each of its organizations, by the organization's name."""
        names = [str(known["name"]) for known in self.state.organizations]
        return dict(zip(names, self.state.refresh_tokens, strict=True))

    @property
    def organization(self) -> str:
        """The name of the organization that the refresh token is for."""
        return str(self.state.organizations[0]["name"])

    @property
    def organization_id(self) -> str:
        """Its id."""
        return str(self.state.organizations[0]["id"])

    @property
    def namespace(self) -> str:
        """Its namespace."""
        return str(self.state.organizations[0]["metadata"]["namespace"])

    @property
    def requests(self) -> list[Received]:
        """What was received, in order; control requests are left out."""
        return self.app.received

    def client_options(self) -> dict[str, Any]:
        """Keyword arguments for `SpotClient`; its waits then move the sandbox's clock."""
        return {
            "base_url": self.url,
            "oauth_url": self.url,
            "public_data_url": self.url,
            "refresh_token": self.refresh_token,
            "state": ":memory:",
            "clock": ClientClock(self.clock),
        }

    def advance(self, *, minutes: float = 0, seconds: float = 0) -> None:
        """Move its clock, and let happen what happens in that time."""
        with self.state.lock:
            self.clock.advance(60 * minutes + seconds)
            self.state.life.settle()

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write all that it knows to a file, which only its owner can read."""
        replace_text(Path(path), json.dumps(self.state.snapshot()))

    def restore(self, path: str | os.PathLike[str]) -> None:
        """Take over what `save` wrote. Raises `ValueError` for another file."""
        try:
            self.state.restore(json.loads(Path(path).read_text("utf-8")))
        except ValueError as error:
            raise ValueError(f"{path}: {error}") from None

    def start(self) -> Self:
        """Serve in a thread. Raises `OSError` when the port is taken."""
        import uvicorn

        self._socket = _listen(self.host, self.port)
        self.port = self._socket.getsockname()[1]
        self.state.oauth.issuer = f"{self.url}/"
        config = uvicorn.Config(
            self.app,
            log_level="critical",
            access_log=False,
            lifespan="off",
            ws="none",
            timeout_graceful_shutdown=1,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(
            target=self._server.run,
            kwargs={"sockets": [self._socket]},
            name="rsspot-sandbox",
            daemon=True,
        )
        self._thread.start()
        # The socket listens already: a client that comes too early waits, and is served.
        return self

    def stop(self) -> None:
        """Stop serving."""
        if self._server is not None and self._thread is not None:
            self._server.should_exit = True
            self._thread.join(10)
            self._server = self._thread = None
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    def _notify(self, url: str, body: dict[str, str]) -> None:
        self.notices.append(body)
        del self.notices[:-KEPT]
        threading.Thread(target=_post, args=(url, body), daemon=True).start()


def _listen(host: str, port: int) -> socket.socket:
    family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    # asyncio turns Nagle's algorithm off only where the socket says that it is TCP; with it on,
    # each answer waits 40 ms for an acknowledgement.
    listening = socket.socket(family, kind, socket.IPPROTO_TCP)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(2048)
    except OSError:
        listening.close()
        raise
    return listening


def _post(url: str, body: dict[str, str]) -> None:
    if not url.startswith(("http://", "https://")):
        return
    request = urllib.request.Request(  # noqa: S310 - http and https only, a line above
        url, json.dumps(body).encode(), {"Content-Type": "application/json"}, method="POST"
    )
    direct = is_loopback(urlsplit(url).hostname or "")
    proxies = urllib.request.ProxyHandler({} if direct else None)  # to a proxy, that is its own
    try:
        urllib.request.build_opener(proxies).open(request, timeout=5).close()
    except OSError:
        return  # a webhook that is not there is its owner's affair
