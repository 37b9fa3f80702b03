"""Calls that may block, such as those of the state store: never inline on an event loop."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from rsspot.flow.flow import Effect, run

if TYPE_CHECKING:
    from collections.abc import Callable

    from rsspot.flow.executors import Kind
    from rsspot.flow.flow import Flow

__all__ = ["Block", "block", "flow_method"]


S = TypeVar("S")
T = TypeVar("T")
P = ParamSpec("P")


class Block(Effect[T]):
    """Call a function that may block: inline in sync code, else in a thread of its `kind`."""

    __slots__ = ("call", "kind")

    def __init__(self, call: Callable[[], T], kind: Kind = "store") -> None:
        self.call: Callable[[], T] = call
        self.kind: Kind = kind

    def run(self) -> T:
        return self.call()

    async def arun(self) -> T:
        from rsspot.flow.executors import in_thread

        return await in_thread(self.kind, self.call)


def flow_method(method: Callable[Concatenate[S, P], Flow[T]]) -> Callable[Concatenate[S, P], T]:
    """Make a method of a flow: a call runs the flow in this thread, and `block` in its own mode."""

    @wraps(method)
    def call(self: S, /, *args: P.args, **kwargs: P.kwargs) -> T:
        return run(method(self, *args, **kwargs))

    made: Any = call
    made.flow = method
    return call


def block(function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Flow[T]:
    """Call a function of the state store, which may block, without blocking an event loop.

    A `flow_method` becomes a part of this flow. Any other function is called in a thread in async
    code.
    """
    method: Any = getattr(function, "flow", None)
    if method is None:
        result: T = yield Block(lambda: function(*args, **kwargs))
        return result
    bound: Any = function
    flow: Flow[T] = method(bound.__self__, *args, **kwargs)
    return (yield from flow)
