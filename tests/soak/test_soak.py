"""A client that works for long costs no more in the end than in the beginning."""

from __future__ import annotations

import asyncio
import gc
import os
import re
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import httpx
import pytest

from rsspot import AsyncSpotClient, CacheConfig, SpotClient
from rsspot.sandbox import SpotSandbox

if TYPE_CHECKING:
    from collections.abc import Iterator

REGION, CLASS = "us-central-dfw-2", "gp.vs2.medium-dfw2"
FLAT = 1.05
AT_ONCE = 20
POOLED = re.compile(r"(rsspot-(store|user|names)|asyncio)_\d")
"""Threads of pools, which begin when as many calls as that wait at one moment."""
PAGE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 0

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/statm").exists(), reason="memory and files are counted in /proc"
)


class Held(NamedTuple):
    """What the process holds: memory, files, sockets, threads of pools and others, tasks."""

    blocks: int
    resident: int
    files: int
    sockets: int
    pooled: int
    threads: int
    tasks: int

    @classmethod
    def now(cls, tasks: int = 0) -> Held:
        gc.collect()
        resident = int(Path("/proc/self/statm").read_text().split()[1]) * PAGE
        # What is closed between the listing and the look is not held, as the listing itself.
        kinds = [kind for each in Path("/proc/self/fd").iterdir() if (kind := _kind(each))]
        sockets = kinds.count("socket")
        files = len(kinds) - sockets
        pooled = sum(bool(POOLED.match(each.name)) for each in threading.enumerate())
        others = threading.active_count() - pooled
        return cls(sys.getallocatedblocks(), resident, files, sockets, pooled, others, tasks)

    def shown(self) -> str:
        return (
            f"{self.blocks} blocks, {self.resident // 1024} KiB, {self.files} files, "
            f"{self.sockets} sockets, {self.pooled} and {self.threads} threads, {self.tasks} tasks"
        )


def _kind(descriptor: Path) -> str | None:
    try:
        return str(descriptor.readlink()).partition(":")[0]
    except FileNotFoundError:
        return None


@pytest.fixture
def sandbox() -> Iterator[SpotSandbox]:
    with SpotSandbox(seed=1) as running:
        # It listens before its loop has the sockets that are counted as those of the sandbox.
        httpx.get(running.url)
        # Its memory of requests would be taken for a leak of the client.
        running.app.api.received = Forgetful()
        yield running


class Forgetful(list[Any]):
    """A list that keeps nothing."""

    def append(self, _item: Any) -> None:
        return


def options(sandbox: SpotSandbox) -> dict[str, Any]:
    """A client without cache, but for the regions."""
    return {**sandbox.client_options(), "cache": CacheConfig(ttl={"*/serverclasses/*": 0})}


def check(mode: str, calls: int, before: Held, warm: Held, end: Held) -> None:
    """Compare; what has a bound because of the calls at once is open or not by chance.

    Each of these calls may have a connection, with both ends in this process, and a thread.
    """
    print(f"\n{mode}, {calls} calls\n  warm: {warm.shown()}\n  end:  {end.shown()}")
    assert end.blocks <= warm.blocks * FLAT
    assert end.resident <= warm.resident * FLAT
    assert end.files <= warm.files
    assert end.sockets <= before.sockets + 2 * AT_ONCE + 2  # a pair by which a loop wakes itself
    assert end.pooled <= before.pooled + AT_ONCE
    assert end.threads <= warm.threads
    assert end.tasks <= warm.tasks


SIZES = [1_500, pytest.param(50_000, marks=pytest.mark.prove)]


@pytest.mark.parametrize("calls", SIZES)
def test_many_sync_calls_leave_nothing_behind(sandbox: SpotSandbox, calls: int) -> None:
    before = Held.now()
    with SpotClient(**options(sandbox)) as spot:
        spot.cloudspaces.create("soak", region=REGION)

        def work(count: int) -> None:
            for number in range(count // 5):
                spot.server_classes.get(CLASS)
                spot.cloudspaces.get("soak")
                spot.cloudspaces.list()
                spot.regions.list()
                spot.cloudspaces.update("soak", webhook=f"https://hook.example/{number}")

        work(max(calls // 10, 1_000))
        warm = Held.now()
        work(calls)
        check("sync", calls, before, warm, Held.now())


@pytest.mark.parametrize("calls", SIZES)
def test_many_async_calls_leave_nothing_behind(sandbox: SpotSandbox, calls: int) -> None:
    async def main() -> None:
        async with AsyncSpotClient(**options(sandbox)) as spot:
            await spot.cloudspaces.create("soak", region=REGION)

            async def some(number: int) -> None:
                await spot.server_classes.get(CLASS)
                await spot.cloudspaces.get("soak")
                await spot.cloudspaces.list()
                await spot.regions.list()
                await spot.cloudspaces.update("soak", webhook=f"https://hook.example/{number}")

            async def work(count: int) -> None:
                for _ in range(count // (5 * AT_ONCE)):
                    await asyncio.gather(*(some(number) for number in range(AT_ONCE)))

            await work(max(calls // 10, 1_000))
            warm = Held.now(len(asyncio.all_tasks()))
            await work(calls)
            check("async", calls, before, warm, Held.now(len(asyncio.all_tasks())))

    before = Held.now()
    asyncio.run(main())
    after = Held.now()
    ends = time.monotonic() + 10
    while after.sockets > before.sockets and time.monotonic() < ends:
        time.sleep(0.05)  # the sandbox sees it a moment later that the client is gone
        after = Held.now()
    assert after.sockets <= before.sockets
    assert after.files <= before.files, [*map(Path.readlink, Path("/proc/self/fd").iterdir())]
