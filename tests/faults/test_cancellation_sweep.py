"""A call that is cancelled at any of its steps leaves no lock, task or connection behind."""

from __future__ import annotations

import asyncio
import re
import types
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from rsspot import AsyncSpotClient, CacheConfig, SpotClient, errors
from rsspot.sandbox import SpotSandbox
from rsspot.senders import AsyncSender
from rsspot.senders.transport.aiohttp_sender import AiohttpSender
from tests.docs.pages import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Generator

REGION = "us-central-dfw-2"
CLASS = "gp.vs2.medium-dfw2"
PAGE = (ROOT / "docs" / "operations.md").read_text("utf-8")
CALLS = sorted({*re.findall(r"^\|.*`(client\.[^`]+\))`", PAGE, re.MULTILINE)})
SOME = [
    call for call in CALLS if call.startswith(("client.regions.list", "client.cloudspaces.create"))
]
INNER = re.compile(r"(?<=\()client\.[\w.]+\([^()]*\)")
"""A call within another one, whose result is its argument."""
FEW = httpx.Limits(max_connections=2, max_keepalive_connections=2)
ENGINES: dict[str, Callable[[], Any]] = {
    "httpx": lambda: AsyncSender(limits=FEW, timeout=5),
    "aiohttp": lambda: AiohttpSender(limits=FEW, timeout=5),
    "client of the user": lambda: AsyncSender(httpx.AsyncClient(limits=FEW, timeout=5)),
}
PATIENCE = 10.0
"""Seconds after which something counts as stuck."""


@types.coroutine
def cancelled_at(
    step: int, call: Coroutine[Any, Any, Any], steps: list[int]
) -> Generator[Any, Any, Any]:
    """Await `call`, whose task is cancelled when it waits for the n-th time; count the waits."""
    error: BaseException | None = None
    while True:
        try:
            waited = call.send(None) if error is None else call.throw(error)
        except StopIteration as stop:
            return stop.value
        error = None
        steps.append(1)
        if len(steps) == step:
            task = asyncio.current_task()
            assert task is not None
            task.cancel()
        try:
            yield waited
        except BaseException as caught:  # noqa: BLE001 - the call decides what it means
            error = caught


async def sweep(call: str, names: dict[str, Any], connect: Callable[[], AsyncSpotClient]) -> int:
    """Cancel `call` at each of its steps; return how many there were."""
    step = 0
    while True:
        step += 1
        client = connect()
        waits: list[int] = []

        made = eval(call, {**names, "client": client})  # noqa: S307 - our own page
        made = collected(made) if hasattr(made, "__aiter__") else made
        task = asyncio.ensure_future(awaited(cancelled_at(step, made, waits)))
        with suppress(asyncio.CancelledError, errors.RSSpotError):
            await asyncio.wait_for(asyncio.shield(task), PATIENCE)
        rest = asyncio.all_tasks() - {asyncio.current_task()}
        if rest:
            _, stuck = await asyncio.wait(rest, timeout=PATIENCE)
            assert not stuck, f"{call} left tasks at step {step}"
        # Whatever it held, the same client can sign in, read, and write.
        assert len(await asyncio.wait_for(client.regions.list(), PATIENCE)) > 0
        await client.aclose()
        if len(waits) < step:
            return step - 1


async def awaited(call: Any) -> None:
    await call


async def collected(items: Any) -> list[Any]:
    return [item async for item in items]


def world(spot: SpotClient) -> dict[str, Any]:
    cloudspace = spot.cloudspaces.create("demo", region=REGION, wait=True)
    spot.vm_ssh_keys.create("laptop", public_key="ssh-ed25519 AAAA me@laptop")
    spot.vm_cloudspaces.create("vms", region=REGION, ssh_key="laptop")
    return {
        "namespace": spot.organizations.current().namespace,
        "cloudspace": cloudspace,
        "spot_pool": spot.spot_nodepools.create("demo", server_class=CLASS, bid_price="0.05"),
        "ondemand_pool": spot.ondemand_nodepools.create("demo", server_class=CLASS),
        "autopilot_pool": spot.autopilot_nodepools.create(
            "demo", region=REGION, vcpu_total=8, budget_per_hour="0.5"
        ),
        "vm_pool": spot.vm_pools.create("vms", server_class=CLASS, bid_price="0.05"),
    }


def swept(call: str, engine: str) -> int:
    with SpotSandbox(seed=1) as sandbox:
        options: dict[str, Any] = {**sandbox.client_options(), "cache": CacheConfig(enabled=False)}
        with SpotClient(**options) as spot:
            names = world(spot)
            for inner in INNER.findall(call):
                names["given"] = eval(inner, {"client": spot})  # noqa: S307 - our own page
                call = call.replace(inner, "given")

        async def main() -> int:
            senders: list[Any] = []

            def connect() -> AsyncSpotClient:
                senders.append(ENGINES[engine]())
                chosen: dict[str, Any] = {**options, "sender": senders[-1]}
                return AsyncSpotClient(**chosen)

            steps = await sweep(call, names, connect)
            for sender in senders:
                await sender.close()
            return steps

        return asyncio.run(main())


@pytest.mark.parametrize("call", SOME)
@pytest.mark.parametrize("engine", ENGINES)
def test_some_calls_can_be_cancelled_at_any_step(call: str, engine: str) -> None:
    assert swept(call, engine) > 1


@pytest.mark.prove
@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("engine", ENGINES)
def test_every_call_can_be_cancelled_at_any_step(call: str, engine: str) -> None:
    assert swept(call, engine) > 0
