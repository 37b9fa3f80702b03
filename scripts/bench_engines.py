"""Measure a whole call with each engine, against bare httpx and json: one at a time, and fifty.

"Plain" is what a client does without the extra `fast`, "fast" what it does with it.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import httpx
from measuring import ROUNDS, aturns, ratio, turns

from rsspot import AsyncSpotClient, CacheConfig, SpotClient
from rsspot.senders import AiohttpSender, AsyncSender, HttpClientSender, SyncSender, decoding

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Generator, Iterator

    from measuring import Row, Taken

__all__ = ["awaited", "one_by_one", "plainly"]

REGIONS = "/apis/ngpc.rxt.io/v1/regions"
HEADERS = {"Authorization": "Bearer x"}
ONE_BY_ONE = 700
WORKERS, REQUESTS = 50, 2_000
THREADED = 1_000
NOWHERE = "http://127.0.0.1:9"
ENVIRONMENTS: dict[str, dict[str, str]] = {
    "no proxy variables": {},
    "NO_PROXY=*": {"NO_PROXY": "*"},
    "HTTPS_PROXY": {"HTTPS_PROXY": NOWHERE},
    "ALL_PROXY, NO_PROXY": {"ALL_PROXY": NOWHERE, "NO_PROXY": "localhost,fe80::/10,127.0.0.0/8"},
}
"""Proxy variables that do not apply to any of the requests."""

SERVER = """
import asyncio, json, sys
names = ["aus-syd-1", "hkg-hkg-1", "uk-lon-1", "us-central-dfw-1", "us-central-dfw-2",
         "us-central-ord-1", "us-east-iad-1", "us-west-sjc-1"]
items = [{"apiVersion": "ngpc.rxt.io/v1", "kind": "Region", "metadata": {"name": name,
          "resourceVersion": "48120090", "uid": "5b1f4c1e-58a4-4f0a-9a3a-6d1f2f8c0a11"},
          "spec": {"country": "GBR", "description": "London", "provider": {"providerType": "ospc"}}}
         for name in names]
body = json.dumps({"apiVersion": "ngpc.rxt.io/v1", "kind": "RegionList", "items": items}).encode()
head = b"HTTP/1.1 200 OK\\r\\ncontent-type: application/json\\r\\ncontent-length: "
answer = head + str(len(body)).encode() + b"\\r\\n\\r\\n" + body

