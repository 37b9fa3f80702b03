"""Requests under way: who asks for the same meanwhile is given the same answer."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from rsspot.errors import RSSpotError
from rsspot.senders.flow import Effect
from rsspot.senders.forks import reset_in_child
from rsspot.senders.lock import running_loop
from rsspot.senders.messages import Response

if TYPE_CHECKING:
    from asyncio import AbstractEventLoop
    from collections.abc import Hashable
    from concurrent.futures import Future

    from rsspot.senders.flow import Flow

__all__ = ["Flights", "together"]


class Flight:
    """One request under way, and who waits for its answer: threads, and tasks of any loop."""

    __slots__ = ("_flights", "key", "loop", "waiting")

    def __init__(self, flights: Flights, key: Hashable, loop: AbstractEventLoop | None) -> None:
        self._flights = flights
        self.key = key
        self.loop = loop
        self.waiting: list[Future[Response | None]] = []

    def land(self, response: Response) -> None:
        """Give all who wait the answer, each a copy of their own."""
        for future in self._flights.remove(self):
            if future.set_running_or_notify_cancel():
                future.set_result(response.again())

    def fail(self, error: RSSpotError) -> None:
        """Give all who wait the error, each a copy of their own."""
        for future in self._flights.remove(self):
            if future.set_running_or_notify_cancel():
                future.set_exception(error.again())

    def abandon(self) -> None:
        """Let those who wait ask for themselves: whoever asked for them was cancelled."""
        for future in self._flights.remove(self):
            if future.set_running_or_notify_cancel():
                future.set_result(None)


class Flights:
    """The requests under way of one cache, for both colours."""

    def __init__(self) -> None:
        self.after_fork()
        reset_in_child(self)

    def after_fork(self) -> None:
        """Forget all: whoever asked is not in the child."""
        self._guard = threading.Lock()
        self._under_way: dict[Hashable, Flight] = {}

    def board(
        self, key: Hashable, loop: AbstractEventLoop | None
    ) -> tuple[Flight, Future[Response | None] | None]:
        """A new flight, or one under way and the future of its answer."""
        with self._guard:
            flight = self._under_way.get(key)
            if flight is None or not _goes_on(flight.loop, loop):
                flight = self._under_way[key] = Flight(self, key, loop)
                return flight, None
            from concurrent.futures import Future

            future: Future[Response | None] = Future()
            flight.waiting.append(future)
            return flight, future

    def remove(self, flight: Flight) -> list[Future[Response | None]]:
        """End a flight, and tell who waits for it."""
        with self._guard:
            if self._under_way.get(flight.key) is flight:
                del self._under_way[flight.key]
            return flight.waiting


def _goes_on(theirs: AbstractEventLoop | None, ours: AbstractEventLoop | None) -> bool:
    # A loop that stands still never lands what its tasks began.
    return theirs is None or theirs is ours or theirs.is_running()


class _Board(Effect["Flight | Response"]):
    """Take off, or wait for the answer of the same flight."""

    __slots__ = ("flights", "key")

    def __init__(self, flights: Flights, key: Hashable) -> None:
        self.flights = flights
        self.key = key

    def run(self) -> Flight | Response:
        if running_loop() is not None:
            # A thread that waits would keep its own loop from landing what is under way.
            return Flight(self.flights, None, None)
        while True:
            flight, future = self.flights.board(self.key, None)
            if future is None:
                return flight
            response = future.result()
            if response is not None:
                return response

    async def arun(self) -> Flight | Response:
        while True:
            flight, future = self.flights.board(self.key, running_loop())
            if future is None:
                return flight
            import asyncio

            response = await asyncio.wrap_future(future)
            if response is not None:
                return response


def together(flights: Flights, key: Hashable, flow: Flow[Response]) -> Flow[Response]:
    """The answer of `flow`, run once for all who ask with the same `key` while it runs.

    An error is for all of them too. When whoever runs it is cancelled, another one takes over.
    """
    boarded: Any = yield _Board(flights, key)
    if isinstance(boarded, Response):
        flow.close()
        return boarded
    flight: Flight = boarded
    try:
        response = yield from flow
    except RSSpotError as error:
        flight.fail(error)
        raise
    except BaseException:
        flight.abandon()
        raise
    flight.land(response)
    return response
