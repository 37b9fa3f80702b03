"""Apply a document: create what is missing, change what differs, and leave the rest alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rsspot.arguments import ArgumentChecks
from rsspot.errors import InvalidInput, NotFoundError
from rsspot.models.cloudspace import Cloudspace
from rsspot.models.document_change import DocumentChange
from rsspot.resources.autopilot_nodepools import AutopilotNodePools
from rsspot.resources.document import FIXED, arguments_for, differences, read_document
from rsspot.resources.ondemand_nodepools import OnDemandNodePools
from rsspot.resources.spot_nodepools import SpotNodePools
from rsspot.resources.waiting import FRESH
from rsspot.wire.call_time import each_request_alone
from rsspot.wire.endpoint import api
from rsspot.wire.signatures import KINDS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from rsspot.flow.flow import Flow
    from rsspot.resources.document import CloudspaceDocument, WantedPool
    from rsspot.resources.pool_owners import PoolOwners
    from rsspot.wire.organization import OrganizationConnection

__all__ = ["apply_document", "plan_changes"]

POOL_GROUPS: Mapping[str, Any] = {
    "autopilot": AutopilotNodePools,
    "spot": SpotNodePools,
    "ondemand": OnDemandNodePools,
}
LIMITS = frozenset({"min_nodes", "max_nodes"})
"""Fields of which an update needs both."""


def plan_changes(
    cloudspaces: PoolOwners[Any, Cloudspace],
    connection: OrganizationConnection,
    source: Mapping[str, Any] | str,
    *,
    prune: bool,
) -> Flow[list[DocumentChange]]:
    """Return what `apply_document` would do. Raises `InvalidInput`, also for invalid values."""
    document = read_document(source)
    changes = yield from _compare(connection, document, prune=prune)
    for change in changes:
        if change.action != "keep":
            _check_arguments(_group(cloudspaces, change), change, document)
    return changes


def apply_document(
    cloudspaces: PoolOwners[Any, Cloudspace],
    connection: OrganizationConnection,
    source: Mapping[str, Any] | str,
    *,
    prune: bool,
    above_on_demand: bool,
) -> Flow[list[DocumentChange]]:
    """Carry out the changes of a document, and return them. Raises as the operations do.

    above_on_demand: whether bids above the on-demand price are allowed.
    """
    changes = yield from plan_changes(cloudspaces, connection, source, prune=prune)
    each_request_alone()
    document = read_document(source)
    for change in changes:
        if change.action == "keep":
            continue
        group = _group(cloudspaces, change)
        operation, name, fields = _call(group, change, document)
        if change.action != "delete" and change.kind in {"spot", "autopilot"}:
            fields["allow_above_on_demand"] = above_on_demand
        yield from operation(group(connection), name, **fields)
    return changes


def _compare(
    connection: OrganizationConnection, document: CloudspaceDocument, *, prune: bool
) -> Flow[list[DocumentChange]]:
    arguments = yield from connection.namespaced({"name": document.name})
    namespace = arguments["namespace"]
    try:
        data = yield from connection.json(api.GET_CLOUDSPACE, arguments, options=FRESH)
        space = Cloudspace(data)
    except NotFoundError:
        space = None
    pools: dict[str, Any] = {}
    for group in POOL_GROUPS.values():
        kind: Any = group(connection)
        listing: Flow[list[Any]] = kind._of_owner(document.name, options=FRESH)  # noqa: SLF001 - a flow
        found = yield from listing
        pools |= {pool.name: pool for pool in found if pool.deleted_at is None}
    changes = [_compared("cloudspace", document.name, document.name, document.fields, space)]
    wanted = {pool.name_in(namespace, document.name): pool for pool in document.pools}
    for name, pool in wanted.items():
        changes.append(_pool_change(name, pool, document, pools.get(name)))
    if prune:
        bought = {
            item.spot_node_pool
            for pool in pools.values()
            for item in getattr(pool, "allocations", ())
        }
        changes += [
            DocumentChange("delete", pool.kind, name, name)
            for name, pool in pools.items()
            if name not in wanted and name not in bought
        ]
    return changes


def _group(cloudspaces: PoolOwners[Any, Cloudspace], change: DocumentChange) -> Any:
    """Return the class of the group that makes a change."""
    return type(cloudspaces) if change.kind == "cloudspace" else POOL_GROUPS[change.kind]


def _call(
    group: Any, change: DocumentChange, document: CloudspaceDocument
) -> tuple[Callable[..., Flow[Any]], str, dict[str, Any]]:
    """Return the operation that makes a change, and its arguments."""
    if change.action == "delete":
        return group.delete, change.name, {"missing_ok": True}
    pool = next((pool for pool in document.pools if pool.label == change.key), None)
    if change.action == "update":
        limits = {} if pool is None or LIMITS.isdisjoint(change.fields) else pool.fields
        both = {name: limits[name] for name in LIMITS if limits.get(name) is not None}
        return group.update, change.name, {**both, **arguments_for(change.fields)}
    fields = {name: new for name, (_, new) in change.fields.items() if new is not None}
    fields["if_exists"] = "return"
    if pool is None or change.kind == "cloudspace":
        return group.create, change.name, fields
    return group.create, document.name, {**fields, "name": pool.name, "key": pool.key}


class _Reached(Exception):
    """An operation has checked its arguments, and wants to use its connection."""


class _NoConnection:
    def __getattr__(self, name: str) -> object:
        raise _Reached


def _check_arguments(group: Any, change: DocumentChange, document: CloudspaceDocument) -> None:
    """Let the operation of a change check its arguments, before anything is changed.

    Raises `InvalidInput` that names the cloudspace or the pool.
    """
    operation, name, fields = _call(group, change, document)
    try:
        ArgumentChecks(operation, KINDS).check((name,), fields)
        next(operation(group(_NoConnection()), name, **fields), None)
    except _Reached:
        return
    except InvalidInput as error:
        raise InvalidInput(
            f"{change.key}: {error.message}", argument="document", hint=error.hint
        ) from None


def _pool_change(
    name: str, pool: WantedPool, document: CloudspaceDocument, there: Any
) -> DocumentChange:
    fields = pool.fields
    if pool.kind == "autopilot" and "region" not in fields and "region" in document.fields:
        fields = {"region": document.fields["region"], **fields}
    if there is not None and there.kind != pool.kind:
        raise _fixed(pool.label, "kind", there.kind, pool.kind)
    return _compared(pool.kind, name, pool.label, fields, there)


def _compared(
    kind: Any, name: str, key: str, fields: Mapping[str, Any], there: Any
) -> DocumentChange:
    if there is None:
        new = {field: (None, value) for field, value in fields.items()}
        return DocumentChange("create", kind, name, key, new)
    if there.deleted_at is not None:
        raise InvalidInput(
            f"{kind} {key} is being deleted",
            argument="document",
            hint="Apply the document when it is gone",
        )
    changed = differences(fields, there)
    for field, (old, new_value) in changed.items():
        if field in FIXED:
            raise _fixed(key, field, old, new_value)
    return DocumentChange("update" if changed else "keep", kind, name, key, changed)


def _fixed(label: str, field: str, old: object, new: object) -> InvalidInput:
    return InvalidInput(
        f"{label}: {field} is {old!s:.80}, not {new!s:.80}, and cannot be changed",
        argument="document",
        hint="Use another key or name, or delete the old one first",
    )
