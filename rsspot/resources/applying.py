"""Apply a document: create what is missing, change what differs, and leave the rest alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

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

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rsspot.flow.flow import Flow
    from rsspot.resources.document import CloudspaceDocument, WantedPool
    from rsspot.resources.pool_owners import PoolOwners
    from rsspot.wire.organization import OrganizationConnection

__all__ = ["apply_document", "plan_changes"]

GROUPS: Mapping[str, Any] = {
    "autopilot": AutopilotNodePools,
    "spot": SpotNodePools,
    "ondemand": OnDemandNodePools,
}


def plan_changes(
    connection: OrganizationConnection, source: Mapping[str, Any] | str, *, prune: bool
) -> Flow[list[DocumentChange]]:
    """Return what `apply_document` would do. Raises `InvalidInput`."""
    document = read_document(source)
    arguments = yield from connection.namespaced({"name": document.name})
    namespace = arguments["namespace"]
    try:
        data = yield from connection.json(api.GET_CLOUDSPACE, arguments, options=FRESH)
        space = Cloudspace(data)
    except NotFoundError:
        space = None
    pools: dict[str, Any] = {}
    for group in GROUPS.values():
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
    changes = yield from plan_changes(connection, source, prune=prune)
    each_request_alone()
    document = read_document(source)
    wanted = {pool.label: pool for pool in document.pools}
    for change in changes:
        if change.action == "keep":
            continue
        if change.kind == "cloudspace":
            yield from _apply_cloudspace(cloudspaces, change)
            continue
        kind = GROUPS[change.kind]
        group = kind(connection)
        above = {} if change.kind == "ondemand" else {"allow_above_on_demand": above_on_demand}
        if change.action == "delete":
            yield from kind.delete(group, change.name, missing_ok=True)
        elif change.action == "update":
            yield from kind.update(group, change.name, **arguments_for(change.fields), **above)
        else:
            pool = wanted[change.key]
            fields = {name: new for name, (_, new) in change.fields.items() if new is not None}
            yield from kind.create(
                group,
                document.name,
                **fields,
                **above,
                name=pool.name,
                key=pool.key,
                if_exists="return",
            )
    return changes


def _apply_cloudspace(
    cloudspaces: PoolOwners[Any, Cloudspace], change: DocumentChange
) -> Flow[None]:
    kind: Any = type(cloudspaces)
    if change.action == "create":
        fields = {name: new for name, (_, new) in change.fields.items() if new is not None}
        yield from kind.create(cloudspaces, change.name, if_exists="return", **fields)
    else:
        yield from kind.update(cloudspaces, change.name, **arguments_for(change.fields))


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
