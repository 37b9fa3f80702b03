"""Arguments of any other type get an error that names the argument, wherever they are passed."""

from __future__ import annotations

import asyncio
import inspect
import time
from datetime import date
from typing import TYPE_CHECKING, Any, cast

import pytest

import rsspot
from rsspot import (
    AsyncSpotClient,
    RegistrationCandidate,
    RegistrationWorkflow,
    SpotClient,
    StateStore,
)
from rsspot.arguments import ArgumentChecks, ArgumentKind, check_whole
from rsspot.errors import InvalidInput, RSSpotError
from rsspot.models import PriceHistory
from rsspot.redaction.secret import Secret
from rsspot.registration.plan import RunPlan
from rsspot.sandbox import SpotSandbox
from rsspot.senders import CachingSender, Request, Response, RetryingSender, Sender, SyncSender
from rsspot.senders.auth.store import StoredToken
from rsspot.senders.cache.store import CacheRow
from rsspot.state.ledger import Listing, Retried

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

BAD: list[Any] = [
    7, -1, 10**30, 10**400, True, None, "", "x", "\ud800", "a\0b", b"x", object(), [], {}, (1,),
    {"x": 1}, {"\ud800": "x"}, {1: 2}, float("nan"), float("inf"), 1e308, -0.5, lambda: None,
]  # fmt: skip
NOT_OURS = ("codec", "SQLite", "Python int", "has no attribute", "not iterable", "0x7f")
STEPS: Any = {"issue_token": print, "submit": print, "verify": None}
Sandbox: Any = SpotSandbox
Store: Any = StateStore
Workflow: Any = RegistrationWorkflow
Send: Any = Request
Receive: Any = Response
CANDIDATE = RegistrationCandidate(namespace="n", vm_cloudspace="c", server="s", target="t")


def workflow() -> Any:
    made = RegistrationWorkflow(StateStore(":memory:"), target="t", owner="o")
    made.ledger.discover(Listing(target="t", candidates=(CANDIDATE,)), who="o")
    return made


CALLS: dict[str, tuple[Callable[[], Any], dict[str, Any]]] = {
    "preferences.get": (lambda: StateStore(":memory:").preferences, {"name": "a"}),
    "preferences.set": (lambda: StateStore(":memory:").preferences, {"name": "a", "value": 1}),
    "preferences.delete": (lambda: StateStore(":memory:").preferences, {"name": "a"}),
    "preferences.set_default": (
        lambda: StateStore(":memory:").preferences,
        {"name": "org", "value": "a"},
    ),
    "history.add": (lambda: StateStore(":memory:").history, {"command": "a"}),
    "history.list": (lambda: StateStore(":memory:").history, {"limit": 1}),
    "history.search": (lambda: StateStore(":memory:").history, {"text": "a"}),
    "history.suggest": (lambda: StateStore(":memory:").history, {"prefix": "a", "limit": 1}),
    "ledger.get": (lambda: workflow().ledger, {"key": CANDIDATE.key}),
    "ledger.list": (lambda: workflow().ledger, {"target": "t", "status": "failed"}),
    "ledger.summary": (lambda: workflow().ledger, {"target": "t"}),
    "ledger.next_due": (lambda: workflow().ledger, {"target": "t", "held": ()}),
    "ledger.audit": (lambda: workflow().ledger, {"key": CANDIDATE.key}),
    "ledger.claim": (
        lambda: workflow().ledger,
        {"limit": 1, "owner": "o", "ttl": 1.0, "target": "t", "held": ()},
    ),
    "ledger.heartbeat": (lambda: workflow().ledger, {"records": [], "ttl": 1.0}),
    "ledger.release": (
        lambda: workflow().ledger,
        {"record": workflow().ledger.get(CANDIDATE.key), "due_in": 0.0},
    ),
    "ledger.apply": (
        lambda: workflow().ledger,
        {"record": CANDIDATE.key, "event": Retried(), "who": "o"},
    ),
    "ledger.apply_all": (lambda: workflow().ledger, {"events": [], "who": "o"}),
    "ledger.import_lines": (lambda: workflow().ledger, {"lines": []}),
    "workflow.mark_token_issued": (
        workflow,
        {"record": CANDIDATE.key, "token_id": "a", "expires_at": None},
    ),
    "workflow.mark_submitted": (workflow, {"record": CANDIDATE.key, "payload": None}),
    "workflow.mark_failed": (
        workflow,
        {"record": CANDIDATE.key, "error": "a", "retry_in": 1.0},
    ),
    "workflow.mark_skipped": (workflow, {"record": CANDIDATE.key, "reason": "a"}),
    "workflow.reopen": (workflow, {"record": CANDIDATE.key, "reason": "a"}),
    "workflow.list": (workflow, {"status": "failed"}),
    "workflow.discover": (
        workflow,
        {"vmcloudspaces": [], "complete": False, "namespace": "n", "select": None},
    ),
    "workflow.run": (workflow, {"client": None, "issue_token": print, "submit": print}),
}


