"""Which engine a client sends with, what it says about it, and what goes through httpx still.

Rules: docs/speed.md.
"""

from __future__ import annotations

import logging
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from rsspot import CacheConfig, SpotClient
from rsspot.senders import Response, Sender, SyncSender
from rsspot.senders.transport import engines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rsspot.sandbox import SpotSandbox


def explained(client: SpotClient) -> str:
    line = next(each for each in client.settings.explain().splitlines() if "engine" in each)
    return " ".join(line.split())


@pytest.fixture
def make() -> Iterator[Callable[..., SpotClient]]:
    made: list[SpotClient] = []

    def client(**options: Any) -> SpotClient:
        made.append(SpotClient(access_token="x", state=":memory:", **options))
        return made[-1]

    yield client
    for each in made:
        each.close()


def test_with_the_extra_each_mode_has_an_engine_of_its_own(make: Any) -> None:
    assert explained(make()) == (
        "engine http.client for sync calls, aiohttp for async calls the extra fast is installed"
    )


def test_without_the_extra_httpx_is_the_engine(make: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> bool:
        return False

    monkeypatch.setattr(engines, "has_fast", missing)
    client = make()
    assert explained(client) == (
        "engine httpx for sync calls, httpx for async calls the extra fast is not installed"
    )
    assert isinstance(client.chain.end(is_async=False), SyncSender)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("auth", ("u", "p")),
        ("event_hooks", {"request": []}),
        ("mounts", {"all://x": httpx.HTTPTransport()}),
        ("transport", httpx.HTTPTransport()),
        ("cookies", {"a": "b"}),
        ("params", {"a": "b"}),
        ("http1", False),
        ("follow_redirects", True),
        ("proxy", "socks5://proxy:1080"),
        ("proxy", "https://proxy"),
        ("proxies", {"https": "http://proxy"}),
        ("headers", {"host": "other"}),
        ("headers", [("a", "b")]),
        ("timeout", "long"),
    ],
)
def test_what_only_httpx_can_do_is_left_to_it_and_named(make: Any, name: str, value: Any) -> None:
    client = make(httpx_options={name: value})
    assert explained(client).endswith(f"only httpx can use the option {name}")
    assert isinstance(client.chain.end(is_async=False), SyncSender)


@pytest.mark.parametrize(
    "options",
    [
        {"verify": False},
        {"cert": None, "trust_env": False, "timeout": None, "limits": httpx.Limits()},
        {"timeout": httpx.Timeout(5, connect=1), "headers": {"X-Team": "a"}},
        {"proxy": "http://user:pass@proxy:3128"},
        {"timeout": (1, 2, 3, 4), "http1": True, "http2": False},
    ],
)
def test_how_a_server_is_reached_is_known_to_every_engine(make: Any, options: Any) -> None:
    client = make(httpx_options=options)
    assert "http.client for sync calls" in explained(client)
    assert type(client.chain.end(is_async=False)).__name__ == "HttpClientSender"


class Mine(Sender):
    @property
    def is_async(self) -> bool:
        return False

    def send(self, request: Any) -> Response:
        return Response(request.url, {}, 200, {"items": []})


def test_a_sender_that_was_passed_is_the_engine_of_its_mode(make: Any) -> None:
    assert explained(make(sender=Mine())) == (
        "engine Mine for sync calls, aiohttp for async calls "
        "the sender that was passed; the extra fast is installed"
    )


def test_the_log_says_once_which_engine_is_used_and_why(
    sandbox: SpotSandbox, caplog: pytest.LogCaptureFixture
) -> None:
    with (
        caplog.at_level(logging.DEBUG, "rsspot"),
        SpotClient(**sandbox.client_options()) as client,
    ):
        client.regions.list()
        client.organizations.list()
    lines = [each.getMessage() for each in caplog.records if "go through" in each.getMessage()]
    assert lines == ["sync calls go through http.client (the extra fast is installed)"]


PROGRAM = """
import asyncio, sys
from rsspot import CacheConfig, SpotClient
client = SpotClient(**{options!r}, cache=CacheConfig(enabled=False))
assert client.regions.list()
if {is_async}:
    async def main():
        assert await client.aregions.list()
        await client.aclose()
    asyncio.run(main())
client.settings.explain()
loaded = {{name.partition(".")[0] for name in sys.modules}}
print(sorted(loaded & {{"httpx", "httpcore", "anyio", "h11"}}))
"""


@pytest.mark.parametrize("is_async", [False, True])
def test_with_the_extra_neither_httpx_nor_anyio_is_loaded(
    sandbox: SpotSandbox, *, is_async: bool
) -> None:
    options = {name: value for name, value in sandbox.client_options().items() if name != "clock"}
    program = PROGRAM.format(options=options, is_async=is_async)
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.stderr) == ("[]\n", "")


def test_a_copy_of_a_client_says_the_same(make: Any) -> None:
    client = make()
    copy = client.with_options(cache=CacheConfig(enabled=False))
    assert explained(copy) == explained(client)
