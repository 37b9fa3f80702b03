"""One renewal over clients and processes: nothing waits in a thread, nothing is lost.

Rules: docs/rules.md#one-refresh, docs/rules.md#rotated-refresh-token.
"""

from __future__ import annotations

import asyncio
import json
import threading
from concurrent.futures import Executor, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from rsspot import AsyncSpotClient, SpotClient, StateStore, Timeouts, errors
from rsspot.flow.flow import arun, run
from rsspot.senders import AsyncSender, AuthenticatingSender, Options, Request, SyncSender
from tests.interrupts import interrupted
from tests.senders.auth.test_tokens import Issuer, slowly, source

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

API = Request("GET", "https://api.example/x")
HURRIED = Request("GET", "https://api.example/x", options=Options(timeouts=Timeouts(total=0.2)))


class Refusing(Executor):
    """In place of the default executor of a loop, which belongs to the application."""

    def submit(self, *_args: Any, **_kwargs: Any) -> Any:
        raise AssertionError("The default executor was used.")


def partition_of(clock: Any) -> str:
    found = run(source(clock).identify())
    assert found is not None
    return found


@pytest.mark.parametrize("count", [7, 20])
def test_many_async_clients_with_one_credential_sign_in_once(
    clock: Any, tmp_path: Path, count: int
) -> None:
    issuer = Issuer()

    async def one(store: StateStore) -> Any:
        end = AsyncSender(transport=httpx.MockTransport(slowly(issuer)))
        tokens = source(clock, store=store.tokens)
        sent: Any = AuthenticatingSender(tokens, end, clock=clock).send(API)
        response: Any = await sent
        await end.close()
        return response.content["seen"]

    async def main() -> list[Any]:
        loop = asyncio.get_running_loop()
        loop._default_executor = Refusing()  # type: ignore[attr-defined]
        stores = [StateStore(tmp_path / "state.db") for _ in range(count)]
        seen = await asyncio.gather(*map(one, stores))
        loop._default_executor = None  # type: ignore[attr-defined]
        for store in stores:
            store.close()
        return seen

    assert len(set(asyncio.run(main()))) == 1
    assert issuer.count == 1


@pytest.mark.parametrize("mode", ["sync", "async"])
def test_a_process_that_stands_still_with_the_lock_holds_nobody_for_longer_than_its_call(
    clock: Any, tmp_path: Path, mode: str
) -> None:
    issuer = Issuer()
    with StateStore(tmp_path / "state.db") as store, StateStore(tmp_path / "state.db") as other:
        lock = other.tokens.try_lock(partition_of(clock), 60.0)
        assert lock is not None
        tokens = source(clock, store=store.tokens)

        async def asked(request: Request) -> Any:
            end = AsyncSender(transport=httpx.MockTransport(issuer))
            response: Any = AuthenticatingSender(tokens, end, clock=clock).send(request)
            return await asyncio.wait_for(response, 10)

        def call(request: Request) -> Any:
            if mode == "async":
                return asyncio.run(asked(request))
            end = SyncSender(transport=httpx.MockTransport(issuer))
            return AuthenticatingSender(tokens, end, clock=clock).send(request)

        with pytest.raises(errors.DeadlineExceeded, match=r"0\.2 s") as caught:
            call(HURRIED)
        assert not caught.value.sent
        assert issuer.count == 0
        lock.release()
        assert call(API).ok
        assert issuer.count == 1


def test_what_the_other_process_stored_is_taken_although_it_still_holds_the_lock(
    clock: Any, tmp_path: Path
) -> None:
    from rsspot.redaction.secret import Secret
    from rsspot.senders.auth.store import StoredToken

    issuer = Issuer()
    with StateStore(tmp_path / "state.db") as store, StateStore(tmp_path / "state.db") as other:
        lock = other.tokens.try_lock(partition_of(clock), 60.0)
        assert lock is not None
        end = SyncSender(transport=httpx.MockTransport(issuer))
        signed = AuthenticatingSender(source(clock, store=store.tokens), end, clock=clock)
        with ThreadPoolExecutor(1) as pool:
            waiting: Any = pool.submit(signed.send, API)
            kept = StoredToken("of-another", clock.time + 3600, clock.time)
            other.tokens.put(partition_of(clock), kept, Secret("any"))
            assert waiting.result(10).content["seen"] == "Bearer of-another"
        lock.release()
    assert issuer.count == 0


@pytest.mark.parametrize("then", ["another asks", "the client is closed", "the loop ends"])
def test_a_cancelled_caller_loses_no_rotated_refresh_token(
    clock: Any, tmp_path: Path, then: str
) -> None:
    issuer = Issuer(refresh_token="r-new")

    async def main() -> None:
        reached = asyncio.Event()

        async def answer(request: httpx.Request) -> httpx.Response:
            reached.set()
            await asyncio.sleep(0.05)
            return issuer(request)

        client = AsyncSpotClient(
            refresh_token="r-secret",
            base_url="https://api.example",
            oauth_url="https://login.example",
            state=StateStore(path),
            httpx_options={"transport": httpx.MockTransport(answer)},
        )
        first = asyncio.create_task(client.authenticate())
        await reached.wait()
        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first
        if then == "another asks":
            await client.authenticate()
        if then != "the loop ends":
            await client.aclose()

    path = tmp_path / "state.db"
    asyncio.run(main())
    assert issuer.count == 1
    with SpotClient(
        refresh_token="r-secret",
        base_url="https://api.example",
        oauth_url="https://login.example",
        state=StateStore(path),
        httpx_options={"transport": httpx.MockTransport(issuer)},
    ) as later:
        later.authenticate()
        assert issuer.count == 1, "the token is in the store"
        later.authenticate(force_refresh=True)
    assert "r-new" in issuer.forms[-1]


