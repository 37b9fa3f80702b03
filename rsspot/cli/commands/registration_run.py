"""`rsspot registrations run`: register VMs with programs as steps."""

import shlex
import signal
import sys
from contextlib import suppress
from functools import partial
from typing import Annotated, Any

import typer

from rsspot.cli.command import RsspotCommand
from rsspot.cli.interrupts import stop_on_signals
from rsspot.cli.output.formatting import counted
from rsspot.cli.output.ledger import COUNTS, Counts, StateOption
from rsspot.cli.output.run_display import RunDisplay, show_run
from rsspot.cli.session import Session, without_password
from rsspot.cli.state import open_state
from rsspot.errors import StateError
from rsspot.quantities import parse_duration
from rsspot.registration import RegistrationCandidate, RegistrationWorkflow, Summary
from rsspot.registration.programs import ProgramSteps
from rsspot.registration.programs.command import split_command
from rsspot.state.durations import check_seconds

__all__ = ["add_run"]

FAILED = 9
TIMED_OUT = 7
GRACE = 10.0
"""Seconds that a step gets beyond the timeout of its program, in order to stop it."""


def add_run(group: typer.Typer) -> None:
    """Add the command to a group."""
    group.command(
        cls=RsspotCommand,
        epilog="Exit status of a program: 0 done, 75 try again, 65 permanent, 77 skip. Exit status "
        "of this command: 0 all are registered or skipped, 7 deadline reached, 9 some "
        "failed, 130 interrupted.",
    )(run)


def _program(text: str) -> Any:
    return typer.Option(metavar="PROGRAM", help=text)


def _duration(text: str) -> Any:
    return typer.Option(metavar="DURATION", show_default=True, help=text)


def run(
    ctx: typer.Context,
    *,
    target: Annotated[
        str,
        typer.Option(
            metavar="NAME",
            help="Name of the orchestrator, or of one of its clusters, such as omni/prod.",
        ),
    ],
    issue_token: Annotated[str, _program("Program that prints a join token as JSON.")],
    submit: Annotated[str, _program("Program that submits a VM to the orchestrator.")],
    verify: Annotated[
        str | None,
        _program("Program that exits with 0 if a VM is registered, or 75 if not yet."),
    ] = None,
    concurrency: Annotated[
        int, typer.Option(metavar="N", min=1, show_default=True, help="VMs to register at a time.")
    ] = 8,
    max_attempts: Annotated[
        int,
        typer.Option(
            metavar="N", min=1, show_default=True, help="Maximum number of attempts for each VM."
        ),
    ] = 5,
    step_timeout: Annotated[str, _duration("Maximum running time of a program.")] = "5m",
    verify_every: Annotated[
        str, _duration("Time between two runs of --verify for the same VM.")
    ] = "5s",
    verify_timeout: Annotated[
        str, _duration("Maximum time between --submit and a successful --verify.")
    ] = "15m",
    base_delay: Annotated[
        str, _duration("Maximum delay after the first failure. It doubles with each failure.")
    ] = "1s",
    max_delay: Annotated[str, _duration("Maximum delay after any failure.")] = "1m",
    ttl: Annotated[
        str, _duration("Time until another worker takes over the VMs of a crashed worker.")
    ] = "1m",
    deadline: Annotated[
        str | None, typer.Option(metavar="DURATION", help="Start no step after this time.")
    ] = None,
    vm_cloudspace: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME", help="Register only VMs of this VM cloudspace; may be repeated."
        ),
    ] = None,
    pool: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Register only VMs of this pool; may be repeated."),
    ] = None,
    state: StateOption = None,
) -> None:
    """Register each VM with an orchestrator once, with your programs as steps.

    Each program reads one JSON object on stdin: the step, the record, the idempotency key, and for
    --submit the token. It prints one JSON object. Its stderr becomes the record's error.
    To share the work, run the command on several hosts with one PostgreSQL state.
    """
    session = Session.of(ctx)
    if session.region is not None:
        session.refuse("--region does not choose VMs here", "Use --vm-cloudspace or --pool")

    def seconds(option: str, value: str) -> float:
        length = parse_duration(option, value, unit="s").total_seconds()
        return check_seconds(option, length, above_zero=option != "--deadline")

    if hasattr(signal, "SIGCHLD") and signal.getsignal(signal.SIGCHLD) is signal.SIG_IGN:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)  # as it was inherited
    timeout = seconds("--step-timeout", step_timeout)
    programs = ProgramSteps(
        issue_token=split_command(issue_token),
        submit=split_command(submit),
        verify=None if verify is None else split_command(verify),
        timeout=timeout,
    )
    named = _named(target, state)
    chosen = _Chosen(vm_cloudspace, pool)
    display = RunDisplay(target)
    with (
        programs,
        open_state(session, state, missing="make") as store,
        session.client(state=store) as spot,
        stop_on_signals(
            lambda: _stop(session, display),
            programs.close,
            partial(_explain_how_to_continue, session, display, named),
        ),
        show_run(session, display) as on_progress,
    ):
        workflow = RegistrationWorkflow(store, target=target)
        workflow.summary()  # a state that cannot be used is reported before anything is asked
        display.count = workflow.summary
        done = workflow.run(
            spot,
            **programs.steps(),
            concurrency=concurrency,
            max_attempts=max_attempts,
            deadline=None if deadline is None else seconds("--deadline", deadline),
            on_progress=on_progress,
            select=chosen.select if vm_cloudspace or pool else None,
            ttl=seconds("--ttl", ttl),
            base_delay=seconds("--base-delay", base_delay),
            max_delay=seconds("--max-delay", max_delay),
            verify_every=seconds("--verify-every", verify_every),
            verify_timeout=seconds("--verify-timeout", verify_timeout),
            step_timeout=timeout + GRACE,
        )
    chosen.warn(session)
    _report(session, target, named, done)


