"""Objects of the whole service, which every organization sees alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from rsspot.models.quantities import count
from rsspot.models.resource import Resource
from rsspot.wire.bind import Group, M_co, operation, stream

if TYPE_CHECKING:
    import builtins

    from rsspot_api.operations import Operation

    from rsspot.flow.flow import Flow, Stream
    from rsspot.resources.verbs import Verbs

__all__ = ["ClusterScoped"]

V = TypeVar("V", bound=Resource[Any])


class ClusterScoped(Group[M_co], Generic[M_co, V]):
    """Cluster-scoped objects: they belong to no organization and cannot be changed."""

    _kind: type[V]
    _verbs: Verbs

    @operation
    def list(self, *, label_selector: str | None = None) -> Flow[builtins.list[V]]:
        """Return all of them.

        Args:
            label_selector: Kubernetes label selector, such as ``"team=web,env!=test"`` (default:
                all objects).

        Raises:
            InvalidInput: If an argument has the wrong type or is out of range. Nothing is sent.
        """
        return self._connection.list(
            self._kind, self._verbs.list, {"label_selector": label_selector}
        )

    @stream
    def each(self, *, page_size: int | None = None) -> Stream[V]:
        """Yield them one by one, read page by page.

        Args:
            page_size: Number of objects to request at once, 1 or more (default: the API decides).

        Raises:
            InvalidInput: If an argument has the wrong type or is out of range. Nothing is sent.
        """
        limit = count("page_size", page_size, 1)
        yield from self._connection.each(self._kind, self._verbs.list, {"limit": limit})

    @operation
    def get(self, name: str) -> Flow[V]:
        """Return one of them.

        Args:
            name: Exact name of the object.

        Raises:
            InvalidInput: If an argument has the wrong type or is out of range. Nothing is sent.
            NotFoundError: If there is no such object.
        """
        verb = cast("Operation", self._verbs.get)
        return self._kind((yield from self._connection.json(verb, {"name": name})))
