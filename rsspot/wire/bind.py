"""Groups of operations, each written once as a flow, and bound to a colour when it is called.

A group is generic in its colour, so that type checkers infer from one definition both
``regions.list() -> list[Region]`` and ``await aregions.list() -> list[Region]``, parameter names
included. Inside a flow call the flow, by the class: ``yield from Regions.get(self, name)``.
"""

from __future__ import annotations

from functools import update_wrapper
from typing import TYPE_CHECKING, Any, Concatenate, Generic, ParamSpec, TypeVar, overload

from rsspot.flow.flow import aiterate, arun, iterate, run
from rsspot.senders.sender import begin_call
from rsspot.wire.signatures import check_types, wrong_call

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Coroutine, Iterator

    from rsspot.flow.flow import Flow, Stream
    from rsspot.wire.connection import Connection

__all__ = ["Async", "Colour", "Group", "Sync", "operation", "stream"]

P = ParamSpec("P")
T = TypeVar("T")
R_co = TypeVar("R_co", covariant=True)


class Colour:
    """How calls are made: a mark for type checkers, never an object."""


class Sync(Colour):
    """Calls answer results."""


class Async(Colour):
    """Calls answer awaitables."""


C_co = TypeVar("C_co", bound=Colour, covariant=True)


class Group(Generic[C_co]):
    """The operations on one kind of object, through one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @property
    def is_async(self) -> bool:
        """Whether calls are to be awaited."""
        return self._connection.is_async

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self._connection!r}>"


class operation(Generic[P, R_co]):  # noqa: N801 - a decorator
    """A flow that is called through a group: a plain call, or an `async def` one."""

    def __init__(self, flow: Callable[Concatenate[Any, P], Flow[R_co]]) -> None:
        self.flow = flow
        update_wrapper(self, flow)  # type: ignore[arg-type]  # as a property has its getter's doc

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, group: None, owner: type) -> Callable[Concatenate[Any, P], Flow[R_co]]: ...
    @overload
    def __get__(self, group: Group[Sync], owner: type) -> Callable[P, R_co]: ...
    @overload
    def __get__(
        self, group: Group[Async], owner: type
    ) -> Callable[P, Coroutine[Any, Any, R_co]]: ...
    def __get__(self, group: Group[Any] | None, owner: type) -> Any:
        if group is None:
            return self.flow
        bind = _async_call if group.is_async else _sync_call
        # An instance attribute hides a descriptor without __set__: it is bound once.
        bound = group.__dict__[self.name] = update_wrapper(bind(self.flow, group), self.flow)
        return bound


def _sync_call(flow: Callable[..., Flow[T]], group: Group[Any]) -> Callable[..., T]:
    def call(*args: Any, **kwargs: Any) -> T:
        return run(_begun(flow, group, args, kwargs))

    return call


def _async_call(
    flow: Callable[..., Flow[T]], group: Group[Any]
) -> Callable[..., Coroutine[Any, Any, T]]:
    async def call(*args: Any, **kwargs: Any) -> T:
        return await arun(_begun(flow, group, args, kwargs))

    return call


def _begun(
    flow: Callable[..., T], group: Group[Any], args: tuple[Any, ...], kwargs: dict[str, Any]
) -> T:
    """The flow of a call, whose arguments are checked; nothing of it has run.

    Raises `TypeError` with the public name of the call, and `InvalidInput`.
    """
    try:
        begun = flow(group, *args, **kwargs)
    except TypeError:
        name = f"{type(group).__module__.rpartition('.')[2]}.{flow.__name__}"
        raise wrong_call(name, flow, args, kwargs) from None
    if args or kwargs:
        check_types(flow, args, kwargs)
    begin_call()
    return begun


class stream(Generic[P, T]):  # noqa: N801 - a decorator
    """A flow that emits items one by one: an iterator, or an async iterator."""

    def __init__(self, flow: Callable[Concatenate[Any, P], Stream[T]]) -> None:
        self.flow = flow
        update_wrapper(self, flow)  # type: ignore[arg-type]  # as a property has its getter's doc

    @overload
    def __get__(self, group: None, owner: type) -> Callable[Concatenate[Any, P], Stream[T]]: ...
    @overload
    def __get__(self, group: Group[Sync], owner: type) -> Callable[P, Iterator[T]]: ...
    @overload
    def __get__(self, group: Group[Async], owner: type) -> Callable[P, AsyncIterator[T]]: ...
    def __get__(self, group: Group[Any] | None, owner: type) -> Any:
        if group is None:
            return self.flow
        drive: Callable[[Stream[T]], Any] = aiterate if group.is_async else iterate

        def call(*args: Any, **kwargs: Any) -> Any:
            return drive(_begun(self.flow, group, args, kwargs))

        return update_wrapper(call, self.flow)
