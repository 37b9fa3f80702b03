"""What a client is: its modes, its loops and threads, its ends and its secrets.

Rules: docs/rules.md#sender-of-a-client, docs/rules.md#access-token, docs/rules.md#read-only,
docs/rules.md#events.
"""

from __future__ import annotations

import asyncio
import os
import pickle
import warnings
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from rsspot import AsyncSpotClient, CacheConfig, RetryConfig, SpotClient, errors
from rsspot.senders.extending import SenderConflictWarning
from rsspot.senders.transport.http import AsyncSender, SyncSender

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from rsspot.sandbox import SpotSandbox
    from rsspot.wire.events import CallEvent

OFF = CacheConfig(enabled=False)


def test_a_sync_call_works_inside_a_running_loop(sandbox: SpotSandbox) -> None:
    with SpotClient(**sandbox.client_options()) as client:

        async def notebook() -> int:
            return len(client.regions.list())

        assert asyncio.run(notebook()) == 8


def test_many_threads_share_a_client_and_sign_in_once(sandbox: SpotSandbox) -> None:
    with SpotClient(**sandbox.client_options()) as client, ThreadPoolExecutor(20) as pool:
        calls = [pool.submit(client.regions.list) for _ in range(60)]
        assert [len(call.result()) for call in calls] == [8] * 60
    assert [item.path for item in sandbox.requests].count("/oauth/token") == 1


def test_fifty_tasks_sign_in_once(sandbox: SpotSandbox) -> None:
    async def main() -> list[int]:
        async with AsyncSpotClient(**sandbox.client_options()) as client:
            found = await asyncio.gather(*(client.regions.list() for _ in range(50)))
            return [len(regions) for regions in found]

    assert asyncio.run(main()) == [8] * 50
    assert [item.path for item in sandbox.requests].count("/oauth/token") == 1


def test_two_asyncio_runs_and_sync_calls_share_a_client(sandbox: SpotSandbox) -> None:
    client = SpotClient(**sandbox.client_options())
    assert len(client.regions.list()) == 8

    async def main() -> int:
        return len(await client.aregions.list())

    assert asyncio.run(main()) == 8
    assert asyncio.run(main()) == 8
    assert len(client.regions.list()) == 8
    asyncio.run(client.aclose())


def test_a_wrong_option_for_httpx_fails_when_the_client_is_made(sandbox: SpotSandbox) -> None:
    with pytest.raises(TypeError, match=r"httpx_options takes .* not proxis"):
        SpotClient(**sandbox.client_options(), httpx_options={"proxis": {}})


def test_one_client_serves_three_loops_at_once(sandbox: SpotSandbox) -> None:
    client = SpotClient(**sandbox.client_options(), cache=OFF)

    async def ask() -> list[int]:
        found = await asyncio.gather(*(client.aregions.list() for _ in range(10)))
        return [len(regions) for regions in found]

    with ThreadPoolExecutor(3) as pool:
        calls = [pool.submit(asyncio.run, ask()) for _ in range(3)]
        assert [call.result() for call in calls] == [[8] * 10] * 3
    assert [item.path for item in sandbox.requests].count("/oauth/token") == 1
    client.close()


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_client_works_on_in_a_child_process(sandbox: SpotSandbox) -> None:
    with SpotClient(**sandbox.client_options(), cache=OFF) as client:
        client.regions.list()
        child = os.fork()
        if child == 0:
            os._exit(0 if len(client.regions.list()) == 8 else 1)
        assert os.waitpid(child, 0)[1] == 0
        assert len(client.regions.list()) == 8


def test_a_closed_client_says_so(sandbox: SpotSandbox) -> None:
    client = SpotClient(**sandbox.client_options())
    client.regions.list()
    client.close()
    with pytest.raises(errors.ClientClosed, match="This client is closed"):
        client.regions.list()


def test_a_closed_client_refuses_calls_that_it_never_made_before(sandbox: SpotSandbox) -> None:
    client = SpotClient(**sandbox.client_options())
    client.close()
    with pytest.raises(errors.ClientClosed, match="This client is closed"):
        client.regions.list()
    with pytest.raises(errors.ClientClosed, match="This client is closed"):
        asyncio.run(client.aregions.list())


