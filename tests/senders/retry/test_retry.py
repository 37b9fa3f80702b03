"""What is sent again, after how long, and when that ends.

Rules: docs/rules.md#once, docs/rules.md#retry-after.
"""

from __future__ import annotations

import math
import time
from email.utils import formatdate
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rsspot import RetryConfig, Timeouts, errors
from rsspot.flow.flow import Sleep
from rsspot.senders import Clock, Options, Request, Response, RetryingSender
from rsspot.senders.extending import Send
from rsspot.senders.retry.retry_after import http_date, retry_after
from rsspot.wire.responses import error_of

URL = "https://api.example/a/b"
REFUSED = httpx.ConnectError("refused")
LOST = httpx.ReadError("lost")


def retrying(wire: Any, clock: Any, **config: Any) -> RetryingSender:
    options: dict[str, Any] = {"max_attempts": 4, "base_delay": 1.0, **config}
    return RetryingSender(
        sender=wire.end, config=RetryConfig(**options), clock=clock, jitter=lambda value: value
    )


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
@pytest.mark.parametrize("failure", [500, 502, 503, 504, 429, 408, REFUSED, LOST])
def test_what_is_idempotent_is_sent_again(wire: Any, clock: Any, method: str, failure: Any) -> None:
    wire.answers = [failure, failure, 200]
    response = wire.send(retrying(wire, clock), Request(method, URL))
    assert (response.status_code, response.tries, len(wire.requests)) == (200, 3, 3)
    assert clock.slept == [1.0, 2.0]


@pytest.mark.parametrize("method", ["POST", "PATCH"])
@pytest.mark.parametrize("failure", [500, 502, 503, 504, 408])
def test_a_write_that_may_have_happened_is_answered_not_sent_again(
    wire: Any, clock: Any, method: str, failure: int
) -> None:
    wire.answers = [failure]
    assert wire.send(retrying(wire, clock), Request(method, URL)).status_code == failure
    assert len(wire.requests) == 1


@pytest.mark.parametrize("method", ["POST", "PATCH"])
@pytest.mark.parametrize("failure", [LOST, httpx.ReadTimeout("slow"), httpx.WriteError("half")])
def test_a_write_whose_answer_was_lost_has_an_unknown_outcome(
    wire: Any, clock: Any, method: str, failure: Exception
) -> None:
    wire.answers = [failure]
    with pytest.raises(errors.OutcomeUnknown, match="not known whether") as caught:
        wire.send(retrying(wire, clock), Request(method, URL))
    assert len(wire.requests) == 1
    assert isinstance(caught.value.__cause__, errors.ConnectionFailed)


@pytest.mark.parametrize("method", ["POST", "PATCH"])
def test_a_write_is_sent_again_where_the_server_cannot_have_acted(
    wire: Any, clock: Any, answer: Any, method: str
) -> None:
    busy = answer(503, Retry_After="3")
    wire.answers = [REFUSED, httpx.ConnectTimeout("x"), busy, answer(429, Retry_After="1"), 201]
    assert wire.send(retrying(wire, clock), Request(method, URL)).status_code == 201
    assert len(wire.requests) == 5
    assert clock.slept == [1.0, 2.0, 3.0, 1.0]


def test_a_write_is_sent_again_when_the_caller_asks_for_it(wire: Any, clock: Any) -> None:
    wire.answers = [LOST, 500, 201]
    request = Request("POST", URL, options=Options(retry_unsafe=True))
    assert wire.send(retrying(wire, clock), request).status_code == 201


def test_a_delete_that_was_lost_and_then_finds_nothing_has_succeeded(wire: Any, clock: Any) -> None:
    wire.answers = [LOST, 404]
    assert wire.send(retrying(wire, clock), Request("DELETE", URL)).status_code == 204
    wire.answers = [404]
    assert wire.send(retrying(wire, clock), Request("DELETE", URL)).status_code == 404
    wire.answers = [REFUSED, 404]
    assert wire.send(retrying(wire, clock), Request("DELETE", URL)).status_code == 404


SENT = {
    "metadata": {"name": "x", "resourceVersion": "1", "labels": {"a": "b"}},
    "spec": {"bidPrice": "0.05", "desired": 3, "taints": [{"key": "k"}], "gone": None},
}


