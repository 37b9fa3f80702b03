"""The display of a registration: what it counts, and that it fits every width."""

from __future__ import annotations

import pytest
from attrs import evolve

from rsspot import RegistrationWorkflow
from rsspot.cli.output.ledger import ShownRecord
from rsspot.cli.output.run_display import Pace, RunDisplay, describe
from rsspot.errors import StateError
from rsspot.registration import Progress, RegistrationStatus, Summary


class Moved:
    """A clock that tests move."""

    def __init__(self) -> None:
        self.time = 100.0

    def __call__(self) -> float:
        return self.time


@pytest.fixture
def now() -> Moved:
    return Moved()


def progress(counts: Summary, error: str | None = None) -> Progress:
    """A report about a VM, which failed with an error."""
    workflow = RegistrationWorkflow(":memory:", target="omni", owner="w")
    where = {"name": "vms", "namespace": "n", "uid": "u"}
    workflow.discover([{"metadata": where, "status": {"assignedServers": {"vm-0": {}}}}])
    (record,) = workflow.list()
    before = record.status
    if error:
        record = workflow.mark_failed(record, error, retry_in=12.0)
    return Progress(record=record, before=before, counts=counts)


ODD = {"display_name": "vm-0\n000000000000 vm-1: submitted → registered\x1b[2J"}


def text(display: RunDisplay, width: int = 80) -> str:
    return "\n".join(line for line, _ in display.lines(width))


def test_it_shows_counts_rate_failures_and_time_left(now: Moved) -> None:
    display = RunDisplay("omni/prod", now)
    display.on_progress(progress(Summary(discovered=1200)))
    assert "No VM is finished yet" in text(display)
    now.time += 10
    display.on_progress(
        progress(Summary(discovered=1150, registered=50), "ProgramFailed: no route")
    )
    now.time += 10
    display.on_progress(progress(Summary(discovered=1100, registered=100)))
    shown = text(display)
    assert shown.splitlines()[0].endswith(" 20 s")
    assert "registered     100  ████" in shown
    assert "  8%" in shown
    assert "discovered   1,100" in shown
    assert "5.0 VMs a second, about 3 min 40 s left, 1 failed attempts" in shown
    assert shown.splitlines()[-1].endswith(" vm-0: no route")
    assert text(display, 40).splitlines()[-1] == "vm-0: no route"


@pytest.mark.parametrize("width", [1, 2, 10, 20, 49, 50, 80, 110, 200])
def test_no_line_is_wider_than_it_may_be(width: int, now: Moved) -> None:
    display = RunDisplay("a target with\nan odd name and \x1b[31mmany characters" * 3, now)
    display.stopping = "Stopping."
    display.on_progress(progress(Summary(discovered=10**9, failed=1), "x" * 900 + "\nsecond"))
    lines = display.lines(width)
    assert max(len(line) for line, _ in lines) <= width
    assert not any("\x1b" in line or "\n" in line for line, _ in lines)


def test_without_utf8_the_bar_is_ascii(now: Moved) -> None:
    display = RunDisplay("omni", now)
    display.on_progress(progress(Summary(discovered=1, registered=1)))
    assert all(line.isascii() for line, _ in display.lines(60, bars="#."))


def test_while_nothing_is_reported_the_ledger_is_asked(now: Moved) -> None:
    display = RunDisplay("omni", now)
    answers = [Summary(registered=7), Summary(registered=8)]
    display.count = lambda: answers.pop(0)
    assert "registered   7" in text(display)
    assert "registered   7" in text(display)
    now.time += 1
    assert "registered   8" in text(display)

    def fail() -> Summary:
        raise StateError("locked")

    display.count = fail
    now.time += 1
    assert "registered   8" in text(display)


def test_a_change_is_one_line_and_says_when_it_is_tried_again() -> None:
    report = progress(Summary(failed=1), "ProgramFailed: no route\nat all")
    assert describe(report) == (
        f"{report.record.key[:12]} vm-0: discovered → failed: ProgramFailed: no route "
        "(tried again in 12 s)"
    )
    assert "\n" not in describe(evolve(report, record=evolve(report.record, payload=ODD)))
    soon = evolve(report, record=evolve(report.record, due_in=0.2))
    assert describe(soon).endswith("no route (tried again in less than 1 s)")
    final = evolve(report.record, due_at=None, due_in=None)
    assert describe(evolve(report, record=final)).endswith("no route")
    registered = evolve(report.record, status=RegistrationStatus.REGISTERED)
    assert describe(evolve(report, record=registered)).endswith(": discovered → registered")


def test_of_a_traceback_the_line_with_the_reason_is_shown(now: Moved) -> None:
    error = (
        "ProgramFailed: omni.py exited with status 1: Traceback (most recent call last):\n"
        '  File "omni.py", line 3, in <module>\nValueError: no such host\n'
    )
    display = RunDisplay("omni", now)
    reported = progress(Summary(failed=1), error)
    display.on_progress(reported)
    assert "vm-0: omni.py exited with status 1: ValueError: no such host" in text(display)
    assert "status 1: ValueError: no such host (tried again in 12 s)" in describe(reported)
    assert ShownRecord.of(reported.record).reason == (
        "omni.py exited with status 1: ValueError: no such host"
    )


def test_an_error_of_a_program_is_shown_without_the_class_that_says_so(now: Moved) -> None:
    display = RunDisplay("omni", now)
    for name in ("Permanent", "ProgramFailed"):
        reported = progress(Summary(failed=1), f"{name}: submit.sh failed permanently: no disk")
        display.on_progress(reported)
        assert ShownRecord.of(reported.record).reason == "submit.sh failed permanently: no disk"
    assert text(display).count("vm-0: submit.sh failed permanently: no disk") == 2


def test_a_rate_is_of_the_last_minute_and_ends_when_nothing_happens(now: Moved) -> None:
    pace = Pace(now)
    assert (pace.rate, pace.seconds_left, pace.left) == (None, None, 0)
    for done in range(200):
        pace.observe(Summary(registered=done, submitted=1000))
        now.time += 1
    assert pace.rate == pytest.approx(1.0, rel=0.05)
    for done in range(200):
        pace.observe(Summary(registered=200 + 10 * done, submitted=1000))
        now.time += 1
    assert pace.rate == pytest.approx(10.0, rel=0.1)
    assert pace.seconds_left == pytest.approx(100.0, rel=0.1)
    now.time += 10_000
    assert pace.rate is not None
    assert pace.rate < 0.1
    pace.observe(Summary(registered=0))
    assert pace.rate is None, "what is opened again goes back"
