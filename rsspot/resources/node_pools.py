"""What the three kinds of node pools have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar

from rsspot.errors import InvalidInput
from rsspot.models.cloudspace import Cloudspace
from rsspot.models.node_pools import NodePool
from rsspot.models.pool import Taint
from rsspot.models.quantities import count
from rsspot.resources.changes import CLEAR, texts
from rsspot.resources.pools import Pools
from rsspot.shapes import as_object, type_name
from rsspot.wire.bind import M_co, operation, stream
from rsspot.wire.endpoint import api, segment

if TYPE_CHECKING:
    import builtins
    from collections.abc import Iterable, Mapping

    from rsspot.flow.flow import Flow, Stream
    from rsspot.resources.changes import Clear

__all__ = ["NodePools", "of_new_nodes", "of_nodes", "scaling"]

V = TypeVar("V", bound=NodePool[Any])


class NodePools(Pools[M_co, V], Generic[M_co, V]):
    """Groups of identical servers in a cloudspace."""

    _noun = "node pool"
    _owner_kind = Cloudspace
    _owner_verb = api.GET_CLOUDSPACE
    _owner_list = api.LIST_CLOUDSPACES

    @operation
    def list(
        self, *, cloudspace: str | None = None, label_selector: str | None = None
    ) -> Flow[builtins.list[V]]:
        """Return all node pools of this kind, or those of one cloudspace.

        Args:
            cloudspace: Name of the cloudspace, by the label or the own field of a pool (default:
                all cloudspaces).
            label_selector: Kubernetes label selector, such as ``"team=web,env!=test"`` (default:
                all objects).

        Raises:
            InvalidInput: If an argument has the wrong type or is out of range. Nothing is sent.
            NotFoundError: If there is neither a pool nor a cloudspace of that name.
        """
        if cloudspace is not None:
            segment("cloudspace", cloudspace)
        return (yield from self._of_known(cloudspace, label_selector))

    @stream
    def each(
        self,
        *,
        cloudspace: str | None = None,
        label_selector: str | None = None,
        page_size: int | None = None,
    ) -> Stream[V]:
        """Yield the node pools one by one, read page by page.

        Args:
            cloudspace: Name of the cloudspace (default: all cloudspaces).
            label_selector: Kubernetes label selector, such as ``"team=web,env!=test"`` (default:
                all objects).
            page_size: Number of objects to request at once, 1 or more (default: the API decides).

        Raises:
            InvalidInput: If an argument has the wrong type or is out of range. Nothing is sent.
            NotFoundError: If there is neither a pool nor a cloudspace of that name.
        """
        if cloudspace is not None:
            segment("cloudspace", cloudspace)
        yield from self._each_of(cloudspace, label_selector, page_size)

    @operation
    def replace(self, pool: V | dict[str, Any], *, allow_above_on_demand: bool = False) -> Flow[V]:
        """Replace a node pool with this complete object; `update` is the safer way.

        Args:
            pool: The object, or its JSON, with the current resource version.
            allow_above_on_demand: Whether to allow a bid or budget above the on-demand price.

        Returns:
            The pool as it is now.

        Raises:
            InvalidInput: If this is not a complete object, or its bid or budget is above the
                on-demand price.
            ConflictError: If the resource version is missing or not current.
            NotFoundError: If there is no such object.
        """
        body = self._document_of(pool)
        if not allow_above_on_demand:
            yield from self._check_price(as_object(body.get("spec")))
        return (yield from self._replace(body))


def scaling(min_nodes: int | None, max_nodes: int | None) -> dict[str, Any] | None:
    """Return the autoscaling part of a spec, or None. Both limits are needed together."""
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


def of_nodes(
    labels: Mapping[str, str | None] | Clear | None,
    annotations: Mapping[str, str | None] | Clear | None,
    taints: Iterable[Taint | str] | Clear | None,
) -> dict[str, Any]:
    """Return the parts of a merge patch for labels, annotations and taints of the nodes."""
    return {
        "customLabels": texts("labels", labels, removable=True),
        "customAnnotations": texts("annotations", annotations, removable=True),
        "customTaints": _wire_taints(taints),
    }


def of_new_nodes(
    labels: Mapping[str, str] | None,
    annotations: Mapping[str, str] | None,
    taints: Iterable[Taint | str] | None,
) -> dict[str, Any]:
    """Return the same for a new pool, where an empty value means nothing."""
    return {
        "customLabels": texts("labels", labels) or None,
        "customAnnotations": texts("annotations", annotations) or None,
        "customTaints": _wire_taints(taints) or None,
    }


def _wire_taints(values: Iterable[Taint | str] | Clear | None) -> Any:
    # Text is read as kubectl does, ``key=value:NoSchedule``.
    if values is None or values is CLEAR:
        return values
    if isinstance(values, str):
        raise InvalidInput(
            f"taints is the text {values[:80]!r}", argument="taints", hint="Give a list of taints"
        )
    if not hasattr(values, "__iter__"):  # the declared type need not be the actual one
        raise InvalidInput(
            f"taints must be a list of taints, not {type_name(values)}", argument="taints"
        )
    return [_taint(value).to_dict() for value in values]


def _taint(value: object) -> Taint:
    if isinstance(value, str):
        return Taint.parse(value)
    if not isinstance(value, Taint):
        raise InvalidInput(f"{value!r:.80} is not a taint", argument="taints")
    return value
