"""What the three kinds of node pools have in common."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from rsspot.errors import InvalidInput
from rsspot.models.cloudspace import Cloudspace
from rsspot.models.node_pools import CLOUDSPACE_LABEL, NodePool
from rsspot.models.taint import Taint
from rsspot.resources.changes import CLEAR
from rsspot.resources.named import Namespaced
from rsspot.resources.waiting import FRESH, until
from rsspot.senders.flow import gather
from rsspot.wire.bind import C_co, operation, stream
from rsspot.wire.endpoint import api, segment

if TYPE_CHECKING:
    import builtins
    from collections.abc import Iterable, Mapping

    from rsspot.resources.changes import Clear
    from rsspot.resources.waiting import Poll, Progress
    from rsspot.senders.flow import Flow, Stream

__all__ = ["NodePools", "check_choice", "count", "pool_name", "scaling", "wire_taints"]

V = TypeVar("V", bound=NodePool[Any])

KEYS = uuid.UUID("9b1f52ce-7d2f-5b6c-8f3e-2a1d6c0e4f77")
"""The name space (RFC 9562) of pool names that are made from a key."""


class NodePools(Namespaced[C_co, V], Generic[C_co, V]):
    """Groups of like servers that work in a cloudspace."""

    _noun = "node pool"

    @operation
    def list(
        self, *, cloudspace: str | None = None, label_selector: str | None = None
    ) -> Flow[builtins.list[V]]:
        """All of them, or those of one cloudspace.

        Who creates a pool need not label it with its cloudspace, so the pool's own field is
        looked at too.
        """
        if cloudspace is not None:
            segment("cloudspace", cloudspace)
        found = yield from self._list({"label_selector": label_selector})
        return [pool for pool in found if cloudspace is None or _belongs(pool, cloudspace)]

    @stream
    def each(self, *, label_selector: str | None = None, page_size: int | None = None) -> Stream[V]:
        """One by one, read page by page."""
        yield from self._each({"label_selector": label_selector, "limit": page_size})

    @operation
    def replace(self, pool: V | dict[str, Any]) -> Flow[V]:
        """Put this whole object in place of what is there (`update` is the safer way).

        It must carry the current resource version. Raises `ConflictError` when it does not.
        """
        return (yield from self._replace(pool))

    @operation
    def delete(self, name: str, *, missing_ok: bool = False) -> Flow[None]:
        """Begin to delete a pool; its servers go. Raises `NotFoundError` unless `missing_ok`."""
        yield from self._delete(name, missing_ok=missing_ok)

    @operation
    def wait_until_ready(
        self,
        name: str,
        *,
        timeout: float | None = 3600.0,
        poll: Poll = 10.0,
        on_progress: Progress[V] | None = None,
    ) -> Flow[V]:
        """Wait until the pool has all the servers that it wants, and the cloudspace has them too.

        A bid that won has no server yet. Raises `WaitTimeout` with the
        last state seen.
        """
        return (yield from self._ready(name, timeout, poll, on_progress))

    def _ready(
        self,
        name: str,
        timeout: float | None,
        poll: Poll,
        on_progress: Progress[V] | None = None,
    ) -> Flow[V]:
        def look() -> Flow[tuple[V, int]]:
            pool = yield from self._get(name, FRESH)
            nodes = 0
            if pool.is_ready and pool.cloudspace:
                arguments = yield from self._connection.namespaced({"name": pool.cloudspace})
                data = yield from self._connection.json(
                    api.GET_CLOUDSPACE, arguments, options=FRESH
                )
                nodes = len(Cloudspace(data).servers_of(name))
            return pool, nodes

        def tell(state: tuple[V, int]) -> None:
            if on_progress is not None:
                on_progress(state[0])

        pool, _ = yield from until(
            look,
            lambda state: state[0].is_ready and state[1] >= state[0].nodes_wanted,
            clock=self._connection.clock,
            what=f"Readiness of {self._noun} {name}",
            timeout=timeout,
            poll=poll,
            on_progress=tell,
            shown=lambda state: f"{state[0]!r}, {state[1]} servers",
        )
        return pool

    def delete_of(self, cloudspace: str, *, timeout: float | None, poll: Poll) -> Flow[None]:
        """A flow: delete the pools of `cloudspace`, and wait until they are gone."""
        found = yield from self._list({}, FRESH)
        names = [pool.name for pool in found if _belongs(pool, cloudspace)]
        yield from gather([self._delete(name, missing_ok=True) for name in names])
        yield from gather([self._wait_until_deleted(name, timeout, poll) for name in names])

    def _name(self, cloudspace: str, name: str | None, key: str | None) -> Flow[str]:
        check_choice(name, key)
        arguments = yield from self._connection.namespaced()
        return pool_name(arguments["namespace"], cloudspace, name, key)


def pool_name(namespace: str, cloudspace: str, name: str | None, key: str | None) -> str:
    """The name for a new pool: as given, made from a key (always the same), or a new UUID.

    The API wants UUIDs; a given name is left to the server to judge.
    """
    if name is not None:
        return name
    if key is None:
        return str(uuid.uuid4())
    # Lengths in front keep ("a/b", "c") and ("a", "b/c") apart.
    text = "".join(f"{len(part)}:{part}" for part in (namespace, cloudspace, key))
    return str(uuid.uuid5(KEYS, text))


def check_choice(name: str | None, key: str | None) -> None:
    """Raise `InvalidInput` unless a pool can be named by these, before anything is sent."""
    if name is not None and key is not None:
        raise InvalidInput("Give a pool a name or a key, not both", argument="key")
    if name is not None:
        segment("name", name)
    if key is not None and not key:
        raise InvalidInput("key is empty", argument="key")


def count(argument: str, value: int | None, least: int) -> int | None:
    """`value`, when it is a whole number of at least `least`, or None."""
    if value is None:
        return None
    if type(value) is not int or value < least:
        raise InvalidInput(
            f"{argument} must be a whole number, {least} or more, not {value!r}", argument=argument
        )
    return value


def scaling(min_nodes: int | None, max_nodes: int | None) -> dict[str, Any] | None:
    """The autoscaling part of a spec, or None. Both bounds belong together."""
    if min_nodes is None and max_nodes is None:
        return None
    if min_nodes is None or max_nodes is None:
        missing = "min_nodes" if min_nodes is None else "max_nodes"
        raise InvalidInput("Autoscaling needs min_nodes and max_nodes", argument=missing)
    count("min_nodes", min_nodes, 1)
    count("max_nodes", max_nodes, 1)
    if max_nodes < min_nodes:
        raise InvalidInput(
            f"max_nodes ({max_nodes}) is less than min_nodes ({min_nodes})", argument="max_nodes"
        )
    return {"enabled": True, "minNodes": min_nodes, "maxNodes": max_nodes}


def wire_taints(values: Iterable[Taint | str] | Clear | None) -> Any:
    """Taints in the wire form; text is read as kubectl does, ``key=value:NoSchedule``."""
    if values is None or values is CLEAR:
        return values
    return [(Taint.parse(value) if isinstance(value, str) else value).to_dict() for value in values]


def _belongs(pool: NodePool[Any], cloudspace: str) -> bool:
    labels: Mapping[str, str] = pool.labels
    return pool.cloudspace == cloudspace or labels.get(CLOUDSPACE_LABEL) == cloudspace
