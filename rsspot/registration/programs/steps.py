"""Run programs as the steps of a workflow, in both modes."""

from __future__ import annotations

import os
import signal
import threading
from typing import TYPE_CHECKING, Any, TypedDict, TypeVar

from rsspot.errors import ConfigError, InvalidInput, ProgramFailed
from rsspot.flow.flow import Effect, arun, run
from rsspot.registration.programs.child import Child
from rsspot.registration.programs.command import find_command
from rsspot.registration.programs.protocol import (
    check_status,
    printed_secrets,
    read_object,
    read_registered,
    read_token,
    step_message,
)
from rsspot.registration.steps import Permanent, Skip
from rsspot.registration.task_group import no_repetition
from rsspot.state.durations import check_seconds

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Awaitable, Callable, Mapping
    from types import TracebackType
    from typing import Self

    from rsspot.flow.flow import Flow
    from rsspot.registration.programs.child import Ended, ProgramInput
    from rsspot.registration.programs.command import Program, StepProgram
    from rsspot.registration.steps import JoinToken, Step

__all__ = ["AsyncSteps", "ProgramSteps", "SyncSteps"]

T = TypeVar("T")


class SyncSteps(TypedDict):
    """The arguments of `RegistrationWorkflow.run` that are steps."""

    issue_token: Callable[[Step], JoinToken]
    submit: Callable[[Step, JoinToken], Mapping[str, Any] | None]
    verify: Callable[[Step], bool] | None


class AsyncSteps(TypedDict):
    """The arguments of `RegistrationWorkflow.arun` that are steps."""

    issue_token: Callable[[Step], Awaitable[JoinToken]]
    submit: Callable[[Step, JoinToken], Awaitable[Mapping[str, Any] | None]]
    verify: Callable[[Step], Awaitable[bool]] | None


