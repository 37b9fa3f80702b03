"""Pool owners: what cloudspaces and VM cloudspaces have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar

from rsspot.errors import InvalidInput
from rsspot.models.cloudspace import Cloudspace
from rsspot.models.vms import VMCloudspace
from rsspot.resources.objects import Namespaced
from rsspot.resources.waiting import FRESH, Wait, until
from rsspot.wire.bind import M_co, operation, stream
from rsspot.wire.endpoint import segment

if TYPE_CHECKING:
    from rsspot.flow.flow import Flow, Stream
    from rsspot.models.cloudspace import Server
    from rsspot.resources.pools import Pools
    from rsspot.resources.waiting import Poll, Progress, Seconds

__all__ = ["PoolOwners"]

V = TypeVar("V", bound=Cloudspace | VMCloudspace)

USUAL = Wait(1800.0, 5.0)
"""How `create(wait=True)` waits."""
GRACE = 120.0
"""Seconds for which the phase `Error` must last to count, since it may be temporary."""


class PoolOwners(Namespaced[M_co, V], Generic[M_co, V]):
    """Objects that become ready, have servers, and are deleted with their pools."""

    _pools: tuple[type[Pools[Any, Any]], ...]

    @stream
    def each(self, *, label_selector: str | None = None, page_size: int | None = None) -> Stream[V]:
        """Yield them one by one, read page by page.

        Args:
            label_selector: Kubernetes label selector, such as ``"team=web,env!=test"`` (default:
                all objects).
            page_size: Number of objects to request at once, 1 or more (default: the API decides).

        Raises:
            InvalidInput: If an argument has the wrong type or is out of range. Nothing is sent.
        """
        yield from self._each({"label_selector": label_selector, "limit": page_size})

    @operation
    def servers(self, name: str) -> Flow[list[Server]]:
        """Return the servers that it has now, never from the cache.

        Args:
            name: Name of the cloudspace or VM cloudspace.

        Raises:
            InvalidInput: If an argument has the wrong type or is out of range. Nothing is sent.
            NotFoundError: If there is no such object.
        """
        found = yield from self._get(name, FRESH)
        return [*found.servers]

    @operation
    def delete(
        self,
        name: str,
        *,
        cascade: bool = False,
        missing_ok: bool = False,
        timeout: Seconds | None = 1800.0,
        poll: Poll = 5.0,
    ) -> Flow[None]:
        """Start its deletion, or delete it with its pools and wait until all are gone.

        Without `cascade` its pools stay, with their bids and servers, and continue to cost money
        until they are deleted too: rsspot does not rely on the service to delete them. With
        `cascade`, a repeated call continues a deletion that was interrupted.

        Args:
            name: Exact name of the object.
            cascade: Whether to delete its pools first, wait until they are gone, and wait for it
                too.
            missing_ok: Whether to ignore that there is no such object.
            timeout: Maximum time for all of a cascade, in seconds (default: 1800, half an hour), as
                a `timedelta`, or as text such as ``"30m"``. None waits without a limit.
            poll: Time between two checks, in seconds (default: 5), as a `timedelta` or text, or a
                function from the number of checks so far to that time.

        Raises:
            InvalidInput: If an argument has the wrong type or is out of range. Nothing is sent.
            NotFoundError: If there is no such object, unless `missing_ok` or pools were left.
            WaitTimeout: If a cascade takes too long, with what is left as `last`.
        """
        segment("name", name)  # before its pools are looked up
        wait = Wait(timeout, poll)
        if not cascade:
            yield from self._delete(name, missing_ok=missing_ok)
            return
        if self._connection.dry_run is not None:
            yield from self._delete_dry(name, missing_ok=missing_ok)
            return
        left = wait.left(self._connection.clock)
        had_pools = False
        for kind in self._pools:
            pools = kind(self._connection)
            had_pools |= yield from pools._delete_of(name, left())  # noqa: SLF001 - not public, since it is a flow
        if not (missing_ok or had_pools):
            yield from self._get(name, FRESH)  # raises if there is none
        yield from self._wait_until_deleted(name, left(), deleting=True)

    def _delete_dry(self, name: str, *, missing_ok: bool) -> Flow[None]:
        """Delete it and each pool once: a dry run deletes nothing, so nothing is waited for."""
        for kind in self._pools:
            pools = kind(self._connection)
            for pool in (yield from pools._of_owner(name)):  # noqa: SLF001 - as above
                yield from pools._delete(pool.name, missing_ok=True)  # noqa: SLF001 - as above
        yield from self._delete(name, missing_ok=missing_ok)

    @operation
    def wait_until_ready(
        self,
        name: str,
        *,
        timeout: Seconds | None = 1800.0,
        poll: Poll = 5.0,
        on_progress: Progress[V] | None = None,
    ) -> Flow[V]:
        """Wait until it is ready: for a cloudspace, until its control plane responds.

        The phase ``Error`` counts only after 120 seconds, since it may be temporary.

        Args:
            name: Exact name of the object.
            timeout: Maximum time to wait, in seconds (default: 1800, half an hour), as a
                `timedelta`, or as text such as ``"30m"``. None waits without a limit.
            poll: Time between two checks, in seconds (default: 5), as a `timedelta` or text, or a
                function from the number of checks so far to that time.
            on_progress: Function that is called with each state that differs from the one before
                (default: none).

        Returns:
            The object as it is now.

        Raises:
            InvalidInput: If an argument has the wrong type or is out of range. Nothing is sent.
            NotFoundError: If there is no such object, or it is deleted during the wait.
            WaitTimeout: If the time runs out or it has failed, with the last state as `last`.
        """
        return (yield from self._ready(name, Wait(timeout, poll, on_progress)))

    def _ready(self, name: str, wait: Wait, known: V | None = None) -> Flow[V]:
        return (
            yield from until(
                lambda options: self._get_staying(name, options),
                lambda found: found.is_ready,
                wait,
                clock=self._connection.clock,
                timeouts=self._connection.settings.timeouts,
                what=f"Readiness of {self._noun} {name}",
                failed=lambda found: found.reason or found.phase if found.is_failed else None,
                grace=GRACE,
                known=known,
            )
        )

    def _region(self, region: str | None) -> str:
        chosen = region or self._connection.settings.region
        if not chosen:
            raise InvalidInput(
                f"A {self._noun} needs a region",
                argument="region",
                hint="Pass region=, or set a default one; `regions.list()` lists them",
            )
        return chosen
