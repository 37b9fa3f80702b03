"""Tokens: how long they are good, and one renewal for all who wait.

Rules: docs/rules.md#one-refresh, docs/rules.md#rotated-refresh-token, docs/rules.md#secrets.
"""

from __future__ import annotations

import asyncio
import base64
import json
import multiprocessing
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from rsspot import StateStore, Timeouts, errors
from rsspot.flow.flow import run
from rsspot.senders import (
    AsyncSender,
    AuthenticatingSender,
    CachingSender,
    Options,
    RefreshToken,
    Request,
    Response,
    RetryingSender,
    Sender,
    StaticToken,
    SyncSender,
)
from rsspot.senders.auth.token import Token, fingerprint
from rsspot.senders.extending import Send
from rsspot.senders.reporting import report

if TYPE_CHECKING:
    from collections.abc import Callable

    from rsspot.flow.flow import Flow

NOW = 1_800_000_000.0


def jwt(**claims: Any) -> str:
    payload = base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()
    return f"eyJhbGciOiJub25lIn0.{payload}.c2lnbmF0dXJl"


def test_expiry_comes_from_the_jwt_then_from_expires_in_then_from_nowhere() -> None:
    assert Token.issued(jwt(exp=NOW + 100), NOW, 9).expires_at == NOW + 100
    assert Token.issued(jwt(exp=NOW + 100, iat=NOW + 40), NOW).expires_at == NOW + 60
    assert Token.issued("opaque", NOW, 9).expires_at == NOW + 9
    assert Token.issued("opaque", NOW, "9").expires_at == NOW + 9
    assert Token.issued("opaque", NOW).expires_at is None


def test_a_token_that_seems_expired_when_it_comes_is_used_until_it_is_refused() -> None:
    ahead = NOW + 100_000
    assert Token.issued(jwt(exp=NOW + 100), ahead).expires_at is None
    assert Token.issued(jwt(exp=NOW + 100), ahead, 9).expires_at == ahead + 9
    assert Token.issued(jwt(exp=NOW + 100, iat=NOW), ahead).expires_at == ahead + 100
    assert Token.issued("opaque", NOW, -5).expires_at is None
    assert Token.received(jwt(exp=NOW + 100, iat=NOW - 900), NOW).expires_at == NOW + 100
    assert Token.received(jwt(exp=NOW + 100), ahead).expires_at is None


def test_a_clock_that_is_ahead_does_not_sign_in_for_every_request(wire: Any, clock: Any) -> None:
    clock.time += 100_000
    issuer = Issuer(id_token=jwt(exp=NOW + 100), expires_in=None)
    wire.answers = [issuer]
    sender = AuthenticatingSender(source(clock), wire.end, clock=clock)
    for _ in range(5):
        wire.get(sender)
    assert issuer.count == 1


def test_a_token_is_renewed_sixty_seconds_early_and_a_short_one_at_half_its_life() -> None:
    long = Token.issued(jwt(exp=NOW + 1000), NOW)
    assert long.is_good(NOW + 939)
    assert not long.is_good(NOW + 940)
    short = Token.issued(jwt(exp=NOW + 60), NOW)
    assert short.is_good(NOW + 29)
    assert not short.is_good(NOW + 30)
    assert Token("x").is_good(NOW + 1e9)


@given(
    st.one_of(
        st.text(max_size=200),
        st.binary(max_size=80).map(lambda data: f"a.{base64.urlsafe_b64encode(data).decode()}.b"),
        st.recursive(
            st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(st.sampled_from(["exp", "iat", "org_id"]), inner, max_size=3)
            ),
        ).map(lambda value: f"a.{base64.urlsafe_b64encode(json.dumps(value).encode()).decode()}.b"),
    ),
    st.one_of(st.none(), st.text(max_size=5), st.floats(), st.integers(), st.lists(st.integers())),
)
def test_no_token_whatever_crashes_anything(value: str, expires_in: Any) -> None:
    token = Token.issued(value, NOW, expires_in)
    assert isinstance(token.claims, dict)
    assert token.is_good(NOW) in {True, False}
    assert value not in repr(token) or len(value) < 12