class TestOptionsForSomeCalls:
    def test_a_copy_shares_connections_and_sign_in(
        self, sandbox: SpotSandbox, spot: Any, connect: Any
    ) -> None:
        spot.regions.list()
        hasty = spot.with_options(
            timeout=5, retry=RetryConfig(max_attempts=1), cache=CacheConfig(enabled=False)
        )
        for _ in range(2):
            assert len(hasty.regions.list()) == 8

        paths = [item.path.rpartition("/")[2] for item in sandbox.requests]
        assert paths == ["token", "regions", "regions", "regions"]
        assert hasty.chain.end(is_async=False) is spot.chain.end(is_async=False)

    def test_only_the_copy_has_them(self, sandbox: SpotSandbox, spot: Any) -> None:
        hasty = spot.with_options(retry=RetryConfig(max_attempts=1))
        sandbox.faults.add("status", status=503, times=1, path="/regions")
        with pytest.raises(errors.ServerError):
            hasty.regions.list()
        assert hasty.settings.source("retry") == "argument"
        assert spot.settings.source("retry") != "argument"
        assert hasty.settings.timeouts == spot.settings.timeouts

    def test_what_cannot_be_used_is_refused(self, spot: Any) -> None:
        with pytest.raises(errors.ConfigError, match="timeout from argument must be more than 0"):
            spot.with_options(timeout=0)

    def test_the_copy_is_closed_with_its_original_and_not_the_other_way_round(
        self, sandbox: SpotSandbox
    ) -> None:
        client = SpotClient(**sandbox.client_options())
        one, two = client.with_options(timeout=5), client.with_options(timeout=5)
        one.close()
        with pytest.raises(errors.ClientClosed):
            one.regions.list()
        assert len(client.regions.list()) == 8
        assert len(two.organizations.list()) == 2
        client.close()
        with pytest.raises(errors.ClientClosed):
            two.regions.list()


def test_a_sender_that_was_passed_in_stays_open(sandbox: SpotSandbox) -> None:
    sender = SyncSender()
    for _ in range(2):
        with SpotClient(**sandbox.client_options(), sender=sender) as client:
            assert len(client.regions.list()) == 8
    sender.close()


def test_a_sender_of_the_other_mode_warns_once_and_is_not_used(sandbox: SpotSandbox) -> None:
    sender = AsyncSender()
    with SpotClient(**sandbox.client_options(), sender=sender) as client:
        with pytest.warns(SenderConflictWarning, match="cannot serve sync calls"):
            client.regions.list()
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            client.server_classes.list()


def test_no_repr_and_no_error_tells_a_secret(sandbox: SpotSandbox) -> None:
    with SpotClient(**sandbox.client_options()) as client:
        bearer = client.authenticate()
        chain = client.chain.connection(is_async=False)
        shown = [client, client.settings, chain, chain.sender, client.regions, client.chain.tokens]
        for item in shown:
            assert bearer not in repr(item)
            assert sandbox.refresh_token not in repr(item)
        assert sandbox.refresh_token not in client.settings.explain()
        assert "RetryingSender(retries=3, sender=HttpClientSender" in repr(chain)
    options: dict[str, Any] = {**sandbox.client_options(), "refresh_token": "wrong-secret"}
    with SpotClient(**options) as client, pytest.raises(errors.AuthError) as caught:
        client.regions.list()
    assert "Unknown or invalid refresh token" in str(caught.value)
    assert "wrong-secret" not in str(caught.value) + repr(vars(caught.value))
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)  # noqa: S301 - ours


def test_an_expired_token_is_renewed_before_and_after_it_is_refused(sandbox: SpotSandbox) -> None:
    with SpotClient(**sandbox.client_options(), cache=OFF) as client:
        first = client.authenticate()
        sandbox.advance(minutes=60 * 24)
        assert client.authenticate() != first
        sandbox.faults.add("expired_token", path="regions", times=1)
        assert len(client.regions.list()) == 8
        sandbox.faults.add("expired_token", path="regions", times=2)
        with pytest.raises(errors.AuthError, match="Jwt is expired"):
            client.regions.list()