@pytest.mark.parametrize("call", CALLS)
def test_no_argument_of_state_and_ledger_raises_an_error_of_another_library(call: str) -> None:
    make, usual = CALLS[call]
    for name in usual:
        for value in BAD:
            try:
                getattr(make(), call.partition(".")[2])(**{**usual, name: value})
            except RSSpotError as error:
                assert not any(words in str(error) for words in NOT_OURS), (name, str(error))  # noqa: PT017
                assert len(str(error)) < 600  # noqa: PT017


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: workflow().mark_skipped(CANDIDATE.key, 7), "reason must be text, not int"),
        (lambda: workflow().mark_skipped(7, "a"), "record must be a record or text, not int"),
        (lambda: workflow().list(status="zzz"), "status must be one of discovered, .*, not 'zzz'"),
        (
            lambda: workflow().ledger.claim(10**30, owner="o", ttl=1),
            "limit must be .*, not one beyond",
        ),
        (
            lambda: workflow().ledger.claim(limit=True, owner="o", ttl=1),
            "limit must be .*, not bool",
        ),
        (lambda: Store(":memory:", now=3), "now must be a function, not int"),
        (lambda: StateStore(":memory:").history.list(-1), "limit must be .*, 0 or more, not -1"),
        (lambda: StateStore(":memory:").history.list(10**30), "limit must be .* beyond 64 bits"),
        (lambda: Workflow(5, target="t"), "state must be a StateStore, text or a path"),
        (lambda: Workflow(":memory:", target="t", clock=3), "clock must be a Clock"),
        (lambda: workflow().ledger.heartbeat("ab", ttl=1), "records must be a list, each a record"),
        (lambda: check_whole("n", 2**63), "n must be a whole number, 0 or more, not one beyond"),
        (lambda: RunPlan(**STEPS, concurrency=2**64), "concurrency must be .*, not one beyond"),
    ],
)
def test_the_message_names_the_argument_and_what_it_takes(
    call: Callable[[], Any], message: str
) -> None:
    with pytest.raises(InvalidInput, match=message):
        call()


def test_commands_with_characters_that_no_database_holds_are_kept_escaped() -> None:
    with StateStore(":memory:", now=time.time) as store:
        store.history.add("rsspot a\udcff\0")
        assert [kept.command for kept in store.history.list()] == ["rsspot a\\udcff\\x00"]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: Send(7, "https://a.example"), "method must be text, not int"),
        (lambda: Send("GET", 7), "url must be text, not int"),
        (lambda: Send("GET", "https://a.example", params=7), "params must be .*, not int"),
        (lambda: Send("GET", "https://a.example", data=[1]), "data must be a mapping .*, not list"),
        (lambda: Send("GET", "https://a.example", headers=7), "headers must be .*, not int"),
        (lambda: Send("GET", "https://a.example", headers={"a": 7}), "headers must be .*, not int"),
        (lambda: Send("GET", "https://a.example", headers={7: "a"}), "headers must be .*, not int"),
        (lambda: Receive("https://a.example", 7), "headers must be a mapping .*, not int"),
    ],
)
def test_a_request_or_response_of_other_parts_is_refused(
    call: Callable[[], Any], message: str
) -> None:
    with pytest.raises(InvalidInput, match=message):
        call()


class Odd(Sender):
    """A sender of somebody's own, which does not return what it should."""

    def __init__(self, result: Any, *, is_async: bool) -> None:
        self.result = result
        self._is_async = is_async

    @property
    def is_async(self) -> bool:
        return self._is_async

    def send(self, request: Request) -> Any:
        if self.result == "headers":
            response: Any = Response(request.url)
            response.headers = 5
        return self.result


