"""The calls of a client that belong to no group: one definition for every client and mode."""

from __future__ import annotations

import asyncio
import gc
import inspect
import weakref
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest

from rsspot import AsyncSpotClient, SpotClient

if TYPE_CHECKING:
    from rsspot.sandbox import SpotSandbox

REGIONS = "/apis/ngpc.rxt.io/v1/regions"
# Type checkers take a call of the class for the flow that other flows call.
Sync: Any = SpotClient
Async: Any = AsyncSpotClient
NAMES = ("authenticate", "request", "watch")


@pytest.mark.parametrize("name", NAMES)
def test_every_mode_has_the_parameters_and_the_description_of_the_one_definition(name: str) -> None:
    methods = [
        getattr(Sync, name),
        getattr(Sync, f"a{name}"),
        getattr(Async, name),
    ]
    first, *others = (inspect.signature(each).parameters for each in methods)
    assert all(other == first for other in others)
    assert len({each.__doc__ for each in methods}) == 1
    assert [inspect.iscoroutinefunction(each) for each in methods] == (
        [False, False, False] if name == "watch" else [False, True, True]
    )


def test_the_result_of_a_stream_is_shown_for_each_mode() -> None:
    shown = [str(inspect.signature(each)) for each in (Sync.watch, Sync.awatch)]
    assert [each.rpartition(" -> ")[2] for each in shown] == [
        "Iterator[Change]",
        "AsyncIterator[Change]",
    ]


def test_a_subclass_may_override_a_call_and_use_the_one_above(spot_sandbox: SpotSandbox) -> None:
    seen: list[str] = []

    class Logging(SpotClient):
        def request(self, method: str, path: str, **options: Any) -> Any:  # pyright: ignore[reportIncompatibleVariableOverride]
            seen.append(path)
            return super().request(method, path, **options)

        async def arequest(self, method: str, path: str, **options: Any) -> Any:  # pyright: ignore[reportIncompatibleVariableOverride]
            seen.append(f"async {path}")
            return await super().arequest(method, path, **options)

    with Logging(**spot_sandbox.client_options()) as client:
        for _ in range(2):
            assert client.request("GET", REGIONS).ok
            assert asyncio.run(client.arequest("GET", REGIONS)).ok
            assert Sync.request(client, "GET", REGIONS).ok
    assert seen == [REGIONS, f"async {REGIONS}"] * 2


def test_the_method_of_the_class_is_awaited_too(spot_sandbox: SpotSandbox) -> None:
    async def use() -> None:
        async with AsyncSpotClient(**spot_sandbox.client_options()) as client:
            assert (await Async.request(client, "GET", REGIONS)).ok
            assert isinstance(await Async.authenticate(client), str)

    asyncio.run(use())


def test_a_client_can_be_mocked_by_its_class() -> None:
    client = mock.create_autospec(Sync, instance=True)
    client.request("GET", REGIONS)
    with pytest.raises(TypeError):
        client.request()
    assert isinstance(client.arequest, mock.AsyncMock)


def test_a_client_is_freed_without_garbage_collection(spot_sandbox: SpotSandbox) -> None:
    client = SpotClient(**spot_sandbox.client_options())
    client.request("GET", REGIONS)
    client.regions.list()
    client.close()
    alive = weakref.ref(client)
    gc.disable()
    try:
        del client
        assert alive() is None
    finally:
        gc.enable()


def test_a_wrong_call_names_the_client() -> None:
    client = SpotClient(refresh_token="x")
    with pytest.raises(
        TypeError, match=r"^client\.request\(\) missing a required argument: 'path'"
    ):
        client.request("GET")  # type: ignore[call-arg]
