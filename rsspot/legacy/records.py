"""Convert the ledger of rsspot 0.3.0 to our records. Nothing here does I/O.

In 0.3.0 the key of a VM was its server name, the organization, the VM cloudspace, the pool and the
Omni cluster. Here the pool is data, since it can change: several registrations of one VM in
different pools become one record, the one that had come furthest.
"""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

from attrs import frozen

from rsspot.models.account import to_namespace
from rsspot.redaction.redact import redact
from rsspot.shapes import is_object
from rsspot.state.database import LATEST, AuditEntry
from rsspot.state.ledger import RegistrationStatus as Status
from rsspot.state.ledger.candidate import identity
from rsspot.state.ledger.record import LEGACY_KEY, as_json
from rsspot.state.text import storable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

__all__ = ["WHO", "LegacyRecord", "converted", "merged"]

WHO = "rsspot 0.3.0"
"""The author of an import, in the history of a record."""
LONGEST = 2000
"""Maximum characters of an error that are kept."""
PROGRESS = (
    Status.DISCOVERED,
    Status.SKIPPED,
    Status.FAILED,
    Status.TOKEN_ISSUED,
    Status.SUBMITTED,
    Status.REGISTERED,
)
"""Statuses in ascending precedence: of several registrations of one VM, the last wins."""
OPEN = frozenset({Status.DISCOVERED, Status.TOKEN_ISSUED, Status.SUBMITTED, Status.FAILED})
"""Statuses with which a run continues."""


@frozen(kw_only=True)
class LegacyRecord:
    """A registration of 0.3.0, as our ledger keeps it."""

    legacy_key: str
    status: Status
    updated_at: float
    columns: dict[str, Any]

    @property
    def key(self) -> str:
        """Its key in our ledger."""
        return str(self.columns["key"])

    @property
    def place(self) -> tuple[str, str]:
        """Its target and VM cloudspace."""
        return self.columns["target"], self.columns["vm_cloudspace"]

    def history(self, others: Sequence[LegacyRecord] = ()) -> list[AuditEntry]:
        """Return its history, with `others` of the same VM as its past."""
        past = sorted((*others, self), key=lambda each: each.updated_at)
        return [
            AuditEntry(
                key=self.key,
                at=each.updated_at,
                who=WHO,
                before=past[number - 1].status.value if number else None,
                after=each.status.value,
                why=f"imported: {each.legacy_key} in pool {each.columns['pool'] or '?'}",
            )
            for number, each in enumerate(past)
        ]


def converted(
    rows: Iterable[Mapping[str, Any]],
    *,
    targets: Mapping[str, str] | None = None,
    target: str | None = None,
    namespace: str | None = None,
) -> tuple[list[LegacyRecord], list[str]]:
    """Return the registrations in `rows`, and the problems of those that cannot be read.

    rows: of the ledger of 0.3.0. targets: our target for an Omni cluster, where it is not its
    name. target: for registrations without an Omni cluster. namespace: for registrations that do
    not say of which organization they are.
    """
    found: list[LegacyRecord] = []
    problems: list[str] = []
    for row in rows:
        try:
            found.append(_converted(row, targets or {}, target, namespace))
        except ValueError as error:
            problems.append(f"{storable(str(row['registration_key']))}: {error}")
    return found, problems


def merged(records: Iterable[LegacyRecord]) -> dict[str, list[LegacyRecord]]:
    """Return the registrations of each VM by our key, first the one that counts."""
    by_key: dict[str, list[LegacyRecord]] = {}
    for record in records:
        by_key.setdefault(record.key, []).append(record)
    for same in by_key.values():
        same.sort(key=lambda each: (PROGRESS.index(each.status), each.updated_at), reverse=True)
    return by_key


def _converted(
    row: Mapping[str, Any], targets: Mapping[str, str], target: str | None, namespace: str | None
) -> LegacyRecord:
    try:
        status = Status(row["status"])
    except ValueError:
        raise ValueError("its status does not exist in 0.3.0") from None
    cluster = _text(row, "omni_cluster")
    chosen = targets.get(cluster, cluster) if cluster else target
    if not chosen:
        raise ValueError("it names no Omni cluster; give its target with --target")
    server, cloudspace = _text(row, "vm_uid"), _text(row, "vmcloudspace")
    if not server or not cloudspace:
        raise ValueError("it does not name its VM")
    where = _namespace(_text(row, "org_id"), namespace)
    updated_at = _seconds(row, "updated_at")
    if updated_at is None:
        raise ValueError("it has no time")
    legacy_key = _text(row, "registration_key")
    columns = {
        "key": identity(where, cloudspace, "", server, chosen),
        "target": chosen,
        "namespace": where,
        "vm_cloudspace": cloudspace,
        "vm_cloudspace_uid": "",
        "server": server,
        "pool": _text(row, "vmpool"),
        "address": "",
        "status": status.value,
        "token_id": _text(row, "token_id") or None,
        "token_expires_at": _seconds(row, "token_expires_at"),
        "submitted_at": updated_at if status is Status.SUBMITTED else None,
        "owner": None,
        "lease_id": None,
        # A VM without a namespace is not worked on until a run sees it again.
        "due_at": updated_at if status in OPEN and where else None,
        "due_in": 0.0 if status in OPEN and where else None,
        "attempts": 1 if status is Status.FAILED else 0,
        "generation": 0,
        "last_error": redact(_text(row, "last_error"))[:LONGEST] or None,
        "payload": as_json(_payload(row, legacy_key)),
        "created_at": updated_at,
        "updated_at": updated_at,
        "version": 1,
    }
    return LegacyRecord(
        legacy_key=legacy_key, status=status, updated_at=updated_at, columns=columns
    )


def _namespace(org_id: str, namespace: str | None) -> str:
    # Any other text may be the name of an organization, which is not a namespace.
    known = to_namespace(org_id)
    return known if known.startswith("org-") else namespace or ""


def _payload(row: Mapping[str, Any], legacy_key: str) -> dict[str, Any]:
    text = _text(row, "payload_json")
    try:
        kept: Any = json.loads(text) if text else {}
    except (ValueError, RecursionError):
        raise ValueError("its payload is not JSON") from None
    if not is_object(kept):
        raise ValueError("its payload is not a JSON object")
    name = _text(row, "vm_name")
    added = {"display_name": name} if name else {}
    return {**added, **kept, LEGACY_KEY: legacy_key}


def _text(row: Mapping[str, Any], column: str) -> str:
    value = row[column]
    if value is None:
        return ""
    if isinstance(value, bytes):
        raise ValueError(f"its {column} is not text")  # noqa: TRY004 - all problems are one kind
    return storable(str(value))


def _seconds(row: Mapping[str, Any], column: str) -> float | None:
    value = row[column]
    if value is None:
        return None
    if not isinstance(value, int | float) or not math.isfinite(value) or not 0 <= value <= LATEST:
        raise ValueError(f"its {column} is not a time")
    return float(value)
