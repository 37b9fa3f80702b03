"""A name is looked at before anything is sent, and cannot change the request.

Rules: docs/rules.md#names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rsspot import SpotClient, errors
from rsspot.wire.endpoint import segment

if TYPE_CHECKING:
    from rsspot.sandbox import SpotSandbox

BAD = [
    *("", ".", "..", "a/b", "a?dryRun=All", "a#b", "%2e%2e", "a%2fb", "a\r\nX: y", "a\n", "a\\b"),
    "\ud800",
]


@pytest.mark.parametrize("name", BAD)
def test_a_name_that_could_change_the_request_is_never_sent(
    sandbox: SpotSandbox, spot: Any, name: str
) -> None:
    spot.cloudspaces.list()
    before = len(sandbox.requests)
    for call in (spot.cloudspaces.get, spot.cloudspaces.delete, spot.vm_ssh_keys.delete):
        with pytest.raises(errors.InvalidInput):
            call(name)
    for call in (spot.spot_nodepools.delete, spot.server_classes.get, spot.cloudspaces.kubeconfig):
        with pytest.raises(errors.InvalidInput):
            call(name)
    assert len(sandbox.requests) == before


@given(st.text(st.characters(exclude_categories=()), max_size=30))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_passes_is_one_segment(name: str) -> None:
    try:
        quoted = segment("name", name)
    except errors.InvalidInput:
        return
    assert quoted not in {"", ".", ".."}
    assert not set(quoted) & set("/?#\\\r\n")


def test_another_host_is_refused_before_anything_is_sent(sandbox: SpotSandbox) -> None:
    with SpotClient(**sandbox.client_options()) as client:
        for path in ("https://evil.example/x", "//evil.example/x", "@evil.example/x", "\\\\evil/x"):
            with pytest.raises(errors.InvalidInput):
                client.request("GET", path)
    assert sandbox.requests == []
