"""Every budget as a ratio, measured in one run: `make bench`.

A and B take turns, so that whatever else the machine does falls on both; medians are quoted.
Absolute times belong to the machine, ratios to the code.
"""

from __future__ import annotations

import asyncio
import compileall
import json
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import rsspot_api
from bench_ledger import ledger
from bench_plan import planning
from bench_steady import steady
from measuring import Row, ratio, turns

import rsspot
from rsspot import CacheConfig, SpotClient, StateStore
from rsspot.models import Cloudspace
from rsspot.sandbox import SpotSandbox
from rsspot.senders.cache.store import CacheRow
from rsspot.senders.transport.http import AsyncSender
from rsspot.wire.bind import Group, Sync, operation

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Generator, Iterator

    from rsspot.flow.flow import Flow

REGIONS = "/apis/ngpc.rxt.io/v1/regions"
REGION = f"{REGIONS}/uk-lon-1"


def fresh(*programs: str, times: int = 15, **environment: str) -> list[float]:
    """The median time of each program in a fresh interpreter, less that of an empty one."""
    known = {**os.environ, **environment}

    def call(program: str) -> Callable[[], object]:
        return lambda: subprocess.run([sys.executable, "-c", program], check=True, env=known)

    empty, *taken = turns(times, *(call(program) for program in ("pass", *programs)))
    return [each - empty for each in taken]


@contextmanager
def served() -> Generator[SpotSandbox]:
    """A sandbox in a process of its own, so that it takes no time of ours."""
    program = (
        "import sys\nfrom rsspot.sandbox import SpotSandbox\n"
        "with SpotSandbox(seed=1) as s:\n print(s.port, flush=True); sys.stdin.read()"
    )
    server = subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    if server.stdout is None:
        raise RuntimeError("The server has no output.")
    sandbox = SpotSandbox(seed=1, port=int(server.stdout.readline()))
    try:
        yield sandbox
    finally:
        server.communicate("")


ECHO = """
import asyncio, sys
BODY = b'{"metadata": {"name": "uk-lon-1"}, "spec": {"country": "GBR"}}'
HEAD = b"HTTP/1.1 200 OK\\r\\ncontent-type: application/json\\r\\ncontent-length: "
ANSWER = HEAD + str(len(BODY)).encode() + b"\\r\\n\\r\\n" + BODY

class Server(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport = transport
    def data_received(self, data):
        self.transport.write(ANSWER * data.count(b"\\r\\n\\r\\n"))

async def main():
    server = await asyncio.get_running_loop().create_server(Server, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.to_thread(sys.stdin.read)

asyncio.run(main())
"""


