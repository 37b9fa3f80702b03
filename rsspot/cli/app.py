"""The first level of commands, and how one run begins and ends."""

from __future__ import annotations

import sys
import warnings
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from typer.main import get_command

from rsspot.cli.command import Noun, Nouns, noun
from rsspot.cli.process import INTERRUPTED, commanded
from rsspot.cli.session import Session

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["NOUNS", "run"]

LOOK, RUN, MORE = "Look around", "Build and run", "Set up, and more"

NOUNS = {
    "regions": Noun(LOOK, "Where there are servers.", "rsspot.cli.commands.regions"),
    "classes": Noun(LOOK, "Sizes of servers, with what is free.", "rsspot.cli.commands.classes"),
    "prices": Noun(LOOK, "What servers cost now, and have cost.", "rsspot.cli.commands.prices"),
    "bid": Noun(LOOK, "What to bid for a server class, and why.", "rsspot.cli.commands.bid"),
    "cloudspaces": Noun(
        RUN, "Kubernetes clusters, and their kubeconfigs.", "rsspot.cli.commands.cloudspaces"
    ),
    "pools": Noun(RUN, "Node pools: the servers of a cloudspace.", "rsspot.cli.commands.pools"),
    "vms": Noun(RUN, "Virtual machines without Kubernetes.", "rsspot.cli.commands.vms"),
    "servers": Noun(RUN, "All servers and machines there are now.", "rsspot.cli.commands.servers"),
    "events": Noun(RUN, "What has happened in the organization.", "rsspot.cli.commands.events"),
    "orgs": Noun(MORE, "The organizations that you belong to.", "rsspot.cli.commands.orgs"),
    "login": Noun(MORE, "Check a refresh token, and keep it.", "rsspot.cli.commands.login"),
    "config": Noun(MORE, "Profiles, and where settings come from.", "rsspot.cli.commands.config"),
    "sandbox": Noun(MORE, "Serve a local Spot.", "rsspot.cli.commands.sandbox"),
    "api": Noun(MORE, "Call the API itself, signed in.", "rsspot.cli.commands.api"),
    "api-diff": Noun(
        MORE, "What another description of the API says otherwise.", "rsspot.cli.commands.api_diff"
    ),
}


class _Root(Nouns):
    nouns = NOUNS


app = noun(
    "Rackspace Spot at the terminal: managed Kubernetes on servers bought in an auction.",
    _Root,
    epilog="Exit status: 0 done, 2 usage, 3 configuration, 4 sign-in, 5 the call failed, "
    "6 not found, 7 waited too long, 8 outcome unknown, 130 interrupted.",
    add_completion=True,
)


@app.callback()
def _root() -> None:
    """Only holds the options of every command."""


def run(arguments: Sequence[str], session: Session | None = None) -> int:
    """Run one command; return the exit status. Errors are reported, none gets out."""
    session = session or Session()
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        with suppress(AttributeError):  # a test's stream
            stream.reconfigure(errors="replace")  # type: ignore[union-attr] # text streams have it
    with session.until_the_end, warnings.catch_warnings(), commanded():
        warnings.simplefilter("default", RuntimeWarning)
        warnings.showwarning = session.warn
        try:
            root: Any = get_command(app)
            status = root.main(
                args=[*arguments], prog_name="rsspot", standalone_mode=False, obj=session
            )
        except ModuleNotFoundError:  # of the extra, which `main` knows about
            raise
        except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - a person reads it
            from rsspot.cli.failures import report

            return report(error, session)
        if status == INTERRUPTED:  # typer has caught it, and says nothing
            from rsspot.cli.failures import report

            return report(KeyboardInterrupt(), session)
    return status if isinstance(status, int) else 0
