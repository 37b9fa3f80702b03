"""The top-level commands, and how one run begins and ends."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

from typer.main import get_command

from rsspot.cli.command import CommandEntry, RootGroup, command_group
from rsspot.cli.history import record
from rsspot.cli.process import INTERRUPTED, raise_on_interrupt, replace_unprintable
from rsspot.cli.session import Session

if TYPE_CHECKING:
    from collections.abc import Sequence

    from typer import Typer

__all__ = ["COMMANDS", "run"]

EXPLORE, RUN, SET_UP = "Explore", "Build and run", "Set up and maintain"

COMMANDS = {
    "regions": CommandEntry(EXPLORE, "List the regions.", "lists:regions"),
    "classes": CommandEntry(
        EXPLORE, "List the server classes and their capacity.", "lists:classes"
    ),
    "prices": CommandEntry(EXPLORE, "Show current and past prices.", "prices:prices"),
    "bid": CommandEntry(EXPLORE, "Suggest a bid for a server class.", "bid:bid"),
    "plan": CommandEntry(EXPLORE, "Find the pools to buy, and what to bid.", "plan:plan"),
    "cost": CommandEntry(EXPLORE, "Show what your cloudspaces cost.", "cost:cost"),
    "cloudspaces": CommandEntry(RUN, "Manage Kubernetes clusters.", "cloudspaces:cloudspaces"),
    "pools": CommandEntry(RUN, "Manage node pools, the servers of a cloudspace.", "pools:pools"),
    "vms": CommandEntry(RUN, "Manage virtual machines without Kubernetes.", "vms:vms"),
    "top": CommandEntry(RUN, "Watch the market against your bids, live.", "top:top"),
    "servers": CommandEntry(RUN, "List all servers and virtual machines.", "lists:servers"),
    "events": CommandEntry(RUN, "List the events of the organization.", "events:events"),
    "registrations": CommandEntry(
        RUN, "Register VMs with an orchestrator.", "registrations:registrations"
    ),
    "webhook": CommandEntry(
        RUN, "Receive notices before servers are taken away.", "webhook:webhook"
    ),
    "apply": CommandEntry(
        RUN, "Create or change a cloudspace and its pools from a file.", "apply:apply"
    ),
    "orgs": CommandEntry(SET_UP, "List your organizations.", "lists:orgs"),
    "login": CommandEntry(SET_UP, "Check a refresh token and save it.", "login:login"),
    "whoami": CommandEntry(SET_UP, "Show who you are signed in as.", "account:whoami"),
    "token": CommandEntry(SET_UP, "Print the access token.", "account:token"),
    "doctor": CommandEntry(SET_UP, "Check the setup, and suggest fixes.", "doctor:doctor"),
    "config": CommandEntry(
        SET_UP, "Manage profiles, and show the settings in use.", "config:config"
    ),
    "state": CommandEntry(SET_UP, "Manage the state file, or a shared database.", "state:state"),
    "history": CommandEntry(SET_UP, "Show or clear the command history.", "local_data:history"),
    "cache": CommandEntry(SET_UP, "Show or clear the cache.", "local_data:cache"),
    "sandbox": CommandEntry(SET_UP, "Run a local Spot API.", "developer:sandbox"),
    "api": CommandEntry(SET_UP, "Send any request to the API.", "developer:api"),
    "api-diff": CommandEntry(
        SET_UP, "Compare an API description with the built-in one.", "developer:api_diff"
    ),
}


class _Root(RootGroup):
    entries = COMMANDS


app: Typer = command_group(
    "Rackspace Spot in the terminal: managed Kubernetes on servers bought at auction.",
    _Root,
    epilog="Exit status: 0 success, 2 usage, 3 configuration, 4 sign-in, 5 failed call, "
    "6 not found, 7 timed out, 8 outcome unknown, 9 registration refused or failed, "
    "130 interrupted.",
    add_completion=True,
)


@app.callback()
def _root() -> None:
    """Hold the global options."""


def run(arguments: Sequence[str], session: Session | None = None) -> int:
    """Run one command and return its exit status. Errors are reported and never raised."""
    session = session or Session()
    session.arguments = arguments
    replace_unprintable()
    with session.cleanup, warnings.catch_warnings(), raise_on_interrupt():
        warnings.simplefilter("default", RuntimeWarning)
        warnings.showwarning = session.warn
        try:
            arguments = _as_now(session, arguments)
            root: Any = get_command(app)
            status = root.main(
                args=[*arguments], prog_name="rsspot", standalone_mode=False, obj=session
            )
            record(session)
        except ModuleNotFoundError:  # `main` reports a missing extra
            raise
        except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - a person reads it
            from rsspot.cli.failures import report

            record(session)
            return report(error, session)
        if status == INTERRUPTED:  # typer has caught it silently
            from rsspot.cli.failures import report

            return report(KeyboardInterrupt(), session)
    return status if isinstance(status, int) else 0


def _as_now(session: Session, arguments: Sequence[str]) -> Sequence[str]:
    """Return the arguments, with a 0.3.0 command replaced. Raises `InvalidInput`."""
    from rsspot.cli.legacy import find_legacy

    changed, old = find_legacy(arguments)
    if old is None:
        return changed
    if old.arguments is None:
        session.refuse(f"`rsspot {old.name}` was a command of rsspot 0.3.0", f"Run: {old.text}")
    session.note(f"`rsspot {old.name}` is now `{old.text}`", "Hint")
    return old.arguments


if not TYPE_CHECKING:  # a type checker would accept any name

    def __getattr__(name: str) -> object:  # in 0.3.0 `rsspot.cli.app` was an object of typer
        from rsspot.renamed import missing_name

        raise missing_name(__name__, name)
