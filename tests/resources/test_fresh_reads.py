"""What must not see the past does not, whatever may be cached.

Rules: docs/rules.md#cached-by-default.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rsspot import CacheConfig

if TYPE_CHECKING:
    from rsspot.sandbox import SpotSandbox


def test_who_waits_does_not_believe_a_cache(sandbox: SpotSandbox, connect: Any) -> None:
    cache = CacheConfig(ttl={"*": 100_000})
    spot = connect(**sandbox.client_options(), cache=cache)
    spot.cloudspaces.create("demo", region="us-central-dfw-2")
    before = spot.cloudspaces.get("demo")
    assert spot.cloudspaces.wait_until_ready("demo").phase == "Ready"
    assert spot.cloudspaces.get("demo").phase == before.phase, "this one was to be kept"