@contextmanager
def echoed() -> Generator[str]:
    """The URL of a server that costs next to nothing, so that clients are what is measured."""
    server = subprocess.Popen(
        [sys.executable, "-c", ECHO], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    if server.stdout is None:
        raise RuntimeError("The server has no output.")
    try:
        yield f"http://127.0.0.1:{server.stdout.readline().strip()}{REGION}"
    finally:
        server.communicate("")


def options_of(sandbox: SpotSandbox, **more: Any) -> dict[str, Any]:
    """What a client of a sandbox in another process needs."""
    options = sandbox.client_options()
    del options["clock"]
    return {**options, **more}


def imports() -> Iterator[Row]:
    """What `import rsspot` costs."""
    ours, theirs = fresh("import rsspot", "import httpx", times=21)
    yield ratio("import rsspot / import httpx", ours, theirs, 0.35)


class _Plain:
    def add(self, number: int) -> int:
        return number + 1


class _Adder(Group[Sync]):
    @operation
    def add(self, number: int) -> Flow[int]:
        yield from ()
        return number + 1


def flows() -> Iterator[Row]:
    """What a flow costs over a plain method."""
    with SpotClient(access_token="x") as client:  # noqa: S106 - no secret
        bound, plain = _Adder(client.chain.connection(is_async=False)), _Plain()
        count = 20_000

        def flow() -> None:
            for number in range(count):
                bound.add(number)

        def method() -> None:
            for number in range(count):
                plain.add(number)

        ours, theirs = turns(9, flow, method)
    over = (ours - theirs) / count * 1e6
    yield Row("flow over a plain method, µs a call", f"{over:.2f}", "≤ 2", over <= 2)  # noqa: PLR2004


def uncached(sandbox: SpotSandbox) -> Iterator[Row]:
    """What a call costs over bare httpx and json, with the cache off."""
    times = 400
    with SpotClient(**options_of(sandbox), cache=CacheConfig(enabled=False)) as client:
        headers = {"Authorization": f"Bearer {client.authenticate()}"}
        with httpx.Client(base_url=sandbox.url, headers=headers) as bare:
            ours, theirs = turns(
                times,
                lambda: client.regions.get("uk-lon-1").name,
                lambda: json.loads(bare.get(REGION).content)["metadata"]["name"],
            )
    yield ratio("uncached GET, sync / httpx + json", ours, theirs, 1.10)

    async def both() -> tuple[float, ...]:
        asynchronous = SpotClient(
            **options_of(sandbox), cache=CacheConfig(enabled=False), sender=_plain_async()
        )
        async with httpx.AsyncClient(base_url=sandbox.url, headers=headers) as bare:

            async def ours() -> None:
                await asynchronous.aregions.get("uk-lon-1")

            async def theirs() -> None:
                json.loads((await bare.get(REGION)).content)

            return await _aturns(times, ours, theirs)

    one, other = asyncio.run(both())
    yield ratio("uncached GET, async / httpx + json", one, other, 1.10)


def _plain_async() -> AsyncSender:
    # The same transport on both sides: this row is about what is above it.
    return AsyncSender(transport=httpx.AsyncHTTPTransport())


async def _aturns(times: int, *calls: Callable[[], Awaitable[None]]) -> tuple[float, ...]:
    taken: list[list[float]] = [[] for _ in calls]
    for _ in range(times):
        for index, call in enumerate(calls):
            started = time.perf_counter()
            await call()
            taken[index].append(time.perf_counter() - started)
    return tuple(statistics.median(each) for each in taken)


def cached(sandbox: SpotSandbox) -> Iterator[Row]:
    """What an answer from memory costs, and one from a warm file in a fresh process."""
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/state.db"
        with (
            SpotClient(**options_of(sandbox, state=path)) as client,
            SpotClient(**options_of(sandbox), cache=CacheConfig(enabled=False)) as other,
        ):
            client.regions.list()
            hits, miss = turns(
                100,
                lambda: [client.regions.list() for _ in range(100)],
                other.regions.list,
            )
            hit = hits / 100
            yield Row("memory hit, 8 typed regions, µs", f"{hit * 1e6:.1f}", "≤ 15", hit <= 15e-6)  # noqa: PLR2004
            yield ratio("uncached / memory hit", miss, hit, 20, least=True)
            classes = [item.name for item in client.server_classes.list()]
            for name in classes:
                client.server_classes.get(name)
        fresh_client = (
            "from rsspot import SpotClient\n"
            f"client = SpotClient(base_url={sandbox.url!r}, oauth_url={sandbox.url!r}, "
            f"public_data_url={sandbox.url!r}, refresh_token={sandbox.refresh_token!r}, "
            f"state={path!r})\n"
            "client.regions.list()[0].name"
        )
        ours, theirs = fresh(fresh_client, "import httpx", times=21)
        yield ratio("fresh process, first hit / import httpx", ours, theirs, 1.0)
        program = (
            f"{fresh_client}\nimport time\nnames = {classes!r}\n"
            "started = time.perf_counter()\n"
            "for name in names: client.server_classes.get(name)\n"
            "print((time.perf_counter() - started) / len(names))"
        )
        done = [
            subprocess.run([sys.executable, "-c", program], check=True, capture_output=True)
            for _ in range(9)
        ]
        further = statistics.median(float(each.stdout) for each in done) * 1e6
        yield Row("further hits from the file, µs", f"{further:.1f}", "≤ 60", further <= 60)  # noqa: PLR2004


def growth() -> Iterator[Row]:
    """What the cache costs with 100 and with 100,000 entries."""
    with tempfile.TemporaryDirectory() as folder:
        stores = [StateStore(f"{folder}/{count}.db") for count in (100, 100_000)]
        for store, count in zip(stores, (100, 100_000), strict=True):
            fill(store, count)
        number = iter(range(10**9))

        def insert(store: StateStore, most: int) -> None:
            store.http_cache.put("p", f"new{next(number)}", ROW, max_entries=most)

        hits = turns(2000, *(partial(store.http_cache.get, "p", "k50") for store in stores))
        inserts = turns(500, lambda: insert(stores[0], 100), lambda: insert(stores[1], 100_000))
        yield ratio("hit with 100,000 entries / with 100", hits[1], hits[0], 1.2)
        yield ratio("insert with 100,000 entries / with 100", inserts[1], inserts[0], 1.5)
        for store in stores:
            store.close()


ROW = CacheRow("/a/b", "{}", b"x" * 500, 4e9)


def fill(store: StateStore, count: int) -> None:
    """Put `count` answers in, in one transaction: the bench is not about this."""
    store.http_cache.put("p", "first", ROW, max_entries=count)
    store.close()
    rows = [("p", f"k{number}", ROW.path, ROW.meta, ROW.body, 4e9) for number in range(count - 1)]
    with sqlite3.connect(store.path) as connection:
        connection.executemany(
            "INSERT INTO http_cache (partition, key, path, meta, body, expires_at) "
            "VALUES (?, ?, ?, ?, ?, ?)",
            rows,
        )
    connection.close()
    del store.__dict__["database"]


def cold(sandbox: SpotSandbox) -> Iterator[Row]:
    """A fresh process with its token in the state file, to the first typed result."""
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/state.db"
        with SpotClient(**options_of(sandbox, state=path)) as client:
            bearer = client.authenticate()
        with_arguments = (
            "from rsspot import SpotClient, CacheConfig\n"
            f"client = SpotClient(base_url={sandbox.url!r}, oauth_url={sandbox.url!r}, "
            f"refresh_token={sandbox.refresh_token!r}, state={path!r}, "
            "cache=CacheConfig(enabled=False))\n"
            "client.regions.get('uk-lon-1').name"
        )
        profile = Path(folder, "config.yml")
        profile.touch(0o600)
        profile.write_text(
            f"active_profile: bench\nstate_path: {path}\ncache: {{enabled: false}}\n"
            f"profiles:\n  bench:\n    base_url: {sandbox.url}\n    oauth_url: {sandbox.url}\n"
            f"    refresh_token: {sandbox.refresh_token}\n",
            "utf-8",
        )
        with_profile = (
            "from rsspot import SpotClient\n"
            f"client = SpotClient(config_path={str(profile)!r})\n"
            "client.regions.get('uk-lon-1').name"
        )
        bare = (
            "import httpx\n"
            f"client = httpx.Client(headers={{'Authorization': 'Bearer {bearer}'}})\n"
            f"client.get({sandbox.url + REGION!r}).json()['metadata']['name']"
        )
        one, two, other = fresh(with_arguments, with_profile, bare, times=21)
    yield ratio("fresh process to first typed result / bare httpx", one, other, 1.35)
    yield ratio("the same with a YAML profile", two, other, 1.6)


def decoding() -> Iterator[Row]:
    """Ten thousand cloudspaces, from bytes to typed objects."""
    item = {
        "apiVersion": "ngpc.rxt.io/v1",
        "kind": "CloudSpace",
        "metadata": {
            "name": "demo",
            "namespace": "org-a",
            "uid": "5b1f4c1e-58a4-4f0a-9a3a-6d1f2f8c0a11",
            "creationTimestamp": "2026-11-24T00:00:00Z",
            "resourceVersion": "48120090",
            "generation": 2,
            "labels": {"team": "a"},
        },
        "spec": {
            "region": "us-central-dfw-2",
            "kubernetesVersion": "1.31.1",
            "cloud": "default",
            "cni": "calico",
            "HAControlPlane": False,
            "bidRequests": ["5b1f4c1e-58a4-4f0a-9a3a-6d1f2f8c0a11"],
        },
        "status": {
            "phase": "Ready",
            "health": "Healthy",
            "APIServerEndpoint": "hcp-5b1f4c1e.spot.rackspace.com",
            "firstReadyTimestamp": "2026-11-24T00:01:00Z",
            "conditions": [{"type": "Ready", "status": "True", "reason": "Ready"}],
            "assignedServers": {"a-0": {"serverName": "a", "IP": "10.0.0.1", "state": "Running"}},
            "bids": {"a": {"bidName": "a", "type": "spot", "wonCount": 1}},
        },
    }
    body = json.dumps({"items": [item] * 10_000}).encode()
    names = tuple(Cloudspace.fields)

    def loads() -> Any:
        return json.loads(body)

    def name_of_all() -> list[str]:
        return [Cloudspace(each).name for each in json.loads(body)["items"]]

    def all_fields() -> None:
        for each in json.loads(body)["items"]:
            view = Cloudspace(each)
            for name in names:
                getattr(view, name)

    plain, some, every = turns(9, loads, name_of_all, all_fields)
    yield ratio("10,000 cloudspaces, only names / json.loads", some, plain, 1.3)
    yield ratio("10,000 cloudspaces, all fields / json.loads", every, plain, 3)


def compiled() -> None:
    """Compile what an installer would have: httpx comes with byte code, a working copy without."""
    for package in (rsspot, rsspot_api):
        compileall.compile_dir(package.__path__[0], quiet=1)


def main() -> int:
    """Print the table; 1 when a budget is not kept."""
    compiled()
    rows = [*imports(), *flows(), *decoding(), *growth(), *ledger()]
    with served() as sandbox:
        rows += [*uncached(sandbox), *cached(sandbox), *cold(sandbox)]
        with SpotClient(**options_of(sandbox)) as client:
            rows += planning(client)
    with echoed() as url:
        rows += steady(url)
    width = max(len(row.what) for row in rows)
    for row in rows:
        verdict = "kept" if row.kept else "NOT KEPT"
        print(f"{row.what:<{width}}  {row.figure:>8}  {row.budget:>8}  {verdict}")
    return 0 if all(row.kept for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
