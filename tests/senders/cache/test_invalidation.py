"""What a write does to reads that are kept: when it is sent, and when it ends, however it ends.

Rules: docs/rules.md#freshness.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from rsspot.errors import ConnectionFailed
from rsspot.senders import CachingSender, Request, Response

if TYPE_CHECKING:
    from collections.abc import Callable

URL = "https://api.example/a/b"


@pytest.fixture
def cache(wire: Any, clock: Any, answer: Callable[..., Any]) -> CachingSender:
    wire.answers = [answer(200, {"now": 1}, Cache_Control="max-age=60")]
    return CachingSender(sender=wire.end, clock=clock)


def reads(wire: Any, cache: CachingSender) -> int:
    """How many requests it takes until now to read."""
    wire.get(cache, "/a/b")
    return len(wire.requests)


def test_while_a_write_is_under_way_nobody_reads_the_past(wire: Any, cache: CachingSender) -> None:
    assert reads(wire, cache) == reads(wire, cache) == 1
    flow = cache.flow(Request("PATCH", URL))
    next(flow)
    assert reads(wire, cache) == 2
    flow.close()


def test_what_was_read_during_a_write_is_dropped_when_it_ends(
    wire: Any, cache: CachingSender
) -> None:
    flow = cache.flow(Request("PATCH", URL))
    next(flow)
    assert reads(wire, cache) == reads(wire, cache) == 1
    with pytest.raises(StopIteration):
        flow.send(Response(URL, status_code=200))
    assert reads(wire, cache) == 2


def test_what_was_read_during_a_write_is_dropped_when_it_fails(
    wire: Any, cache: CachingSender
) -> None:
    flow = cache.flow(Request("PATCH", URL))
    next(flow)
    assert reads(wire, cache) == reads(wire, cache) == 1
    with pytest.raises(ConnectionFailed):
        flow.throw(ConnectionFailed("lost"))
    assert reads(wire, cache) == 2


def test_what_was_read_during_a_write_is_dropped_when_it_is_abandoned(
    wire: Any, cache: CachingSender
) -> None:
    flow = cache.flow(Request("PATCH", URL))
    next(flow)
    assert reads(wire, cache) == reads(wire, cache) == 1
    flow.close()
    assert reads(wire, cache) == 2