def stored(version: str, **spec: Any) -> dict[str, Any]:
    """What a server has after `SENT`: its own fields beside, and `spec` in place."""
    metadata = {"name": "x", "resourceVersion": version, "uid": "u", "labels": {"a": "b"}}
    kept = {"bidPrice": "0.05", "desired": 3, "taints": [{"key": "k", "effect": "NoSchedule"}]}
    return {"metadata": metadata, "spec": {**kept, **spec}, "status": {"phase": "Ready"}}


def put(wire: Any, sender: RetryingSender) -> Response:
    response: Response = wire.send(sender, Request("PUT", URL, json=SENT))
    return response


@pytest.mark.parametrize("first", [LOST, 500, httpx.ReadTimeout("slow")])
def test_a_put_that_was_lost_and_then_finds_its_own_change_has_succeeded(
    wire: Any, clock: Any, answer: Any, first: Any
) -> None:
    wire.answers = [first, 409, answer(200, stored("2"))]
    response = put(wire, retrying(wire, clock))
    assert (response.status_code, response.tries) == (200, 2)
    assert response.content["metadata"]["resourceVersion"] == "2"
    assert [request.method for request in wire.requests] == ["PUT", "PUT", "GET"]
    assert wire.requests[-1].content == b""


@pytest.mark.parametrize("found", [{"bidPrice": "0.06"}, {"taints": []}, {"gone": 1}])
def test_a_put_that_was_lost_and_finds_anothers_change_is_a_conflict(
    wire: Any, clock: Any, answer: Any, found: dict[str, Any]
) -> None:
    wire.answers = [LOST, 409, answer(200, stored("2", **found))]
    assert put(wire, retrying(wire, clock)).status_code == 409


def test_a_conflict_that_no_earlier_try_can_have_caused_stays_one(wire: Any, clock: Any) -> None:
    for answers in ([409], [REFUSED, 409]):
        wire.answers, before = [*answers], len(wire.requests)
        assert put(wire, retrying(wire, clock)).status_code == 409
        assert len(wire.requests) - before == len(answers)
    wire.answers = [LOST, 409, LOST]
    assert put(wire, retrying(wire, clock)).status_code == 409


def test_a_secret_request_that_was_lost_is_a_lost_connection(wire: Any, clock: Any) -> None:
    wire.answers = [LOST]
    request = Request("POST", URL, options=Options(secret=True, retry_unsafe=True))
    with pytest.raises(errors.ConnectionFailed, match="lost"):
        wire.send(retrying(wire, clock), request)


def test_a_deadline_that_ended_before_anything_was_sent_leaves_no_doubt(clock: Any) -> None:
    for sent, kind in ((False, errors.DeadlineExceeded), (True, errors.OutcomeUnknown)):
        flow = RetryingSender(clock=clock).flow(Request("POST", URL))
        next(flow)
        with pytest.raises(kind):
            flow.throw(errors.DeadlineExceeded("late", sent=sent))


def test_a_retry_after_that_is_a_date_is_compared_with_the_senders_clock(
    wire: Any, clock: Any, answer: Any
) -> None:
    wire.answers = [answer(503, Retry_After=formatdate(clock.time + 7, usegmt=True)), 200]
    assert wire.get(retrying(wire, clock)).status_code == 200
    assert clock.slept == [7.0]


def test_tries_end_and_the_last_answer_or_error_is_what_comes(wire: Any, clock: Any) -> None:
    wire.answers = [500]
    response = wire.get(retrying(wire, clock))
    assert (response.status_code, response.tries) == (500, 4)
    wire.answers = [LOST]
    with pytest.raises(errors.ConnectionFailed, match="lost") as caught:
        wire.get(retrying(wire, clock))
    assert caught.value.tries == 4
    assert caught.value.elapsed == 7.0


def test_429_waits_as_told_without_using_up_a_retry(wire: Any, clock: Any, answer: Any) -> None:
    wire.answers = [answer(429, Retry_After="5")] * 6 + [200]
    assert wire.get(retrying(wire, clock, max_attempts=1)).status_code == 200
    assert clock.slept == [5.0] * 6


def test_429_for_ever_ends_within_the_bound(wire: Any, clock: Any, answer: Any) -> None:
    wire.answers = [answer(429, Retry_After="5")]
    assert wire.get(retrying(wire, clock, max_elapsed=60)).status_code == 429
    assert sum(clock.slept) <= 60
    wire.answers = [answer(429, Retry_After="0")]
    assert wire.get(retrying(wire, clock, max_elapsed=60)).status_code == 429
    assert len(clock.slept) < 40


