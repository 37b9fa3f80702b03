"""What arguments are compared with: the catalogue, as the cache has it, where it can be read."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from attrs import evolve

from rsspot.errors import APIError, ConnectionFailed, DeadlineExceeded, InvalidInput
from rsspot.models.catalog import Region, ServerClass
from rsspot.models.names import did_you_mean
from rsspot.senders.messages import Options
from rsspot.wire.endpoint import api

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rsspot.flow.flow import Flow
    from rsspot.wire.connection import Connection

__all__ = ["briefly", "check_known", "check_region", "find_class", "known_classes", "readable"]

T = TypeVar("T")

PATIENCE = 10.0
"""Seconds that a look at what is only compared with may take."""
CACHED = Options()


def readable(flow: Flow[T]) -> Flow[T | None]:
    """What `flow` returns; None where the server does not say. Raises `AuthError`."""
    try:
        return (yield from flow)
    except (APIError, ConnectionFailed, DeadlineExceeded):
        return None


def briefly(connection: Connection, options: Options = CACHED) -> Options:
    """`options` for a look that does not keep the call waiting for long."""
    timeouts = connection.settings.timeouts
    total = PATIENCE if timeouts.total is None else min(PATIENCE, timeouts.total)
    return evolve(options, timeouts=evolve(timeouts, total=total))


def known_classes(connection: Connection) -> Flow[list[ServerClass]]:
    """The server classes; none where they cannot be read."""
    options = briefly(connection)
    found = yield from readable(
        connection.list(ServerClass, api.LIST_SERVER_CLASSES, {}, options=options)
    )
    return found or []


def find_class(connection: Connection, name: str) -> Flow[ServerClass | None]:
    """The server class called `name`, or None where it is not known."""
    found = yield from known_classes(connection)
    return next((item for item in found if item.name == name), None)


def check_region(
    connection: Connection, region: str | None, *, seen: Iterable[str] = ()
) -> Flow[None]:
    """Refuse a region that is neither in the catalogue nor `seen` elsewhere.

    Raises `InvalidInput` that says which may be meant.
    """
    names = {*seen}
    if region is None or region in names:
        return
    options = briefly(connection)
    found = yield from readable(connection.list(Region, api.LIST_REGIONS, {}, options=options))
    check_known("region", region, names | {item.name for item in found or ()})


def check_known(
    argument: str, name: str | None, known: Iterable[str], *, any_case: bool = False
) -> None:
    """Refuse a name that is none of those that are `known`; in `any_case`, if that is said.

    Where none is known, nothing is refused. Raises `InvalidInput`.
    """
    names = sorted({item for item in known if item})
    if name is None or not names or name in names:
        return
    if any_case and name.casefold() in {item.casefold() for item in names}:
        return
    raise InvalidInput(
        f"{argument} is {name[:80]!r}, and there is none of that name",
        argument=argument,
        hint=did_you_mean(name, names) or f"There are: {', '.join(names[:20])}",
    )