def test_authenticate_can_force_a_new_bearer(sandbox: SpotSandbox) -> None:
    with SpotClient(**sandbox.client_options()) as client:
        first = client.authenticate()
        assert client.authenticate() == first
        assert client.authenticate(force_refresh=True) != first


def test_an_access_token_is_the_bearer_as_it_is_and_a_401_is_final(sandbox: SpotSandbox) -> None:
    options: dict[str, Any] = {**sandbox.client_options(), "refresh_token": None}
    client = SpotClient(**options, access_token="opaque")
    with client, pytest.raises(errors.AuthError, match=r"Header\.Payload\.Signature"):
        client.regions.list()
    assert [item.path for item in sandbox.requests if "oauth" in item.path] == []


@pytest.mark.parametrize("provided", ["plain", "async"])
def test_a_token_provider_takes_the_place_of_a_refresh_token(
    sandbox: SpotSandbox, provided: str
) -> None:
    token = sandbox.state.oauth.issue(sandbox.organization_id)

    async def provider() -> str:
        return token

    options: dict[str, Any] = {**sandbox.client_options(), "refresh_token": None}
    choice: Any = provider if provided == "async" else lambda: token

    async def main() -> int:
        async with AsyncSpotClient(**options, token_provider=choice) as client:
            return len(await client.regions.list())

    assert asyncio.run(main()) == 8


