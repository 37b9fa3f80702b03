from __future__ import annotations

import shutil
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import regenerate
from project import OURS, Project

if TYPE_CHECKING:
    from collections.abc import Generator
    from contextlib import AbstractContextManager

    from regenerate import Generated

FIXTURES = Path(__file__).parents[1] / "fixtures"


@pytest.fixture(scope="session")
def published_like() -> Path:
    """A document of our own with the defects of the published one."""
    return FIXTURES / "published-like.json"


@pytest.fixture(scope="session")
def corrections() -> Path:
    return FIXTURES / "overlay.yaml"


@pytest.fixture(scope="session")
def garden(
    published_like: Path, corrections: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Generated]:
    """The package of that document, and what the run said of it."""
    out = tmp_path_factory.mktemp("garden") / "garden_api"
    return out, regenerate.regenerate(published_like, out, corrections=corrections)


@pytest.fixture
def checkout(tmp_path: Path) -> Project:
    """A copy of what a generation reads and writes."""
    root = tmp_path / "checkout"
    shutil.copytree(OURS.root / "openapi", root / "openapi")
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(OURS.package, root / "generated" / "rsspot_api", ignore=ignored)
    shutil.copy(OURS.pyproject, root / "pyproject.toml")
    return Project(root)


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
    """Serves one answer over real HTTP; gives its URL."""

    def __call__(self, status: int, body: bytes = b"") -> AbstractContextManager[str]:
        return _serve(status, body)


@pytest.fixture
def serve() -> Serve:
    return Serve()