class ProgramSteps:
    """Programs in place of functions: one process for each step of each VM.

    A program reads the step as JSON on stdin, with the idempotency key, and prints a JSON object.
    Exit status 0 is success, 75 a failure that is tried again, 65 one that is final (`Permanent`),
    77 a VM that must not be registered (`Skip`); any other is a failure that is tried again. Its
    stderr becomes the text of the error, without secrets. A join token is passed on stdin only.

    issue_token: prints the token: ``id``, ``text``, and if it expires, ``expires_at``.
    submit: also receives the token; the object that it prints is added to the record's payload.
    verify: exits with 0 if the orchestrator has registered the VM, and with 75 if not yet. None
    (default): a submitted VM counts as registered.
    timeout: maximum running time of a program in seconds (default: 300). After that it is stopped,
    with the processes that it started.
    max_output: maximum number of bytes that a program may print (default: 1 MiB).

    Each program is a path, a name on PATH, or a sequence of that and arguments; no shell is used.
    Raises `ConfigError` for one that cannot be started.

    Leaving it as a context manager, or calling `close`, kills the programs that are still running.
    """

    def __init__(
        self,
        *,
        issue_token: Program,
        submit: Program,
        verify: Program | None = None,
        timeout: float = 300.0,
        max_output: int = 1024 * 1024,
    ) -> None:
        if os.name != "posix":
            raise ConfigError(
                "Programs cannot be steps on this platform: it has no process groups",
                hint="Write the steps as functions in Python",
            )
        if signal.getsignal(signal.SIGCHLD) is signal.SIG_IGN:
            # A child that is reaped by the kernel seems to have ended with status 0.
            raise ConfigError(
                "SIGCHLD is ignored in this process, so that exit statuses of programs are lost",
                hint="Call signal.signal(signal.SIGCHLD, signal.SIG_DFL) first",
            )
        if type(max_output) is not int or max_output < 1:
            raise InvalidInput(
                f"max_output must be a whole number of bytes, 1 or more, not {max_output!r}",
                argument="max_output",
            )
        self.timeout: float = check_seconds("timeout", timeout, above_zero=True)
        self.max_output: int = max_output
        self._issue = find_command("issue_token", issue_token)
        self._submit = find_command("submit", submit)
        self._verify = None if verify is None else find_command("verify", verify)
        self._running: set[Child] = set()
        self._guard = threading.RLock()  # a signal handler may close what is being closed
        self._closed = False

    def steps(self) -> SyncSteps:
        """Return the steps for `run`, as in ``workflow.run(client, **programs.steps())``."""

        def issue_token(step: Step) -> JoinToken:
            return run(self._issue_token(step))

        def submit(step: Step, token: JoinToken) -> dict[str, Any]:
            return run(self._submit_vm(step, token))

        def verify(step: Step) -> bool:
            return command is None or run(self._verify_vm(command, step))

        command = self._verify
        return SyncSteps(
            issue_token=issue_token, submit=submit, verify=None if command is None else verify
        )

    def asteps(self) -> AsyncSteps:
        """Return the steps for `arun`. A cancelled step stops its program before it raises."""

        async def issue_token(step: Step) -> JoinToken:
            return await arun(self._issue_token(step))

        async def submit(step: Step, token: JoinToken) -> dict[str, Any]:
            return await arun(self._submit_vm(step, token))

        async def verify(step: Step) -> bool:
            return command is None or await arun(self._verify_vm(command, step))

        command = self._verify
        return AsyncSteps(
            issue_token=issue_token, submit=submit, verify=None if command is None else verify
        )

    def close(self) -> None:
        """Kill the programs that are still running, and start no more.

        A run in progress ends with `Stopped`, releases its leases, and counts no failure.
        """
        with self._guard:
            self._closed = True
            running = [*self._running]
        for child in running:
            child.stop(at_once=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _issue_token(self, step: Step) -> Flow[JoinToken]:
        command = self._issue

        def read(ended: Ended) -> JoinToken:
            check_status(command.name, ended, printed_secrets(ended.out))
            return read_token(command.name, ended.out)

        return self._call(command, step_message("issue_token", step, None), read)

    def _submit_vm(self, step: Step, token: JoinToken) -> Flow[dict[str, Any]]:
        command = self._submit

        def read(ended: Ended) -> dict[str, Any]:
            check_status(command.name, ended, [token.text])
            return read_object(command.name, ended.out)

        return self._call(command, step_message("submit", step, token), read)

    def _verify_vm(self, command: StepProgram, step: Step) -> Flow[bool]:
        return self._call(
            command,
            step_message("verify", step, None),
            lambda ended: read_registered(command.name, ended),
        )

    def _call(
        self, command: StepProgram, message: ProgramInput, read: Callable[[Ended], T]
    ) -> Flow[T]:
        child = Child(command, timeout=self.timeout, max_output=self.max_output)
        with self._guard:
            if self._closed:
                child.stop(at_once=True)
            self._running.add(child)
        try:
            result: T = yield _RunChild(child, message, read)
            return result
        finally:
            with self._guard:
                self._running.discard(child)


class _RunChild(Effect[T]):
    """Run a program, in a thread in async code; cancelling the task stops it.

    The thread reads the output as well, since hiding secrets in a long text takes a while.
    """

    __slots__ = ("_child", "_message", "_read")

    def __init__(self, child: Child, message: ProgramInput, read: Callable[[Ended], T]) -> None:
        self._child = child
        self._message = message
        self._read = read

    def run(self) -> T:
        try:
            return self._read(self._child.run(self._message))
        except (ProgramFailed, Permanent, Skip) as error:
            # The frames in which it was raised hold the output of the program.
            raise error.with_traceback(None) from None

    async def arun(self) -> T:
        import asyncio

        from rsspot.flow.executors import in_thread

        running = asyncio.ensure_future(in_thread("user", self.run))
        try:
            return await asyncio.shield(running)
        except asyncio.CancelledError:
            self._child.stop()
            running.add_done_callback(_retrieve)
            try:
                # The program must not run any more when another worker takes over.
                with no_repetition():
                    await asyncio.wait([running])
            except asyncio.CancelledError:
                self._child.stop(at_once=True)
                raise
            raise


def _retrieve(future: asyncio.Future[Any]) -> None:
    """Retrieve the exception of an abandoned future, which asyncio would log otherwise."""
    if not future.cancelled():
        future.exception()
