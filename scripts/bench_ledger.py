"""Measure the ledger against bare sqlite3, several processes on one file, and the event loop."""

from __future__ import annotations

import asyncio
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from typing import TYPE_CHECKING, Any

from measuring import ROUNDS, Row, ratio, turns

from rsspot import RegistrationCandidate, RegistrationWorkflow, StateStore
from rsspot.registration import JoinToken
from rsspot.state.ledger import Listing, Reissued, TokenIssued

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rsspot import RegistrationRecord

__all__ = ["ledger"]

BATCH = 1000
PROCESSES = 4


def candidates(count: int, name: str = "s") -> Listing:
    """Return `count` VMs."""
    return Listing(
        target="t",
        candidates=tuple(
            RegistrationCandidate(
                namespace="n", vm_cloudspace="v", server=f"{name}{each}", target="t"
            )
            for each in range(count)
        ),
    )


class Bare:
    """The same statements with bare sqlite3."""

    def __init__(self, path: str) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None)
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = FULL")
        self._connection.execute("PRAGMA foreign_keys = ON")

    def change(self, record: RegistrationRecord, version: int, token: str) -> None:
        """Make a compare-and-set, and add a line of history."""
        done = self._connection.execute(
            "UPDATE registrations SET status = ?, updated_at = ?, token_id = ?, "
            "token_expires_at = ?, version = version + 1 WHERE key = ? AND version = ?",
            ("token_issued", time.time(), token, None, record.key, version),
        )
        if not done.rowcount:
            raise RuntimeError("The version is another one.")
        self._connection.execute(
            "INSERT INTO audit (key, at, who, before, after, why) VALUES (?, ?, ?, ?, ?, ?)",
            (record.key, time.time(), "w", "discovered", "token_issued", f"token {token}"),
        )

    def transaction(self, changes: list[tuple[RegistrationRecord, int, str]]) -> None:
        """Commit several changes together."""
        self._connection.execute("BEGIN IMMEDIATE")
        for change in changes:
            self.change(*change)
        self._connection.execute("COMMIT")

    def close(self) -> None:
        """Close it."""
        self._connection.close()


def transitions(folder: str) -> Iterator[Row]:
    """Measure one transition per transaction, and a thousand in one."""
    stores = [StateStore(f"{folder}/{name}.db") for name in ("ours", "bare")]
    for store in stores:
        store.registrations.discover(candidates(BATCH), who="w")
    first = stores[0].registrations
    ours, theirs = first.list(), stores[1].registrations.list()
    bare = Bare(stores[1].path)
    versions = [1] * BATCH
    number = iter(range(10**9))

    def one_of_ours() -> None:
        turn = next(number)
        event = (Reissued if turn >= BATCH else TokenIssued)(f"t{turn}")
        ours[turn % BATCH] = first.apply(ours[turn % BATCH], event, who="w")

    turn = iter(range(10**9))

    def one_of_theirs() -> None:
        each = next(turn)
        bare.transaction([(theirs[each % BATCH], versions[each % BATCH], f"t{each}")])
        versions[each % BATCH] += 1

    mine, plain = turns(2 * BATCH, one_of_ours, one_of_theirs)
    yield ratio("ledger transition, FULL, bare sqlite3 / ours", plain, mine, 0.6, least=True)

    def many_of_ours() -> None:
        token = f"t{next(number)}"
        ours[:] = first.apply_all([(record, Reissued(token)) for record in ours], who="w")

    def many_of_theirs() -> None:
        token = f"t{next(turn)}"
        bare.transaction([(theirs[each], versions[each], token) for each in range(BATCH)])
        versions[:] = [version + 1 for version in versions]

    mine, plain = turns(25, many_of_ours, many_of_theirs)
    yield ratio("1,000 transitions at once, bare / ours", plain, mine, 0.5, least=True)
    bare.close()
    for store in stores:
        store.close()


WORKER = """
import sys, time
from rsspot import StateStore
from rsspot.state.ledger import Reissued, TokenIssued
from bench_ledger import candidates
path, name, seconds = sys.argv[1], sys.argv[2], float(sys.argv[3])
with StateStore(path, busy_timeout=30) as store:
    ledger = store.registrations
    ledger.discover(candidates(20, name), who=name)
    mine = [record for record in ledger.list() if record.server.startswith(name)]
    mine = [ledger.apply(record, TokenIssued("first"), who=name) for record in mine]
    print("ready", flush=True)
    sys.stdin.readline()
    done, ends = 0, time.monotonic() + seconds
    while time.monotonic() < ends:
        each = done % len(mine)
        mine[each] = ledger.apply(mine[each], Reissued(f"t{done}"), who=name)
        done += 1
    print(done)
"""