def test_a_huge_token_is_not_looked_into() -> None:
    assert Token.issued(jwt(exp=NOW, pad="x" * 100_000), NOW).claims == {}


@given(st.lists(st.text(max_size=4), max_size=4), st.lists(st.text(max_size=4), max_size=4))
def test_fingerprints_tell_credentials_apart(one: list[str], other: list[str]) -> None:
    assert (fingerprint(*one) == fingerprint(*other)) is (one == other)


class Issuer:
    """A token endpoint that counts."""

    def __init__(self, *, status: int = 200, **more: Any) -> None:
        self.status = status
        self.more = more
        self.count = 0
        self.forms: list[str] = []
        self._guard = threading.Lock()

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path != "/oauth/token":
            return httpx.Response(200, json={"seen": request.headers.get("authorization")})
        with self._guard:
            self.count += 1
            self.forms.append(request.content.decode())
        if self.status != 200:
            refusal = {"error": "access_denied", "error_description": "No such token r-secret."}
            return httpx.Response(self.status, json=refusal)
        body: dict[str, Any] = {
            "id_token": jwt(exp=NOW + 86400, n=self.count),
            "expires_in": 86400,
            **self.more,
        }
        return httpx.Response(200, json=body)


def slowly(issuer: Issuer) -> Any:
    """The issuer with a pause, so that tasks find a renewal under way."""

    async def answer(request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(0.01)
        return issuer(request)

    return answer


def source(clock: Any, **options: Any) -> RefreshToken:
    return RefreshToken(
        "r-secret",
        url="https://login.example/oauth/token",
        client_id="c",
        audience="https://api.example",
        clock=clock,
        **options,
    )


@pytest.mark.parametrize(
    "other",
    [
        {"url": "https://other.example/oauth/token"},
        {"audience": "https://other.example"},
        {"client_id": "d"},
        {"refresh_token": "r-other"},
    ],
)
def test_a_kept_token_is_for_one_login_one_api_and_one_credential(other: dict[str, Any]) -> None:
    known: dict[str, Any] = {
        "refresh_token": "r-secret",
        "url": "https://login.example/oauth/token",
        "client_id": "c",
        "audience": "https://api.example",
    }
    first, again = (run(RefreshToken(**known).identify()) for _ in range(2))
    assert first == again
    assert run(RefreshToken(**{**known, **other}).identify()) != first


def test_a_kept_token_is_read_without_a_thread_and_without_a_request(
    clock: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    issuer = Issuer()
    sender = SyncSender(transport=httpx.MockTransport(issuer))
    request = Request("GET", "https://api.example/x")
    with StateStore(tmp_path / "state.db") as store:

        def send(*, forced: bool) -> Any:
            signed = AuthenticatingSender(source(clock, store=store.tokens), sender, clock=clock)
            if forced:
                run(signed.access_token(force=True))
            return signed.send(request)

        first = send(forced=False).content["seen"]
        with monkeypatch.context() as patch:
            patch.setattr(threading.Thread, "start", None)
            assert send(forced=False).content["seen"] == first
        assert issuer.count == 1
        assert send(forced=True).content["seen"] != first
        assert issuer.count == 2
        clock.time += 2 * 86400
        send(forced=False)
        assert issuer.count == 3
    sender.close()


def test_fifty_tasks_make_one_token_request(clock: Any) -> None:
    issuer = Issuer()

    async def main() -> set[str]:
        sender = AsyncSender(transport=httpx.MockTransport(slowly(issuer)))
        signed = AuthenticatingSender(source(clock), sender, clock=clock)
        request = Request("GET", "https://api.example/x")
        answers = await asyncio.gather(*(_awaited(signed.send(request)) for _ in range(50)))
        await sender.close()
        return {answer.content["seen"] for answer in answers}

    assert len(asyncio.run(main())) == 1
    assert issuer.count == 1


async def _awaited(answer: Any) -> Any:
    return await answer


def test_twenty_threads_make_one_token_request(clock: Any) -> None:
    issuer = Issuer()
    sender = SyncSender(transport=httpx.MockTransport(issuer))
    signed = AuthenticatingSender(source(clock), sender, clock=clock)
    request = Request("GET", "https://api.example/x")
    with ThreadPoolExecutor(20) as pool:
        list(pool.map(signed.send, [request] * 200))
    assert issuer.count == 1


def _sign_in(path: str, url: str, ready: Any) -> None:
    from rsspot import SpotClient

    ready.wait()
    token = Path(path + ".token").read_text("utf-8")
    with SpotClient(base_url=url, oauth_url=url, refresh_token=token, state=path) as client:
        client.authenticate()


def test_four_processes_that_share_a_state_file_make_one_token_request(
    sandbox: Any, tmp_path: Path
) -> None:
    path = str(tmp_path / "state.db")
    Path(path + ".token").write_text(sandbox.refresh_token, "utf-8")
    context = multiprocessing.get_context("spawn")
    ready = context.Barrier(4)
    workers = [context.Process(target=_sign_in, args=(path, sandbox.url, ready)) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert [worker.exitcode for worker in workers] == [0] * 4
    assert [item.path for item in sandbox.requests] == ["/oauth/token"]


def test_a_failed_refresh_fails_all_who_wait_and_says_why(clock: Any) -> None:
    issuer = Issuer(status=401)

    async def main() -> list[Any]:
        sender = AsyncSender(transport=httpx.MockTransport(slowly(issuer)))
        signed = AuthenticatingSender(source(clock), sender, clock=clock)
        request = Request("GET", "https://api.example/x")
        calls = (_awaited(signed.send(request)) for _ in range(50))
        outcomes = await asyncio.gather(*calls, return_exceptions=True)
        await sender.close()
        return outcomes

    outcomes = asyncio.run(main())
    assert issuer.count == 1
    assert {type(outcome) for outcome in outcomes} == {errors.AuthError}
    assert len({id(outcome) for outcome in outcomes}) == 50
    message = str(outcomes[-1])
    assert message.startswith("Sign-in at login.example failed (401): No such token [token]")
    assert "r-secret" not in message


def test_a_failed_refresh_is_for_all_whose_requests_were_under_way(wire: Any, clock: Any) -> None:
    # The refusals come one after another, each after the refresh for the one before has failed.
    issuer = Issuer()
    wire.answers = [issuer]
    signed = AuthenticatingSender(source(clock), wire.end, clock=clock)
    wire.get(signed)
    issuer.status = 401
    flows = [signed.flow(Request("GET", "https://api.example/x")) for _ in range(20)]
    refused = Response("https://api.example/x", {}, 401)
    for flow in flows:
        assert isinstance(next(flow), Send)
    for flow in flows:
        with pytest.raises(errors.AuthError, match="No such token"):
            answer_all(wire, flow, flow.send(refused))
    assert issuer.count == 2
    with pytest.raises(errors.AuthError):
        wire.get(AuthenticatingSender(signed.tokens, refusing_end(wire, issuer), clock=clock))
    assert issuer.count == 3


def answer_all(wire: Any, flow: Any, effect: Any) -> None:
    """Carry out what a flow asks for, to its end."""
    while True:
        try:
            answer = wire.carry_out(effect)
        except errors.RSSpotError as error:
            effect = flow.throw(error)
        else:
            effect = flow.send(answer)


def refusing_end(wire: Any, issuer: Issuer) -> Any:
    wire.answers = [refusing([401], issuer)]
    return wire.end


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    "failure",
    [httpx.ConnectError("refused"), httpx.ReadTimeout("slow"), httpx.ReadError("reset"),
     httpx.WriteError("half"), httpx.ProxyError("no"), OSError(113, "No route to host")],
)  # fmt: skip
def test_a_login_that_cannot_be_reached_is_a_failed_connection(
    wire: Any, clock: Any, failure: Exception, method: str
) -> None:
    wire.answers = [failure]
    signed = AuthenticatingSender(source(clock), wire.end, clock=clock)
    sender = RetryingSender(sender=signed, clock=clock)
    with pytest.raises(
        errors.ConnectionFailed, match=r"^Sign-in at login\.example failed"
    ) as caught:
        wire.send(sender, Request(method, "https://api.example/x"))
    # What the caller wanted to send was not sent, so its outcome is known.
    assert not caught.value.sent
    assert "refresh token" not in (caught.value.hint or "")


def test_a_login_that_is_busy_is_an_auth_error_that_says_it_may_pass(wire: Any, clock: Any) -> None:
    wire.answers = [503]
    with pytest.raises(
        errors.AuthError, match=r"Sign-in at login\.example failed \(503\)"
    ) as caught:
        wire.get(AuthenticatingSender(source(clock), wire.end, clock=clock))
    assert caught.value.temporary
    assert "refresh token" not in (caught.value.hint or "")


@pytest.mark.parametrize("failure", [httpx.ConnectError("refused"), httpx.ReadError("reset")])
def test_a_failed_sign_in_says_how_often_and_how_long_it_was_tried(
    wire: Any, clock: Any, failure: Exception
) -> None:
    wire.answers = [failure]
    retrying = RetryingSender(retries=3, sender=wire.end, clock=clock, jitter=lambda wait: wait)
    with pytest.raises(errors.ConnectionFailed, match=r"up after 4 tries in 3\.5 s") as caught:
        wire.get(AuthenticatingSender(source(clock), retrying, clock=clock))
    assert (caught.value.tries, caught.value.elapsed) == (4, 3.5)


@pytest.mark.parametrize("status", [302, 307, 308])
def test_a_refresh_token_follows_no_redirect(wire: Any, clock: Any, status: int) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(status, headers={"Location": "https://evil.example/oauth/token"})

    wire.answers = [answer]
    kind = AsyncSender if wire.is_async else SyncSender
    end = kind(transport=httpx.MockTransport(wire._answer), follow_redirects=True)
    with pytest.raises(errors.AuthError, match="it redirects"):
        wire.get(AuthenticatingSender(source(clock), end, clock=clock))
    assert [request.url.host for request in wire.requests] == ["login.example"]


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (200, "<form><input value='r-secret'></form>", "text/html"),
        (400, "<form><input value='r-secret'></form>", "text/html"),
        (200, json.dumps({"token": "r-secret"}), "application/json"),
        (401, json.dumps({"error_description": "bad: r-secret r%2Dsecret"}), "application/json"),
        (401, json.dumps({"error_description": f"bad: {jwt(a=1)}"}), "application/json"),
        (200, json.dumps({"id_token": "a\r\nX: y"}), "application/json"),
        (200, json.dumps({"id_token": ["a"]}), "application/json"),
        (200, json.dumps(["r-secret"]), "application/json"),
    ],
)
def test_a_login_that_answers_something_else_tells_nothing_of_it(
    wire: Any, clock: Any, status: int, body: str, kind: str
) -> None:
    wire.answers = [httpx.Response(status, text=body, headers={"Content-Type": kind})]
    with pytest.raises(errors.AuthError) as caught:
        wire.get(AuthenticatingSender(source(clock), wire.end, clock=clock))
    told = str(caught.value) + repr(vars(caught.value))
    assert not any(part in told for part in ("r-secret", "<", "eyJ", "X: y"))


