"""The clients: settings, a state store, and a chain of senders for each mode."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rsspot.base_client import BaseClient
from rsspot.resources.client_calls import AsyncCalls, Calls
from rsspot.resources.groups import AsyncGroups, Groups
from rsspot.wire.bind import Async, Sync

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

__all__ = ["AsyncSpotClient", "SpotClient"]


class _Closable(BaseClient):
    """How both clients are closed in async code."""

    async def aclose(self) -> None:
        """Close what this client opened. Objects that were passed in stay open."""
        await self.chain.aclose()
        self.close_state()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.aclose()


class SpotClient(Calls[Sync], Groups[Sync], AsyncCalls, AsyncGroups, _Closable):
    """A client of Rackspace Spot with sync groups, and async ones with the prefix `a`.

    Settings come from arguments, environment, profile and built-in defaults
    (docs/configuration.md); `client.settings.explain()` shows them. Nothing is sent before the
    first call.
    """

    is_async = False

    def close(self) -> None:
        """Close what this client opened for sync calls. Objects that were passed in stay open."""
        self.chain.close()
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


class AsyncSpotClient(Calls[Async], Groups[Async], _Closable):
    """A client of Rackspace Spot with async groups only. It takes the arguments of `SpotClient`."""

    is_async = True

    async def close(self) -> None:
        """Close what this client opened. Objects that were passed in stay open."""
        await self.aclose()


if not TYPE_CHECKING:  # a type checker would accept any name
    # It was a package in 0.3.0: finders are asked for its modules, and ours names the new way.
    __path__: list[str] = []

    def __getattr__(name: str) -> object:
        from rsspot.renamed import missing_import

        raise missing_import(__name__, name)
