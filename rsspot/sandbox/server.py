"""`SpotSandbox`: the sandbox as a server in a thread."""

from __future__ import annotations

import json
import threading
from datetime import datetime
from typing import TYPE_CHECKING, Any

from rsspot.arguments import KINDS as BASIC_KINDS
from rsspot.arguments import check_arguments, instance
from rsspot.errors import InvalidInput
from rsspot.files.folders import expand
from rsspot.files.ownership import replace_text
from rsspot.sandbox.app import App, Hosts, is_unspecified
from rsspot.sandbox.faults.plan import FaultPlan
from rsspot.sandbox.notices import send_notice
from rsspot.sandbox.world import ClientClock, SandboxState

if TYPE_CHECKING:
    import os
    import socket
    from collections.abc import Iterable
    from types import TracebackType
    from typing import Self

    from rsspot.sandbox.faults.middleware import ReceivedRequest
    from rsspot.sandbox.serving import ServerThread
    from rsspot.sandbox.world import SandboxClock

__all__ = ["SpotSandbox"]

MAX_NOTICES = 1000
"""Maximum number of notices that are kept."""
MAX_SECONDS = 10**9
"""About 30 years."""
KINDS = {**BASIC_KINDS, "datetime": instance(datetime, "a datetime")}


@check_arguments(KINDS)
class SpotSandbox:
    """A local Spot. Use it in a `with` statement to serve it, or `app` without a server.

    The same seed and the same calls give the same responses, except for times (unless `start` is
    set) and signatures (each process has its own key).

    Args:
        seed: Seed that market, names and tokens follow from (default: 1).
        speed: Number of its seconds that pass in a real second (default: None: its clock stands
            still until `advance`, or until a client with its `client_options()` waits).
        start: First time of its clock (default: now).
        snapshot: Path of a file that `save` wrote; it replaces seed, organizations, tokens and
            objects (default: none).
        port: Port to listen on (default: 0, a free one).
        host: Address to listen on (default: ``"127.0.0.1"``, this machine only).
        allow_hosts: More names or addresses to serve, without port or wildcard (default: none).
            Requests must have a loopback name, `host` or one of these in their Host header, and
            must not come from a web page of another site.
        token_lifetime: Seconds until an access token expires (default: 86400, a day).
        rotate_refresh_tokens: Whether each refresh token can be used only once.
        strict: Whether to require everything that the published document marks as required, and
            not only what the service is known to require.

    Raises:
        ValueError: If an argument cannot be used, such as a snapshot that is not valid.
        OSError: If the snapshot cannot be read.
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
        strict: bool = False,
    ) -> None:
        for name, value in (("speed", speed), ("token_lifetime", token_lifetime)):
            if value is not None and not 0 <= value <= MAX_SECONDS:
                raise ValueError(
                    f"{name} must be a number from 0 to {MAX_SECONDS:,}, not {value!r}"
                )
        self.host = host
        self.port: int = port
        self.notices: list[dict[str, str]] = []
        """The bodies that were posted to webhooks: the last 1000."""
        self.state: SandboxState = SandboxState(
            seed=seed,
            speed=speed,
            start=None if start is None else start.timestamp(),
            token_lifetime=token_lifetime,
            rotate_refresh_tokens=rotate_refresh_tokens,
            strict=strict,
            notify=self._notify,
        )
        self.faults: FaultPlan = FaultPlan(seed)
        # A wildcard address is not a name that clients use.
        hosts = Hosts(allow_hosts)
        if not is_unspecified(host):
            hosts = Hosts([*hosts.names, host])
        self.app: App = App(self.state, self.faults, hosts)
        if snapshot is not None:
            self.restore(snapshot)
        self._serving: ServerThread | None = None
        self._socket: socket.socket | None = None

    @property
    def url(self) -> str:
        """The base URL of API, sign-in and price files."""
        host = self.host
        if is_unspecified(host):
            host = "::1" if ":" in host else "127.0.0.1"
        host = f"[{host}]" if ":" in host else host
        return f"http://{host}:{self.port}"

    @property
    def clock(self) -> SandboxClock:
        """Its clock."""
        return self.state.clock

    @property
    def refresh_token(self) -> str:
        """A refresh token for its first organization."""
        return self.state.refresh_tokens[0]

    @property
    def refresh_tokens(self) -> dict[str, str]:
        """A refresh token for each organization, by the name of the organization."""
        names = [str(known["name"]) for known in self.state.organizations]
        return dict(zip(names, self.state.refresh_tokens, strict=True))

    @property
    def organization(self) -> str:
        """The name of the first organization, which `refresh_token` is for."""
        return str(self.state.organizations[0]["name"])

    @property
    def organization_id(self) -> str:
        """The id of the first organization."""
        return str(self.state.organizations[0]["id"])

    @property
    def namespace(self) -> str:
        """The namespace of the first organization."""
        return str(self.state.organizations[0]["metadata"]["namespace"])

    @property
    def requests(self) -> list[ReceivedRequest]:
        """The requests that were received, in order, without control requests.

        The last 10,000 to 20,000 are kept. Clear the list to start again.
        """
        return self.app.received

    def client_options(self) -> dict[str, Any]:
        """Return keyword arguments for `SpotClient`. Its waits then advance the sandbox's clock."""
        return {
            "base_url": self.url,
            "oauth_url": self.url,
            "public_data_url": self.url,
            "refresh_token": self.refresh_token,
            "state": ":memory:",
            "clock": ClientClock(self.clock),
        }

    def advance(self, *, minutes: float = 0, seconds: float = 0) -> None:
        """Advance the clock, and simulate that time.

        Args:
            minutes: Number of minutes to advance, 0 or more (default: 0).
            seconds: Number of seconds to advance on top, 0 or more (default: 0).

        Raises:
            ValueError: If the time is negative.
        """
        self.state.advance(60 * minutes + seconds)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the whole state to a file with mode 0600.

        Args:
            path: Path of the file, which is replaced if it exists.

        Raises:
            OSError: If the file cannot be written.
        """
        replace_text(expand(path, InvalidInput), json.dumps(self.state.snapshot()))

    def restore(self, path: str | os.PathLike[str]) -> None:
        """Replace the state by that of a file.

        Args:
            path: Path of a file that `save` wrote.

        Raises:
            ValueError: If this is another file.
            OSError: If the file cannot be read.
        """
        try:
            self.state.restore(json.loads(expand(path, InvalidInput).read_text("utf-8")))
        except InvalidInput:
            raise
        except UnicodeError:
            raise ValueError(f"{path}: it is not text in UTF-8") from None
        except ValueError as error:
            raise ValueError(f"{path}: {error}") from None

    def start(self) -> Self:
        """Start to serve in a thread, and return the sandbox.

        Returns:
            The sandbox itself.

        Raises:
            OSError: If the port is in use.
        """
        from rsspot.sandbox.serving import ServerThread, listen

        self._socket = listen(self.host, self.port)
        self.port = self._socket.getsockname()[1]
        self.state.oauth.issuer = f"{self.url}/"
        self._serving = ServerThread(self.app, self._socket)
        # The socket listens already, so early clients wait until the server accepts them.
        return self

    def stop(self) -> None:
        """Stop serving. The state is kept, and `start` serves it again."""
        if self._serving is not None:
            self._serving.stop()
            self._serving = None
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
        del self.notices[:-MAX_NOTICES]
        threading.Thread(target=send_notice, args=(url, body), daemon=True).start()
