"""What to do about an error: the last line of each report."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING
from urllib.parse import unquote

from rsspot import errors
from rsspot.cli.hints import for_terminal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from rsspot import SpotClient
    from rsspot.cli.session import Session

__all__ = ["HINTS", "LISTS", "next_step", "subject_of"]

HINTS: Mapping[str, str] = {
    "region": "Choose a region with --region; `rsspot regions` lists them",
    "bid_price": "Write a price such as 0.05; `rsspot bid` suggests one for a class",
    "budget_per_hour": "Write US dollars an hour, such as 0.25",
    "percentile": "Write a number from 1 to 100, such as 80",
    "refresh_token": "Sign in with `rsspot login`, or set RSSPOT_REFRESH_TOKEN",
}
"""What to do about an argument or key, where the hint of the SDK is for Python code."""

LISTS: Mapping[str, tuple[str, str]] = {
    "regions": ("rsspot regions", "regions"),
    "serverclasses": ("rsspot classes", "server_classes"),
    "history": ("rsspot classes", "server_classes"),
    "cloudspaces": ("rsspot cloudspaces list", "cloudspaces"),
    "spotnodepools": ("rsspot pools list", "spot_nodepools"),
    "ondemandnodepools": ("rsspot pools list", "ondemand_nodepools"),
    "autopilotnodepools": ("rsspot pools list", "autopilot_nodepools"),
    "vmcloudspaces": ("rsspot vms list", "vm_cloudspaces"),
    "vmpools": ("rsspot vms pools list", "vm_pools"),
    "vmsshkeys": ("rsspot vms keys list", "vm_ssh_keys"),
}
"""The command that lists each kind of object, and the group of the SDK that does."""

STEPS: tuple[tuple[type[BaseException], str], ...] = (
    (errors.InvalidInput, "The --help of the command has examples"),
    (errors.ConfigError, "`rsspot doctor` checks the configuration"),
    (errors.StateError, "`rsspot doctor` checks the state file"),
    (errors.AuthError, "Sign in again with `rsspot login`; `rsspot doctor` checks the sign-in"),
    (errors.ForbiddenError, "Ask an administrator of the organization; `rsspot whoami` names it"),
    (errors.NotFoundError, "Check the name, and --org and --profile; `rsspot whoami` shows them"),
    (errors.ConflictError, "Look at what exists now, then try again"),
    (errors.RateLimitedError, "Wait a moment, then try again"),
    (errors.ServerError, "Try again later; the service failed, not your command"),
    (errors.APIError, "Check the arguments; --verbose shows the request"),
    (errors.ConnectionFailed, "`rsspot doctor` checks the connection, a proxy and the URL"),
    (errors.DeadlineExceeded, "Try again, or set a longer timeout in the profile"),
    (errors.OutcomeUnknown, "List the objects to see whether it was carried out"),
    (errors.WaitTimeout, "Wait again with the command `wait`, or with a longer --timeout"),
    (errors.RegistrationError, "`rsspot registrations list` shows the states"),
)
"""The hint for each class of error that has none of its own; the first match counts."""


def next_step(error: errors.RSSpotError, session: Session) -> str:
    """Return what to do about an error."""
    hint = error.hint
    if isinstance(error, errors.NotFoundError) and (hint is None or _kind_of(error)):
        return _suggestion(error, session) or hint or _step(error)
    if hint and hint.startswith(("Did you mean", "There are")):
        return hint
    chosen = HINTS.get(subject_of(error), hint)
    return for_terminal(chosen) if chosen else _step(error)


def subject_of(error: errors.RSSpotError) -> str:
    """Return the argument or key that an error is about."""
    return str(getattr(error, "argument", None) or getattr(error, "key", None) or "")


def _step(error: BaseException) -> str:
    return next(
        (step for kind, step in STEPS if isinstance(error, kind)),
        "`rsspot doctor` checks the configuration and the connection",
    )


def _kind_of(error: errors.NotFoundError) -> tuple[str, str] | None:
    """Return the kind and the name of the object that is not there."""
    parts = (error.url or "").rstrip("/").split("/")
    if len(parts) > 1 and parts[-2] in LISTS:
        return parts[-2], unquote(parts[-1])
    return None


def _suggestion(error: errors.NotFoundError, session: Session) -> str | None:
    """Return the most similar name, or the command that lists the names."""
    found = _kind_of(error)
    if found is None:
        kinds = [part for part in (error.url or "").split("/") if part in LISTS]
        return f"`{LISTS[kinds[-1]][0]}` lists them" if kinds else None
    kind, name = found
    command, group = LISTS[kind]
    from rsspot.models.names import did_you_mean

    with suppress(errors.RSSpotError), session.client() as spot:
        if similar := did_you_mean(name, _names(spot, group)):
            return similar
    return f"`{command}` lists them"


def _names(spot: SpotClient, group: str) -> Iterable[str]:
    quick = spot.with_options(timeout=10)
    return [item.name for item in getattr(quick, group).list()]
