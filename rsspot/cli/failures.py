"""From errors to one readable block on stderr, and the status that the process ends with."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

from typer import Abort, TyperException

from rsspot import errors
from rsspot.cli.process import INTERRUPTED, give_up_stdout

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
    (errors.WaitTimeout, 7),
    (errors.OutcomeUnknown, 8),
    (errors.RequestError, 5),
)
"""The status of an error: of the first class that it belongs to; 1 for what is none of these."""

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
    "since": "--since",
    "taints": "--taint",
    "limit": "--limit",
    "timeout": "--timeout",
    "poll": "--poll",
}
"""What the command line calls the arguments of the SDK."""

HINTS: Mapping[str, str] = {
    "region": "Say where with --region; `rsspot regions` shows them",
    "bid_price": "Write it as in 0.05; `rsspot bid` suggests a bid for a class",
    "budget_per_hour": "Write it as in 0.25, in US dollars an hour",
    "refresh_token": "Sign in with `rsspot login`, or set RSSPOT_REFRESH_TOKEN",
}
"""What to do about an argument or key, where the SDK's own hint speaks of Python."""


LISTS: Mapping[str, str] = {
    "regions": "rsspot regions",
    "serverclasses": "rsspot classes",
    "cloudspaces": "rsspot cloudspaces list",
    "spotnodepools": "rsspot pools list",
    "ondemandnodepools": "rsspot pools list",
    "autopilotnodepools": "rsspot pools list",
    "vmcloudspaces": "rsspot vms list",
    "vmpools": "rsspot vms pools list",
    "vmsshkeys": "rsspot vms keys list",
}
"""What shows the names of each kind of object."""


def report(error: BaseException, session: Session) -> int:
    """Say what went wrong, and return the exit status."""
    if isinstance(error, KeyboardInterrupt | Abort):
        echoed = "\n" if sys.stderr.isatty() else ""  # the terminal has shown ^C
        session.note(f"{echoed}Interrupted.")
        for method, path in session.unfinished_writes:
            session.note(_unknown(method, path))
        return INTERRUPTED
    if isinstance(error, TyperException):
        return _misused(error, session)
    if session.told.get("debug"):
        import traceback

        sys.stderr.write("".join(traceback.format_exception(error)))
    if isinstance(error, OSError):
        if error.filename is None:
            give_up_stdout()
        session.note(f"{error.filename or 'The output'}: {error.strerror or error}", "Error")
        return 1
    if not isinstance(error, errors.RSSpotError):
        session.note(f"rsspot has a defect: {type(error).__name__}: {error}", "Error")
        session.note("--debug shows where; please report it", "Hint")
        return 1
    session.note(_in_our_words(error), "Error")
    if hint := _hint(error):
        session.note(hint, "Hint")
    return next((status for kind, status in STATUSES if isinstance(error, kind)), 1)


def _unknown(method: str, path: str) -> str:
    kinds = [part for part in path.split("/") if part in LISTS]
    how = f"`{LISTS[kinds[-1]]}` shows" if kinds else "Look before you try again"
    what = f"It is not known whether {method} {path} was carried out"
    return f"{what}. {how} what is there now." if kinds else f"{what}. {how}."


def _misused(error: TyperException, session: Session) -> int:
    message = error.format_message()
    if "\n" in message:  # a noun alone: its help
        session.note(message)
        return USAGE
    session.note(message, "Error")
    context = getattr(error, "ctx", None)
    if context is not None:
        session.note(f"`{context.command_path} --help` shows what there is", "Hint")
    return error.exit_code


def _subject(error: errors.RSSpotError) -> str:
    """The argument or key that an error is about."""
    return str(getattr(error, "argument", None) or getattr(error, "key", None) or "")


def _hint(error: errors.RSSpotError) -> str | None:
    if isinstance(error, errors.NotFoundError) and error.hint is None:
        kinds = [part for part in (error.url or "").split("/") if part in LISTS]
        return f"`{LISTS[kinds[-1]]}` shows those that there are" if kinds else None
    if error.hint and error.hint.startswith(("Did you mean", "There are")):
        return error.hint
    return HINTS.get(_subject(error), error.hint)


def _in_our_words(error: errors.RSSpotError) -> str:
    name = _subject(error)
    if isinstance(error, errors.InvalidInput) and name in OPTIONS:
        return re.sub(rf"\b{name}\b", OPTIONS[name], error.message)
    if isinstance(error, errors.APIError):
        # Which request it was is for --verbose.
        return error.message.removeprefix(f"{error.method} {error.url} answered ")
    return error.message
