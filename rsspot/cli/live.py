"""Commands that are repeated: `rsspot top`, and every list with --watch."""

from __future__ import annotations

import io
import shutil
import sys
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from rsspot.cli.output.text_width import cell_width
from rsspot.errors import InvalidInput, RSSpotError
from rsspot.quantities import parse_duration
from rsspot.resources.waiting import requested_pause, temporary

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from rsspot.cli.session import Session

__all__ = ["read_interval", "run_live"]

DEFAULT_INTERVAL, MIN_INTERVAL = 15.0, 1.0
"""Seconds between two updates."""

ENTER, LEAVE = "\x1b[?1049h\x1b[?25l\x1b[?7l", "\x1b[?7h\x1b[?25h\x1b[?1049l"
"""Switch to the alternate screen, without cursor and line breaks, and back."""
HOME, CLEAR_LINE, CLEAR_REST = "\x1b[H", "\x1b[K", "\x1b[J"
MAX_PAUSE = 300.0
MAX_DOUBLINGS = 20


class _Frame(io.StringIO):
    """The output of one run; it has the attributes of the stream that it replaces."""

    def __init__(self, stream: Any) -> None:
        super().__init__()
        self._terminal = stream.isatty()
        self._stream_encoding = getattr(stream, "encoding", None)

    @property
    def encoding(self) -> str:  # type: ignore[override] # of the stream, not of this text
        return self._stream_encoding or "utf-8"

    def isatty(self) -> bool:
        return bool(self._terminal)


def run_live(session: Session, run: Callable[[], object], interval: float) -> None:
    """Run something every `interval` seconds, and show what it writes, until it is interrupted.

    A terminal shows the newest output in place; elsewhere output is written when it differs from
    the one before. Temporary errors are shown and lengthen the pauses; any other error is raised.
    """
    clock = session.clock
    in_place = session.use_live(sys.stdout)
    shown = ""
    failures = 0
    try:
        with session.keep_client(), _screen(in_place=in_place):
            while True:
                text, trouble = _run_once(run)
                failures = failures + 1 if trouble else 0
                pause = min(interval * 2 ** min(failures, MAX_DOUBLINGS), max(interval, MAX_PAUSE))
                pause = max(pause, requested_pause(trouble))
                if trouble is None:
                    kept = text
                else:
                    kept = f"{shown}\n{trouble} (next try in {pause:.0f} s)\n"
                if in_place:
                    title = _title(session, interval, clock.now())
                    session.write(_page(title, kept))
                elif kept != shown:
                    session.write(f"\n{kept}" if shown else kept)
                shown = text if trouble is None else shown
                clock.sleep(pause)
    except KeyboardInterrupt:
        # The usual way to stop it.
        return


def read_interval(text: str | None) -> float:
    """Return the seconds of --interval. Raises `InvalidInput`."""
    if text is None:
        return DEFAULT_INTERVAL
    seconds = parse_duration("--interval", text, unit="s").total_seconds()
    if seconds < MIN_INTERVAL:
        raise InvalidInput(
            f"--interval is {text!r}, which asks the API too often",
            hint=f"Write {MIN_INTERVAL:g}s or more",
        )
    return seconds


def _run_once(run: Callable[[], object]) -> tuple[str, Exception | None]:
    frame = _Frame(sys.stdout)
    try:
        with redirect_stdout(frame), redirect_stderr(frame):
            run()
    except RSSpotError as error:
        return "", temporary(error)
    return frame.getvalue(), None


@contextmanager
def _screen(*, in_place: bool) -> Generator[None]:
    if not in_place:
        yield
        return
    sys.stdout.write(ENTER)
    try:
        yield
    finally:
        sys.stdout.write(LEAVE)
        sys.stdout.flush()


def _title(session: Session, interval: float, now: float) -> str:
    words = " ".join(["rsspot", *session.arguments])
    return f"{datetime.fromtimestamp(now, UTC):%H:%M:%S} UTC, every {interval:g} s: {words}"


def _page(title: str, text: str) -> str:
    """Return the text that draws a page in place, cut at the size of the terminal."""
    width, height = shutil.get_terminal_size()
    lines = [_cut(title, width), "", *text.splitlines()]
    if len(lines) >= height:
        hidden = len(lines) - height + 2
        lines = [*lines[: height - 2], _cut(f"… {hidden} more lines", width)]
    # First, since in the last column it would clear what was just written there.
    body = "".join(f"{CLEAR_LINE}{line}\r\n" for line in lines)
    return f"{HOME}{body}{CLEAR_REST}"


def _cut(text: str, width: int) -> str:
    while cell_width(text) > width:
        text = text[:-2] + "…"
    return text
