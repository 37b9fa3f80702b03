"""pytest fixtures for testing against a local Spot. pytest loads them automatically.

`spot_sandbox` is a running sandbox; `spot_client` and `async_spot_client` are its clients. Every
test gets new ones. Tests that use them need the extra `sandbox`.
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
    """Yield a sandbox with seed 1. Its clock stands still until the test or a wait advances it."""
    try:
        from rsspot.sandbox import SpotSandbox
    except ImportError as error:
        pytest.fail(str(error), pytrace=False)
    with SpotSandbox(seed=1) as sandbox:
        yield sandbox


@pytest.fixture
def spot_client(spot_sandbox: SpotSandbox) -> Iterator[SpotClient]:
    """Yield a client of `spot_sandbox`, for its first organization.

    Args:
        spot_sandbox: The fixture of that name.
    """
    from rsspot import SpotClient

    with SpotClient(**spot_sandbox.client_options()) as client:
        yield client


@pytest.fixture
def async_spot_client(spot_sandbox: SpotSandbox) -> Iterator[AsyncSpotClient]:
    """Yield an async client of `spot_sandbox`, which any event loop can use.

    Args:
        spot_sandbox: The fixture of that name.
    """
    import asyncio

    from rsspot import AsyncSpotClient

    client = AsyncSpotClient(**spot_sandbox.client_options())
    yield client
    # A new loop, which is never set as the current one: that of the test may be closed by now.
    loop = asyncio.new_event_loop()
    loop.run_until_complete(client.aclose())
    loop.close()