@pytest.mark.parametrize("value", ["", "  ", "a\r\nX: y", "a b", "tökén", "a\0"])
def test_a_token_that_cannot_be_sent_is_refused_before_it_is(
    wire: Any, clock: Any, value: str
) -> None:
    with pytest.raises(errors.ConfigError, match="The access token") as caught:
        AuthenticatingSender(value, wire.end)
    assert not value.strip() or value not in str(caught.value)
    refresh = RefreshToken(value, url="https://login.example/", client_id="c", clock=clock)
    for kind, tokens in ((errors.ConfigError, refresh), (errors.AuthError, lambda: value)):
        with pytest.raises(kind) as refused:
            wire.get(AuthenticatingSender(tokens, wire.end))
        assert not value.strip() or value not in str(refused.value)
    assert wire.requests == []


def test_a_report_never_fails_a_call_also_where_warnings_are_errors(
    caplog: pytest.LogCaptureFixture,
) -> None:
    report("The disk is full")
    assert "The disk is full" in caplog.text


def test_a_rotated_refresh_token_is_kept_and_used_until_it_is_refused(
    wire: Any, clock: Any
) -> None:
    store = StateStore(":memory:")
    wire.answers = [Issuer(refresh_token="r-new")]
    issuer = wire.answers[0]
    first = AuthenticatingSender(source(clock, store=store.tokens), wire.end, clock=clock)
    wire.get(first)
    clock.time += 86400
    second = AuthenticatingSender(source(clock, store=store.tokens), wire.end, clock=clock)
    wire.get(second)
    assert ["r-new" in form for form in issuer.forms] == [False, True]
    clock.time += 86400
    refusals = iter([True, False])

    def refuse(request: httpx.Request) -> Any:
        if request.url.path == "/oauth/token" and next(refusals, False):
            return httpx.Response(403, json={"error": "invalid_grant"})
        return issuer(request)

    wire.answers = [refuse]
    third = AuthenticatingSender(source(clock, store=store.tokens), wire.end, clock=clock)
    wire.get(third)
    assert "r-secret" in issuer.forms[-1]


