"""Organizations: each pays for its objects, which are in its namespace."""

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
    """The organizations of the user; the token acts for one of them."""

    @operation
    def list(self) -> Flow[builtins.list[Organization]]:
        """Return all organizations, from all pages."""
        return self._connection.organizations()

    @stream
    def each(self, *, page_size: int | None = None) -> Stream[Organization]:
        """Yield the organizations one by one, read page by page.

        Args:
            page_size: Number of objects to request at once, 1 or more (default: the API decides).

        Raises:
            InvalidInput: If an argument has the wrong type or is out of range. Nothing is sent.
        """
        count("page_size", page_size, 1)
        yield from self._connection.each_organization(page_size)

    @operation
    def get(self, name: str) -> Flow[Organization]:
        """Return one organization.

        Args:
            name: Its name, display name, id or namespace.

        Raises:
            InvalidInput: If an argument has the wrong type or is out of range. Nothing is sent.
            NotFoundError: If there is no such organization; the error lists those that exist.
        """
        return self._connection.organization(name)

    @operation
    def current(self) -> Flow[Organization]:
        """Return the organization that this client works in."""
        namespace = yield from self._connection.namespace()
        return (yield from self._connection.organization(namespace))