@pytest.mark.parametrize("result", [None, {}, 5, "headers"])
@pytest.mark.parametrize("is_async", [False, True])
def test_a_sender_that_does_not_return_a_response_is_reported(result: Any, is_async: bool) -> None:  # noqa: FBT001
    sender: Any = RetryingSender(sender=CachingSender(sender=Odd(result, is_async=is_async)))
    message = "headers must be" if result == "headers" else r"Odd.send returned .*, not a Response"

    async def send() -> None:
        await sender.send(Request("GET", "https://a.example"))

    with pytest.raises(InvalidInput, match=message):
        asyncio.run(send()) if is_async else sender.send(Request("GET", "https://a.example"))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: Sandbox().advance(seconds=10**400), "seconds must be a number, not one beyond"),
        (lambda: Sandbox().advance(minutes="1"), "minutes must be a number, not str"),
        (lambda: Sandbox().advance(minutes=1e308), "past the start of the year 9999"),
        (lambda: Sandbox().advance(seconds=float("nan")), "only be advanced by 0 seconds or more"),
        (lambda: Sandbox(seed="a"), "seed must be a whole number, not str"),
        (lambda: Sandbox(speed="1"), "speed must be a number, not str"),
        (lambda: Sandbox(start=5), "start must be a datetime, not int"),
        (lambda: Sandbox(start=date(2026, 1, 1)), "start must be a datetime, not date"),
        (lambda: Sandbox(token_lifetime=10**30), "token_lifetime must be a whole number, not one"),
        (lambda: Sandbox(snapshot=5), "snapshot must be text or a path, not int"),
        (lambda: Sandbox(snapshot="\ud800"), "characters that file names cannot have"),
    ],
)
def test_the_sandbox_refuses_what_it_cannot_use(call: Callable[[], Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()


GROUPS = (
    "organizations", "regions", "server_classes", "pricing", "cloudspaces", "spot_nodepools",
    "ondemand_nodepools", "autopilot_nodepools", "inventory", "vm_cloudspaces", "vm_pools",
    "vm_ssh_keys",
)  # fmt: skip


async def unawaited() -> str:
    return "never asked for"


def operations(client: Any) -> Iterator[tuple[Callable[..., Any], str]]:
    for group in GROUPS:
        of = getattr(client, group)
        for name in dir(of):
            call = getattr(of, name)
            if not name.startswith("_") and callable(call):
                yield from ((call, parameter) for parameter in inspect.signature(call).parameters)


OTHERS: list[tuple[Callable[[Any], Any], str]] = [
    (lambda it: SpotClient(profile=it), "profile"),
    (lambda it: SpotClient(refresh_token=it), "refresh_token"),
    (lambda it: SpotClient(access_token="t", state=":memory:").request("GET", it), "path"),
    (lambda it: SpotClient(access_token="t", state=":memory:").request(it, "/x"), "method"),
    (lambda it: SpotClient(access_token="t").authenticate(force_refresh=it), "force_refresh"),
    (lambda it: SpotClient(access_token="t", state=":memory:").dry_run(it), "on_request"),
    (lambda it: rsspot.get_client(profile=it), "profile"),
    (rsspot.set_default_profile, "name"),
    (rsspot.set_default_org, "name"),
    (lambda it: rsspot.RetryConfig(retry_statuses=it), "retry_statuses"),
    (lambda it: rsspot.Timeouts(total=it), "total"),
    (lambda it: rsspot.ProfileConfig(org=it), "org"),
    (lambda it: RegistrationCandidate(namespace="n", vm_cloudspace=it, server="s", target="t"),
     "description"),
    (lambda it: PriceHistory([]).percentile(it), "percentile"),
    (lambda it: PriceHistory([]).svg(width=it), "width"),
    (lambda it: Send("GET", it), "url"),
    (lambda it: SyncSender(client=it), "client"),
    (lambda it: RetryingSender().send(it), "request"),
    (lambda it: SyncSender().send(it), "request"),
    (lambda it: workflow().mark_skipped(CANDIDATE.key, it), "reason"),
    (lambda it: StateStore(":memory:").preferences.set_default("org", it), "value"),
    (lambda it: StateStore(":memory:").http_cache.put("p", "k", it, max_entries=1), "row"),
]  # fmt: skip


@pytest.mark.parametrize(("call", "name"), OTHERS)
def test_a_coroutine_that_was_not_awaited_is_named(
    call: Callable[[Any], Any], name: str, recwarn: pytest.WarningsRecorder
) -> None:
    with pytest.raises(RSSpotError, match=rf"\b{name}\b.*(write `await` before its call)"):
        call(unawaited())
    assert not [each for each in recwarn if "never awaited" in str(each.message)]


@pytest.mark.parametrize("kind", [SpotClient, AsyncSpotClient])
def test_no_operation_takes_a_coroutine_that_was_not_awaited(
    kind: Any, recwarn: pytest.WarningsRecorder
) -> None:
    client = kind(access_token="t", state=":memory:")
    checked = 0

    async def ask(call: Callable[..., Any], name: str) -> None:
        result = call(**{name: unawaited()})
        if inspect.isawaitable(result):
            await result

    async def sweep() -> None:
        nonlocal checked
        for call, name in operations(client):
            with pytest.raises(InvalidInput, match=f"^{name} .*`await` before its call"):
                await ask(call, name)
            checked += 1

    asyncio.run(sweep())
    assert checked > 200
    assert not [each for each in recwarn if "never awaited" in str(each.message)]


def test_a_type_that_fits_is_checked_once_and_a_list_each_time() -> None:
    seen: list[object] = []

    def fits(value: object) -> bool:
        seen.append(value)
        return isinstance(value, complex | list)

    kinds = {"Thing": ArgumentKind(fits, "a thing", is_of_type=True)}

    def take(_self: object, thing: Any) -> Any:
        return thing

    take.__annotations__ = {"thing": "Thing"}
    checks = ArgumentChecks(take, kinds)
    for value in (1j, 2j, [1], [2]):
        checks.check((value,), {})
    assert [each for each in seen if each == 2j] == []
    assert [2] in seen
    with pytest.raises(InvalidInput, match="thing must be a thing, not str"):
        checks.check(("no",), {})


def test_a_coroutine_in_a_list_is_named_too() -> None:
    with pytest.raises(InvalidInput, match=r"^regions has a coroutine that was not awaited"):
        SpotClient(access_token="t", state=":memory:").pricing.plan(
            cpus=1, regions=cast("Any", [unawaited()])
        )


GOOD_ROW: Any = CacheRow("/a", "{}", b"x", 9e9)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("x", "row must be a CacheRow, not str"),
        (GOOD_ROW._replace(path=7), "row.path must be text, not int"),
        (GOOD_ROW._replace(meta={}), "row.meta must be text, not dict"),
        (GOOD_ROW._replace(body="x"), "row.body must be bytes, not str"),
        (GOOD_ROW._replace(expires_at="x"), "row.expires_at must be a number, not str"),
        (GOOD_ROW._replace(expires_at=float("nan")), "cannot store this: a value of another type"),
    ],
)
def test_a_row_of_a_wrong_type_is_refused_and_the_stored_one_stays(row: Any, message: str) -> None:
    cache = StateStore(":memory:").http_cache
    assert cache.put("p", "k", GOOD_ROW, max_entries=5)
    with pytest.raises(InvalidInput, match=message):
        cache.put("p", "k", row, max_entries=5)
    for options in ({"max_entries": -1}, {"max_entries": 5, "now": "x"}):
        with pytest.raises(InvalidInput):
            cache.put("p", "k", GOOD_ROW, **cast("Any", options))
    assert cache.get("p", "k") == GOOD_ROW


@pytest.mark.parametrize(
    ("token", "message"),
    [
        ("t", "token must be a StoredToken, not str"),
        (StoredToken(cast("Any", 7), 1.0, 1.0), "token.value must be text, not int"),
        (StoredToken("t", cast("Any", "x"), 1.0), "token.expires_at must be a number or None"),
        (StoredToken("t\ud800", 1.0, 1.0), "cannot store this: a text with an unpaired surrogate"),
    ],
)
def test_a_token_of_a_wrong_type_is_refused_and_the_stored_one_stays(
    token: Any, message: str
) -> None:
    tokens, kept = StateStore(":memory:").tokens, StoredToken("t", 9e9, 1.0)
    tokens.put("p", kept, Secret("r"))
    with pytest.raises(InvalidInput, match=message):
        tokens.put("p", token, Secret("r"))
    assert tokens.get("p", Secret("r")) == kept
