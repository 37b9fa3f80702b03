"""Async requests under steady load: fifty workers, with and without variables for proxies.

Fifty requests at once flatter a pool that keeps more connections than the one it is compared with;
workers that go on one request after another do not. What is compared is the processor time that
this process takes, so that what else the machine does weighs as little as it can.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import httpx
from measuring import ratio

from rsspot.senders.messages import Request
from rsspot.senders.transport.aiohttp_sender import AiohttpSender
from rsspot.senders.transport.http import AsyncSender

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Generator, Iterator

    from measuring import Row

__all__ = ["steady"]

WORKERS = 50
REQUESTS = 400
ROUNDS = 9
NOWHERE = "http://127.0.0.1:9"
ENVIRONMENTS: dict[str, dict[str, str]] = {
    "none": {},
    "NO_PROXY=*": {"NO_PROXY": "*"},
    "HTTPS_PROXY": {"HTTPS_PROXY": NOWHERE},
    "ALL_PROXY, NO_PROXY": {"ALL_PROXY": NOWHERE, "NO_PROXY": "localhost,fe80::/10,127.0.0.0/8"},
}
"""Variables for proxies that lead none of the requests through one."""


@contextmanager
def _only(variables: dict[str, str]) -> Generator[None]:
    """These variables for proxies, and no others."""
    kept = dict(os.environ)
    for name in kept:
        if name.lower().endswith("_proxy"):
            del os.environ[name]
    os.environ.update(variables)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(kept)


async def _load(call: Callable[[], Awaitable[object]]) -> float:
    """The processor time of `REQUESTS` calls by `WORKERS` workers."""
    left = iter(range(REQUESTS))

    async def work() -> None:
        for _ in left:
            await call()

    started = time.process_time()
    await asyncio.gather(*(work() for _ in range(WORKERS)))
    return time.process_time() - started


async def _measure(url: str) -> dict[str, list[float]]:
    request = Request("GET", url)
    bare = httpx.AsyncClient(trust_env=False)
    calls: dict[str, Callable[[], Awaitable[object]]] = {"httpx": lambda: bare.get(url)}
    senders: list[Any] = []

    def add(name: str, sender: Any) -> None:
        senders.append(sender)
        calls[name] = lambda: sender.send(request)

    for name, variables in ENVIRONMENTS.items():
        with _only(variables):
            add(name, AsyncSender())
            await senders[-1].send(request)  # which is when the variables are read
    add("fast", AiohttpSender())
    taken: dict[str, list[float]] = {name: [] for name in calls}
    for number in range(ROUNDS + 1):
        for name, call in calls.items():
            spent = await _load(call)
            if number:  # the first round opens the connections
                taken[name].append(spent)
    for sender in senders:
        await sender.close()
    await bare.aclose()
    return taken


def steady(url: str) -> Iterator[Row]:
    """What fifty workers get done, and that no variable for proxies changes it."""
    taken = asyncio.run(_measure(url))
    median = {name: statistics.median(each) for name, each in taken.items()}
    for name in ENVIRONMENTS:
        what = f"50 workers, {REQUESTS} GETs, httpx / AsyncSender, variables: {name}"
        yield ratio(what, median["httpx"], median[name], 2, least=True)
    ours = [median[name] for name in ENVIRONMENTS]
    yield ratio(
        "the same: with any variables / with those that suit best", max(ours), min(ours), 1.1
    )
    yield ratio("the same with the extra `fast`", median["httpx"], median["fast"], 4, least=True)