class _Chosen:
    """The VMs of --vm-cloudspace and --pool; it notes which of these names no VM has."""

    def __init__(self, vm_cloudspaces: list[str] | None, pools: list[str] | None) -> None:
        self._vm_cloudspaces = frozenset(vm_cloudspaces or ())
        self._pools = frozenset(pools or ())
        self._found: set[tuple[str, str]] = set()

    def select(self, vm: RegistrationCandidate) -> bool:
        self._found |= {("VM cloudspace", vm.vm_cloudspace), ("pool", vm.pool)}
        return (not self._vm_cloudspaces or vm.vm_cloudspace in self._vm_cloudspaces) and (
            not self._pools or vm.pool in self._pools
        )

    def warn(self, session: Session) -> None:
        wanted = {("VM cloudspace", name) for name in self._vm_cloudspaces}
        wanted |= {("pool", name) for name in self._pools}
        for noun, name in sorted(wanted - self._found):
            session.note(
                f"No VM is in the {noun} {name!r:.80}. `rsspot servers` lists all", "Warning"
            )


def _stop(session: Session, display: RunDisplay) -> None:
    display.stopping = STOPPING
    if not session.use_live(sys.stderr):
        with suppress(RuntimeError):  # the signal came in the middle of another line
            session.note(STOPPING)


def _explain_how_to_continue(
    session: Session,
    display: RunDisplay,
    named: str,
    in_order: bool,  # noqa: FBT001 - see there
) -> None:
    try:
        if in_order and display.count is not None:
            display.count()
        leases = "Leases were released" if in_order else "Leases expire after --ttl"
        session.note(f"Stopped. {leases}, and the progress of every VM is recorded.")
    except StateError as error:
        session.note(str(error), "Error")
        session.note(
            "Stopped. Leases expire after --ttl. Steps whose results are not recorded are repeated "
            "with the same idempotency keys."
        )
    session.note(f"To continue, run: {session.command_line}")
    session.note(f"To see where they are, run: rsspot registrations list {named}")


def _report(session: Session, target: str, named: str, done: Summary) -> None:
    session.show([Counts.of(target, done)], COUNTS, lambda item: item.target)
    left = done.discovered + done.token_issued + done.submitted
    if done.failed:
        session.note(
            f"{counted(done.failed, 'VM', 'VMs')} failed. To see why, run: "
            f"rsspot registrations list --status failed {named}"
        )
        session.note(
            f"To retry them, run: rsspot registrations retry --all {named}, and then this command"
        )
    if left:
        session.note(
            f"{counted(left, 'VM is', 'VMs are')} left. To continue, run: {session.command_line}"
        )
        raise typer.Exit(TIMED_OUT)
    if done.failed or done.damaged:
        raise typer.Exit(FAILED)


def _named(target: str, state: str | None) -> str:
    """Return the options of other commands for the same records."""
    options = ["--target", target]
    if state is not None:
        options += ["--state", without_password(state)]
    return shlex.join(options)


STOPPING = "Stopping. Ctrl-C again kills the running steps."
