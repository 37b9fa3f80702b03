"""Connections are in several small pools, whatever leads to them, and within the limits."""

from __future__ import annotations

import asyncio
import ssl
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rsspot.senders import AsyncSender
from rsspot.senders.transport.pools import AsyncPools
from rsspot.senders.transport.transports import AsyncProxyTransport

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

COUNT = st.one_of(st.none(), st.integers(0, 250))


@given(COUNT.filter(lambda count: count != 0), COUNT)
def test_the_pools_keep_to_the_limits_together(connections: int | None, kept: int | None) -> None:
    limits = httpx.Limits(max_connections=connections, max_keepalive_connections=kept)
    pools = [
        transport._pool
        for transport in AsyncPools(limits=limits, tls=ssl.create_default_context).transports
    ]
    assert all(pool._max_connections > 0 for pool in pools)
    if connections is not None:
        assert sum(pool._max_connections for pool in pools) == connections
        if kept is not None:
            assert sum(pool._max_keepalive_connections for pool in pools) <= kept


class Held(httpx.AsyncByteStream):
    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield b"{}"


def test_a_pool_is_busy_until_the_body_of_its_response_is_closed() -> None:
    used: list[int] = []

    class Pool(httpx.AsyncBaseTransport):
        def __init__(self, number: int) -> None:
            self.number = number

        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            used.append(self.number)
            if request.method == "DELETE":
                raise httpx.ReadError("lost")
            return httpx.Response(200, stream=Held())

    async def main() -> None:
        pools = AsyncPools(limits=httpx.Limits(max_connections=3), tls=ssl.create_default_context)
        pools.transports = [Pool(number) for number in range(3)]  # type: ignore[misc]  # in their place
        request = httpx.Request("GET", "https://api.example/")
        first = await pools.handle_async_request(request)
        second = await pools.handle_async_request(request)
        assert [chunk async for chunk in first.stream] == [b"{}"]  # type: ignore[union-attr]  # async
        await pools.handle_async_request(request)
        assert used == [0, 1, 2]
        for _ in range(2):
            await second.aclose()
        with pytest.raises(httpx.ReadError):
            await pools.handle_async_request(httpx.Request("DELETE", "https://api.example/"))
        await first.aclose()
        await pools.handle_async_request(request)
        assert used[3:] == [1, 0]

    asyncio.run(main())


@pytest.mark.parametrize(
    ("variables", "arguments", "url"),
    [
        ({}, {}, "http://api.example/"),
        ({"NO_PROXY": "*", "ALL_PROXY": "http://proxy"}, {}, "http://api.example/"),
        ({"HTTPS_PROXY": "http://proxy"}, {}, "http://api.example/"),
        ({"HTTPS_PROXY": "http://proxy"}, {}, "https://api.example/"),
        ({"ALL_PROXY": "http://proxy", "NO_PROXY": "api.example"}, {}, "https://api.example/"),
        ({}, {"proxy": "http://proxy"}, "https://api.example/"),
        ({}, {"proxies": {"https": "http://proxy"}}, "https://api.example/"),
        ({}, {"mounts": {"https://": None}}, "https://api.example/"),
        ({}, {"http1": True, "verify": False}, "https://api.example/"),
    ],
)
def test_whatever_leads_to_a_host_leads_through_pools(
    monkeypatch: pytest.MonkeyPatch,
    variables: dict[str, str],
    arguments: dict[str, Any],
    url: str,
) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)

    async def main() -> None:
        sender = AsyncSender(**arguments)
        transport: Any = sender.client._transport_for_url(httpx.URL(url))
        if isinstance(transport, AsyncProxyTransport):
            transport = transport._transport_for(httpx.URL(url))
        assert isinstance(transport, AsyncPools)
        await sender.close()

    asyncio.run(main())