def test_without_any_token_the_mend_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("RSSPOT_REFRESH_TOKEN", "SPOT_REFRESH_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(errors.ConfigError, match="set RSSPOT_REFRESH_TOKEN"):
        SpotClient()


def test_a_read_only_client_refuses_writes_before_they_are_sent(sandbox: SpotSandbox) -> None:
    with SpotClient(**sandbox.client_options(), read_only=True) as client:
        assert client.cloudspaces.list() == []
        sent = len(sandbox.requests)
        with pytest.raises(errors.InvalidInput, match="read-only"):
            client.cloudspaces.create("demo", region="us-central-dfw-2")
        assert len(sandbox.requests) == sent


def test_requests_reach_what_no_group_covers_and_nothing_else(sandbox: SpotSandbox) -> None:
    with SpotClient(**sandbox.client_options()) as client:
        answer = client.request("GET", "/apis/ngpc.rxt.io/v1/regions", params={"limit": 1})
        assert len(answer.content["items"]) == 1
        with pytest.raises(errors.NotFoundError):
            client.request("GET", "/nothing")
        for path in ("//evil.example/x", "https://evil.example/x", "x"):
            with pytest.raises(errors.InvalidInput, match="begin with one slash"):
                client.request("GET", path)


def test_every_call_is_reported_without_its_secrets(sandbox: SpotSandbox) -> None:
    seen: list[CallEvent] = []
    with SpotClient(**sandbox.client_options(), cache=OFF, on_event=seen.append) as client:
        client.regions.list()
        with pytest.raises(errors.NotFoundError):
            client.regions.get("x")
        sandbox.faults.add("status", path="regions", status=500, times=1)
        client.regions.list()
    told = [(event.operation, event.method, event.status, event.tries) for event in seen]
    assert told == [
        ("list_regions", "GET", 200, 1),
        ("get_region", "GET", 404, 1),
        ("list_regions", "GET", 200, 2),
    ]


def test_a_response_from_the_cache_is_reported_as_one(
    sandbox: SpotSandbox, caplog: pytest.LogCaptureFixture
) -> None:
    seen: list[CallEvent] = []
    caplog.set_level("DEBUG", logger="rsspot")
    with SpotClient(**sandbox.client_options(), on_event=seen.append) as client:
        client.regions.list()
        client.regions.list()
    assert [(event.status, event.tries) for event in seen] == [(200, 1), (200, 0)]
    first, again = [text for text in caplog.messages if "/regions 200 in" in text]
    assert first.endswith(" s, tries: 1")
    assert again.endswith(" s, from the cache")


def test_a_hook_that_raises_changes_no_call(sandbox: SpotSandbox) -> None:
    def hook(_event: CallEvent) -> None:
        raise RuntimeError("mine")

    with SpotClient(**sandbox.client_options(), on_event=hook) as client:
        assert len(client.regions.list()) == 8


def test_requests_say_who_sends_them(sandbox: SpotSandbox) -> None:
    with SpotClient(**sandbox.client_options(), user_agent_suffix="tool/1") as client:
        client.regions.list()
    agents = {item.headers["user-agent"] for item in sandbox.requests}
    assert len(agents) == 1
    assert agents.pop().endswith(" tool/1")


@pytest.mark.parametrize("kind", ["copy", "client on the same file"])
def test_a_write_with_the_cache_off_drops_what_others_have_kept(
    sandbox: SpotSandbox, tmp_path: Path, kind: str
) -> None:
    options: dict[str, Any] = {**sandbox.client_options(), "state": tmp_path / "state.db"}
    rules = CacheConfig(ttl={"*/cloudspaces": 600})
    with SpotClient(**options, cache=rules) as client, SpotClient(**options, cache=OFF) as other:
        writer = other if kind != "copy" else client.with_options(cache=OFF)
        assert client.cloudspaces.list() == []
        writer.cloudspaces.create("demo", region="us-central-dfw-2")
        assert [space.name for space in client.cloudspaces.list()] == ["demo"]
        sent = len(sandbox.requests)
        assert [space.name for space in writer.cloudspaces.list()] == ["demo"]
        assert len(sandbox.requests) == sent + 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"json": {"kind": "Status", "status": "Failure", "code": 500, "message": "not now"}},
        {"html": "<html>Accept the terms of this hotel</html>"},
        {"json": []},
    ],
)
def test_a_success_that_is_none_is_not_kept(wrong: dict[str, Any]) -> None:
    right = httpx.Response(200, json={"items": [{"metadata": {"name": "uk-lon-1"}}]})
    headers = {"Cache-Control": "max-age=60"}
    answers = [httpx.Response(200, **wrong), httpx.Response(200, headers=headers, **wrong), right]
    end = SyncSender(transport=httpx.MockTransport(lambda _: answers.pop(0)))
    with SpotClient(access_token="opaque", sender=end, state=":memory:") as client:
        for _ in range(2):
            with pytest.raises(errors.APIError):
                client.regions.list()
        assert [region.name for region in client.regions.list()] == ["uk-lon-1"]
        assert [region.name for region in client.regions.list()] == ["uk-lon-1"]


MAPPINGS: list[tuple[dict[str, Any], str]] = [
    ({"retry": {"max_attempts": 2}}, ""),
    ({"timeout": {"total": 5, "read": 2}}, ""),
    ({"cache": {"enabled": False}}, ""),
    ({"retry": {"max_atempts": 2}}, "retry.max_atempts from argument is not a known key"),
    ({"retry": {"max_attempts": "2"}}, "retry.max_attempts from argument must be a whole number"),
    ({"timeout": {"total": -1}}, "timeout.total from argument must be"),
    ({"cache": {"backend": "disk"}}, "cache.backend from argument must be sqlite or memory"),
]


@pytest.mark.parametrize(("options", "message"), MAPPINGS)
def test_options_are_mappings_as_in_a_file_too(
    connect: Any, options: dict[str, Any], message: str
) -> None:
    usual = connect(access_token="x", state=":memory:")
    makers: tuple[Callable[[], Any], ...] = (
        lambda: connect(access_token="x", state=":memory:", **options),
        lambda: usual.with_options(**options),
    )
    for make in makers:
        if message:
            with pytest.raises(errors.ConfigError, match=message):
                make()
            continue
        settings = make().settings
        found = (settings.retry.max_attempts, settings.timeouts.total, settings.cache.enabled)
        assert found in {(2, 60.0, True), (4, 5, True), (4, 60.0, False)}
