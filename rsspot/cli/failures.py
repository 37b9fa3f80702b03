"""Report errors on stderr, and choose the exit status."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

from typer import Abort, TyperException

from rsspot import errors
from rsspot.cli.hints import for_terminal
from rsspot.cli.next_steps import LISTS, next_step, subject_of
from rsspot.cli.process import INTERRUPTED, discard_stdout

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rsspot.cli.session import Session

__all__ = ["STATUSES", "report"]

USAGE = 2

STATUSES: tuple[tuple[type[errors.RSSpotError], int], ...] = (
    (errors.InvalidInput, USAGE),
    (errors.ConfigError, 3),
    (errors.StateError, 3),
    (errors.AuthError, 4),
    (errors.ForbiddenError, 4),
    (errors.NotFoundError, 6),
    (errors.RecordNotFound, 6),
    (errors.WaitTimeout, 7),
    (errors.OutcomeUnknown, 8),
    (errors.RegistrationError, 9),
    (errors.RequestError, 5),
)
"""The exit status for each class of error; the first match counts, and 1 is the default."""

OPTIONS: Mapping[str, str] = {
    "bid_price": "--bid",
    "server_class": "--class",
    "budget_per_hour": "--budget",
    "vcpu_total": "--vcpus",
    "min_nodes": "--min",
    "max_nodes": "--max",
    "desired": "the count",
    "percentile": "--percentile",
    "margin": "--margin",
    "category": "--category",
    "region": "--region",
    "min_cpu": "--min-cpu",
    "min_memory": "--min-memory",
    "since": "--since",
    "taints": "--taint",
    "limit": "--limit",
    "timeout": "--timeout",
    "poll": "--poll",
}
"""The option of the command line for each argument of the SDK."""


def report(error: BaseException, session: Session) -> int:
    """Report an error and return the exit status."""
    if isinstance(error, KeyboardInterrupt | Abort):
        echoed = "\n" if sys.stderr.isatty() else ""  # after ^C
        session.note(f"{echoed}Interrupted.")
        for method, path in session.unfinished_writes:
            session.note(_describe_unknown(method, path))
        return INTERRUPTED
    if isinstance(error, TyperException):
        return _report_usage(error, session)
    if session.global_options.get("debug"):
        import traceback

        sys.stderr.write("".join(traceback.format_exception(error)))
    if isinstance(error, OSError):
        from rsspot.cli.output.formatting import format_value

        if error.filename is None:
            discard_stdout()
        session.note(
            f"{format_value(error.filename or 'Cannot write the output')}: "
            f"{for_terminal(error.strerror or str(error))}",
            "Error",
        )
        if error.filename is not None:
            session.note("Check the path and its permissions", "Hint")
        return 1
    if not isinstance(error, errors.RSSpotError):
        session.note(f"Unexpected {type(error).__name__}: {error}", "Error")
        session.note("This is a bug in rsspot. Please report it with the output of --debug", "Hint")
        return 1
    session.note(_message(error), "Error")
    session.note(next_step(error, session), "Hint")
    return next((status for kind, status in STATUSES if isinstance(error, kind)), 1)


def _describe_unknown(method: str, path: str) -> str:
    kinds = [part for part in path.split("/") if part in LISTS]
    check = f"run `{LISTS[kinds[-1]][0]}`" if kinds else "check"
    what = f"It is not known whether {method} {path} was carried out"
    return f"{what}. Before you try again, {check}."


def _report_usage(error: TyperException, session: Session) -> int:
    message = error.format_message()
    if "\n" in message:  # a group without a command: its help
        session.note(message)
        return USAGE
    session.note(message, "Error")
    context = getattr(error, "ctx", None)
    command = "rsspot" if context is None else context.command_path
    session.note(f"`{command} --help` lists the options and has examples", "Hint")
    return error.exit_code


def _message(error: errors.RSSpotError) -> str:
    name = subject_of(error)
    if isinstance(error, errors.InvalidInput) and name in OPTIONS:
        return re.sub(rf"\b{name}\b", OPTIONS[name], error.message)
    if isinstance(error, errors.APIError):
        # --verbose shows the request.
        return error.message.removeprefix(f"{error.method} {error.url} returned ")
    return error.message
