"""Which engine a client sends with, what it says about it, and what goes through httpx still.

Rules: docs/speed.md.
"""

from __future__ import annotations

import asyncio
import logging
import subprocess
import sys
from importlib.machinery import ModuleSpec
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from rsspot import CacheConfig, SpotClient
from rsspot.errors import ConfigError, InvalidInput, RequestError
from rsspot.senders import Request, Response, Sender, SyncSender
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
        f"engine http.client for sync calls, aiohttp for async calls {engines.INSTALLED}"
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


class Packages:
    """Packages as `find_spec` sees them."""

    def __init__(self, **folders: str | None) -> None:
        self._folders = folders

    def __call__(self, name: str) -> ModuleSpec | None:
        folder = self._folders.get(name)
        if folder is None:
            return None
        origin = f"{folder}/__init__.py" if folder else None
        return ModuleSpec(name, None, origin=origin)


@pytest.mark.parametrize(
    ("packages", "why"),
    [
        (Packages(), "the extra fast is not installed"),
        (Packages(aiohttp="/x"), "the extra fast is not complete: msgspec is not installed"),
        (Packages(msgspec="/x"), "the extra fast is not complete: aiohttp is not installed"),
        (Packages(aiohttp="", msgspec="/x"), "the extra fast is not complete: aiohttp is not ins"),
        (Packages(aiohttp="/x", msgspec="/x"), "the extra fast needs aiohttp 3.12 or later"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_half_of_the_extra_or_an_old_one_is_none_and_said_so(
    make: Any, monkeypatch: pytest.MonkeyPatch, packages: Packages, why: str
) -> None:
    monkeypatch.setattr(engines, "find_spec", packages)
    engines.lack_of_fast.cache_clear()
    try:
        client = make()
        assert f"httpx for sync calls, httpx for async calls {why}" in explained(client)
        for is_async in (False, True):
            assert type(client.chain.end(is_async=is_async)).__name__ in {
                "SyncSender", "AsyncSender"
            }  # fmt: skip
    finally:
        engines.lack_of_fast.cache_clear()


def test_a_package_of_the_extra_that_cannot_be_imported_is_named(
    make: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "rsspot.senders.transport.aiohttp_sender", None)
    with pytest.raises(ConfigError, match=r"aiohttp is installed, but cannot be imported.*again"):
        make().chain.end(is_async=True)


ODD = "only httpx can send calls to base_url: its proxy is not a plain HTTP proxy"
CAPITALS = "only httpx can send calls to base_url: its URL has to be normalized"


@pytest.mark.parametrize(
    ("variables", "options", "why"),
    [
        ({"ALL_PROXY": "socks5://me:hunter2@h:1"}, {}, ODD),
        ({"https_proxy": "https://me:hunter2@h:1"}, {}, ODD),
        ({"HTTPS_PROXY": "http://me:hunter2@[::1]:1"}, {}, ODD),
        ({"ALL_PROXY": "socks5://h", "NO_PROXY": "spot.rackspace.com"}, {}, engines.INSTALLED),
        ({"ALL_PROXY": "socks5://h", "NO_PROXY": "*"}, {}, engines.INSTALLED),
        ({"HTTP_PROXY": "socks5://h"}, {}, engines.INSTALLED),
        ({"ALL_PROXY": "socks5://h"}, {"proxy": "http://h:1"}, engines.INSTALLED),
        ({"ALL_PROXY": "socks5://h"}, {"base_url": "http://localhost:81"}, engines.INSTALLED),
        ({"ALL_PROXY": "socks5://h"}, {"httpx_options": {"trust_env": False}}, engines.INSTALLED),
        ({"HTTPS_PROXY": "HTTP://me:hunter2@h:1"}, {}, engines.INSTALLED),
        ({}, {"base_url": "https://Spot.example"}, CAPITALS),
        ({}, {"base_url": "http://[::1]:8080"}, CAPITALS),
        ({}, {"base_url": "https://spot.example/a/../b"}, CAPITALS),
        ({}, {"base_url": "https://spot.example:443/a"}, engines.INSTALLED),
        ({}, {"base_url": "http://127.0.0.1:46353"}, engines.INSTALLED),
    ],
)
def test_what_the_environment_or_the_url_leaves_to_httpx_is_said(
    make: Any, monkeypatch: pytest.MonkeyPatch, variables: Any, options: Any, why: str
) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    client = make(**options)
    assert explained(client).endswith(why)
    assert "hunter2" not in client.settings.explain()
    kind = "HttpClientSender" if why == engines.INSTALLED else "SyncSender"
    assert type(client.chain.end(is_async=False)).__name__ == kind


LACKS: list[tuple[str, dict[str, Any], str]] = [
    ("/", {"headers": {"Transfer-Encoding": "identity"}}, "it has header fields about HTTP itself"),
    ("/a/../b", {}, "its URL has to be normalized"),
    ("/?a=b", {"params": {"c": "d"}}, "its query has to be merged"),
    ("/", {"params": {"c": []}}, "its parameters are empty lists"),
    ("/", {"content": iter([b"x"])}, "its body has an unusual type"),
    ("/", {"content": b"x" * 65_537}, "its body is larger than 65,536 bytes"),
]


@pytest.mark.parametrize("is_async", [False, True])
@pytest.mark.parametrize(("path", "options", "why"), LACKS, ids=lambda value: str(value)[:20])
def test_the_log_says_why_a_single_call_goes_through_httpx(
    caplog: pytest.LogCaptureFixture, path: str, options: Any, why: str, *, is_async: bool
) -> None:
    sender: Any = engines.make_sender({"trust_env": False}, is_async=is_async)
    request = Request("POST", f"http://127.0.0.1:9{path}", **options)

    async def main() -> None:
        with pytest.raises((RequestError, RuntimeError, InvalidInput, AssertionError, TypeError)):
            await sender.send(request) if is_async else sender.send(request)
        closing = sender.close()
        if closing is not None:
            await closing

    with caplog.at_level(logging.DEBUG, "rsspot"):
        asyncio.run(main())
    lines = [each.getMessage() for each in caplog.records if "goes through httpx" in each.message]
    limited = "larger than" in why and not is_async
    shown = f"POST http://127.0.0.1:9{path.partition('?')[0]} goes through httpx: {why}"
    assert lines == ([] if limited else [shown])


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
        f"the sender that was passed; {engines.INSTALLED}"
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
    assert lines == [f"sync calls go through http.client ({engines.INSTALLED})"]


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