def test_a_store_that_fails_is_reported_once_and_done_without(wire: Any, clock: Any) -> None:
    class Broken:
        def get(self, partition: str, credential: Any) -> Any:
            raise errors.StateError("The disk is full")

        put = delete = get

        def try_lock(self, partition: str, ttl: float) -> Any:
            return self.get(partition, None)

    issuer = Issuer()
    wire.answers = [issuer]
    sender = AuthenticatingSender(source(clock, store=Broken()), wire.end, clock=clock)
    with pytest.warns(RuntimeWarning, match="Tokens are no longer stored: The disk is full"):
        assert wire.get(sender).content["seen"].startswith("Bearer ")
    assert wire.get(sender).content["seen"].startswith("Bearer ")
    assert issuer.count == 1


def refusing(statuses: list[int], issuer: Issuer) -> Callable[[httpx.Request], httpx.Response]:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/oauth/token":
            return issuer(request)
        return httpx.Response(statuses.pop(0) if statuses else 200, json={})

    return answer


class Counted(StaticToken):
    """A source of a user, who asks for the token of each request himself."""

    def obtain(self, sender: Sender, **options: Any) -> Flow[Token]:
        self.asked = getattr(self, "asked", 0) + 1
        return (yield from super().obtain(sender, **options))


def test_a_source_that_obtains_tokens_in_its_own_way_is_asked_for_each_request(wire: Any) -> None:
    wire.answers = [httpx.Response(200)] * 2
    source = Counted("t")
    sender = AuthenticatingSender(source, wire.end)
    for _ in range(2):
        assert wire.send(sender, Request("GET", "https://api.example/a")).ok
    assert source.asked == 2


