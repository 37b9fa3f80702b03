"""Import a state file of rsspot 0.3.0: preferences, history and the registration ledger.

Only the interface of the state store is used, so this works with every database. A second import
does not change existing data.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from rsspot.errors import ConfigError, StateError
from rsspot.legacy.guard import BEGUN, DISCARDED, IMPORTED, remember
from rsspot.legacy.records import converted, merged
from rsspot.legacy.state_file import read_state
from rsspot.redaction.redact import redact
from rsspot.state.history import Command
from rsspot.state.ledger import RegistrationStatus
from rsspot.state.ledger.exchange import as_lines

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from rsspot.legacy.records import LegacyRecord
    from rsspot.legacy.state_file import LegacyState
    from rsspot.state import StateStore

__all__ = ["LegacyImport", "discard", "import_state"]

SHOWN = 10
"""Maximum unreadable registrations in one message."""


@frozen(kw_only=True)
class LegacyImport:
    """The result of an import, or of its dry run."""

    source: str
    """The state file of 0.3.0."""
    to: str
    """Our state file."""
    is_dry_run: bool
    registrations: Mapping[str, int] = field(factory=dict[str, int])
    """Number of registrations in the old file, by status."""
    merged: int = 0
    """Registrations of a VM in another pool, which are in the history of its record."""
    added: int = 0
    """Records that were added to our ledger."""
    kept: int = 0
    """VMs that our ledger already has, which stay unchanged."""
    unreadable: tuple[str, ...] = ()
    """Registrations that were left out, and their problems."""
    waiting: int = 0
    """Records without an organization. They wait until a run sees the VM."""
    targets: tuple[str, ...] = ()
    preferences: int = 0
    """Preferences that were added."""
    preferences_left: tuple[str, ...] = ()
    """Preferences that were not added: ours has another value, or there is no such profile."""
    commands: int = 0
    """Commands that were added to the history."""
    is_in_use: bool = False
    """Whether a program may have the old file open."""

    @property
    def total(self) -> int:
        """Number of registrations in the old file."""
        return sum(self.registrations.values())


def import_state(
    source: str | Path,
    state: StateStore,
    *,
    targets: Mapping[str, str] | None = None,
    target: str | None = None,
    namespace: str | None = None,
    profiles: Sequence[str] | None = None,
    skip_unreadable: bool = False,
    dry_run: bool = False,
) -> LegacyImport:
    """Import the state file of 0.3.0 at `source`, which stays unchanged.

    state: our state store.
    targets: our target for an Omni cluster, by its name; by default the name itself.
    target: the target of registrations without an Omni cluster.
    namespace: of registrations without an organization; without it they wait until a run finds
    their VMs.
    profiles: the existing profiles; a default profile that is not among them is left out.
    skip_unreadable: whether to leave out registrations that cannot be read.
    dry_run: whether to change nothing.

    Raises `StateError`, and then nothing was imported.
    """
    old = read_state(source, allow_foreign_owner=_is_foreign_allowed())
    if os.path.realpath(old.path) == state.path:
        raise StateError(
            f"{state.path} is the file to import, and cannot be the one to write to",
            path=state.path,
            hint="Name another one with --to",
        )
    records, problems = converted(
        old.registrations, targets=targets, target=target, namespace=namespace
    )
    if problems and not skip_unreadable:
        raise _unreadable(old, problems)
    by_key = merged(records)
    new = _new(state, by_key)
    preferences, left = _preferences(old, state, profiles)
    commands = [Command(at, command) for at, command in old.commands if _is_time(at)]
    done = LegacyImport(
        source=old.path,
        to=state.path,
        is_dry_run=dry_run,
        registrations=_counted(old),
        merged=len(records) - len(by_key),
        added=len(new),
        kept=len(by_key) - len(new),
        unreadable=tuple(problems),
        waiting=sum(not each[0].columns["namespace"] for each in new),
        targets=tuple(sorted({each.columns["target"] for each in records})),
        preferences=len(preferences),
        preferences_left=left,
        commands=_count_new(commands, state),
        is_in_use=old.is_in_use,
    )
    if not dry_run:
        remember(state, old.path, BEGUN)
        if new:
            lines = as_lines((first.columns, first.history(others)) for first, *others in new)
            state.registrations.import_lines(lines, keep_existing=True)
        for name, value in preferences.items():
            state.preferences.set(name, value)
        state.history.take_over(commands)
        remember(state, old.path, IMPORTED)
    return done


def discard(source: str | Path, state: StateStore) -> None:
    """Record that the registrations in the file at `source` are not wanted."""
    remember(state, source, DISCARDED)


def _new(state: StateStore, by_key: Mapping[str, list[LegacyRecord]]) -> list[list[LegacyRecord]]:
    """Return the VMs that our ledger does not have under any key."""
    if not state.exists:
        return [*by_key.values()]
    known: dict[tuple[str, str], set[tuple[str, str]]] = {}
    for same in by_key.values():
        place = same[0].place
        if place not in known:
            known[place] = _known(state, *place)
    return [
        same
        for same in by_key.values()
        if not known[same[0].place]
        & {(same[0].columns["namespace"], same[0].columns["server"]), ("", same[0].key)}
    ]


def _known(state: StateStore, target: str, cloudspace: str) -> set[tuple[str, str]]:
    found: set[tuple[str, str]] = set()
    for record in state.registrations.each(target=target, vm_cloudspace=cloudspace):
        names = {record.server, record.payload.get("server_name") or record.server}
        found |= {(where, name) for where in (record.namespace, "") for name in names}
        found.add(("", record.key))
    return found


def _preferences(
    old: LegacyState, state: StateStore, profiles: Sequence[str] | None
) -> tuple[dict[str, Any], tuple[str, ...]]:
    ours = state.preferences.items() if state.exists else {}
    wanted: dict[str, Any] = {}
    left: list[str] = []
    for name, value in old.preferences.items():
        if not isinstance(value, str) or not value or name in ours:
            if ours.get(name) != value:
                left.append(str(name))
        elif name == "default_profile" and profiles is not None and value not in profiles:
            left.append(name)
        else:
            wanted[name] = value
    return wanted, tuple(left)


def _count_new(commands: Sequence[Command], state: StateStore) -> int:
    if not state.exists:
        return len(commands)
    known = {(each.at, each.command) for each in state.history.search("")}
    return sum((each.at, redact(each.command)) not in known for each in commands)


def _counted(old: LegacyState) -> dict[str, int]:
    found = [str(row["status"]) for row in old.registrations]
    known = dict.fromkeys((*map(str, RegistrationStatus), *found))
    return {name: found.count(name) for name in known if name in found}


def _is_time(value: object) -> bool:
    return isinstance(value, int | float) and value >= 0


def _is_foreign_allowed() -> bool:
    from rsspot.config.files import is_foreign_owner_allowed

    try:
        return is_foreign_owner_allowed()
    except ConfigError:
        return False


def _unreadable(old: LegacyState, problems: Sequence[str]) -> StateError:
    shown = "; ".join(problems[:SHOWN])
    more = f"; and {len(problems) - SHOWN} more" if len(problems) > SHOWN else ""
    return StateError(
        f"{len(problems)} of {len(old.registrations)} registrations in {old.path} cannot be "
        f"imported: {shown}{more}",
        path=old.path,
        hint="Nothing was imported. Import the others with --skip-unreadable",
    )