def test_a_kubeconfig_is_asked_for_with_the_rotated_refresh_token(connect: Any) -> None:
    issuer = Issuer(refresh_token="r-new")
    asked: list[Any] = []

    def serve(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/oauth/token":
            return issuer(request)
        if request.url.path.endswith("/organizations"):
            item = {"id": "org_A", "name": "acme"}
            return httpx.Response(200, json={"organizations": [item], "total": 1})
        asked.append(json.loads(request.content))
        return httpx.Response(500, json={"message": "not today"})

    client = connect(
        refresh_token="r-secret",
        base_url="https://api.example",
        oauth_url="https://login.example",
        state=":memory:",
        httpx_options={"transport": httpx.MockTransport(serve)},
    )
    with pytest.raises(errors.RSSpotError):
        client.cloudspaces.kubeconfig("demo")
    assert {each["refresh_token"] for each in asked} == {"r-new"}


@pytest.mark.parametrize("call", ["list", "authenticate", "kubeconfig", "request"])
@pytest.mark.parametrize("before", ["never used", "signed in", "expired"])
def test_a_closed_client_sends_nothing(sandbox: Any, connect: Any, call: str, before: str) -> None:
    client = connect(**sandbox.client_options())
    if before != "never used":
        client.cloudspaces.list()
    if before == "expired":
        sandbox.advance(minutes=60 * 24 * 3)
    sent = len(sandbox.requests)
    client.close()
    calls: dict[str, Any] = {
        "list": client.cloudspaces.list,
        "authenticate": client.authenticate,
        "kubeconfig": lambda: client.cloudspaces.kubeconfig("demo"),
        "request": lambda: client.request("GET", "/apis/ngpc.rxt.io/v1/regions"),
    }
    with pytest.raises(errors.ClientClosed, match="This client is closed"):
        calls[call]()
    assert len(sandbox.requests) == sent


def test_a_closed_client_does_not_even_ask_for_its_refresh_token(connect: Any) -> None:
    asked: list[int] = []

    def command() -> str:
        asked.append(1)
        return "r-secret"

    client = connect(refresh_token=command, state=":memory:")
    client.close()
    for call in (client.authenticate, lambda: client.cloudspaces.kubeconfig("demo")):
        with pytest.raises(errors.ClientClosed):
            call()
    assert asked == []


def test_a_refresh_token_that_a_function_gives_slowly_does_not_stop_the_loop(clock: Any) -> None:
    from rsspot.senders import RefreshToken

    go_on = threading.Event()
    threads: list[str] = []

    def command() -> str:
        threads.append(threading.current_thread().name)
        assert go_on.wait(10)
        return "r-secret"

    async def main() -> None:
        tokens = RefreshToken(command, url="https://l.example/", client_id="c", clock=clock)
        task = asyncio.create_task(arun(tokens.identify()))
        await asyncio.sleep(0)
        go_on.set()  # the loop came here although the function waits
        assert await task

    asyncio.run(main())
    assert threads[0].startswith("rsspot-user")


def in_a_thread(call: Callable[[Any], Any], argument: Any) -> bool:
    """Whether `call` returns in another thread within 10 s; one that is stuck holds nobody up."""
    returned = threading.Event()

    def work() -> None:
        call(argument)
        returned.set()

    threading.Thread(target=work, daemon=True).start()
    return returned.wait(10)


# An interrupt in a finalizer is reported and not raised, by the interpreter.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize(("has_threads", "moments"), [(True, 50), (False, 200)])
def test_ctrl_c_at_any_moment_of_a_sign_in_leaves_nothing_held(
    clock: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, has_threads: bool, moments: int
) -> None:
    """Also where the exchange has no thread of its own, which no signal interrupts."""
    if not has_threads:

        def start_none(_: object) -> bool:
            return False

        monkeypatch.setattr("rsspot.flow.shared_flow.start_thread", start_none)
    issuer = Issuer()
    with StateStore(tmp_path / "state.db") as store, StateStore(tmp_path / "state.db") as other:
        store.preferences.set("a", 1)
        other.preferences.set("a", 1)
        end = SyncSender(transport=httpx.MockTransport(issuer))
        tokens = source(clock, store=store.tokens)
        elsewhere = source(clock, store=other.tokens)

        def renew(of: Any) -> Any:
            timeouts = Timeouts(total=5)
            return run(of.obtain(end, force=True, timeouts=timeouts))

        renew(tokens)
        number = 1
        while interrupted(lambda: renew(tokens), number):
            for again in (tokens, elsewhere):
                assert in_a_thread(renew, again), f"held after interruption {number}"
            number += 1
    assert number > moments
