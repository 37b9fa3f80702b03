"""Access tokens from a function of the user's: how often it is asked, and for whom."""

from __future__ import annotations

import asyncio
from contextvars import ContextVar
from typing import Any

import httpx
import pytest

from rsspot import AsyncSpotClient, errors
from rsspot.senders import AsyncSender, AuthenticatingSender, Request
from tests.senders.auth.test_tokens import jwt

USER: ContextVar[str] = ContextVar("user")
ORGANIZATIONS = {"a": "org_A", "b": "org_B"}


def echo(request: httpx.Request) -> httpx.Response:
    return httpx.Response(200, json={"seen": request.headers["authorization"]})


class Provider:
    def __init__(self, *tokens: str) -> None:
        self.tokens = list(tokens)
        self.asked = 0

    def __call__(self) -> str:
        self.asked += 1
        return self.tokens.pop(0) if len(self.tokens) > 1 else self.tokens[0]


def test_an_opaque_token_is_for_one_request(wire: Any, clock: Any) -> None:
    provider = Provider("one", "two", "three")
    wire.answers = [echo]
    sender = AuthenticatingSender(provider, wire.end, clock=clock)
    seen = [wire.get(sender).content["seen"] for _ in range(3)]
    assert seen == ["Bearer one", "Bearer two", "Bearer three"]


def test_a_token_with_an_expiry_is_used_until_shortly_before_it(wire: Any, clock: Any) -> None:
    provider = Provider(jwt(exp=clock.time + 600), jwt(exp=clock.time + 6000))
    wire.answers = [echo]
    sender = AuthenticatingSender(provider, wire.end, clock=clock)
    for seconds, asked in ((0, 1), (500, 1), (41, 2), (1000, 2)):
        clock.time += seconds
        wire.get(sender)
        assert provider.asked == asked


def test_after_an_opaque_token_none_of_it_is_used_again(wire: Any, clock: Any) -> None:
    provider = Provider("one", jwt(exp=clock.time + 100), "two", "three")
    wire.answers = [echo]
    sender = AuthenticatingSender(provider, wire.end, clock=clock)
    for _ in range(2):
        wire.get(sender)
    clock.time += 100
    assert [wire.get(sender).content["seen"] for _ in range(2)] == ["Bearer two", "Bearer three"]


@pytest.mark.parametrize("kind", ["plain", "async"])
def test_tasks_of_several_users_each_send_their_own_token(clock: Any, kind: str) -> None:
    async def provide() -> str:
        await asyncio.sleep(0)
        return USER.get()

    async def one(sender: Any, user: str) -> tuple[str, str]:
        USER.set(user)
        response = await sender.send(Request("GET", "https://api.example/x"))
        return user, response.content["seen"]

    async def main() -> list[tuple[str, str]]:
        provider: Any = provide if kind == "async" else USER.get
        end = AsyncSender(transport=httpx.MockTransport(echo))
        sender = AuthenticatingSender(provider, end, clock=clock)
        return await asyncio.gather(*(one(sender, f"user{number}") for number in range(20)))

    assert all(seen == f"Bearer {user}" for user, seen in asyncio.run(main()))


def serve(request: httpx.Request) -> httpx.Response:
    """An API in which each of two users sees one organization and one region."""
    user = request.headers["authorization"].removeprefix("Bearer ")
    organization = ORGANIZATIONS[user]
    if request.url.path.endswith("/organizations"):
        item = {"id": organization, "name": user}
        return httpx.Response(200, json={"organizations": [item], "total": 1})
    if request.url.path.endswith("/regions"):
        items = [{"metadata": {"name": f"region-{user}"}, "spec": {}}]
        return httpx.Response(200, json={"kind": "RegionList", "items": items})
    return httpx.Response(200, json={"kind": "CloudSpaceList", "items": [], "path": "x"})


def test_users_of_one_client_never_see_each_others_organization_or_catalogue(connect: Any) -> None:
    served: list[tuple[str, str]] = []
    user = ["a"]

    def noted(request: httpx.Request) -> httpx.Response:
        served.append((user[0], request.url.path))
        return serve(request)

    client = connect(
        token_provider=lambda: user[0],
        base_url="https://api.example",
        state=":memory:",
        httpx_options={"transport": httpx.MockTransport(noted)},
    )
    for name in ("a", "b", "a", "b"):
        user[0] = name
        client.cloudspaces.list()
        assert [region.name for region in client.regions.list()] == [f"region-{name}"]
        assert [each.id for each in client.organizations.list()] == [ORGANIZATIONS[name]]
    for name, path in served:
        assert "/namespaces/" not in path or f"/namespaces/org-{name}/" in path
    # What is remembered is remembered for each.
    assert [path for _, path in served].count("/apis/ngpc.rxt.io/v1/regions") == 2


def test_users_of_one_client_at_the_same_time_get_their_own(clock: Any) -> None:
    async def one(client: AsyncSpotClient, name: str) -> str:
        USER.set(name)
        return (await client.regions.list())[0].name

    async def main() -> list[str]:
        async with AsyncSpotClient(
            token_provider=USER.get,
            base_url="https://api.example",
            state=":memory:",
            httpx_options={"transport": httpx.MockTransport(serve)},
        ) as client:
            return await asyncio.gather(*(one(client, name) for name in "abab"))

    assert asyncio.run(main()) == ["region-a", "region-b", "region-a", "region-b"]


def test_a_failing_provider_fails_its_own_call(wire: Any, clock: Any) -> None:
    def broken() -> str:
        raise OSError("vault is sealed")

    with pytest.raises(OSError, match="vault is sealed"):
        wire.get(AuthenticatingSender(broken, wire.end, clock=clock))
    with pytest.raises(errors.AuthError, match="did not return a valid token"):
        wire.get(AuthenticatingSender(lambda: "a b", wire.end, clock=clock))
