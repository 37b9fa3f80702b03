"""Node pools of all three kinds: found by name, and waited for, in one way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from rsspot.cli.output.progress import wait_for
from rsspot.cli.output.table import Column
from rsspot.errors import NotFoundError
from rsspot.models import AutopilotNodePool, OnDemandNodePool, SpotNodePool

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from rsspot import SpotClient
    from rsspot.cli.output.table import Columns
    from rsspot.cli.session import Session

__all__ = [
    "COLUMNS",
    "KINDS",
    "Kind",
    "Pool",
    "all_pools",
    "find",
    "operations",
    "wait_until_ready",
]

Kind: TypeAlias = Literal["spot", "ondemand", "autopilot"]
Pool: TypeAlias = SpotNodePool | OnDemandNodePool | AutopilotNodePool
KINDS: tuple[Kind, ...] = ("spot", "ondemand", "autopilot")


def _server_class(pool: Pool) -> str | None:
    return None if isinstance(pool, AutopilotNodePool) else pool.server_class


COLUMNS: Columns[Pool] = (
    Column("NAME", lambda item: item.name),
    Column("KIND", lambda item: item.kind, 1),
    Column("CLOUDSPACE", lambda item: item.cloudspace, 2),
    Column("CLASS", _server_class, 3),
    Column("PAYS", lambda item: item.price, 1),
    Column("STATUS", lambda item: item.status, colored=True),
    Column("HAS", lambda item: item.progress, right=True),
)


def operations(spot: SpotClient, kind: Kind) -> Any:
    """Return the group of operations for a kind of pool."""
    return getattr(spot, f"{kind}_nodepools")


def all_pools(
    spot: SpotClient, *, cloudspace: str | None = None, kinds: Iterable[Kind] = KINDS
) -> list[Pool]:
    """Return the pools of these kinds, of all cloudspaces or of one."""
    found: list[Pool] = [pool for kind in kinds for pool in operations(spot, kind).list()]
    return [pool for pool in found if cloudspace is None or pool.belongs_to(cloudspace)]


def find(session: Session, spot: SpotClient, name: str) -> Pool:
    """Return the pool whose name is `name` or begins with it. Raises `NotFoundError`."""
    pools = all_pools(spot)
    exact = [pool for pool in pools if pool.name == name]
    found = exact or [pool for pool in pools if name and pool.name.startswith(name)]
    if not found:
        raise NotFoundError(
            f"There is no node pool {name!r}", hint="`rsspot pools list` lists them"
        )
    if len(found) > 1:
        names = ", ".join(pool.name for pool in found)
        session.refuse(f"{name!r} matches {len(found)} pools: {names}", "Write more of the name")
    return found[0]


def wait_until_ready(
    session: Session,
    client: SpotClient,
    pool: Pool,
    timeout: float,
    poll: float,
    *,
    changed: str = "Nothing was changed",
) -> Pool:
    """Wait until the pool has all its servers, and return it. Raises `WaitTimeout`.

    changed: what this command has done to the pool before, for the message on an interrupt.
    """

    def describe(seen: Pool) -> str:
        return f"{seen.status or 'no auction yet'}, {seen.progress}"

    until: Callable[..., Pool] = operations(client, pool.kind).wait_until_ready
    return wait_for(
        session,
        until,
        pool.name,
        describe,
        timeout=timeout,
        poll=poll,
        interrupted=f"Stopped waiting. {changed}. "
        f"To wait again, run: rsspot pools wait {pool.name}",
    )