def test_a_wait_that_is_longer_than_the_bound_is_not_begun(
    wire: Any, clock: Any, answer: Any
) -> None:
    wire.answers = [answer(503, Retry_After="3600")]
    assert wire.get(retrying(wire, clock)).status_code == 503
    assert (clock.slept, len(wire.requests)) == ([], 1)


@pytest.mark.parametrize(
    "garbage", ["-5", "soon", "", "nan", "inf", "1e9", "1_0", "5, 5", "Fri, 99 Foo"]
)
def test_a_retry_after_that_is_garbage_falls_back_to_the_schedule(
    wire: Any, clock: Any, answer: Any, garbage: str
) -> None:
    wire.answers = [answer(503, Retry_After=garbage), 200]
    assert wire.get(retrying(wire, clock)).status_code == 200
    assert clock.slept == [1.0]


def test_a_retry_after_that_is_a_date_is_waited_for(wire: Any, clock: Any, answer: Any) -> None:
    date, later = (formatdate(clock.time + more, usegmt=True) for more in (0, 7))
    wire.answers = [answer(503, Retry_After=later, Date=date), 200]
    assert wire.get(retrying(wire, clock)).status_code == 200
    assert clock.slept == [7.0]


@pytest.mark.parametrize(
    "text",
    ["Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"],
)
def test_each_form_of_an_http_date_is_read_as_utc(
    monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    try:
        with monkeypatch.context() as elsewhere:
            elsewhere.setenv("TZ", "America/New_York")
            time.tzset()
            assert http_date(text) == 784111777.0
    finally:
        time.tzset()


def test_the_total_time_shrinks_from_try_to_try(wire: Any, clock: Any) -> None:
    sender = retrying(wire, clock)
    flow = sender.flow(Request("GET", URL, options=Options(timeouts=Timeouts(total=10.0))))
    effect: Any = next(flow)
    assert isinstance(effect, Send)
    effect = flow.send(Response(URL, {}, 500))
    assert isinstance(effect, Sleep)
    clock.time += 4.0
    effect = flow.send(None)
    assert effect.request.options.timeouts.total == 6.0


def test_by_default_nothing_is_sent_again_but_what_429_asks_for(wire: Any, clock: Any) -> None:
    wire.answers = [500, 200]
    sender = RetryingSender(sender=wire.end, clock=clock)
    assert wire.get(sender).status_code == 500
    assert repr(sender).startswith("RetryingSender(retries=0, sender=")


@given(
    base=st.floats(0.001, 10),
    most=st.floats(0.001, 100),
    draws=st.lists(st.floats(0, 1), min_size=8, max_size=8),
)
def test_waits_grow_by_twos_up_to_the_most_and_jitter_takes_a_part_of_each(
    base: float, most: float, draws: list[float]
) -> None:
    plain = RetryingSender(config=RetryConfig(base_delay=base, max_delay=most, jitter=False))
    values = [wait for _, wait in zip(range(8), plain.waits(), strict=False)]
    assert values == [min(base * 2**step, most) for step in range(8)]
    left = iter(draws)
    drawn = RetryingSender(
        config=RetryConfig(base_delay=base, max_delay=most), jitter=lambda wait: wait * next(left)
    )
    waits = [wait for _, wait in zip(draws, drawn.waits(), strict=False)]
    assert waits == [ceiling * draw for ceiling, draw in zip(values, draws, strict=True)]


def test_by_default_jitter_is_anything_up_to_the_whole_wait() -> None:
    sender = RetryingSender(config=RetryConfig(base_delay=1, max_delay=1))
    waits = [wait for _, wait in zip(range(200), sender.waits(), strict=False)]
    assert min(waits) < 0.2
    assert max(waits) > 0.8
    assert all(0 <= wait <= 1 for wait in waits)


@given(st.text(max_size=40), st.floats(0, 4e9))
def test_any_retry_after_is_seconds_or_nothing(text: str, now: float) -> None:
    seconds = retry_after({"Retry-After": text}, now)
    assert seconds is None or seconds >= 0


def test_the_real_clock_is_the_default() -> None:
    assert type(RetryingSender().clock) is Clock


@pytest.mark.parametrize("method", ["GET", "POST", "PATCH", "DELETE"])
def test_a_rate_limit_without_retry_after_is_waited_for_by_the_schedule_without_any_retries(
    wire: Any, clock: Any, method: str
) -> None:
    wire.answers = [429, 429, 429, 200]
    sender = RetryingSender(retries=0, sender=wire.end, clock=clock, jitter=lambda wait: wait)
    response = wire.send(sender, Request(method, URL))
    assert (response.status_code, response.tries) == (200, 4)
    assert clock.slept == [0.5, 1.0, 2.0]


@pytest.mark.parametrize("asked", [None, "0", "0.0", "-1", "soon"])
def test_a_rate_limit_for_ever_ends_within_the_total_time_of_the_request(
    wire: Any, clock: Any, answer: Any, asked: str | None
) -> None:
    wire.answers = [answer(429) if asked is None else answer(429, Retry_After=asked)]
    sender = RetryingSender(
        sender=wire.end, clock=clock, config=RetryConfig(max_elapsed=None), jitter=lambda _: 0.7
    )
    begun = clock.time
    response = wire.get(sender, options=Options(timeouts=Timeouts()))
    assert response.status_code == 429
    assert 55 < clock.time - begun <= 60


@pytest.mark.parametrize("seconds", ["10000000000", "86401", "Fri, 31 Dec 9999 23:59:59 GMT"])
def test_a_wait_of_more_than_a_day_is_never_begun_even_without_a_bound(
    wire: Any, clock: Any, answer: Any, seconds: str
) -> None:
    wire.answers = [answer(503, Retry_After=seconds)]
    request = Options(timeouts=Timeouts(total=None))
    sender = retrying(wire, clock, max_elapsed=None)
    assert wire.get(sender, options=request).status_code == 503
    assert clock.slept == []


@pytest.mark.parametrize(
    "value", [1e10, math.inf, -math.inf, math.nan, -1, -0.5, 10**30, "5", True]
)
@pytest.mark.parametrize(
    ("kind", "name"),
    [
        *((Timeouts, name) for name in ("connect", "read", "write", "pool", "total")),
        *((RetryConfig, name) for name in ("base_delay", "max_delay", "max_elapsed")),
    ],
)
def test_times_that_nobody_can_wait_for_are_refused(kind: Any, name: str, value: Any) -> None:
    def made(value: Any) -> Any:
        return kind(**{name: value})

    with pytest.raises(errors.ConfigError) as caught:
        made(value)
    assert isinstance(caught.value, ValueError)


@pytest.mark.parametrize("value", [-1, 1.5, math.inf, math.nan, "3", True, None])
def test_a_number_of_retries_that_cannot_be_is_refused(value: Any) -> None:
    with pytest.raises(errors.InvalidInput, match="retries must be a whole number, 0 or more"):
        RetryingSender(retries=value)


@pytest.mark.parametrize(("statuses", "tries"), [([500] * 4, 4), ([500, 404], 2)])
def test_what_comes_of_several_tries_says_how_many_and_how_long(
    wire: Any, clock: Any, statuses: list[int], tries: int
) -> None:
    wire.answers = [*statuses]
    request = Request("GET", URL)
    response = wire.send(retrying(wire, clock), request)
    text = str(error_of(request, response))
    assert f"(gave up after {tries} tries in {sum(clock.slept):.1f} s)" in text
    wire.answers = [LOST]
    with pytest.raises(errors.ConnectionFailed, match=r"\(gave up after 4 tries in 7\.0 s\)"):
        wire.get(retrying(wire, clock))
    wire.answers = [404]
    assert "gave up" not in str(error_of(request, wire.send(retrying(wire, clock), request)))


def test_a_client_gives_a_call_a_minute(connect: Any) -> None:
    seen: list[Any] = []

    def never(request: httpx.Request) -> httpx.Response:
        seen.append(request.extensions["timeout"])
        raise httpx.ReadTimeout("nothing came")

    waits: list[float] = []

    class Waiting(Clock):
        def monotonic(self) -> float:
            return 25.0 * len(seen) + sum(waits)

        def sleep(self, seconds: float) -> None:
            waits.append(seconds)

        async def asleep(self, seconds: float) -> None:
            waits.append(seconds)

    client = connect(
        access_token="t", base_url="https://api.example", state=":memory:", clock=Waiting(),
        httpx_options={"transport": httpx.MockTransport(never)},
    )  # fmt: skip
    assert client.settings.timeouts.total == 60
    with pytest.raises(errors.RequestError):
        client.regions.list()
    assert len(seen) == 3
    assert [each["read"] > 10 for each in seen] == [True, True, False]


def test_a_pause_of_any_length_is_obeyed_and_not_taken_for_nonsense() -> None:
    for digits in ("10000000000", "9" * 14, "9" * 400):
        seconds = retry_after({"Retry-After": digits})
        assert seconds is not None
        assert 1e10 <= seconds <= 1e12
