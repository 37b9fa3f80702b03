"""A real terminal for a program: a pty, and what it shows after the codes that rich uses."""

from __future__ import annotations

import codecs
import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import termios
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType
    from typing import Self

CODE = re.compile(r"\x1b\[(\??)([\d;]*)([A-Za-z])")
PATIENCE = 60.0
QUIET = 0.03
"""Seconds after which nothing more of a frame comes; frames are further apart."""


class Screen:
    """Lines of text as a terminal of a width shows them."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self.lines = [""] * height
        self.row = self.column = 0
        self.is_alternate = False
        self._main: list[str] = []
        self._rest = ""

    @property
    def text(self) -> str:
        return "\n".join(line.rstrip() for line in self.lines).rstrip()

    def feed(self, text: str) -> None:
        text, self._rest = self._rest + text, ""
        at = 0
        while at < len(text):
            code = CODE.match(text, at)
            if code is not None:
                self._obey(*code.groups())
                at = code.end()
            elif text[at] == "\x1b" and len(text) - at < 16:
                self._rest = text[at:]  # the end of it comes with the next piece
                return
            else:
                self._put(text[at])
                at += 1

    def _put(self, character: str) -> None:
        if character == "\n":
            self._down()
        elif character == "\r":
            self.column = 0
        elif character.isprintable():
            if self.column >= self.width:
                self.column = 0
                self._down()
            line = self.lines[self.row].ljust(self.column)
            self.lines[self.row] = line[: self.column] + character + line[self.column + 1 :]
            self.column += 1

    def _down(self) -> None:
        self.row += 1
        if self.row == self.height:
            self.lines = [*self.lines[1:], ""]
            self.row -= 1

    def _obey(self, mark: str, numbers: str, name: str) -> None:
        if mark:
            self._switch(numbers, name)
        elif name == "A":
            self.row = max(self.row - int(numbers or 1), 0)
        elif name == "K":
            self.lines[self.row] = "" if numbers == "2" else self.lines[self.row][: self.column]
        elif name == "H":
            self.row = self.column = 0
        elif name == "J":
            self.lines = [""] * self.height

    def _switch(self, numbers: str, name: str) -> None:
        if numbers == "1049":
            if name == "h":
                self._main = self.lines
                self.lines = [""] * self.height
            else:
                self.lines = self._main
            self.is_alternate = name == "h"


class Terminal:
    """Runs a program in a pty of its own; `screen` is what a person sees of what was `written`."""

    def __init__(self, *command: Any, width: int = 80, height: int = 24) -> None:
        self.screen = Screen(width, height)
        self.widest = 0
        self.written = ""
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))
        self.process = subprocess.Popen(
            [*map(str, command)],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
            # GNU readline, which pytest imports, puts its own into what workers inherit.
            env={k: v for k, v in os.environ.items() if k not in {"LINES", "COLUMNS"}},
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # noqa: PLW1509 - no locks
        )
        os.close(slave)

    def press(self, keys: str) -> None:
        os.write(self._master, keys.encode())

    def wait_for(self, look: str | Callable[[str], bool]) -> str:
        """What is shown once it shows this, when all of a frame has arrived."""
        ends = time.monotonic() + PATIENCE
        while time.monotonic() < ends:
            while self._is_more():
                if not self._read():
                    break
            shown = self.screen.text
            if look in shown if isinstance(look, str) else look(shown):
                return shown
            if not self._read():
                break
        status = self.process.poll()
        state = "the program runs" if status is None else f"the program ended with {status}"
        raise AssertionError(f"{look!r} is not shown, and {state}:\n{self.screen.text}")

    def _is_more(self) -> bool:
        return bool(select.select([self._master], [], [], QUIET)[0])

    def hang_up(self) -> None:
        """Close the window."""
        os.close(self._master)
        self._master = os.open(os.devnull, os.O_RDONLY)

    def end(self) -> int:
        """Show all that it writes until it ends; return its status."""
        while self._read():
            pass
        return self.process.wait(PATIENCE)

    def _read(self) -> bool:
        ready, _, _ = select.select([self._master], [], [], 0.1)
        if not ready:
            return self.process.poll() is None
        try:
            piece = os.read(self._master, 65536)
        except OSError:  # Linux, when the other side is closed
            return False
        text = self._decoder.decode(piece)
        self.written += text
        self.screen.feed(text)
        self.widest = max(self.widest, *map(len, self.screen.lines))
        return bool(piece)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self._master)
