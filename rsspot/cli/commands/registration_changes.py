"""`rsspot registrations retry`, `skip` and `reopen`: decide about records by hand."""

from collections.abc import Callable
from itertools import islice
from typing import Annotated

import typer

from rsspot.cli.command import Command
from rsspot.cli.options import Yes
from rsspot.cli.output.ledger import (
    RECORDS,
    ShownRecord,
    StateOption,
    TargetOption,
    open_state,
    who,
)
from rsspot.cli.session import Session
from rsspot.errors import RegistrationError
from rsspot.registration import RegistrationRecord, RegistrationStatus
from rsspot.registration.selection import Selection
from rsspot.state.ledger import Event, Ledger, Reopened, Retried, Skipped

__all__ = ["add_changes"]

BATCH = 1000
"""Records that are changed in one transaction."""

Keys = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[KEY]...",
        help="Keys of records, their beginnings, or names of servers.",
    ),
]
Reason = Annotated[
    str, typer.Option("--reason", metavar="TEXT", help="Why; it is kept in the history.")
]


def add_changes(group: typer.Typer) -> None:
    """Add the commands to a group."""
    for command in (retry, skip, reopen):
        group.command(cls=Command)(command)


def retry(
    ctx: typer.Context,
    keys: Keys = None,
    *,
    every: Annotated[
        bool, typer.Option("--all", help="All failed records, of --target or of all targets.")
    ] = False,
    target: TargetOption = None,
    state: StateOption = None,
) -> None:
    """Begin again with records that failed, as if they had not failed before.

    The next run, or one that is under way, takes them up.
    """
    session = Session.of(ctx)
    event = Retried(afresh=True)
    with open_state(session, state) as store:
        ledger = store.registrations
        if every and not keys:
            count = _change_all(ledger, Selection(target=target, statuses=(FAILED,)), event)
            session.note(f"{count} failed records will be tried again.")
            return
        _change(session, ledger, keys, event, target=target, alternative=" or add --all")


def skip(
    ctx: typer.Context,
    keys: Keys = None,
    *,
    reason: Reason = "skipped by hand",
    target: TargetOption = None,
    state: StateOption = None,
) -> None:
    """Decide that VMs are not to be registered. `reopen` takes that back."""
    session = Session.of(ctx)
    with open_state(session, state) as store:
        _change(session, store.registrations, keys, Skipped(reason), target=target)


def reopen(
    ctx: typer.Context,
    keys: Keys = None,
    *,
    reason: Reason = "opened again by hand",
    target: TargetOption = None,
    yes: Yes = False,
    state: StateOption = None,
) -> None:
    """Begin again with VMs that were skipped, or register anew what is registered.

    A VM that is registered gets a new idempotency key: the orchestrator takes it for another.
    """
    session = Session.of(ctx)

    def confirm(records: list[RegistrationRecord]) -> None:
        again = [each.server for each in records if each.status == "registered"]
        if again:
            names = ", ".join(again[:5]) + (" and others" if len(again) > 5 else "")  # noqa: PLR2004
            session.confirm(f"Register {names} a second time, with a new key?", yes=yes)

    with open_state(session, state) as store:
        _change(
            session, store.registrations, keys, Reopened(reason), target=target, confirm=confirm
        )


def _change(
    session: Session,
    ledger: Ledger,
    keys: list[str] | None,
    event: Event,
    *,
    target: str | None,
    confirm: Callable[[list[RegistrationRecord]], None] = lambda _: None,
    alternative: str = "",
) -> None:
    """Let `event` happen to the records with these keys, one after the other, and show them.

    All are looked up before the first is changed. One that is refused does not keep the others.
    """
    if not keys:
        session.refuse("No record is named", f"Give keys or names of servers{alternative}")
    records = [ledger.find(key, target=target) for key in keys]
    confirm(records)
    done: list[RegistrationRecord] = []
    failure: RegistrationError | None = None
    for record in records:
        try:
            done.append(ledger.apply(record.key, event, who=who()))
        except RegistrationError as error:
            if failure is not None:
                session.note(str(failure), "Error")
            failure = error
    if done:
        session.show([ShownRecord.of(each) for each in done], RECORDS, lambda item: item.key)
    if failure is not None:
        raise failure


def _change_all(ledger: Ledger, selection: Selection, event: Event) -> int:
    """Let `event` happen to all these records; those that others change just now are left."""
    records = selection.records(ledger)
    count = 0
    while some := [*islice(records, BATCH)]:
        try:
            count += len(ledger.apply_all([(each, event) for each in some], who=who()))
        except RegistrationError as error:
            refused = getattr(error, "keys", None)
            if refused is None:
                raise
            count += len(some) - len(refused)
    return count


FAILED = RegistrationStatus.FAILED
