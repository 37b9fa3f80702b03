"""One run of a program: its input and output, its timeout, and how it is stopped.

A program is the leader of a session and a process group of its own. It has no terminal, so Ctrl-C
does not reach it, and it cannot prompt. Stopping it also stops the processes that it started.
"""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from rsspot.errors import ProgramFailed

if TYPE_CHECKING:
    from rsspot.registration.programs.command import StepProgram

__all__ = ["Child", "Ended", "ProgramInput", "Stopped"]

TICK = 0.1
"""Seconds between two checks whether a silent program has ended or must be stopped."""
GRACE = 2.0
"""Seconds between SIGTERM and SIGKILL."""
LINGER = 1.0
"""Seconds to wait for the output of processes that an ended program left behind."""
MAX_ERRORS = 8 * 1024
"""Bytes of stderr that are kept: the last ones, from the beginning of a line."""
PIECE = 64 * 1024
"""Bytes that are written or read at a time."""


class Stopped(BaseException):
    """The program was stopped because the run is being stopped, which is not a failure of its VM.

    Like `KeyboardInterrupt` it is not an `Exception`: it ends the run, which releases its leases.
    """


@frozen
class Ended:
    """The result of a program that ended by itself. `status` is negative after a signal."""

    status: int
    out: bytes = field(repr=False)
    err: bytes = field(repr=False)


@frozen
class ProgramInput:
    """The input of a program. It may contain a token, so its repr is empty."""

    data: bytes = field(repr=False)


class Child:
    """One process of a program. `run` waits until it ends; other threads can call `stop`.

    command: the program.
    timeout: maximum running time, in seconds.
    max_output: maximum number of bytes that it may print.
    """

    def __init__(self, command: StepProgram, *, timeout: float, max_output: int) -> None:
        self._command = command
        self._timeout = timeout
        self._max_output = max_output
        self._out = bytearray()
        self._err = bytearray()
        self._stopped = threading.Event()
        self._grace = GRACE

    def stop(self, *, at_once: bool = False) -> None:
        """Stop it with SIGTERM, or with SIGKILL if `at_once`. `run` then raises `Stopped`."""
        if at_once:
            self._grace = 0.0
        self._stopped.set()

    def run(self, message: ProgramInput) -> Ended:
        """Start it with `message` on stdin, and return its status and output.

        Raises `ProgramFailed` if it did not end by itself, and `Stopped`.
        """
        if self._stopped.is_set():
            raise Stopped(f"{self._command.name} was not started")
        process = self._start()
        pipes: list[Any] = [process.stdin, process.stdout, process.stderr]
        try:
            with selectors.DefaultSelector() as selector:
                self._exchange(process, selector, message)
        except BaseException:
            self._end(process)
            raise
        finally:
            for pipe in pipes:
                with suppress(OSError):
                    pipe.close()
        err = bytes(self._err[-MAX_ERRORS:])
        if len(self._err) > MAX_ERRORS:
            err = err.partition(b"\n")[2] or err
        return Ended(process.returncode, bytes(self._out), err)

    def _start(self) -> subprocess.Popen[bytes]:
        try:
            return subprocess.Popen(  # noqa: S603 - the program of the user, without a shell
                self._command.words,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                start_new_session=True,
                bufsize=0,
            )
        except (OSError, subprocess.SubprocessError) as error:
            reason = error.strerror if isinstance(error, OSError) else error
            raise self._failure(f"could not be started: {reason}") from None

    def _exchange(
        self,
        process: subprocess.Popen[bytes],
        selector: selectors.BaseSelector,
        message: ProgramInput,
    ) -> None:
        stdin: Any = process.stdin
        outputs: dict[Any, bytearray] = {process.stdout: self._out, process.stderr: self._err}
        for pipe in (stdin, *outputs):
            os.set_blocking(pipe.fileno(), False)
            selector.register(
                pipe, selectors.EVENT_READ if pipe in outputs else selectors.EVENT_WRITE
            )
        unwritten = memoryview(message.data)
        ends = time.monotonic() + self._timeout
        leaves = None
        while process.poll() is None or not all(pipe.closed for pipe in outputs):
            if process.returncode is None:
                self._check(ends)
            else:
                leaves = leaves or time.monotonic() + LINGER
                if time.monotonic() >= leaves:
                    _signal(process, signal.SIGKILL)  # it is done; what it left behind is not
                    return
            if not selector.get_map():
                with suppress(subprocess.TimeoutExpired):
                    process.wait(TICK)
                continue
            for key, _ in selector.select(TICK):
                if key.fileobj is stdin:
                    unwritten = _write(key.fd, unwritten)
                    is_done = not unwritten
                else:
                    is_done = not _read(key.fd, outputs[key.fileobj])
                    self._limit_output()
                if is_done:
                    selector.unregister(key.fileobj)
                    with suppress(OSError):
                        key.fileobj.close()  # type: ignore[union-attr] # a pipe

    def _check(self, ends: float) -> None:
        if self._stopped.is_set():
            raise Stopped(f"{self._command.name} was stopped")
        if time.monotonic() >= ends:
            raise self._failure(
                f"did not end within {self._timeout:g} s, and was stopped",
                hint="Raise the timeout of steps, or have the program give up earlier",
            )

    def _limit_output(self) -> None:
        if len(self._out) > self._max_output:
            self._grace = 0.0
            raise self._failure(
                f"printed more than {self._max_output:,} bytes, and was stopped",
                hint="Print one JSON object, and everything else to stderr",
            )
        if len(self._err) > 2 * MAX_ERRORS:
            del self._err[:-MAX_ERRORS]

    def _end(self, process: subprocess.Popen[bytes]) -> None:
        """Stop the whole process group, except programs of other users, which cannot be killed."""
        if self._grace:
            _signal(process, signal.SIGTERM)
        ends = time.monotonic()
        while process.poll() is None and time.monotonic() < ends + self._grace:
            with suppress(subprocess.TimeoutExpired):
                process.wait(TICK)
        _signal(process, signal.SIGKILL)  # also for what it had started and has outlived it
        with suppress(subprocess.TimeoutExpired):
            process.wait(GRACE)

    def _failure(self, what: str, hint: str | None = None) -> ProgramFailed:
        return ProgramFailed(f"{self._command.name} {what}", hint=hint)


def _write(descriptor: int, data: memoryview) -> memoryview:
    """Write what can be written now; return what is left. A program need not read it all."""
    try:
        return data[os.write(descriptor, data[:PIECE]) :]
    except BlockingIOError:
        return data
    except OSError:
        return memoryview(b"")


def _read(descriptor: int, found: bytearray) -> bool:
    """Add what can be read now; return whether there may be more."""
    try:
        piece = os.read(descriptor, PIECE)
    except BlockingIOError:
        return True
    except OSError:
        return False
    found += piece
    return bool(piece)


def _signal(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)
