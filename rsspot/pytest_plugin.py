"""Fixtures for suites that test against a local Spot; pytest finds them by itself.

`spot_sandbox` is a running sandbox, `spot_client` and `async_spot_client` are clients of it. All
are made anew for each test. The extra `sandbox` has to be installed where they are used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rsspot import AsyncSpotClient, SpotClient
    from rsspot.sandbox import SpotSandbox

__all__ = ["async_spot_client", "spot_client", "spot_sandbox"]


@pytest.fixture
def spot_sandbox() -> Iterator[SpotSandbox]:
    """A local Spot, of seed 1, whose clock stands still until the test or a wait moves it."""
    try:
        from rsspot.sandbox import SpotSandbox
    except ImportError as error:
        pytest.fail(str(error), pytrace=False)
    with SpotSandbox(seed=1) as sandbox:
        yield sandbox


@pytest.fixture
def spot_client(spot_sandbox: SpotSandbox) -> Iterator[SpotClient]:
    """A client of `spot_sandbox`, signed in to its first organization."""
    from rsspot import SpotClient

    with SpotClient(**spot_sandbox.client_options()) as client:
        yield client


@pytest.fixture
def async_spot_client(spot_sandbox: SpotSandbox) -> Iterator[AsyncSpotClient]:
    """The same for async code, from whichever loop the test runs in."""
    import asyncio

    from rsspot import AsyncSpotClient

    client = AsyncSpotClient(**spot_sandbox.client_options())
    yield client
    # A loop of its own, which never becomes the current one: the test's may be gone by now.
    loop = asyncio.new_event_loop()
    loop.run_until_complete(client.aclose())
    loop.close()
