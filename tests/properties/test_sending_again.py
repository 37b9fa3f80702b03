"""Whatever a server does: nothing is created twice, and everything ends within its bounds.

Rules: docs/rules.md#once, docs/rules.md#retry-after, docs/rules.md#total-time.
"""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from rsspot import RetryConfig, Timeouts, errors
from rsspot.flow.flow import Sleep
from rsspot.senders import Clock, Options, Request, Response, RetryingSender

URL = "https://api.example/a/b"
TICK = 1e-5
"""What is shorter does not change the time of day, as a float."""


class StillClock(Clock):
    """Time that only waiting and the server move."""

    def __init__(self) -> None:
        self.time = 1_800_000_000.0

    def now(self) -> float:
        return self.time

    monotonic = now


def answering(status: int, asked: int | None) -> Response:
    return Response(URL, {} if asked is None else {"Retry-After": str(asked)}, status, {})


def failing(sent: bool, late: bool) -> errors.RequestError:  # noqa: FBT001 - drawn one after the other
    kind = errors.DeadlineExceeded if late else errors.ConnectionFailed
    return kind("lost", sent=sent)


statuses = st.sampled_from([200, 201, 404, 408, 409, 422, 429, 500, 502, 503, 504])
answers = st.builds(answering, statuses, st.none() | st.integers(0, 90))
failures = st.builds(failing, st.booleans(), st.booleans())
outcomes = st.lists(answers | failures, min_size=1, max_size=12)
configs = st.builds(
    RetryConfig,
    max_attempts=st.integers(1, 5),
    base_delay=st.floats(0, 2),
    max_delay=st.floats(0, 30),
    max_elapsed=st.floats(0, 200),
)


def may_have_acted(outcome: Response | Exception) -> bool:
    """Whether the server can have done what it was asked, by what it answered."""
    if isinstance(outcome, Exception):
        return bool(getattr(outcome, "sent", True))
    busy = outcome.status_code == 503 and "Retry-After" in outcome.headers
    return outcome.status_code != 429 and not busy


def drive(
    method: str, config: RetryConfig, told: list[Any], took: float, total: float
) -> tuple[list[Any], list[float], Any]:
    """What came of each try, the waits between, and the end."""
    clock = StillClock()
    options = Options(timeouts=Timeouts(total=total))
    flow: Any = RetryingSender(config=config, clock=clock).flow(
        Request(method, URL, options=options)
    )
    left, tries, waits = [*told], list[Any](), list[float]()
    try:
        effect = next(flow)
        while True:
            if isinstance(effect, Sleep):
                waits.append(effect.seconds)
                clock.time += effect.seconds
                effect = flow.send(None)
                continue
            outcome = left.pop(0) if len(left) > 1 else left[0]
            tries.append(outcome)
            clock.time += took
            again = outcome if isinstance(outcome, Exception) else outcome.again()
            send = flow.throw if isinstance(outcome, Exception) else flow.send
            effect = send(again)
    except StopIteration as stop:
        return tries, waits, stop.value
    except errors.RSSpotError as error:
        return tries, waits, error


@given(st.sampled_from(["POST", "PATCH"]), configs, outcomes, st.floats(0, 20))
def test_nothing_follows_a_write_that_may_have_acted(
    method: str, config: RetryConfig, told: list[Any], took: float
) -> None:
    tries, _, end = drive(method, config, told, took, 300)
    assert not any(may_have_acted(outcome) for outcome in tries[:-1])
    if isinstance(tries[-1], Exception):
        assert isinstance(end, errors.OutcomeUnknown) is may_have_acted(tries[-1])
    else:
        assert end.status_code == tries[-1].status_code


@given(
    st.sampled_from(["GET", "PUT", "DELETE", "POST"]),
    configs,
    outcomes,
    st.floats(0, 20),
    st.floats(1, 300),
)
def test_tries_and_waits_stay_within_their_bounds(
    method: str, config: RetryConfig, told: list[Any], took: float, total: float
) -> None:
    tries, waits, end = drive(method, config, told, took, total)
    waited_for = [
        outcome
        for outcome in tries[:-1]
        if not isinstance(outcome, Exception) and outcome.status_code == 429
    ]  # a 429 uses up no attempt, with Retry-After or without (docs/senders.md)
    assert len(tries) - len(waited_for) <= config.max_attempts
    assert len(waits) == len(tries) - 1
    # No wait is begun that would end too late, as far as a clock can tell.
    assert sum(waits) <= min(total, config.max_elapsed or 0) + TICK
    for outcome, wait in zip(tries, waits, strict=False):
        asked = 0.0 if isinstance(outcome, Exception) else outcome.headers.get("Retry-After", 0)
        told_to = isinstance(outcome, Response) and outcome.status_code in {429, 503}
        assert wait >= (float(asked) if told_to else 0)
    assert getattr(end, "tries", len(tries)) == len(tries)


@given(st.sampled_from(["GET", "DELETE"]), configs, outcomes)
def test_the_end_is_what_came_last(method: str, config: RetryConfig, told: list[Any]) -> None:
    tries, _, end = drive(method, config, told, 0.1, 300)
    if isinstance(tries[-1], Exception):
        assert type(end) is type(tries[-1])
        return
    lost = any(may_have_acted(outcome) for outcome in tries[:-1])
    gone = method == "DELETE" and tries[-1].status_code == 404 and lost
    assert end.status_code == (204 if gone else tries[-1].status_code)


def test_a_server_that_says_slow_down_and_not_how_long_is_asked_a_bounded_number_of_times() -> None:
    config = RetryConfig(base_delay=0, max_elapsed=0.98)
    tries, waits, end = drive("GET", config, [answering(429, 0)], 0.0, 300)
    assert (end.status_code, len(tries)) == (429, 20)
    assert waits == [0.05] * 19
