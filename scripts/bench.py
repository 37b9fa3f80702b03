"""Measure ratios and compare them with their budgets: `make bench`.

`python scripts/bench.py decoding cold` measures only these groups of rows; `--help` lists them.

The things compared take turns, so that other work of the machine affects all of them. Medians of
at least seven rounds are compared with the budgets. Absolute times depend on the machine, ratios on
the code.
"""

from __future__ import annotations

import argparse
import compileall
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import rsspot_api
from bench_call import canned
from bench_engines import awaited, one_by_one, plainly
from bench_fleet import fleet
from bench_ledger import ledger
from bench_plan import planning
from bench_terminal import terminal
from bench_tls import behind_tls
from measuring import ROUNDS, figure, ratio, turns

import rsspot
from rsspot import CacheConfig, SpotClient, StateStore
from rsspot.arguments import check_arguments
from rsspot.flow.flow import run
from rsspot.models import Cloudspace
from rsspot.sandbox import SpotSandbox
from rsspot.senders import Response
from rsspot.senders.cache.store import CacheRow
from rsspot.senders.sender import begin_call
from rsspot.wire.bind import Group, Sync, operation

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

    from measuring import Row, Taken

    from rsspot.flow.flow import Flow

REGIONS = "/apis/ngpc.rxt.io/v1/regions"
REGION = f"{REGIONS}/uk-lon-1"


WITHOUT_EXTRA = "import sys; sys.modules.update(aiohttp=None, msgspec=None)\n"
"""The start of a program that runs as if the extra `fast` were not installed."""


def fresh(*programs: str, times: int = 21, **environment: str) -> list[Taken]:
    """Return the time of each program in fresh interpreters, less that of an empty one."""
    known = {**os.environ, **environment}

    def call(program: str) -> Callable[[], object]:
        return lambda: subprocess.run([sys.executable, "-c", program], check=True, env=known)

    empty, *taken = turns(times, *(call(program) for program in ("pass", *programs)))
    return [[one - nothing for one, nothing in zip(each, empty, strict=True)] for each in taken]


@contextmanager
def served() -> Generator[SpotSandbox]:
    """Run a sandbox in a separate process, so that its time is not measured."""
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


def options_of(sandbox: SpotSandbox, **more: Any) -> dict[str, Any]:
    """Return the options of a client for a sandbox in another process."""
    options = sandbox.client_options()
    del options["clock"]
    return {**options, **more}


def imports() -> Iterator[Row]:
    """Measure `import rsspot`."""
    ours, theirs = fresh("import rsspot", "import httpx")
    yield ratio("import rsspot / import httpx", ours, theirs, 0.15)


@check_arguments()
class _Plain:
    """A plain method that checks its arguments, as operations do, but is no flow."""

    def add(self, number: int) -> int:
        begin_call()
        return number + 1


class _Adder(Group[Sync]):
    @operation
    def add(self, number: int) -> Flow[int]:
        yield from ()
        return number + 1


class _Bare:
    def add(self, number: int) -> int:
        return number + 1


def flows() -> Iterator[Row]:
    """Measure the cost of a flow against a method: with the checks of an operation, and alone."""
    with SpotClient(access_token="x") as client:  # noqa: S106 - no secret
        bound, plain, bare = _Adder(client.chain.connection(is_async=False)), _Plain(), _Bare()
        define = _Adder.add
        # Short turns, so that whatever else runs disturbs few of them, and no median.
        numbers = range(1_000, 1_200)  # beyond the small integers, which Python keeps

        def operations() -> None:
            for number in numbers:
                bound.add(number)

        def methods() -> None:
            for number in numbers:
                plain.add(number)

        def alone() -> None:
            for number in numbers:
                run(define(bound, number))

        def additions() -> None:
            for number in numbers:
                bare.add(number)

        ours, theirs, driven, called = turns(2_100, operations, methods, alone, additions)
    yield ratio("an operation / a plain method with the same checks", ours, theirs, 12)
    yield ratio("running a flow / calling a plain method, without checks", driven, called, 12)


