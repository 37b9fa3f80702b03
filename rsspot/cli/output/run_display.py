"""The progress of a registration: live on a terminal, and one line per change elsewhere."""

from __future__ import annotations

import sys
import time
from collections import deque
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from rsspot.cli.output.formatting import sanitize
from rsspot.cli.output.ledger import one_line, program_error, short_line
from rsspot.errors import StateError
from rsspot.quantities import format_duration
from rsspot.registration import RegistrationStatus, Summary

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from rsspot.cli.output.terminal import Terminal
    from rsspot.registration import Progress

__all__ = [
    "Pace",
    "RunDisplay",
    "show_run",
]

ORDER = (
    RegistrationStatus.REGISTERED,
    RegistrationStatus.SUBMITTED,
    RegistrationStatus.TOKEN_ISSUED,
    RegistrationStatus.DISCOVERED,
    RegistrationStatus.FAILED,
    RegistrationStatus.SKIPPED,
)
STYLES = {"registered": "green", "failed": "red", "skipped": "dim"}
RECOUNT_AFTER = 1.0
"""Seconds without a report after which the ledger is read."""
FAILURES = 3
"""Failures that are shown: the last ones."""
MAX_WIDTH = 110
"""Maximum characters of a line; a longer bar would show nothing more."""
ECHO_WIDTH = 3
"""Characters that are left free for ^C, which would begin another line."""
KEY_WIDTH = 60
"""Minimum characters of a line for the key of a failed record, beside its name and the reason."""
MIN_BAR = 10
"""Minimum characters of a bar that is worth showing."""


class RunDisplay:
    """What a run has reported, and how it looks. `on_progress` is for `RegistrationWorkflow.run`.

    target: the target of the VMs. now: a monotonic clock, in seconds.
    """

    def __init__(self, target: str, now: Callable[[], float] = time.monotonic) -> None:
        self.count: Callable[[], Summary] | None = None
        """Returns the current counts, which other workers change without a report here."""
        self.stopping = ""
        """The message to show while the run is being stopped."""
        self._target = target
        self._now = now
        self._began = now()
        self._pace = Pace(now)
        self._counts = Summary()
        self._failures: deque[str] = deque(maxlen=FAILURES)
        self._failed = 0
        self._counted = -RECOUNT_AFTER

    def on_progress(self, progress: Progress) -> None:
        """Add a change of a record."""
        self._observe(progress.counts)
        if progress.record.status == "failed":
            self._failed += 1
            reason = program_error(progress.record.last_error or "")
            self._failures.append(short_line(progress.record, reason))

    def _observe(self, counts: Summary) -> None:
        self._counted = self._now()
        self._counts = counts
        self._pace.observe(counts)

    def _recount(self) -> None:
        if self.count is not None and self._now() - self._counted >= RECOUNT_AFTER:
            with suppress(StateError):
                self._observe(self.count())

    def lines(self, width: int, *, bars: str = "█░") -> list[tuple[str, str]]:
        """The display in lines of at most `width` characters, each with its style.

        bars: the characters for what is done, and for what is not.
        """
        self._recount()
        counts = self._counts
        elapsed = format_duration(self._now() - self._began)
        title = f"Registering VMs with {self._target}"
        found = [(_between(title, elapsed, width), "bold")]
        total = max(counts.total, 1)
        digits = len(f"{total:,}")
        for status in ORDER:
            count = getattr(counts, status)
            text = f"  {status.replace('_', ' '):<12} {count:>{digits},}"
            space = width - len(text) - len("  100%") - 2
            if status == "registered" and counts.total and space >= MIN_BAR:
                done = space * count // total
                share = 100 * count // total
                text += f"  {bars[0] * done}{bars[1] * (space - done)} {share:>3}%"
            found.append((text, STYLES.get(status, "") if count else "dim"))
        found.append((self._speed(), ""))
        failures = self._failures if width >= KEY_WIDTH else map(_without_key, self._failures)
        found += [(line, "red") for line in failures]
        if self.stopping:
            found.append((self.stopping, "yellow"))
        return [(_cut(sanitize(text, lines=False), width), style) for text, style in found]

    def _speed(self) -> str:
        pace = self._pace
        parts: list[str] = []
        if pace.rate is not None:
            parts.append(_rate(pace.rate))
        if pace.seconds_left:
            parts.append(f"about {format_duration(pace.seconds_left)} left")
        if self._failed:
            parts.append(f"{self._failed:,} failed attempts")
        return ", ".join(parts) or "No VM is finished yet"


