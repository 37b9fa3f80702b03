"""The calls of a client that belong to no group: sign in, send any request, watch."""

from __future__ import annotations

from functools import update_wrapper
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, Protocol, TypeVar, overload

from rsspot.errors import InvalidInput
from rsspot.resources.groups import GroupOwner
from rsspot.senders.messages import Options, Request
from rsspot.wire.bind import Bound, Described, Group, M_co, operation, stream
from rsspot.wire.responses import error_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
    from datetime import timedelta
    from inspect import Signature

    from rsspot.errors import RSSpotError
    from rsspot.flow.flow import Flow, Stream
    from rsspot.models.change import Change
    from rsspot.resources.watching import What
    from rsspot.senders.messages import Response

__all__ = ["AsyncCalls", "Calls"]

P = ParamSpec("P")
T = TypeVar("T")
A_co = TypeVar("A_co", covariant=True)


class Calls(Bound[M_co]):
    """The calls of a client, as methods that are sync or async as the client is."""

    def __init_subclass__(cls) -> None:
        if isinstance(is_async := vars(cls).get("is_async"), bool):
            for name in ("authenticate", "request", "watch"):
                setattr(cls, name, _method(vars(Calls)[name], is_async=is_async))

    @operation
    def authenticate(self, *, force_refresh: bool = False) -> Flow[str]:
        """Return the access token that calls are signed with.

        Args:
            force_refresh: Whether to get a new one in any case.

        Raises:
            AuthError: If signing in fails.
        """
        token = yield from self._connection.access_token(force=force_refresh)
        return token.value

    @operation
    def request(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, Any] | None = None,
        json: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> Flow[Response]:
        """Send any request to the API, with sign-in, retry and cache.

        A PATCH is a merge patch, unless `headers` set another type (docs/api-facts.md#writes).

        Args:
            method: HTTP method, such as ``"GET"``.
            path: Path of the URL, such as ``"/apis/ngpc.rxt.io/v1/regions"``.
            params: Query parameters (default: none).
            json: Body of the request, which is sent as JSON (default: none).
            headers: Further header fields (default: none).

        Returns:
            The response, whose status is that of a success.

        Raises:
            InvalidInput: If the method or path cannot be sent.
            RSSpotError: If the call fails, as every call of a group does.
        """
        if not path.startswith("/") or path.startswith("//"):
            raise InvalidInput(
                f"path must begin with one slash and have no host, not {path[:80]!r}",
                argument="path",
            )
        connection = self._connection
        known = connection.headers
        if method.upper() == "PATCH":
            known = known.replace({"Content-Type": "application/merge-patch+json"})
        settings = connection.settings
        request = Request(
            method,
            settings.base_url + path,
            params=params,
            headers=known.replace(headers or {}),
            json=json,
            options=Options(timeouts=settings.timeouts),
        )
        response = yield from connection.send(request)
        if not response.ok:
            raise error_of(request, response)
        return response

    @stream
    def watch(
        self,
        *what: What,
        interval: timedelta | float | str = 15.0,
        initial: bool = False,
        on_error: Callable[[RSSpotError | None], object] | None = None,
    ) -> Stream[Change]:
        """Yield changes as they are seen, until the iteration is stopped.

        The first request is sent when the iteration begins. Temporary failures do not end the
        watch.

        Args:
            *what: What to watch: ``cloudspaces``, ``spot_nodepools``, ``ondemand_nodepools``,
                ``autopilot_nodepools``, ``vm_cloudspaces``, ``vm_pools``, ``servers``,
                ``server_classes`` (prices) or ``events`` (default: cloudspaces, their spot and
                on-demand pools, and servers).
            interval: Time between two polls, 1 second or more: seconds, a `timedelta`, or text such
                as ``"1m"`` (default: 15). It grows while polls fail, and Retry-After is obeyed.
            initial: Whether everything that already exists is yielded as added.
            on_error: Function that is called with each temporary failure, and with None when a
                poll succeeds again (default: none).

        Raises:
            InvalidInput: If `what` cannot be watched, or the interval is less than 1 second.
            RSSpotError: If a poll fails with an error that is not temporary.
        """
        from rsspot.resources.watching import watch

        return watch(self._connection, what, interval=interval, initial=initial, on_error=on_error)


class _OwnCalls(Calls[M_co], Group[M_co]):
    """The calls of a client as a group. It does not refer to the client, which is freed at once."""

    @property
    def _label(self) -> str:
        return "client"


def _method(definition: operation[Any, Any] | stream[Any, Any], *, is_async: bool) -> Any:
    """Return a method of a client, which can be overridden and mocked as any other one."""
    key = f"_calls_{is_async}"

    def call(self: GroupOwner, /, *args: Any, **options: Any) -> Any:
        calls = self.__dict__.get(key)
        if calls is None:
            calls = self.__dict__[key] = _OwnCalls[Any](self.chain.connection(is_async=is_async))
        return getattr(calls, definition.name)(*args, **options)

    async def awaited_call(self: GroupOwner, /, *args: Any, **options: Any) -> Any:
        return await call(self, *args, **options)

    awaits = is_async and isinstance(definition, operation)
    method: Any = update_wrapper(awaited_call if awaits else call, definition.flow)

    def signature() -> Signature:
        from inspect import Parameter

        found = definition.public_signature(is_async=is_async)
        own = Parameter("self", Parameter.POSITIONAL_OR_KEYWORD)
        return found.replace(parameters=[own, *found.parameters.values()])

    method.__wrapped__ = Described(definition.flow, signature)
    return method


class AsyncMethod(Protocol[P, A_co]):
    """What type checkers see of a method that is async in every client."""

    @overload
    def __get__(self, client: None, owner: type) -> Callable[Concatenate[Any, P], A_co]: ...
    @overload
    def __get__(self, client: GroupOwner, owner: type) -> Callable[P, A_co]: ...


# Decorators, since type checkers may infer different types of a variable in a class.
def awaited(
    flow: Callable[Concatenate[Any, P], Flow[T]],
) -> Callable[[Callable[..., object]], AsyncMethod[P, Coroutine[Any, Any, T]]]:
    """Return a decorator that makes one of the `Calls` a method that is awaited in every client."""
    method: AsyncMethod[P, Coroutine[Any, Any, T]] = _async_method(flow)
    return lambda _: method


def iterated(
    flow: Callable[Concatenate[Any, P], Stream[T]],
) -> Callable[[Callable[..., object]], AsyncMethod[P, AsyncIterator[T]]]:
    """Return one that makes it a method that is iterated with ``async for`` in every client."""
    method: AsyncMethod[P, AsyncIterator[T]] = _async_method(flow)
    return lambda _: method


def _async_method(flow: Callable[..., Any]) -> Any:
    method = _method(vars(Calls)[flow.__name__], is_async=True)
    method.__name__ = f"a{flow.__name__}"
    return method


class AsyncCalls(GroupOwner):
    """The same calls with an `a` before their names, which are async in every client."""

    @awaited(Calls.authenticate)
    def aauthenticate(self) -> None: ...

    @awaited(Calls.request)
    def arequest(self) -> None: ...

    @iterated(Calls.watch)
    def awatch(self) -> None: ...
