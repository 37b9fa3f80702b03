"""`rsspot registrations retry`, `skip` and `reopen`: decide about records by hand."""

from collections.abc import Callable
from itertools import islice
from typing import Annotated

import typer

from rsspot.cli.command import RsspotCommand
from rsspot.cli.options import Yes
from rsspot.cli.output.formatting import counted
from rsspot.cli.output.ledger import RECORDS, ShownRecord, StateOption, TargetOption
from rsspot.cli.session import Session
from rsspot.cli.state import open_state, who
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
        help="Record keys, beginnings of keys, or names of VMs or their servers.",
    ),
]
Reason = Annotated[
    str, typer.Option("--reason", metavar="TEXT", help="Reason, which is stored in the history.")
]


def add_changes(group: typer.Typer) -> None:
    """Add the commands to a group."""
    for command in (retry, skip, reopen):
        group.command(cls=RsspotCommand)(command)


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
    """Retry failed records from the first step, and reset their number of failures.

    The next run picks them up, and so does a run that is in progress.
    """
    session = Session.of(ctx)
    event = Retried(afresh=True)
    with open_state(session, state) as store:
        ledger = store.registrations
        if every and keys:
            session.refuse(
                f"--all is for all failed records, so {keys[0]} cannot be given with it",
                "Leave out --all, or the names; --target limits --all to one target",
            )
        if every:
            count = _change_all(ledger, Selection(target=target, statuses=(FAILED,)), event)
            session.note(
                f"{counted(count, 'failed record', 'failed records')} will be tried again."
            )
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
    """Skip VMs, so that they are not registered. `reopen` undoes this."""
    session = Session.of(ctx)
    with open_state(session, state) as store:
        _change(session, store.registrations, keys, Skipped(reason), target=target)


def reopen(
    ctx: typer.Context,
    keys: Keys = None,
    *,
    reason: Reason = "reopened by hand",
    target: TargetOption = None,
    yes: Yes = False,
    state: StateOption = None,
) -> None:
    """Reopen skipped VMs, or register registered VMs a second time.

    A registered VM gets a new idempotency key, so the orchestrator treats it as a different VM.
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
    """Apply `event` to the records with these keys, one by one, and show them.

    All keys are looked up before the first record is changed. A refused change does not stop the
    others.
    """
    if not keys:
        session.refuse(
            "No records were given", f"Give record keys, or names of VMs or servers{alternative}"
        )
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
    """Apply `event` to these records, except those that others change at the same time."""
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
