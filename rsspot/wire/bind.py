"""Groups of operations: each operation is one flow, which is called in sync or in async code.

A group is generic in its mode, so that type checkers infer from one definition both
``regions.list() -> list[Region]`` and ``await aregions.list() -> list[Region]``, with the names of
parameters. Inside a flow, call the flow by its class: ``yield from Regions.get(self, name)``.
"""

from __future__ import annotations

from functools import partial, update_wrapper
from typing import TYPE_CHECKING, Any, Concatenate, Generic, ParamSpec, TypeVar, overload

from rsspot.arguments import ArgumentChecks
from rsspot.flow.flow import aiterate, arun, iterate, run
from rsspot.lazy import lazy_property
from rsspot.models.results import Results
from rsspot.senders.sender import obtained
from rsspot.wire.call_time import Call, current_call
from rsspot.wire.signatures import KINDS, public_signature, wrong_call

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
    from inspect import Signature

    from rsspot.flow.flow import Flow, Stream
    from rsspot.wire.organization import OrganizationConnection

__all__ = ["Async", "Bound", "Described", "Group", "Mode", "Sync", "operation", "stream"]

P = ParamSpec("P")
T = TypeVar("T")
R_co = TypeVar("R_co", covariant=True)


class Mode:
    """Sync or async: a mark for type checkers, never an object."""


class Sync(Mode):
    """Calls return results."""


class Async(Mode):
    """Calls return awaitables."""


M_co = TypeVar("M_co", bound=Mode, covariant=True)


class Bound(Generic[M_co]):
    """What has operations: a group, or a client for the calls of its own."""

    _connection: OrganizationConnection


class Group(Bound[M_co]):
    """The operations on one kind of object, through one connection.

    Every call may raise the errors below, besides those in its own list. ``docs/rules.md`` has the
    rules for retries, and `rsspot.errors` the attributes.

    Raises:
        AuthError: If signing in fails.
        ForbiddenError: If the user may not do this.
        RateLimitedError: If the API still refuses the call after all retries: too many requests.
        ServerError: If the API fails, after all retries.
        RequestError: If the API refuses the call for another reason; the class says which.
        ConnectionFailed: If the API cannot be reached, after all retries.
        DeadlineExceeded: If the call takes longer than the total timeout of the client.
        UnexpectedResponseError: If the API returns something that is not in its description.
        ConfigError: If the configuration is invalid, or names no organization where several exist.
        ClientClosed: If the client is closed.
        TypeError: If an argument is missing, or has a name that the call does not know.
    """

    def __init__(self, connection: OrganizationConnection) -> None:
        self._connection = connection

    @property
    def is_async(self) -> bool:
        """Whether calls must be awaited."""
        return self._connection.is_async

    @property
    def _label(self) -> str:
        """What messages put before the name of an operation, such as ``"regions"``."""
        return type(self).__module__.rpartition(".")[2]

    if not TYPE_CHECKING:  # a type checker would accept any name

        def __getattr__(self, name: str) -> object:
            from rsspot.renamed import missing_attribute

            raise missing_attribute(self, name, (f"client.{self._label}",))

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self._connection!r}>"


class Described:
    """The flow behind a call, for `inspect`: with the signature of that call.

    signature: returns it. That takes as long as a first call, so it waits until it is asked for.
    """

    def __init__(self, flow: Callable[..., Any], signature: Callable[[], Signature]) -> None:
        self.__wrapped__ = flow
        self._make = signature

    @lazy_property
    def __signature__(self) -> Signature:
        return self._make()