class Server(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport = transport
    def data_received(self, data):
        self.transport.write(answer * data.count(b"\\r\\n\\r\\n"))

async def main():
    server = await asyncio.get_running_loop().create_server(Server, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.to_thread(sys.stdin.read)

asyncio.run(main())
"""


@contextmanager
def _served() -> Generator[str]:
    """Yield the URL of a minimal server, so that mainly the clients are measured."""
    server = subprocess.Popen(
        [sys.executable, "-c", SERVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    if server.stdout is None:
        raise RuntimeError("The server has no output.")
    try:
        yield f"http://127.0.0.1:{server.stdout.readline().strip()}"
    finally:
        server.communicate("")


@contextmanager
def _variables(values: dict[str, str]) -> Generator[None]:
    """Set these proxy variables, and no others."""
    kept = dict(os.environ)
    for name in kept:
        if name.lower().endswith("_proxy"):
            del os.environ[name]
    os.environ.update(values)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(kept)


FAST_JSON = decoding.fast_reader()


def _read_with(read: Callable[[bytes], Any]) -> None:
    decoding.reader.read = read


def _options(url: str) -> dict[str, Any]:
    return {
        "base_url": url, "access_token": "x", "state": ":memory:",
        "cache": CacheConfig(enabled=False),
    }  # fmt: skip


def plainly(call: Callable[[], Any]) -> Callable[[], Any]:
    """Return `call`, without the faster JSON parser."""

    def read() -> Any:
        _read_with(json.loads)
        try:
            return call()
        finally:
            _read_with(FAST_JSON)

    return read


def _names(content: bytes) -> list[str]:
    return [item["metadata"]["name"] for item in json.loads(content)["items"]]


def one_by_one() -> Iterator[Row]:
    """Measure a sync GET of eight regions, one at a time and in fifty threads."""
    with _served() as url:
        yield from _sync(url)


def _sync(url: str) -> Iterator[Row]:
    plain = SpotClient(**_options(url), sender=SyncSender())
    fast = SpotClient(**_options(url), sender=HttpClientSender())
    with httpx.Client(headers=HEADERS) as bare:
        theirs, ours, faster = turns(
            ONE_BY_ONE,
            lambda: _names(bare.get(url + REGIONS).content),
            plainly(lambda: [region.name for region in plain.regions.list()]),
            lambda: [region.name for region in fast.regions.list()],
        )
    yield ratio("sync GET of eight regions / httpx + json, plain", ours, theirs, 1.08)
    yield ratio("the same, fast", faster, theirs, 0.70)
    yield from _threads(url, plain, fast)
    plain.close()
    fast.close()


def _threads(url: str, plain: SpotClient, fast: SpotClient) -> Iterator[Row]:
    """Measure fifty threads that share one client."""
    with httpx.Client(headers=HEADERS) as bare:
        calls: list[Callable[[], object]] = [
            lambda: _names(bare.get(url + REGIONS).content),
            lambda: [region.name for region in plain.regions.list()],
            lambda: [region.name for region in fast.regions.list()],
        ]

        def work(call: Callable[[], object]) -> Callable[[], None]:
            def threads() -> None:
                left = iter(range(THREADED))

                def run() -> None:
                    for _ in left:
                        call()

                each = [threading.Thread(target=run) for _ in range(WORKERS)]
                for thread in each:
                    thread.start()
                for thread in each:
                    thread.join()

            return threads

        theirs, ours, faster = turns(
            ROUNDS, work(calls[0]), plainly(work(calls[1])), work(calls[2])
        )
    yield ratio("50 threads, one client, httpx / ours, plain", theirs, ours, 1, least=True)
    yield ratio("the same, fast", theirs, faster, 1.5, least=True)


async def _load(call: Callable[[], Awaitable[object]]) -> float:
    """Return the CPU time of `REQUESTS` calls by `WORKERS` workers.

    Of this process alone: so what else the machine does weighs as little as it can.
    """
    left = iter(range(REQUESTS))

    async def work() -> None:
        for _ in left:
            await call()

    started = time.process_time()
    await asyncio.gather(*(work() for _ in range(WORKERS)))
    return time.process_time() - started


class _Clients:
    """Yield async clients, each with a call that returns the names of the regions."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._made: list[AsyncSpotClient] = []

    def add(self, sender: Any) -> Callable[[], Awaitable[list[str]]]:
        made = AsyncSpotClient(**_options(self._url), sender=sender)
        self._made.append(made)

        async def names() -> list[str]:
            return [region.name for region in await made.regions.list()]

        return names

    async def close(self) -> None:
        for each in self._made:
            await each.aclose()


async def _single(clients: _Clients, theirs: Callable[[], Awaitable[object]]) -> list[Taken]:
    slow, quick = clients.add(AsyncSender()), clients.add(AiohttpSender())

    async def plain() -> list[str]:
        _read_with(json.loads)
        try:
            return await slow()
        finally:
            _read_with(FAST_JSON)

    return await aturns(ONE_BY_ONE, theirs, plain, quick)


async def _steady(clients: _Clients, theirs: Callable[[], Awaitable[object]]) -> dict[str, Taken]:
    calls: dict[str, Callable[[], Awaitable[object]]] = {"httpx": theirs}
    for name, variables in ENVIRONMENTS.items():
        for kind, sender in (("plain", AsyncSender()), ("fast", AiohttpSender())):
            with _variables(variables):
                added = calls[f"{kind}, {name}"] = clients.add(sender)
                await added()  # which is when the variables are read
    taken: dict[str, Taken] = {name: [] for name in calls}
    for number in range(ROUNDS + 1):
        for name, call in calls.items():
            _read_with(FAST_JSON if name.startswith("fast") else json.loads)
            spent = await _load(call)
            if number:  # the first round opens the connections
                taken[name].append(spent)
    _read_with(FAST_JSON)
    return taken


async def _awaited(url: str) -> tuple[list[Taken], dict[str, Taken]]:
    clients = _Clients(url)
    async with httpx.AsyncClient(headers=HEADERS, trust_env=False) as bare:

        async def theirs() -> list[str]:
            return _names((await bare.get(url + REGIONS)).content)

        single = await _single(clients, theirs)
        taken = await _steady(clients, theirs)
        await clients.close()
    return single, taken


def awaited() -> Iterator[Row]:
    """Measure async GETs of eight regions, one at a time and by fifty workers."""
    with _served() as url:
        yield from _async(url)


def _async(url: str) -> Iterator[Row]:
    (theirs, ours, faster), taken = asyncio.run(_awaited(url))
    yield ratio("async GET, one at a time / httpx + json, plain", ours, theirs, 1.10)
    yield ratio("the same, fast", faster, theirs, 0.45)
    for kind, budget in (("plain", 2), ("fast", 7)):
        for name in ENVIRONMENTS:
            what = f"50 workers, {REQUESTS:,} GETs, httpx / ours, {kind}, {name}"
            yield ratio(what, taken["httpx"], taken[f"{kind}, {name}"], budget, least=True)
        each = [taken[f"{kind}, {name}"] for name in ENVIRONMENTS]
        medians = [sorted(times)[len(times) // 2] for times in each]
        yield ratio(
            f"the same, {kind}: slowest variables / quickest", max(medians), min(medians), 1.10
        )
