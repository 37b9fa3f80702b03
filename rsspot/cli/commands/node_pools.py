"""The kinds of node pools, as one: found by name, changed and deleted in the same way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from attrs import frozen

from rsspot.cli.commands.deletion import OwnedPool
from rsspot.cli.output.progress import wait_for
from rsspot.cli.output.table import Column
from rsspot.errors import NotFoundError
from rsspot.models import AutopilotNodePool, OnDemandNodePool, SpotNodePool

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

    from rsspot import SpotClient
    from rsspot.cli.output.table import Columns
    from rsspot.cli.session import Session

__all__ = ["COLUMNS", "KINDS", "Kind", "Pool", "PoolView", "all_pools", "find", "group", "ready"]

Kind: TypeAlias = Literal["spot", "ondemand", "autopilot"]
PoolView: TypeAlias = SpotNodePool | OnDemandNodePool | AutopilotNodePool
KINDS: tuple[Kind, ...] = ("spot", "ondemand", "autopilot")


@frozen
class Pool:
    """A pool of any kind, seen alike."""

    kind: Kind
    view: PoolView

    @property
    def name(self) -> str:
        """Its name."""
        return self.view.name

    @property
    def server_class(self) -> str | None:
        """What its servers are; an autopilot pool chooses for itself."""
        return None if isinstance(self.view, AutopilotNodePool) else self.view.server_class

    @property
    def price(self) -> Decimal | None:
        """What it pays at most: for each server, or in all (autopilot)."""
        match self.view:
            case SpotNodePool():
                return self.view.bid_price
            case AutopilotNodePool():
                return self.view.budget_per_hour
            case OnDemandNodePool():
                return None

    @property
    def status(self) -> str:
        """What became of its bid."""
        match self.view:
            case SpotNodePool():
                return self.view.bid_status
            case AutopilotNodePool():
                return self.view.phase
            case OnDemandNodePool():
                return self.view.reserved_status

    @property
    def progress(self) -> str:
        """What it has of what it wants: servers, or virtual CPUs."""
        wanted = self.view.desired or 0
        match self.view:
            case SpotNodePool():
                return f"{self.view.won}/{wanted}"
            case AutopilotNodePool():
                return f"{self.view.managed_vcpus or 0}/{wanted} vCPUs"
            case OnDemandNodePool():
                return f"{self.view.reserved_count or 0}/{wanted}"

    @property
    def owned(self) -> OwnedPool:
        """What to show of it before it is deleted or left behind."""
        servers = self.progress if self.kind == "autopilot" else f"{self.progress} servers"
        deleting = self.view.deleted_at is not None
        return OwnedPool(self.name, self.kind, self.price, servers, deleting)

    def to_dict(self) -> dict[str, Any]:
        """As the API sends it."""
        return self.view.to_dict()


COLUMNS: Columns[Pool] = (
    Column("NAME", lambda item: item.name),
    Column("KIND", lambda item: item.kind, 1),
    Column("CLOUDSPACE", lambda item: item.view.cloudspace, 2),
    Column("CLASS", lambda item: item.server_class, 3),
    Column("PAYS", lambda item: item.price, 1),
    Column("STATUS", lambda item: item.status, toned=True),
    Column("HAS", lambda item: item.progress, right=True),
)


def group(spot: SpotClient, kind: Kind) -> Any:
    """The operations of a kind."""
    return getattr(spot, f"{kind}_nodepools")


def all_pools(
    spot: SpotClient, *, cloudspace: str | None = None, kinds: Iterable[Kind] = KINDS
) -> list[Pool]:
    """The pools of these kinds."""
    found = [Pool(kind, view) for kind in kinds for view in group(spot, kind).list()]
    return [pool for pool in found if cloudspace is None or pool.view.belongs_to(cloudspace)]


def find(session: Session, spot: SpotClient, name: str) -> Pool:
    """The one pool whose name is `name`, or begins with it. Raises `NotFoundError`."""
    pools = all_pools(spot)
    exact = [pool for pool in pools if pool.name == name]
    found = exact or [pool for pool in pools if name and pool.name.startswith(name)]
    if not found:
        raise NotFoundError(
            f"There is no node pool {name!r}", hint="`rsspot pools list` shows those that there are"
        )
    if len(found) > 1:
        names = ", ".join(pool.name for pool in found)
        session.refuse(
            f"{name!r} begins the names of {len(found)} pools: {names}", "Write more of it"
        )
    return found[0]


def ready(
    session: Session,
    client: SpotClient,
    pool: Pool,
    timeout: float,
    poll: float,
    *,
    changed: str = "Nothing was changed",
) -> Pool:
    """The pool when it has all its servers; how that goes is shown. Raises `WaitTimeout`.

    `changed` is what this command has done to the pool before it waits.
    """

    def state(view: Any) -> str:
        seen = Pool(pool.kind, view)
        return f"{seen.status or 'no auction yet'}, {seen.progress}"

    until = group(client, pool.kind).wait_until_ready
    view = wait_for(
        session,
        until,
        pool.name,
        state,
        timeout=timeout,
        poll=poll,
        interrupted=f"No longer waiting. {changed}; to wait again: rsspot pools wait {pool.name}",
    )
    return Pool(pool.kind, view)
