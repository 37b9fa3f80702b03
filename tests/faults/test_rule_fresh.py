"""Fresh means fresh, whatever becomes of a write.

Rules: docs/rules.md#freshness.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest

from rsspot import CacheConfig, RetryConfig, StateStore, errors

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from rsspot.sandbox import SpotSandbox

EVERYTHING = CacheConfig(ttl={"*": 3600.0})
ONCE = RetryConfig(max_attempts=1)


@pytest.mark.parametrize("fault", [None, "drop_after", "status_after", "drop_before", "truncate"])
def test_a_write_is_seen_however_it_ends(
    sandbox: SpotSandbox, connect: Callable[..., Any], tmp_path: Path, fault: Any
) -> None:
    with StateStore(tmp_path / "one.db") as state, StateStore(tmp_path / "one.db") as also:
        options: dict[str, Any] = {**sandbox.client_options(), "cache": EVERYTHING, "retry": ONCE}
        writer, reader = (connect(**{**options, "state": each}) for each in (state, also))
        assert writer.cloudspaces.list() == reader.cloudspaces.list() == []
        if fault is not None:
            sandbox.faults.add(fault, method="POST", path="cloudspaces", times=1)
        with suppress(errors.RequestError):
            writer.cloudspaces.create("demo", region="us-central-dfw-2")
        there = [] if fault == "drop_before" else ["demo"]
        for client in (writer, reader, writer):
            assert [space.name for space in client.cloudspaces.list()] == there


def test_memory_and_file_expire_together(
    sandbox: SpotSandbox, connect: Callable[..., Any], tmp_path: Path
) -> None:
    def asked() -> int:
        return sum(item.path.endswith("/regions") for item in sandbox.requests)

    with StateStore(tmp_path / "state.db") as state:
        options: dict[str, Any] = {**sandbox.client_options(), "state": state}
        first, second = (connect(**options) for _ in range(2))
        for seconds, expected in ((0, 1), (59, 1), (2, 2), (0, 2)):
            sandbox.advance(seconds=seconds)
            for client in (first, second):
                client.regions.list()
            assert asked() == expected
