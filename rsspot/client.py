"""The clients: settings, a state store, and a chain of senders for each mode."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rsspot.base_client import BaseClient
from rsspot.resources.groups import AsyncGroups, Groups
from rsspot.wire.bind import Async, Sync

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator, Mapping
    from datetime import timedelta
    from types import TracebackType
    from typing import Self

    from rsspot.errors import RSSpotError
    from rsspot.models.change import Change
    from rsspot.resources.watching import What
    from rsspot.senders.messages import Response

__all__ = ["AsyncSpotClient", "SpotClient"]


class SpotClient(Groups[Sync], AsyncGroups, BaseClient):
    """A client of Rackspace Spot with sync groups, and async ones with the prefix `a`.

    Settings come from arguments, environment, profile and built-in defaults
    (docs/configuration.md); `client.settings.explain()` shows them. Nothing is sent before the
    first call.
    """

    is_async = False

    def authenticate(self, *, force_refresh: bool = False) -> str:
        """Return the access token that calls are signed with.

        Args:
            force_refresh: Whether to get a new one in any case.

        Raises:
            AuthError: If signing in fails.
        """
        return self._raw.access_token(force_refresh=force_refresh)

    async def aauthenticate(self, *, force_refresh: bool = False) -> str:
        """Return the access token that calls are signed with.

        Args:
            force_refresh: Whether to get a new one in any case.

        Raises:
            AuthError: If signing in fails.
        """
        return await self._araw.access_token(force_refresh=force_refresh)

    def request(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, Any] | None = None,
        json: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """Send any request to the API, with sign-in, retry and cache.

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
        return self._raw.request(method, path, params=params, json=json, headers=headers)

    async def arequest(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, Any] | None = None,
        json: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """Send any request to the API, with sign-in, retry and cache.

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
        return await self._araw.request(method, path, params=params, json=json, headers=headers)

    def watch(
        self,
        *what: What,
        interval: timedelta | float | str = 15.0,
        initial: bool = False,
        on_error: Callable[[RSSpotError | None], object] | None = None,
    ) -> Iterator[Change]:
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
        return self._watching.watch(*what, interval=interval, initial=initial, on_error=on_error)

    def awatch(
        self,
        *what: What,
        interval: timedelta | float | str = 15.0,
        initial: bool = False,
        on_error: Callable[[RSSpotError | None], object] | None = None,
    ) -> AsyncIterator[Change]:
        """Yield changes as they are seen, to ``async for``, until the iteration is stopped.

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
        return self._awatching.watch(*what, interval=interval, initial=initial, on_error=on_error)

    def close(self) -> None:
        """Close what this client opened for sync calls. Objects that were passed in stay open."""
        self.chain.close()
        self.close_state()

    async def aclose(self) -> None:
        """Close what this client opened. Objects that were passed in stay open."""
        await self.chain.aclose()
        self.close_state()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.aclose()


class AsyncSpotClient(Groups[Async], BaseClient):
    """A client of Rackspace Spot with async groups only. It takes the arguments of `SpotClient`."""

    is_async = True

    async def authenticate(self, *, force_refresh: bool = False) -> str:
        """Return the access token that calls are signed with.

        Args:
            force_refresh: Whether to get a new one in any case.

        Raises:
            AuthError: If signing in fails.
        """
        return await self._raw.access_token(force_refresh=force_refresh)

    async def request(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, Any] | None = None,
        json: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """Send any request to the API, with sign-in, retry and cache.

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
        return await self._raw.request(method, path, params=params, json=json, headers=headers)

    def watch(
        self,
        *what: What,
        interval: timedelta | float | str = 15.0,
        initial: bool = False,
        on_error: Callable[[RSSpotError | None], object] | None = None,
    ) -> AsyncIterator[Change]:
        """Yield changes as they are seen, to ``async for``, until the iteration is stopped.

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
        return self._watching.watch(*what, interval=interval, initial=initial, on_error=on_error)

    async def aclose(self) -> None:
        """Close what this client opened. Objects that were passed in stay open."""
        await self.chain.aclose()
        self.close_state()

    close = aclose

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.aclose()


if not TYPE_CHECKING:  # a type checker would accept any name
    # It was a package in 0.3.0: finders are asked for its modules, and ours names the new way.
    __path__: list[str] = []

    def __getattr__(name: str) -> object:
        from rsspot.renamed import missing_import

        raise missing_import(__name__, name)
