"""Run several flows at the same time: in threads, or in tasks."""

from __future__ import annotations

import sys
import threading
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

from rsspot.flow.flow import Effect, arun, run

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractContextManager

    from rsspot.flow.flow import Flow

__all__ = ["no_repetition", "run_all"]

CHECK_INTERVAL = 0.1
"""Seconds between two checks of threads; some platforms cannot interrupt a longer wait."""


class _TaskGroup(Effect[None]):
    """Run flows to their ends. The first error stops all of them, and is raised.

    An interruption (Ctrl-C, a cancelled task) calls `stop` and waits until the flows have ended; a
    second one does not wait.
    """

    __slots__ = ("_errors", "_flows", "_stop")

    def __init__(self, flows: Sequence[Flow[None]], stop: Callable[[], None]) -> None:
        self._flows = flows
        self._stop = stop
        self._errors: list[BaseException] = []

    def run(self) -> None:
        ended = [threading.Event() for _ in self._flows]
        started: list[threading.Event] = []
        try:
            for flow, end in zip(self._flows, ended, strict=True):
                arguments = (flow, end)
                thread = threading.Thread(
                    target=self._run_member, args=arguments, name="rsspot-worker", daemon=True
                )
                thread.start()
                started.append(end)
            _wait(started)
        except BaseException:
            self._stop()
            _wait(started)
            raise
        if self._errors:
            raise self._errors[0]

    def _run_member(self, flow: Flow[None], ended: threading.Event) -> None:
        try:
            run(flow)
        except BaseException as error:  # noqa: BLE001 - it is raised by the caller of the group
            self._errors.append(error)
            self._stop()
        finally:
            ended.set()

    async def arun(self) -> None:
        import asyncio

        tasks = [asyncio.create_task(self._run_async(flow)) for flow in self._flows]
        try:
            await asyncio.wait(tasks)
        except BaseException:
            self._stop()
            with no_repetition():
                try:
                    await asyncio.wait(tasks)
                except BaseException:
                    for task in tasks:
                        task.cancel()
                    await asyncio.wait(tasks)
                    raise
            raise
        if self._errors:
            raise self._errors[0]

    async def _run_async(self, flow: Flow[None]) -> None:
        try:
            await arun(flow)
        except BaseException as error:  # noqa: BLE001 - it is raised by the caller of the group
            self._errors.append(error)
            self._stop()


def no_repetition() -> AbstractContextManager[object]:
    """Keep anyio from repeating a cancellation.

    It repeats a cancellation until the task has left its scope. A repetition must not count as the
    second cancellation, which does not wait.
    """
    anyio: Any = sys.modules.get("anyio")
    scope: AbstractContextManager[object] | None = anyio and anyio.CancelScope(shield=True)
    return scope or nullcontext()


def _wait(events: list[threading.Event]) -> None:
    # Not `join`: after Ctrl-C it considers a running thread ended (CPython 3.11).
    for event in events:
        while not event.wait(CHECK_INTERVAL):
            pass


def run_all(flows: Sequence[Flow[None]], stop: Callable[[], None]) -> Flow[None]:
    """Run flows at the same time to their ends; `stop` makes them end early."""
    yield _TaskGroup(flows, stop)
