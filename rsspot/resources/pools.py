"""What pools of all kinds have in common, in cloudspaces and in VM cloudspaces."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar

from rsspot.errors import InvalidInput, NotFoundError
from rsspot.flow.flow import gather
from rsspot.models.names import did_you_mean
from rsspot.models.pool import KEY_ANNOTATION, Pool
from rsspot.models.vms import VMCloudspace
from rsspot.resources.changes import omit_unset
from rsspot.resources.checks import find_class, readable, with_short_timeout
from rsspot.resources.finding import check_choice, find_pool, pool_name
from rsspot.resources.objects import Namespaced
from rsspot.resources.waiting import FRESH, Wait, until
from rsspot.shapes import as_object
from rsspot.wire.bind import M_co, operation
from rsspot.wire.endpoint import segment

if TYPE_CHECKING:
    from rsspot_api.operations import Operation

    from rsspot.flow.flow import Flow, Stream
    from rsspot.models.cloudspace import Cloudspace
    from rsspot.resources.objects import IfExists
    from rsspot.resources.waiting import Poll, Progress, Seconds, WaitFor
    from rsspot.senders.messages import Options

__all__ = ["Pools"]

V = TypeVar("V", bound=Pool[Any])

USUAL = Wait(3600.0, 10.0)
"""How `create(wait=True)` waits."""


class Pools(Namespaced[M_co, V], Generic[M_co, V]):
    """Groups of identical servers that belong to an owner: a cloudspace or a VM cloudspace."""

    _noun = "pool"
    _owner_kind: type[Cloudspace | VMCloudspace]
    _owner_verb: Operation
    _owner_list: Operation

    @operation
    def find(self, name: str) -> Flow[V]:
        """Return a pool by its name, the beginning of its name, or its key.

        Args:
            name: Its name, the beginning of its name, or the key that it was created with.

        Raises:
            InvalidInput: If several names begin with `name`, or it cannot be a name.
            NotFoundError: If there is no such pool.
        """
        found = yield from self._list({})
        try:
            return find_pool(found, name, self._noun)
        except NotFoundError:
            segment("name", name)  # an invalid name is another error
            raise

    @operation
    def delete(self, name: str, *, missing_ok: bool = False) -> Flow[None]:
        """Start the deletion of a pool and its servers.

        Args:
            name: Exact name of the object.
            missing_ok: Whether to ignore that there is no such object.

        Raises:
            InvalidInput: If an argument has the wrong type or is out of range. Nothing is sent.
            NotFoundError: If there is no such pool, unless `missing_ok`.
        """
        yield from self._delete(name, missing_ok=missing_ok)

    @operation
    def wait_until_ready(
        self,
        name: str,
        *,
        timeout: Seconds | None = 3600.0,
        poll: Poll = 10.0,
        on_progress: Progress[V] | None = None,
    ) -> Flow[V]:
        """Wait until a pool has all its servers, and they have joined its cloudspace.

        A bid that has just won has no server yet.

        Args:
            name: Exact name of the object.
            timeout: Maximum time to wait, in seconds (default: 3600, an hour), as a `timedelta`, or
                as text such as ``"30m"``. None waits without a limit.
            poll: Time between two checks, in seconds (default: 10), as a `timedelta` or text, or a
                function from the number of checks so far to that time.
            on_progress: Function that is called with each state that differs from the one before
                (default: none).

        Returns:
            The pool as it is now.

        Raises:
            InvalidInput: If an argument has the wrong type or is out of range. Nothing is sent.
            NotFoundError: If there is no such object, or it is deleted during the wait.
            WaitTimeout: If the time runs out, with the last state as `last`.
        """
        return (yield from self._ready(name, Wait(timeout, poll, on_progress)))

    def _of_owner(
        self,
        owner: str | None,
        *,
        label_selector: str | None = None,
        options: Options | None = None,
    ) -> Flow[list[V]]:
        """Return the pools of `owner`, or all.

        A pool need not have the label of its owner, so its field is checked too.
        """
        found = yield from self._list({"label_selector": label_selector}, options)
        return [pool for pool in found if owner is None or pool.belongs_to(owner)]

    def _of_known(
        self, owner: str | None, label_selector: str | None, options: Options | None = None
    ) -> Flow[list[V]]:
        """Return the same, but raise `NotFoundError` if the owner does not exist.

        Pools may outlive their owner, so it is looked up only without pools.
        """
        found = yield from self._of_owner(owner, label_selector=label_selector, options=options)
        if owner is not None and not found:
            yield from self._check_owner(owner)
        return found

    def _each_of(
        self, owner: str | None, label_selector: str | None, page_size: int | None
    ) -> Stream[V]:
        """Emit the pools of `owner`, or all. Raises `NotFoundError` if the owner does not exist."""
        found = False

        def keep(pool: V) -> bool:
            nonlocal found
            kept = owner is None or pool.belongs_to(owner)
            found = found or kept
            return kept

        yield from self._each({"label_selector": label_selector, "limit": page_size}, keep)
        if owner is not None and not found:
            yield from self._check_owner(owner)

    def _delete_of(self, owner: str, wait: Wait) -> Flow[bool]:
        """Delete the pools of `owner` until there are none; return whether there were any.

        Each check deletes the pools that are not being deleted yet, so the next one makes up for
        one that fails, and new pools are deleted too.
        """
        had_some = False

        def look(options: Options) -> Flow[list[V]]:
            nonlocal had_some
            found = yield from self._of_owner(owner, options=options)
            had_some = had_some or bool(found)
            staying = [pool.name for pool in found if pool.deleted_at is None]
            yield from gather([self._delete(name, missing_ok=True) for name in staying])
            return found

        yield from until(
            look,
            lambda pools: not pools,
            wait,
            clock=self._connection.clock,
            timeouts=self._connection.settings.timeouts,
            what=f"Deletion of the {self._noun}s of {owner}",
            shown=lambda pools: f"{len(pools)}, {', '.join(pool.name for pool in pools[:3])}",
        )
        return had_some

    def _ready(self, name: str, wait: Wait, known: V | None = None) -> Flow[V]:
        servers = 0

        def look(options: Options) -> Flow[V]:
            nonlocal servers
            pool = yield from self._get_staying(name, options)
            servers = 0
            if pool.is_ready and pool.owner:
                arguments = yield from self._connection.namespaced({"name": pool.owner})
                data = yield from self._connection.json(
                    self._owner_verb, arguments, options=options
                )
                servers = len(self._owner_kind(data).servers_of(name))
            return pool

        return (
            yield from until(
                look,
                lambda pool: pool.is_ready and servers >= pool.nodes_wanted,
                wait,
                clock=self._connection.clock,
                timeouts=self._connection.settings.timeouts,
                what=f"Readiness of {self._noun} {name}",
                shown=lambda pool: f"{pool!r}, {servers} servers",
                known=known,
            )
        )

    def _create_in(
        self,
        owner: str,
        spec: dict[str, Any],
        *,
        name: str | None,
        key: str | None,
        if_exists: IfExists,
        wait: WaitFor,
        allow_above_on_demand: bool = True,
    ) -> Flow[V]:
        check_choice(name, key)
        chosen_wait = Wait.of(wait, USUAL)
        arguments = yield from self._connection.namespaced()
        chosen = pool_name(arguments["namespace"], owner, name, key)
        if not allow_above_on_demand:
            yield from self._check_price(spec)
        yield from self._check_place(owner, spec)
        labels = {self._kind.owner_label: owner}
        notes = None if key is None else {KEY_ANNOTATION: key}
        made = yield from self._create(
            chosen, spec, if_exists=if_exists, labels=labels, annotations=notes
        )
        if chosen_wait is None or self._connection.dry_run is not None:
            return made
        return (yield from self._ready(made.name, chosen_wait, known=made))

    def _check_owner(self, owner: str) -> Flow[None]:
        arguments = yield from self._connection.namespaced()
        listed = self._connection.list(
            self._owner_kind,
            self._owner_list,
            arguments,
            options=with_short_timeout(self._connection, FRESH),
        )
        known = yield from readable(listed)
        names = [item.name for item in known or ()]
        if known is not None and owner not in names:
            noun = "VM cloudspace" if self._owner_kind is VMCloudspace else "cloudspace"
            raise NotFoundError(
                f"There is no {noun} {owner!r}", status=404, hint=did_you_mean(owner, names)
            )

    def _check_place(self, owner: str, spec: dict[str, Any]) -> Flow[None]:
        """Refuse a class or region that is not that of the owner, as far as that is known."""
        named = spec.get("serverClass")
        argument, region = "region", spec.get("region")
        if isinstance(named, str):
            known = yield from find_class(self._connection, named)
            argument, region = "server_class", known.region if known else None
        if not region:
            return
        arguments = yield from self._connection.namespaced({"name": owner})
        options = with_short_timeout(self._connection, FRESH)
        data = yield from readable(
            self._connection.json(self._owner_verb, arguments, options=options)
        )
        here = self._owner_kind(data).region if data else ""
        if here and here != region:
            what = f"{named} is a class of {region}" if named else f"region is {region}"
            raise InvalidInput(
                f"{what}, but {owner} is in {here}",
                argument=argument,
                hint=f"Choose one in {here}; pricing.list(region={here!r}) lists its classes",
            )

    def _check_changed(self, name: str, changes: dict[str, Any]) -> Flow[None]:
        """Refuse a bid or budget that is too high for the pool after the change."""
        found = yield from readable(self._get(name, with_short_timeout(self._connection, FRESH)))
        if found is not None:
            spec = as_object(found.to_dict().get("spec"))
            yield from self._check_price({**spec, **omit_unset(changes)})

    def _check_price(self, spec: dict[str, Any]) -> Flow[None]:  # noqa: ARG002 - for those that bid
        """Refuse a price that is too high; the default has none to refuse."""
        yield from ()
