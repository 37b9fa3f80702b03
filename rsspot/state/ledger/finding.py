"""Find records by user input: a key, the beginning of a key, or the name of a server."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rsspot.errors import RecordNotFound, RegistrationError

if TYPE_CHECKING:
    from rsspot.state.database import LedgerDatabase, Row

__all__ = ["find_key"]

PREFIX = re.compile(r"[0-9a-f]{4,40}")
"""Minimum characters of a key; fewer match too many keys."""
SHOWN = 5


def find_key(database: LedgerDatabase, name: str, target: str | None) -> str:
    """Return the key of the record that `name` matches. Raises `RegistrationError`."""
    of_target: Row = {} if target is None else {"target": target}
    found = [*database.records({"server": name, **of_target}, limit=SHOWN + 1)]
    if PREFIX.fullmatch(name):
        rows = database.records_by_key(database.record_keys(name, SHOWN + 1))
        found += [row for row in rows.values() if target is None or row["target"] == target]
    keys = list(dict.fromkeys(str(row["key"]) for row in found))
    if len(keys) == 1 or name in keys:
        return name if name in keys else keys[0]
    where = "" if target is None else f" of target {target}"
    if not keys:
        raise RecordNotFound(
            f"There is no record {name!r:.80}{where}",
            key=name,
            hint="Give a key, the beginning of one, or the name of a server; "
            "`rsspot registrations list` lists them",
        )
    fitting = ", ".join(
        dict.fromkeys(f"{row['key'][:12]} ({row['server']}, {row['target']})" for row in found)
    )
    raise RegistrationError(
        f"{name!r:.80} matches several records{where}: {fitting}",
        key=name,
        hint="Give more characters of the key, or the target",
    )
