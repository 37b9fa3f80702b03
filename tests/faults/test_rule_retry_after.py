"""Retry-After is obeyed, within a bound.

Rules: docs/rules.md#retry-after.
"""

from __future__ import annotations

from email.utils import formatdate
from typing import TYPE_CHECKING, Any

import pytest

from rsspot import RetryConfig, errors

if TYPE_CHECKING:
    from collections.abc import Callable

    from rsspot.sandbox import SpotSandbox

pytestmark = pytest.mark.usefixtures("each_engine")


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("form", ["seconds", "date"])
def test_a_wait_is_at_least_what_was_asked_for(
    sandbox: SpotSandbox, connect: Callable[..., Any], status: int, form: str
) -> None:
    now = sandbox.clock.now()
    text = "7" if form == "seconds" else formatdate(now + 8, usegmt=True)
    sandbox.faults.add("status", path="regions", status=status, retry_after=text, times=1)
    client = connect(**sandbox.client_options())
    assert len(client.regions.list()) == 8
    assert 7 <= sandbox.clock.now() - now < 10


def test_a_wait_beyond_the_bound_is_not_begun_and_is_told(sandbox: SpotSandbox, spot: Any) -> None:
    sandbox.faults.add("status", path="regions", status=429, retry_after="86400", times=1)
    now = sandbox.clock.now()
    with pytest.raises(errors.RateLimitedError, match="a pause of 86400 s") as caught:
        spot.regions.list()
    assert caught.value.retry_after == 86400
    assert sandbox.clock.now() == now


def test_429_for_ever_is_an_error_within_the_bound(
    sandbox: SpotSandbox, connect: Callable[..., Any]
) -> None:
    sandbox.faults.add("status", path="regions", status=429, retry_after="5")
    now = sandbox.clock.now()
    client = connect(**sandbox.client_options(), retry=RetryConfig(max_elapsed=30))
    with pytest.raises(errors.RateLimitedError) as caught:
        client.regions.list()
    assert sandbox.clock.now() - now <= 30
    assert caught.value.tries == 6