def cached(sandbox: SpotSandbox) -> Iterator[Row]:
    """Measure cache hits: in memory, and from a file in a fresh process."""
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/state.db"
        with (
            SpotClient(**options_of(sandbox, state=path)) as client,
            SpotClient(**options_of(sandbox), cache=CacheConfig(enabled=False)) as other,
        ):
            client.regions.list()
            body = other.request("GET", REGIONS).body

            def hit() -> None:
                for _ in range(100):
                    client.regions.list()

            def load() -> None:
                for _ in range(100):
                    json.loads(body)

            loads, *taken = turns(70, load, plainly(hit), hit)
            for kind, hits in zip(("plain", "fast"), taken, strict=True):
                what = f"memory hit, 8 typed regions / json.loads of the body, {kind}"
                yield ratio(what, hits, loads, 0.6)
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
        ours, theirs = fresh(fresh_client, "import httpx")
        yield ratio("fresh process, first hit from a file / import httpx", ours, theirs, 0.7)
        for kind, start in (("plain", WITHOUT_EXTRA), ("fast", "")):
            yield further_hits(kind, f"{start}{fresh_client}", path, classes)


FURTHER = """
import json, sqlite3, time
other, bare = (sqlite3.connect(path, isolation_level=None) for _ in range(2))
paths = [(f"%/serverclasses/{name}",) for name in names]
find = "SELECT partition, key FROM http_cache WHERE path LIKE ?"
keys = dict(zip(names, (other.execute(find, path).fetchone() for path in paths)))
select = "SELECT meta, body FROM http_cache WHERE partition=? AND key=?"

def theirs(name):
    return json.loads(bare.execute(select, keys[name]).fetchone()[1])

theirs(names[0])
spent = [0.0, 0.0]
for name in names:
    for index, call in enumerate((client.server_classes.get, theirs)):
        started = time.perf_counter()
        call(name)
        spent[index] += time.perf_counter() - started
print(*spent)
"""


def further_hits(kind: str, fresh_client: str, path: str, classes: list[str]) -> Row:
    """Measure further hits from the file in one process, against the minimum work of a reader.

    Both read the same objects, each for the first time.
    """
    program = f"{fresh_client}\nnames, path = {classes!r}, {path!r}\n{FURTHER}"
    done = [
        subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
        for _ in range(ROUNDS + 2)
    ]
    ours, theirs = zip(*(map(float, each.stdout.split()) for each in done), strict=True)
    return ratio(f"further hits from the file / SELECT + json.loads, {kind}", ours, theirs, 1.4)


def growth() -> Iterator[Row]:
    """Measure the cache with 100 and with 100,000 entries."""
    with tempfile.TemporaryDirectory() as folder:
        stores = [StateStore(f"{folder}/{count}.db") for count in (100, 100_000)]
        for store, count in zip(stores, (100, 100_000), strict=True):
            fill(store, count)
        number = iter(range(10**9))

        def insert(store: StateStore, most: int) -> None:
            store.http_cache.put("p", f"new{next(number)}", ROW, max_entries=most)

        hits = turns(2000, *(partial(store.http_cache.get, "p", "k50") for store in stores))
        inserts = turns(500, lambda: insert(stores[0], 100), lambda: insert(stores[1], 100_000))
        yield ratio("hit with 100,000 entries / with 100", hits[1], hits[0], 1.1)
        yield ratio("insert with 100,000 entries / with 100", inserts[1], inserts[0], 1.3)
        for store in stores:
            store.close()


ROW = CacheRow("/a/b", "{}", b"x" * 500, 4e9)


def fill(store: StateStore, count: int) -> None:
    """Insert `count` responses in one transaction, which is not measured."""
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
    """Measure a fresh process with its token in the state file, up to the first typed result."""
    plain, fast, profile, bare = _first_results(sandbox, sandbox.url)
    yield ratio("fresh process to first typed result / bare httpx, plain", plain, bare, 1.3)
    yield ratio("the same, fast", fast, bare, 0.6)
    yield ratio("the same with a YAML profile, plain", profile, bare, 1.55)
    with behind_tls(sandbox.port) as url:
        plain, fast, profile, bare = _first_results(sandbox, url)
    yield figure("the same over https, plain", plain, bare)
    yield figure("the same over https, fast", fast, bare)
    yield figure("the same over https with a YAML profile, plain", profile, bare)


