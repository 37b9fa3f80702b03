"""`rsspot state import-legacy`: take over the state file of rsspot 0.3.0."""

import os
from pathlib import Path
from typing import Annotated

import typer

from rsspot.cli.command import RsspotCommand
from rsspot.cli.session import Session
from rsspot.errors import ConfigError, StateError
from rsspot.files.folders import expand
from rsspot.legacy import LegacyImport, discard, find_state_files, import_state, is_legacy
from rsspot.legacy.places import places
from rsspot.state import StateStore
from rsspot.state.store import default_path

__all__ = ["add_import"]


def add_import(group: typer.Typer) -> None:
    """Add the command to a group."""
    group.command("import-legacy", cls=RsspotCommand)(import_legacy)


def import_legacy(
    ctx: typer.Context,
    file: Annotated[
        str | None,
        typer.Argument(
            metavar="[FILE]",
            help="State file of rsspot 0.3.0. By default the one that is found beside the "
            "configuration, in ~/.config/rsspot, or at its state_path.",
        ),
    ] = None,
    *,
    to: Annotated[
        str | None,
        typer.Option(metavar="PATH", help="State file to write to. By default the one in use."),
    ] = None,
    target: Annotated[
        list[str] | None,
        typer.Option(
            metavar="[CLUSTER=]TARGET",
            help="Target of registrations without an Omni cluster, or of those of CLUSTER. By "
            "default the target is the name of the cluster. May be repeated.",
        ),
    ] = None,
    namespace: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="Namespace of registrations without an organization. By default they wait until "
            "a run finds their VMs.",
        ),
    ] = None,
    skip_unreadable: Annotated[
        bool, typer.Option("--skip-unreadable", help="Leave out damaged registrations.")
    ] = False,
    discard_: Annotated[
        bool,
        typer.Option("--discard", help="Import nothing, and start with an empty ledger."),
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be done, and change nothing.")
    ] = False,
) -> None:
    """Import preferences, history and registrations of rsspot 0.3.0.

    The old file is not changed. Importing it again changes nothing.
    """
    session = Session.of(ctx)
    source = _source(session, file)
    named, setting = _named_state(session)
    replaces = named is not None and is_legacy(named)
    path = to or (None if replaces else named) or default_path()
    with StateStore(path) as state:
        if discard_:
            _check_other(state, source)
            if not dry_run:
                discard(source, state)
            would = "would be" if dry_run else "are"
            session.note(
                f"The registrations in {source} {would} left out. {state.path} starts empty."
            )
        else:
            one, several = _targets(session, target)
            done = import_state(
                source,
                state,
                targets=several,
                target=one,
                namespace=namespace,
                profiles=_profiles(session),
                skip_unreadable=skip_unreadable,
                dry_run=dry_run,
            )
            session.show_fields(_rows(done))
            _explain(session, done)
    if replaces and not to:
        session.note(f"{setting} names the old file. Set it to {path}, or remove it.", "Hint")


def _check_other(state: StateStore, source: Path) -> None:
    if os.path.realpath(source) == state.path:
        raise StateError(
            f"{source} is the old file, and cannot be the new one as well",
            path=str(source),
            hint="Name another one with --to",
        )


def _source(session: Session, file: str | None) -> Path:
    if file is not None:
        return expand(file, StateError)
    found = find_state_files(session.config_path)
    if not found:
        looked = ", ".join(map(str, places(session.config_path)))
        raise StateError(
            "There is no state file of rsspot 0.3.0",
            hint=f"Searched: {looked}. Give its path: rsspot state import-legacy FILE",
        )
    if len(found) > 1:
        raise StateError(
            f"There are {len(found)} state files of rsspot 0.3.0: {', '.join(map(str, found))}",
            hint="Import one after the other: rsspot state import-legacy FILE",
        )
    return found[0]


def _named_state(session: Session) -> tuple[str | None, str]:
    """Return the state file that is named, and what names it."""
    if stated := os.environ.get("RSSPOT_STATE_PATH"):
        return stated, "RSSPOT_STATE_PATH"
    from rsspot.config.resolution import config_of

    try:
        config = config_of(os.environ, None, session.config_path)
    except ConfigError:  # the file may still be that of 0.3.0
        return None, ""
    path = config.state_path if config else None
    return path, f"state_path in {config.path}" if config else ""


def _targets(session: Session, values: list[str] | None) -> tuple[str | None, dict[str, str]]:
    one: str | None = None
    several: dict[str, str] = {}
    for value in values or ():
        cluster, mark, name = value.partition("=")
        if mark and cluster and name:
            several[cluster] = name
        elif value and not mark and one is None:
            one = value
        else:
            session.refuse(
                f"--target {value!r:.80} is not TARGET or CLUSTER=TARGET, or is given twice",
                "Write --target omni/prod, or --target prod=omni/prod",
            )
    return one, several


def _profiles(session: Session) -> list[str] | None:
    from rsspot.config.resolution import config_of

    try:
        config = config_of(os.environ, None, session.config_path)
    except ConfigError:
        return None
    return sorted(config.profiles) if config else []


def _rows(done: LegacyImport) -> list[tuple[str, str]]:
    statuses = ", ".join(f"{count} {name}" for name, count in done.registrations.items())
    rows = [
        ("from", done.source),
        ("to", done.to),
        ("registrations", f"{done.total} ({statuses})" if done.total else "0"),
        ("records added", str(done.added)),
    ]
    optional = [
        ("already there", done.kept),
        ("merged", done.merged),
        ("left out", len(done.unreadable)),
    ]
    rows += [(name, str(count)) for name, count in optional if count]
    if done.targets:
        rows.append(("targets", ", ".join(done.targets)))
    rows.append(("preferences added", str(done.preferences)))
    if done.preferences_left:
        rows.append(("preferences left out", ", ".join(done.preferences_left)))
    rows.append(("commands added", str(done.commands)))
    return rows


def _explain(session: Session, done: LegacyImport) -> None:
    for problem in done.unreadable:
        session.note(f"Left out {problem}", "Warning")
    if done.is_in_use:
        session.note(
            f"A program may still have {done.source} open. End all programs that use rsspot "
            "0.3.0, then import again: what they wrote since is added.",
            "Warning",
        )
    if done.waiting:
        session.note(
            f"{done.waiting} records do not name their organization. They wait until "
            "a run finds their VMs. To name it now, import again with --namespace.",
            "Hint",
        )
    if done.targets:
        session.note(f"Runs find these records with target={done.targets[0]!r}.", "Hint")
    session.note(
        "Nothing was changed." if done.is_dry_run else f"Imported. {done.source} was not changed."
    )
