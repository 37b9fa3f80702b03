"""Servers of a cloudspace or a VM cloudspace."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from attrs import frozen

from rsspot.models.quantities import read_cpu, read_memory
from rsspot.models.record import Record
from rsspot.shapes import as_object

if TYPE_CHECKING:
    from rsspot_api import models  # noqa: F401 - in the text of a base class

__all__ = ["Server", "read_servers"]


@frozen(repr=False)
class Server(Record["models.AssignedServer | models.VMAssignedServer"]):
    """One server, and the cloudspace and pool that it belongs to.

    Unknown text is empty; memory is in bytes. In the API it is an entry of `assignedServers`,
    under `key`.
    """

    name: str
    address: str
    server_class: str
    pool: str
    cloudspace: str
    kind: Literal["cloudspace", "vm_cloudspace"]
    namespace: str
    state: str
    error: str
    type: str
    role: str
    key: str
    display_name: str = ""
    cpu: int | float | None = None
    memory: int | None = None

    @property
    def _model(self) -> str:
        return "AssignedServer" if self.kind == "cloudspace" else "VMAssignedServer"


def read_servers(
    owner: Any, kind: Literal["cloudspace", "vm_cloudspace"], pools: tuple[str, ...]
) -> tuple[Server, ...]:
    """Return the servers in the `assignedServers` of an object.

    In a cloudspace a key begins with the name of the pool (openapi/spot.yaml,
    CloudSpace.status.assignedServers).
    """
    where = as_object(as_object(owner).get("metadata"))
    assigned = as_object(as_object(as_object(owner).get("status")).get("assignedServers"))
    found: list[Server] = []
    for key, value in assigned.items():
        if not isinstance(value, dict):
            continue
        item = as_object(value)
        found.append(
            Server(
                name=_text(item.get("serverName")) or key,
                address=_text(item.get("IP")) or _text(item.get("ipAddress")),
                server_class=_text(item.get("serverClassName")),
                pool=_text(item.get("nodePoolName"))
                or max((pool for pool in pools if key.startswith(pool)), key=len, default=""),
                cloudspace=_text(where.get("name")),
                kind=kind,
                namespace=_text(where.get("namespace")),
                state=_text(item.get("state")),
                error=_text(item.get("error")),
                type=_text(item.get("serverType")),
                role=_text(item.get("clusterRole")),
                key=key,
                display_name=_text(item.get("displayName")),
                cpu=_number(read_cpu, item.get("cpu")),
                memory=_number(read_memory, item.get("memory")),
                wire=item,
            )
        )
    return tuple(found)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _number(read: Any, value: Any) -> Any:
    try:
        return None if value is None else read(value)
    except ValueError:
        return None
