"""Find node pools of all three kinds by name, and wait for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from rsspot.cli.output.progress import wait_for
from rsspot.errors import NotFoundError
from rsspot.models import AutopilotNodePool, OnDemandNodePool, SpotNodePool
from rsspot.resources.finding import find_pool

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from rsspot import SpotClient
    from rsspot.cli.session import Session

__all__ = [
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


def operations(spot: SpotClient, kind: Kind) -> Any:
    """Return the group of operations for a kind of pool."""
    return getattr(spot, f"{kind}_nodepools")


def all_pools(
    spot: SpotClient, *, cloudspace: str | None = None, kinds: Iterable[Kind] = KINDS
) -> list[Pool]:
    """Return the pools of these kinds, of all cloudspaces or of one."""
    found: list[Pool] = [pool for kind in kinds for pool in operations(spot, kind).list()]
    return [pool for pool in found if cloudspace is None or pool.belongs_to(cloudspace)]


def find(spot: SpotClient, name: str, pools: Iterable[Pool] | None = None) -> Pool:
    """Return a pool by its name, the beginning of it, or its key. Raises `NotFoundError`.

    pools: the pools to search, if they were read before.
    """
    try:
        return find_pool(all_pools(spot) if pools is None else pools, name)
    except NotFoundError as error:
        error.hint = error.hint or "`rsspot pools list` lists them"
        raise


def wait_until_ready(
    session: Session,
    client: SpotClient,
    pool: Pool,
    timeout: str,
    poll: str,
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
