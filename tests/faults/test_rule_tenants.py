"""No tenant sees another's data, though one state file serves them all.

Rules: docs/rules.md#tenants.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rsspot import CacheConfig, StateStore
from rsspot.sandbox import SpotSandbox

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from rsspot.sandbox.faults.middleware import ReceivedRequest

EVERYTHING = CacheConfig(ttl={"*": 3600.0})


def test_two_organizations_share_a_file_and_nothing_in_it(
    sandbox: SpotSandbox, connect: Callable[..., Any], tmp_path: Path
) -> None:
    tokens = list(sandbox.refresh_tokens.values())
    options: dict[str, Any] = {**sandbox.client_options(), "cache": EVERYTHING}
    with StateStore(tmp_path / "state.db") as state:
        one, other = (
            connect(**{**options, "refresh_token": token, "state": state}) for token in tokens[:2]
        )
        one.cloudspaces.create("mine", region="us-central-dfw-2")
        assert [space.name for space in one.cloudspaces.list()] == ["mine"]
        assert other.cloudspaces.list() == []
        other.cloudspaces.create("theirs", region="us-central-dfw-2")
        for _ in range(2):
            assert [space.name for space in one.cloudspaces.list()] == ["mine"]
            assert [space.name for space in other.cloudspaces.list()] == ["theirs"]
        for client in (one, other, one, other):
            client.organizations.list()
    # Each has asked for itself, though the URL is the same.
    assert sum(item.path.endswith("/organizations") for item in sandbox.requests) == 2
    namespaces = {
        item.path.split("/")[5] for item in sandbox.requests if "/namespaces/" in item.path
    }
    assert len(namespaces) == 2


def test_what_one_host_said_is_not_said_for_another(
    sandbox: SpotSandbox, connect: Callable[..., Any], tmp_path: Path
) -> None:
    with SpotSandbox(seed=1) as staging, StateStore(tmp_path / "state.db") as state:
        options: dict[str, Any] = {**sandbox.client_options(), "state": state}
        production = connect(**options)
        assert len(production.regions.list()) == 8
        # The same credential, and another API.
        elsewhere = connect(**{**options, "base_url": staging.url, "oauth_url": staging.url})
        asked = len(staging.requests)
        assert len(elsewhere.regions.list()) == 8
        assert len(staging.requests) > asked
        # The bearer of the one is not shown to the other.
        assert not {_bearer(item) for item in sandbox.requests} & {
            _bearer(item) for item in staging.requests
        } - {None}


def _bearer(received: ReceivedRequest) -> str | None:
    return received.headers.get("authorization")