def test_the_bearer_goes_to_its_origin_only(wire: Any, clock: Any) -> None:
    wire.answers = [Issuer()]
    sender = AuthenticatingSender(
        source(clock), wire.end, origin="https://api.example:443/base", clock=clock
    )
    assert wire.get(sender).content["seen"].startswith("Bearer ")
    for url in (
        "https://other.example/x",
        "http://api.example/x",
        "https://api.example:444/x",
        "https://api.example.evil.example/x",
        "https://api.example@evil.example/x",
    ):
        assert not str(wire.send(sender, Request("GET", url)).content["seen"]).startswith("Bearer")
    unsigned = Request("GET", "https://api.example/x", options=Options(signed=False))
    assert wire.send(sender, unsigned).content["seen"] is None
    assert "Bearer" not in repr(sender)
    assert "r-secret" not in repr(sender) + repr(sender.tokens)


class Timed(Sender):
    """An end that takes its time by the clock, and notes how much of it each request had."""

    @property
    def is_async(self) -> bool:
        return False

    def __init__(self, clock: Any, *answers: tuple[float, int]) -> None:
        self.clock = clock
        self.answers = list(answers)
        self.seen: list[tuple[str, float | None]] = []

    def send(self, request: Request) -> Response:
        timeouts = request.options.timeouts
        total = None if timeouts is None else timeouts.total
        self.seen.append((request.url.partition("//")[2], total))
        seconds, status = self.answers.pop(0)
        self.clock.time += seconds
        return Response(request.url, {}, status, {"id_token": jwt(n=len(self.answers))})


