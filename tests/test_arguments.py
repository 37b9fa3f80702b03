"""Arguments of any other type get an error that names the argument, wherever they are passed."""

from __future__ import annotations

import asyncio
import time
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from rsspot import RegistrationCandidate, RegistrationWorkflow, StateStore
from rsspot.arguments import check_whole
from rsspot.errors import InvalidInput, RSSpotError
from rsspot.registration.plan import RunPlan
from rsspot.sandbox import SpotSandbox
from rsspot.senders import CachingSender, Request, Response, RetryingSender, Sender
from rsspot.state.ledger import Listing, Retried

if TYPE_CHECKING:
    from collections.abc import Callable

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
