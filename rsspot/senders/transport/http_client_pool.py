"""The connections of a sync sender: the free ones, and a count of those in use."""

from __future__ import annotations

import threading
import time
import weakref
from typing import TYPE_CHECKING

from rsspot.senders.transport.failure import POOL_TIMEOUT, ExchangeFailed

if TYPE_CHECKING:
    from collections.abc import Hashable

    from rsspot.senders.transport.http_client_connection import HostConnection

__all__ = ["ConnectionPool", "Lease"]


class Lease:
    """One place in the pool, with a connection once it is open.

    A place is free again when its lease is returned or garbage-collected: an exchange that is
    interrupted at any step loses neither a place nor a connection.
    """

    __slots__ = ("__weakref__", "connection", "key")

    def __init__(self, key: Hashable) -> None:
        self.key: Hashable = key
        self.connection: HostConnection | None = None


class ConnectionPool:
    """Keeps connections by destination, for all threads. The most recently used is reused first."""

    def __init__(
        self, maximum: int | None = 100, kept: int | None = 20, expiry: float | None = 5.0
    ) -> None:
        self._maximum = maximum
        self._kept = kept
        self._expiry = expiry
        self._idle: dict[Hashable, list[HostConnection]] = {}
        self._leases: weakref.WeakSet[Lease] = weakref.WeakSet()
        self._changed = threading.Condition(threading.Lock())
        self._closed = False

    def lease(self, key: Hashable, timeout: float | None) -> Lease:
        """Return a place, with a free connection to `key` if there is one.

        Raises `ExchangeFailed` when no place becomes free within `timeout` seconds.
        """
        lease = Lease(key)
        with self._changed:
            until = None if timeout is None else time.monotonic() + timeout
            while True:
                free = self._idle.get(key)
                while free:
                    connection = free.pop()
                    if self._is_usable(connection):
                        lease.connection = connection
                        self._leases.add(lease)
                        return lease
                    connection.close()
                if self._has_place():
                    self._leases.add(lease)
                    return lease
                left = None if until is None else until - time.monotonic()
                if left is not None and left <= 0:
                    raise ExchangeFailed(POOL_TIMEOUT)
                # Nothing notifies us when a lease is garbage-collected, so check again soon.
                self._changed.wait(1.0 if left is None else min(left, 1.0))

    def give_back(self, lease: Lease, *, reusable: bool) -> None:
        """Free the place of a lease; keep its connection if it can be used again."""
        connection, lease.connection = lease.connection, None
        with self._changed:
            self._leases.discard(lease)
            if connection is not None:
                if reusable and not self._closed and self._may_keep():
                    connection.idle_since = time.monotonic()
                    self._idle.setdefault(lease.key, []).append(connection)
                else:
                    connection.close()
            self._changed.notify()

    def close(self) -> None:
        """Close free connections now, and the others when they are given back."""
        with self._changed:
            self._closed = True
            while self._idle:
                for connection in self._idle.popitem()[1]:
                    connection.close()

    def _is_usable(self, connection: HostConnection) -> bool:
        expired = (
            self._expiry is not None and time.monotonic() - connection.idle_since > self._expiry
        )
        return not expired and connection.is_open

    def _idle_count(self) -> int:
        return sum(map(len, self._idle.values()))

    def _may_keep(self) -> bool:
        return self._kept is None or self._idle_count() < self._kept

    def _has_place(self) -> bool:
        """Return whether another connection may be opened, if necessary in place of a free one."""
        if self._maximum is None or len(self._leases) + self._idle_count() < self._maximum:
            return True
        for connections in self._idle.values():
            if connections:
                connections.pop(0).close()
                return True
        return False
