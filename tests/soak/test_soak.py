"""A client that works for long costs no more in the end than in the beginning."""

from __future__ import annotations

import asyncio
import gc
import os
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from rsspot import AsyncSpotClient, CacheConfig, SpotClient
from rsspot.sandbox import SpotSandbox

if TYPE_CHECKING:
    from collections.abc import Iterator

REGION, CLASS = "us-central-dfw-2", "gp.vs2.medium-dfw2"
FLAT = 1.05
AT_ONCE = 20
PAGE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 0

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/statm").exists(), reason="memory and files are counted in /proc"
)


class Held(NamedTuple):
    """What the process holds: blocks of memory, resident bytes, files, threads and tasks."""

    blocks: int
    resident: int
    files: int
    threads: int
    tasks: int

    @classmethod
    def now(cls, tasks: int = 0) -> Held:
        gc.collect()
        resident = int(Path("/proc/self/statm").read_text().split()[1]) * PAGE
        files = len(list(Path("/proc/self/fd").iterdir()))
        return cls(sys.getallocatedblocks(), resident, files, threading.active_count(), tasks)

    def shown(self) -> str:
        return (
            f"{self.blocks} blocks, {self.resident // 1024} KiB, {self.files} files, "
            f"{self.threads} threads, {self.tasks} tasks"
        )


@pytest.fixture
def sandbox() -> Iterator[SpotSandbox]:
    with SpotSandbox(seed=1) as running:
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


def check(color: str, calls: int, warm: Held, end: Held) -> None:
    print(f"\n{color}, {calls} calls\n  warm: {warm.shown()}\n  end:  {end.shown()}")
    assert end.blocks <= warm.blocks * FLAT
    assert end.resident <= warm.resident * FLAT
    assert end.files <= warm.files
    assert end.threads <= warm.threads
    assert end.tasks <= warm.tasks


SIZES = [1_500, pytest.param(50_000, marks=pytest.mark.prove)]


@pytest.mark.parametrize("calls", SIZES)
def test_many_sync_calls_leave_nothing_behind(sandbox: SpotSandbox, calls: int) -> None:
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
        check("sync", calls, warm, Held.now())


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
            check("async", calls, warm, Held.now(len(asyncio.all_tasks())))

    before = Held.now()
    asyncio.run(main())
    assert Held.now().files <= before.files + 1  # the sandbox may still be closing one