def together(path: str, count: int, seconds: float) -> list[int]:
    """Return how many transitions each of `count` processes makes in the same time."""
    folder = __file__.rpartition("/")[0]
    program = [sys.executable, "-c", f"import sys; sys.path.insert(0, {folder!r})\n{WORKER}", path]
    workers = [
        subprocess.Popen(
            [*program, f"w{number}-", str(seconds)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in range(count)
    ]
    for worker in workers:
        if worker.stdout is None or worker.stdout.readline() != "ready\n":
            raise RuntimeError("A worker has failed.")
    for worker in workers:
        if worker.stdin is not None:
            worker.stdin.write("go\n")
            worker.stdin.flush()
    return [int(worker.communicate()[0]) for worker in workers]


def processes(folder: str) -> Iterator[Row]:
    """Measure four processes on one file, against one of them alone."""
    totals: list[float] = []
    least: list[float] = []
    for turn in range(ROUNDS):
        alone = together(f"{folder}/alone{turn}.db", 1, 1.0)
        shared = together(f"{folder}/shared{turn}.db", PROCESSES, 1.0)
        totals.append(sum(shared) / sum(alone))
        least.append(min(shared) / (sum(shared) / PROCESSES))
    what = "four processes on one file"
    ones = [1.0] * ROUNDS
    yield ratio(f"{what}, total / one alone", totals, ones, 0.5, least=True)
    yield ratio(f"{what}, slowest / mean", least, ones, 0.1, least=True)


HOLDER = """
import sqlite3, sys, time
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("held", flush=True)
time.sleep(2)
connection.execute("ROLLBACK")
"""


class _Inventory:
    def __init__(self) -> None:
        machines: dict[str, Any] = {f"s{number}": {} for number in range(20)}
        where = {"name": "vms", "namespace": "n", "uid": "u"}
        self.spaces: list[Any] = [{"metadata": where, "status": {"assignedServers": machines}}]

    @property
    def inventory(self) -> Any:
        return self

    def list_vmcloudspaces(self) -> list[Any]:
        return self.spaces


async def _longest_stop(store: StateStore, path: str) -> float:
    """Return the longest pause of the event loop while another process holds the lock."""
    workflow = RegistrationWorkflow(store, target="t")
    holder = subprocess.Popen(  # noqa: ASYNC220 - it starts at once
        [sys.executable, "-c", HOLDER, path], stdout=subprocess.PIPE
    )
    if holder.stdout is not None:
        holder.stdout.readline()
    stops: list[float] = []

    async def tick() -> None:
        while True:
            began = time.perf_counter()
            await asyncio.sleep(0.001)
            stops.append(time.perf_counter() - began - 0.001)

    ticking = asyncio.create_task(tick())
    await asyncio.sleep(0.05)
    stops.clear()
    began = time.perf_counter()
    summary = await workflow.arun(
        _Inventory(),
        issue_token=lambda step: JoinToken(step.idempotency_key, "text of a token"),
        submit=lambda _step, _token: None,
    )
    waited = time.perf_counter() - began
    ticking.cancel()
    holder.wait()
    if summary.registered != summary.total or waited < 1:
        raise RuntimeError("The lock was not held, or the run has failed.")
    return max(stops)


def blocked(folder: str) -> Iterator[Row]:
    """Measure a run in an event loop while another process holds the write lock for two seconds."""
    longest: list[float] = []
    for turn in range(ROUNDS):
        path = f"{folder}/blocked{turn}.db"
        with StateStore(path) as store:
            store.preferences.set("a", 1)
            longest.append(asyncio.run(_longest_stop(store, path)) * 1e3)
    middle = statistics.median(longest)
    what = "loop stopped while the file is locked for 2 s, ms"
    spread = f"{min(longest):.1f} to {max(longest):.1f}"
    yield Row(what, f"{middle:.1f}", "≤ 20", middle <= 20, spread)  # noqa: PLR2004


def ledger() -> Iterator[Row]:
    """Measure all rows."""
    with tempfile.TemporaryDirectory() as folder:
        yield from transitions(folder)
        yield from processes(folder)
        yield from blocked(folder)