def _without_key(line: str) -> str:
    return line.partition(" ")[2]


def _rate(rate: float) -> str:
    return f"{rate:.1f} VMs a second" if rate >= 1 else f"{60 * rate:.1f} VMs a minute"


def _between(left: str, right: str, width: int) -> str:
    space = width - len(left) - len(right)
    return f"{left}{' ' * space}{right}" if space > 0 else left


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else f"{text[: max(width - 1, 0)]}…"


def describe(progress: Progress) -> str:
    """A change in one line."""
    record = progress.record
    text = short_line(record, f"{progress.before} → {record.status}")
    if record.status in {"failed", "skipped"} and record.last_error:
        text += f": {one_line(record.last_error)}"
    if record.status == "failed" and record.is_open and record.due_in is not None:
        delay = format_duration(record.due_in) if record.due_in >= 1 else "less than 1 s"
        text += f" (tried again in {delay})"
    return sanitize(text, lines=False)


@contextmanager
def show_run(terminal: Terminal, display: RunDisplay) -> Generator[Callable[[Progress], None]]:
    """Show the display while a run goes on; yield the function to call with each change."""
    if not terminal.use_live(sys.stderr):

        def note(progress: Progress) -> None:
            display.on_progress(progress)
            terminal.note(describe(progress))

        yield note
        return
    from rich.console import Console
    from rich.live import Live
    from rich.text import Text

    console = Console(file=sys.stderr, no_color=not terminal.use_color(sys.stderr), highlight=False)
    encoding = (sys.stderr.encoding or "").lower().replace("-", "")
    bars = "█░" if encoding.startswith("utf") else "#."

    def draw() -> Any:
        text = Text(no_wrap=True, overflow="crop")
        for line, style in display.lines(
            max(min(console.width - ECHO_WIDTH, MAX_WIDTH), 1), bars=bars
        ):
            text.append(f"{line}\n", style=style)
        text.right_crop(1)
        return text

    with Live(get_renderable=draw, console=console, refresh_per_second=8, transient=True):
        yield display.on_progress


WINDOW = 60.0
"""Length of the period that the rate is computed over, in seconds."""
STEP = 0.5
"""Seconds between two counts that are kept."""
SOONEST = 1.0
"""Seconds before there is a rate."""


class Pace:
    """VMs finished per second, by all workers of the target together.

    now: a monotonic clock in seconds, such as `time.monotonic`.
    """

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._points: deque[tuple[float, int]] = deque()
        self._counts: Summary | None = None

    def observe(self, counts: Summary) -> None:
        """Add the counts of a `Progress`."""
        now = self._now()
        self._counts = counts
        point = now, counts.registered + counts.skipped
        if len(self._points) > 1 and now - self._points[-2][0] < STEP:
            self._points[-1] = point
        else:
            self._points.append(point)
        while len(self._points) > 2 and self._points[1][0] < now - WINDOW:  # noqa: PLR2004 - a first and a last
            self._points.popleft()

    @property
    def left(self) -> int:
        """Unfinished VMs, without failed ones, since it is not known which are retried."""
        counts = self._counts
        return 0 if counts is None else counts.discovered + counts.token_issued + counts.submitted

    @property
    def rate(self) -> float | None:
        """VMs registered or skipped per second recently; None while that is not known."""
        if not self._points:
            return None
        (began, first), (_, last) = self._points[0], self._points[-1]
        seconds = self._now() - began
        return None if seconds < SOONEST or last <= first else (last - first) / seconds

    @property
    def seconds_left(self) -> float | None:
        """The time that the rest takes at this rate; None while that is not known."""
        rate = self.rate
        return None if rate is None else self.left / rate
