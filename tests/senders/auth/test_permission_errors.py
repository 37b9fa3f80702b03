"""403: one forced renewal, one re-send, and a minute in which there is none.

Rules: docs/rules.md#permission-errors.
"""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from rsspot import SpotClient, StateStore, errors
from rsspot.senders import AuthenticatingSender, RefreshToken, Request
from tests.senders.auth.test_tokens import Issuer, source

ALLOWED, FORBIDDEN = 200, 403


class Server:
    """An issuer, and an API that answers with the statuses it is given, the last one for ever."""

    def __init__(self, *statuses: int) -> None:
        self.statuses = list(statuses)
        self.issuer = Issuer()
        self.calls = 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/oauth/token":
            return self.issuer(request)
        self.calls += 1
        status = self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]
        return httpx.Response(status, json={})

    @property
    def renewals(self) -> int:
        return self.issuer.count - 1


def signed_in(wire: Any, clock: Any, **options: Any) -> tuple[Server, AuthenticatingSender]:
    server = Server(ALLOWED)
    wire.answers = [server]
    sender = AuthenticatingSender(source(clock, **options), wire.end, clock=clock)
    assert wire.get(sender).ok
    server.calls = 0
    return server, sender


@pytest.mark.parametrize("age", [0, 1, 59, 61, 3600])
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_a_403_renews_the_token_whatever_its_age(
    wire: Any, clock: Any, age: float, method: str
) -> None:
    server, sender = signed_in(wire, clock)
    clock.time += age
    server.statuses = [FORBIDDEN, ALLOWED]
    assert wire.send(sender, Request(method, "https://api.example/x")).status_code == ALLOWED
    assert (server.renewals, server.calls) == (1, 2)


def test_a_further_403_is_final_and_forces_no_renewal_for_a_minute(wire: Any, clock: Any) -> None:
    server, sender = signed_in(wire, clock)
    server.statuses = [FORBIDDEN]
    assert wire.get(sender).status_code == FORBIDDEN
    assert (server.renewals, server.calls) == (1, 2)
    for seconds in (0, 30, 29):
        clock.time += seconds
        assert wire.get(sender).status_code == FORBIDDEN
        assert server.renewals == 1
    clock.time += 2
    assert wire.get(sender).status_code == FORBIDDEN
    assert server.renewals == 2


def test_a_403_with_a_token_that_was_obtained_for_this_call_is_final(wire: Any, clock: Any) -> None:
    server = Server(FORBIDDEN)
    wire.answers = [server]
    sender = AuthenticatingSender(source(clock), wire.end, clock=clock)
    assert wire.get(sender).status_code == FORBIDDEN
    assert (server.renewals, server.calls) == (0, 1)
    # The next call has it from the one before.
    assert wire.get(sender).status_code == FORBIDDEN
    assert (server.renewals, server.calls) == (1, 3)


def test_the_minute_holds_in_other_clients_and_processes_with_the_same_store(
    wire: Any, clock: Any
) -> None:
    store = StateStore(":memory:")
    server, first = signed_in(wire, clock, store=store.tokens)
    second = AuthenticatingSender(source(clock, store=store.tokens), wire.end, clock=clock)
    server.statuses = [FORBIDDEN]
    wire.get(first)
    assert server.renewals == 1
    wire.get(second)
    assert server.renewals == 1
    other = RefreshToken(
        "r-other", url="https://login.example/oauth/token", client_id="c", clock=clock,
        audience="https://api.example", store=store.tokens,
    )  # fmt: skip
    server.statuses = [ALLOWED]
    another = AuthenticatingSender(other, wire.end, clock=clock)
    wire.get(another)
    server.statuses = [FORBIDDEN, ALLOWED]
    before = server.renewals
    assert wire.get(another).ok, "it is another credential's pause"
    assert server.renewals == before + 1
    server.statuses = [FORBIDDEN]
    clock.time += 61
    wire.get(second)
    assert server.renewals == before + 2


def test_a_token_from_the_store_is_renewed_for_a_403(wire: Any, clock: Any) -> None:
    store = StateStore(":memory:")
    server, _ = signed_in(wire, clock, store=store.tokens)
    server.statuses = [FORBIDDEN, ALLOWED]
    other = AuthenticatingSender(source(clock, store=store.tokens), wire.end, clock=clock)
    assert wire.get(other).ok
    assert server.renewals == 1


def test_a_pause_that_a_wrong_clock_put_into_the_future_is_not_believed(
    wire: Any, clock: Any
) -> None:
    server, sender = signed_in(wire, clock)
    clock.time += 3600
    server.statuses = [FORBIDDEN]
    wire.get(sender)
    clock.time -= 3600
    server.statuses = [FORBIDDEN, ALLOWED]
    assert wire.get(sender).ok


@pytest.mark.parametrize("organization", [None, "name"])
def test_what_a_call_looks_up_before_counts_as_the_same_call(
    sandbox: Any, connect: Any, organization: str | None
) -> None:
    options = sandbox.client_options()
    if organization is not None:
        with SpotClient(**options) as other:
            options["org"] = other.organizations.list()[0].name
    before = sum(item.path == "/oauth/token" for item in sandbox.requests)
    sandbox.faults.add("status", path="cloudspaces", status=403)
    client = connect(**options)
    for renewals in (1, 2, 2):
        with pytest.raises(errors.ForbiddenError):
            client.cloudspaces.list()
        asked = sum(item.path == "/oauth/token" for item in sandbox.requests)
        assert asked - before == renewals