def test_a_sign_in_has_time_of_its_own_and_the_call_has_what_it_leaves(clock: Any) -> None:
    """The refresh token may be replaced by then, so the end of the call must not end it."""
    end = Timed(clock, (3, 200), (2, 401), (6, 200), (0, 200))
    request = Request("GET", "https://api.example/x", options=Options(timeouts=Timeouts(total=10)))
    AuthenticatingSender(source(clock), end, clock=clock).send(request)
    login, api = "login.example/oauth/token", "api.example/x"
    assert end.seen == [(login, 60), (api, 7), (login, 60), (api, 0)]


def test_a_sign_in_without_any_time_outs_is_bounded_all_the_same(clock: Any) -> None:
    end = Timed(clock, (0, 200), (0, 200))
    AuthenticatingSender(source(clock), end, clock=clock).send(
        Request("GET", "https://api.example")
    )
    assert end.seen == [("login.example/oauth/token", 60), ("api.example", None)]


def test_who_waits_for_anothers_sign_in_waits_no_longer_than_it_may(clock: Any) -> None:
    under_way, go_on = threading.Event(), threading.Event()
    issuer = Issuer()

    def slow(request: httpx.Request) -> httpx.Response:
        under_way.set()
        assert go_on.wait(10)
        return issuer(request)

    sender = SyncSender(transport=httpx.MockTransport(slow))
    signed = AuthenticatingSender(source(clock), sender, clock=clock)
    request = Request("GET", "https://api.example/x")
    hurried = evolve(request, options=Options(timeouts=Timeouts(total=0.01)))

    async def in_a_task() -> Any:
        end = AsyncSender(transport=httpx.MockTransport(slowly(issuer)))
        return await _awaited(AuthenticatingSender(signed.tokens, end, clock=clock).send(hurried))

    with ThreadPoolExecutor(1) as pool:
        patient = pool.submit(signed.send, request)
        assert under_way.wait(10)
        for call in (lambda: signed.send(hurried), lambda: asyncio.run(in_a_task())):
            with pytest.raises(errors.DeadlineExceeded, match="within its total time") as caught:
                call()
            assert not caught.value.sent
        go_on.set()
        answer: Any = patient.result()
        assert answer.content["seen"].startswith("Bearer ")
    assert issuer.count == 1


