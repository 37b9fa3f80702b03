"""One refresh at a time, for tasks, threads and processes.

Rules: docs/rules.md#one-refresh.
"""

from __future__ import annotations

import asyncio
import multiprocessing
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TYPE_CHECKING, Any

import pytest

from rsspot import AsyncSpotClient, CacheConfig, SpotClient, errors

if TYPE_CHECKING:
    from pathlib import Path

    from rsspot.sandbox import SpotSandbox

pytestmark = pytest.mark.usefixtures("each_engine")

OFF = CacheConfig(enabled=False)
REGION = "uk-lon-1"


def token_requests(sandbox: SpotSandbox) -> int:
    return sum(item.path == "/oauth/token" for item in sandbox.requests)


def outlive_the_token(sandbox: SpotSandbox, how: str) -> None:
    """Make the bearer one that has expired, or one that the server refuses before its time."""
    if how == "expired":
        sandbox.advance(minutes=60 * 24 * 2)
    else:
        sandbox.faults.add("expired_token", path="regions", times=1)


@pytest.mark.parametrize("how", ["expired", "refused"])
def test_fifty_tasks_make_one_token_request(sandbox: SpotSandbox, how: str) -> None:
    async def main() -> None:
        async with AsyncSpotClient(**sandbox.client_options(), cache=OFF) as client:
            await client.authenticate()
            outlive_the_token(sandbox, how)
            names = await asyncio.gather(*(client.regions.get(REGION) for _ in range(50)))
            assert {region.name for region in names} == {REGION}

    asyncio.run(main())
    assert token_requests(sandbox) == 2


@pytest.mark.parametrize("how", ["expired", "refused"])
def test_twenty_threads_make_one_token_request(sandbox: SpotSandbox, how: str) -> None:
    ready = Barrier(20)
    with SpotClient(**sandbox.client_options(), cache=OFF) as client:
        client.authenticate()
        outlive_the_token(sandbox, how)

        def ask() -> str:
            ready.wait()
            return client.regions.get(REGION).name

        with ThreadPoolExecutor(20) as pool:
            calls = [pool.submit(ask) for _ in range(20)]
            assert {call.result() for call in calls} == {REGION}
    assert token_requests(sandbox) == 2


def _ask(options: dict[str, Any], ready: Any) -> None:
    with SpotClient(**options) as client:
        ready.wait()
        client.regions.get(REGION)


def test_four_processes_with_one_file_make_one_token_request(
    sandbox: SpotSandbox, tmp_path: Path
) -> None:
    options: dict[str, Any] = {
        "base_url": sandbox.url,
        "oauth_url": sandbox.url,
        "refresh_token": sandbox.refresh_token,
        "state": str(tmp_path / "state.db"),
        "cache": OFF,
    }
    with SpotClient(**options) as client:
        client.authenticate()
    # By their own clock the token in the file is good; the server finds that it has expired.
    outlive_the_token(sandbox, "expired")
    context = multiprocessing.get_context("spawn")
    ready = context.Barrier(4)
    workers = [context.Process(target=_ask, args=(options, ready)) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert [worker.exitcode for worker in workers] == [0] * 4
    assert token_requests(sandbox) == 2


def test_a_refresh_that_fails_fails_all_at_once_and_says_why(sandbox: SpotSandbox) -> None:
    outcomes: list[BaseException] = []

    async def main() -> None:
        async with AsyncSpotClient(**sandbox.client_options(), cache=OFF) as client:
            await client.authenticate()
            outlive_the_token(sandbox, "expired")
            sandbox.faults.add("status", path="oauth", status=401)
            calls = (client.regions.get(REGION) for _ in range(50))
            outcomes.extend(await asyncio.gather(*calls, return_exceptions=True))  # type: ignore[arg-type]  # all of them fail

    asyncio.run(main())
    assert {type(outcome) for outcome in outcomes} == {errors.AuthError}
    assert "Sign-in at 127.0.0.1" in str(outcomes[0])
    assert sandbox.refresh_token not in str(outcomes[0])
    assert token_requests(sandbox) == 2