def _first_results(sandbox: SpotSandbox, url: str) -> list[Taken]:
    """Return the times of plain, fast, plain with a YAML profile, and bare httpx."""
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/state.db"
        options = options_of(sandbox, state=path, base_url=url, oauth_url=url)
        with SpotClient(**options) as client:
            bearer = client.authenticate()
        with_arguments = (
            "from rsspot import SpotClient, CacheConfig\n"
            f"client = SpotClient(base_url={url!r}, oauth_url={url!r}, "
            f"refresh_token={sandbox.refresh_token!r}, state={path!r}, "
            "cache=CacheConfig(enabled=False))\n"
            "client.regions.get('uk-lon-1').name"
        )
        profile = Path(folder, "config.yml")
        profile.touch(0o600)
        profile.write_text(
            f"active_profile: bench\nstate_path: {path}\ncache: {{enabled: false}}\n"
            f"profiles:\n  bench:\n    base_url: {url}\n    oauth_url: {url}\n"
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
            f"client.get({url + REGION!r}).json()['metadata']['name']"
        )
        plain = WITHOUT_EXTRA + with_arguments
        return fresh(plain, with_arguments, WITHOUT_EXTRA + with_profile, bare)


def decoding() -> Iterator[Row]:
    """Measure parsing ten thousand cloudspaces, from bytes to typed objects."""
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

    def views() -> list[Cloudspace]:
        return Cloudspace.each_of(Response("", body=body).content["items"])

    def name_of_all() -> list[str]:
        return [view.name for view in views()]

    def all_fields() -> None:
        for view in views():
            for name in names:
                getattr(view, name)

    calls = (name_of_all, all_fields)
    loads, *taken = turns(7, lambda: json.loads(body), *map(plainly, calls), *calls)
    for kind, (some, every), budgets in (
        ("plain", taken[:2], (1.0, 2.2)),
        ("fast", taken[2:], (0.6, 1.8)),
    ):
        yield ratio(f"10,000 cloudspaces, names / json.loads, {kind}", some, loads, budgets[0])
        yield ratio(f"10,000 cloudspaces, all fields, {kind}", every, loads, budgets[1])


def compiled() -> None:
    """Compile rsspot to byte code, as an installer would: httpx has byte code too."""
    for package in (rsspot, rsspot_api):
        compileall.compile_dir(package.__path__[0], quiet=1)


WIDTH = 66
"""Width of the first column, in characters."""


def planned(sandbox: SpotSandbox) -> Iterator[Row]:
    """Measure planning."""
    with SpotClient(**options_of(sandbox)) as client:
        yield from planning(client)


def on_sandbox(measure: Callable[[SpotSandbox], Iterator[Row]]) -> Callable[[], Iterator[Row]]:
    """Return `measure` with a separate sandbox."""

    def measured() -> Iterator[Row]:
        with served() as sandbox:
            yield from measure(sandbox)

    return measured


GROUPS: dict[str, Callable[[], Iterator[Row]]] = {
    "imports": imports,
    "flows": flows,
    "canned": canned,
    "decoding": decoding,
    "growth": growth,
    "sync": one_by_one,
    "awaited": awaited,
    "ledger": ledger,
    "fleet": fleet,
    "cached": on_sandbox(cached),
    "cold": on_sandbox(cold),
    "terminal": on_sandbox(terminal),
    "planning": on_sandbox(planned),
}
"""The groups of rows, in the order in which they are measured."""


def main() -> int:
    """Print the table; return 1 if a budget is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("groups", nargs="*", choices=[[], *GROUPS], help="what to measure")
    compiled()
    kept = True
    chosen = parser.parse_args().groups or list(GROUPS)
    for row in chain.from_iterable(GROUPS[group]() for group in chosen):
        verdict = ("kept" if row.kept else "NOT KEPT") if row.budget else ""
        figures = f"{row.figure:>8}  {row.spread:>14}  {row.budget:>8}"
        print(f"{row.what:<{WIDTH}}  {figures}  {verdict}", flush=True)
        kept = kept and row.kept
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