def test_that_one_call_has_no_more_time_ends_no_sign_in(clock: Any) -> None:
    go_on = threading.Event()
    issuer = Issuer()

    def slow(request: httpx.Request) -> httpx.Response:
        assert go_on.wait(10)
        return issuer(request)

    tokens = source(clock)
    signed = AuthenticatingSender(
        tokens, SyncSender(transport=httpx.MockTransport(slow)), clock=clock
    )
    hurried = Options(timeouts=Timeouts(total=0.2))
    with pytest.raises(errors.DeadlineExceeded, match="did not end within its total time"):
        signed.send(Request("GET", "https://api.example/x", options=hurried))
    go_on.set()
    assert run(tokens.obtain(signed.sender)).value == jwt(exp=NOW + 86400, n=1)
    assert issuer.count == 1


@pytest.mark.parametrize("how", ["expired", "refused", "forbidden"])
def test_an_access_token_is_used_until_it_is_of_no_more_use(
    wire: Any, clock: Any, how: str
) -> None:
    issuer = Issuer()
    given = jwt(exp=clock.time + 600)
    sender = AuthenticatingSender(source(clock, access_token=given), wire.end, clock=clock)
    wire.answers = [issuer]
    assert wire.get(sender).content["seen"] == f"Bearer {given}"
    assert issuer.count == 0
    statuses = {"expired": [], "refused": [401], "forbidden": [403]}[how]
    clock.time += 541 if how == "expired" else 0
    wire.answers = [refusing(statuses, issuer)]
    assert wire.get(sender).ok
    wire.answers = [issuer]
    assert wire.get(sender).content["seen"] == f"Bearer {jwt(exp=NOW + 86400, n=1)}"
    assert issuer.count == 1


def test_what_an_access_token_was_answered_is_for_no_other_credential(clock: Any) -> None:
    found = {
        run(source(clock, access_token=token).identify()) for token in (None, "opaque", "another")
    }
    assert len(found) == 3
    with pytest.raises(errors.ConfigError, match="The access token contains characters"):
        source(clock, access_token="a b")


class _Late(RefreshToken):
    """A source whose first caller is held up, at the method `at`, until another has a token."""

    at = ""
    meanwhile: Callable[[], object] | None = None

    def _let_another(self, at: str) -> None:
        first = self.meanwhile
        if first is not None and at == self.at:
            self.meanwhile = None
            with ThreadPoolExecutor(1) as pool:
                pool.submit(first).result()

    def identify(self) -> Any:
        self._let_another("identify")
        return (yield from super().identify())

    def _joined(self, renewal: Any, wait: float | None, seconds: float) -> Any:
        self._let_another("_joined")
        return (yield from super()._joined(renewal, wait, seconds))


@pytest.mark.parametrize("at", ["identify", "_joined"])
def test_a_caller_that_was_held_up_takes_the_token_that_another_has_got(
    clock: Any, at: str
) -> None:
    issuer = Issuer()
    tokens = _Late("r-secret", url="https://l.example/oauth/token", client_id="c", clock=clock)
    sender = SyncSender(transport=httpx.MockTransport(issuer))
    tokens.at, tokens.meanwhile = at, lambda: run(tokens.obtain(sender))
    assert run(tokens.obtain(sender)).value == jwt(exp=NOW + 86400, n=1)
    assert issuer.count == 1


def test_twenty_threads_ask_once_for_a_refresh_token_that_is_kept_elsewhere(clock: Any) -> None:
    asked: list[int] = []
    barrier = threading.Barrier(20)

    def command() -> str:
        asked.append(threading.get_ident())
        return "r-secret"

    issuer = Issuer()
    tokens = RefreshToken(command, url="https://l.example/oauth/token", client_id="c", clock=clock)
    sender = SyncSender(transport=httpx.MockTransport(issuer))
    signed = AuthenticatingSender(tokens, sender, clock=clock)
    cached = CachingSender(sender=signed, partition=tokens.identify, clock=clock)

    def call(number: int) -> Any:
        barrier.wait()
        return cached.send(Request("GET", f"https://api.example/{number}"))

    with ThreadPoolExecutor(20) as pool:
        assert all(answer.ok for answer in pool.map(call, range(20)))
    assert (len(asked), issuer.count) == (1, 1)
