"""What all tests share: a sandbox, and clients of both modes behind one face."""

from __future__ import annotations

import asyncio
import inspect
import os
import tempfile
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from hypothesis import settings

from rsspot import AsyncSpotClient, SpotClient
from rsspot.sandbox import SpotSandbox

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

# How long a test takes depends on the machine (docs/rules.md#time-in-tests).
settings.register_profile("rsspot", deadline=None)
settings.load_profile("rsspot")


KEPT = frozenset({"RSSPOT_TEST_POSTGRES", "RSSPOT_FLEET_VMS"})
"""What is for tests: a server in place of one of our own, and the size of a proof."""


def pytest_configure(config: pytest.Config) -> None:
    """Hide the settings and files of the person who runs the suite."""
    for name in [name for name in os.environ if name.startswith("RSSPOT_")]:
        if name not in KEPT:
            del os.environ[name]
    place = tempfile.TemporaryDirectory(prefix="rsspot-tests-")
    config.add_cleanup(place.cleanup)
    for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME"):
        os.environ[name] = f"{place.name}/{name.lower()}"


class Blocking:
    """An async object whose calls are run to completion, so that one body tests both modes."""

    def __init__(self, target: Any, runner: asyncio.Runner) -> None:
        self._target = target
        self._runner = runner

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._target, name)
        if not callable(value):
            return Blocking(value, self._runner) if hasattr(value, "is_async") else value

        def call(*args: Any, **kwargs: Any) -> Any:
            answer = value(*args, **kwargs)
            if inspect.isawaitable(answer):
                return self._runner.run(_awaited(answer))
            if hasattr(answer, "__aiter__"):
                return iter(self._runner.run(_collected(answer)))
            if isinstance(answer, AsyncSpotClient):
                return Blocking(answer, self._runner)
            return answer

        return call


async def _awaited(answer: Any) -> Any:
    return await answer


async def _collected(items: Any) -> list[Any]:
    return [item async for item in items]


@pytest.fixture
def sandbox() -> Iterator[SpotSandbox]:
    with SpotSandbox(seed=1) as running:
        yield running
    assert running.app.crashes == []


@pytest.fixture(params=["sync", "async"])
def connect(request: pytest.FixtureRequest) -> Iterator[Callable[..., Any]]:
    """Makes clients of one mode that look like sync ones; closes them in the end."""
    if request.param == "sync":
        made: list[SpotClient] = []

        def sync(**options: Any) -> Any:
            made.append(SpotClient(**options))
            return made[-1]

        yield sync
        for client in made:
            client.close()
        return
    with asyncio.Runner() as runner:
        awaited: list[AsyncSpotClient] = []

        def blocking(**options: Any) -> Any:
            awaited.append(AsyncSpotClient(**options))
            return Blocking(awaited[-1], runner)

        yield blocking
        for other in awaited:
            runner.run(other.aclose())


@pytest.fixture
def spot(sandbox: SpotSandbox, connect: Callable[..., Any]) -> Any:
    """A client of the sandbox, of each mode in turn."""
    return connect(**sandbox.client_options())


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The URL of a database of a PostgreSQL server: `RSSPOT_TEST_POSTGRES`, or one of our own."""
    given = os.environ.get("RSSPOT_TEST_POSTGRES")
    if given:
        yield given
        return
    from postgres_server import Server

    with Server() as server:
        yield server.url()


@pytest.fixture
def fleet_url(postgres: str) -> str:
    """A URL for the state store, with a schema that nobody else has."""
    mark = "&" if "?" in postgres else "?"
    return f"{postgres}{mark}schema=test_{uuid4().hex}"


@pytest.fixture(params=["sqlite", "postgres"])
def state_location(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A path, and a URL: where the state store is, on each database in turn."""
    if request.param == "sqlite":
        return str(tmp_path / "state.db")
    url: str = request.getfixturevalue("fleet_url")
    return url


class _Handler(BaseHTTPRequestHandler):
    status: int
    body: bytes

    def do_GET(self) -> None:
        self.send_response(self.status)
        self.send_header("Content-Length", str(len(self.body)))
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name
        """Say nothing."""


@contextmanager
def _serve(status: int, body: bytes) -> Generator[str]:
    handler = type("Handler", (_Handler,), {"status": status, "body": body})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/document.json"
        finally:
            server.shutdown()
            thread.join()


class Serve:
    """Serves one response over real HTTP; gives its URL."""

    def __call__(self, status: int, body: bytes = b"") -> AbstractContextManager[str]:
        return _serve(status, body)


@pytest.fixture
def serve() -> Serve:
    return Serve()