class _Definition:
    """The common part of all calls of one operation."""

    def __init__(self, flow: Callable[..., Any], returns: str) -> None:
        self.flow = flow
        self._returns = returns
        self._checks: ArgumentChecks | None = None
        update_wrapper(self, flow)  # type: ignore[arg-type] # pyright: ignore[reportArgumentType] - as a property has its getter's doc

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @lazy_property
    def __signature__(self) -> Signature:
        return self.public_signature(is_async=False)

    def public_signature(self, *, is_async: bool, kind: type | None = None) -> Signature:
        """Return the signature of the call in a mode. kind: the class of the objects, if known."""
        return public_signature(self.flow, self._returns, is_async=is_async, kind=kind)

    def bind(self, group: Group[Any], call: Callable[..., T]) -> Callable[..., T]:
        """Bind `call` to `group` under the name of the operation, with its description."""
        bound: Any = update_wrapper(call, self.flow)
        kind: type | None = getattr(group, "_kind", None)
        signature = partial(self.public_signature, is_async=group.is_async, kind=kind)
        bound.__wrapped__ = Described(self.flow, signature)
        # An instance attribute hides a descriptor without __set__: it is bound once.
        group.__dict__[self.name] = bound
        return call

    def begin(self, group: Group[Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Return the flow of a call. Nothing is sent before it is run.

        Raises `TypeError` with the public name of the call, and `InvalidInput`.
        """
        if args or kwargs:
            checks = self._checks
            if checks is None:
                checks = self._checks = ArgumentChecks(self.flow, KINDS)
            checks.check(args, kwargs)
        if obtained.get() is not None:
            obtained.set(None)
        try:
            return self.flow(group, *args, **kwargs)
        except TypeError as error:
            # Python refuses a call before the function has a frame.
            if error.__traceback__ is None or error.__traceback__.tb_next is not None:
                raise
            name = f"{group._label}.{self.name}"  # noqa: SLF001 - of the group that is bound
            raise wrong_call(name, self.flow, args, kwargs) from None


class operation(_Definition, Generic[P, R_co]):  # noqa: N801 - a decorator
    """A flow that a group offers as a normal method, or as an `async def` one."""

    def __init__(self, flow: Callable[Concatenate[Any, P], Flow[R_co]]) -> None:
        super().__init__(flow, "{}")

    @overload
    def __get__(self, group: None, owner: type) -> Callable[Concatenate[Any, P], Flow[R_co]]: ...
    @overload
    def __get__(self, group: Bound[Sync], owner: type) -> Callable[P, R_co]: ...
    @overload
    def __get__(
        self, group: Bound[Async], owner: type
    ) -> Callable[P, Coroutine[Any, Any, R_co]]: ...
    def __get__(self, group: Any, owner: type) -> Any:
        if group is None:
            return self.flow
        return self.bind(group, (_async_call if group.is_async else _sync_call)(self, group))


def _sync_call(definition: _Definition, group: Group[Any]) -> Callable[..., Any]:
    clock = group._connection.clock  # noqa: SLF001 - of the group that is bound

    def call(*args: Any, **kwargs: Any) -> Any:
        outer, this = current_call.get(), Call()
        try:
            this.began = clock.monotonic()
            current_call.set(this)
            result: Any = run(definition.begin(group, args, kwargs))
        finally:
            this.began = None
            if outer is not None and outer.began is not None:
                current_call.set(outer)
        return Results(result) if result.__class__ is list else result

    return call


def _async_call(
    definition: _Definition, group: Group[Any]
) -> Callable[..., Coroutine[Any, Any, Any]]:
    clock = group._connection.clock  # noqa: SLF001 - of the group that is bound

    async def call(*args: Any, **kwargs: Any) -> Any:
        outer, this = current_call.get(), Call()
        try:
            this.began = clock.monotonic()
            current_call.set(this)
            result: Any = await arun(definition.begin(group, args, kwargs))
        finally:
            this.began = None
            if outer is not None and outer.began is not None:
                current_call.set(outer)
        return Results(result) if result.__class__ is list else result

    return call


class stream(_Definition, Generic[P, T]):  # noqa: N801 - a decorator
    """A flow that emits items, which a group offers as an iterator or an async iterator."""

    def __init__(self, flow: Callable[Concatenate[Any, P], Stream[T]]) -> None:
        super().__init__(flow, "Iterator[{}]")

    @overload
    def __get__(self, group: None, owner: type) -> Callable[Concatenate[Any, P], Stream[T]]: ...
    @overload
    def __get__(self, group: Bound[Sync], owner: type) -> Callable[P, Iterator[T]]: ...
    @overload
    def __get__(self, group: Bound[Async], owner: type) -> Callable[P, AsyncIterator[T]]: ...
    def __get__(self, group: Any, owner: type) -> Any:
        if group is None:
            return self.flow
        drive: Callable[[Stream[T]], Any] = aiterate if group.is_async else iterate

        def call(*args: Any, **kwargs: Any) -> Any:
            return drive(self.begin(group, args, kwargs))

        return self.bind(group, call)
