"""Organizations: who pays, and in which namespace the objects are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rsspot.models.quantities import count
from rsspot.wire.bind import Group, M_co, operation, stream

if TYPE_CHECKING:
    import builtins

    from rsspot.flow.flow import Flow, Stream
    from rsspot.models.account import Organization

__all__ = ["Organizations"]


class Organizations(Group[M_co]):
    """The organizations that the user belongs to; the token acts for one of them."""

    @operation
    def list(self) -> Flow[builtins.list[Organization]]:
        """All of them, over all pages."""
        return self._connection.organizations()

    @stream
    def each(self, *, page_size: int | None = None) -> Stream[Organization]:
        """One by one, read page by page."""
        count("page_size", page_size, 1)
        yield from self._connection.each_organization(page_size)

    @operation
    def get(self, name: str) -> Flow[Organization]:
        """The one whose name, display name, id or namespace is `name`.

        Raises `NotFoundError`, which says which ones there are.
        """
        return self._connection.organization(name)

    @operation
    def current(self) -> Flow[Organization]:
        """The one that this client works in."""
        namespace = yield from self._connection.namespace()
        return (yield from self._connection.organization(namespace))
