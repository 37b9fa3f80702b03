"""`rsspot doctor`: checks, each of which reports what it found, and how to fix a problem."""

from __future__ import annotations

import os
import re
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import typer
from attrs import frozen

from rsspot.cli.command import single_command
from rsspot.cli.next_steps import HINTS, subject_of
from rsspot.cli.output.column import Column
from rsspot.cli.session import Session
from rsspot.config.files import find
from rsspot.errors import RSSpotError
from rsspot.redaction.quoting import quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from typer import Typer

    from rsspot import SpotClient
    from rsspot.cli.output.column import Columns

__all__ = ["doctor"]

PROXIES = ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy")
EXTRAS = {"sandbox": "starlette", "fast": "aiohttp", "keyring": "keyring", "postgres": "psycopg"}
MAX_SKEW = 30.0
"""Seconds by which the clock may be off: access tokens are renewed 60 s before they expire."""


@frozen
class _Check:
    """One check: its subject, whether it passed, what was found, and what to do."""

    check: str
    ok: bool
    found: str
    fix: str = ""


def _examine(session: Session) -> Iterator[_Check]:
    """Yield the results of the checks, one after the other."""
    yield _versions()
    try:
        # A token provider that is never called: settings can be read without a token.
        with session.client(token_provider=str) as spot:
            yield _configuration(spot, find(os.environ, session.config_path))
            yield _state(spot)
            yield _proxy(spot)
    except RSSpotError as error:
        yield _failed("configuration", error, "Correct the configuration file")
        return
    yield from _service(session)


def _versions() -> _Check:
    from rsspot.cli.process import versions

    extras = ", ".join(name for name, module in EXTRAS.items() if find_spec(module)) or "none"
    python = ".".join(map(str, sys.version_info[:3]))
    known = versions().partition(", sha")[0]
    return _Check("versions", ok=True, found=f"{known}), Python {python}, extras: {extras}")


def _configuration(spot: SpotClient, path: Path | None) -> _Check:
    settings = spot.settings
    if path is None:
        where = "no file, only built-in values and the environment"
    else:
        where = f"{path}, profile {settings.profile or 'default'}"
        if os.name == "posix" and path.stat().st_mode & 0o077:
            return _Check(
                "configuration",
                ok=False,
                found=f"{where}: other users can read it",
                fix=f"Run: chmod 600 {path}",
            )
    return _Check("configuration", ok=True, found=where)


def _state(spot: SpotClient) -> _Check:
    state = spot.state
    try:
        if state.exists:
            state.preferences.items()
            return _Check("state", ok=True, found=f"{state.path} can be read")
    except RSSpotError as error:
        return _failed("state", error, "Move the file away; rsspot creates a new one")
    if Path(state.path or "-").is_dir():
        return _Check(
            "state",
            ok=False,
            found=f"{state.path} is a directory",
            fix="Give the path of a file: set RSSPOT_STATE_PATH, or state_path in the profile",
        )
    folder = Path(state.path).parent
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    if state.path and not os.access(folder, os.W_OK):
        return _Check(
            "state",
            ok=False,
            found=f"{state.path} cannot be created: {folder} cannot be written to",
            fix="Change its permissions, or set RSSPOT_STATE_PATH",
        )
    return _Check("state", ok=True, found=f"{state.path} does not exist yet")


def _proxy(spot: SpotClient) -> _Check:
    names = [name for name in PROXIES if os.environ.get(name)]
    texts = [f"{name}={_shown_proxy(os.environ[name])}" for name in names]
    if spot.settings.proxy:
        texts = [f"proxy: {_shown_proxy(spot.settings.proxy)}"]
    found = "; ".join(texts)
    return _Check("proxy", ok=True, found=found or "none")


def _shown_proxy(text: str) -> str:
    """Return a URL, or a host with its port, without its secrets; a description of the rest."""
    found = re.fullmatch(r"([a-z0-9]+://)?(?:[^/@]*(@))?([\w.-]+:\d+|(?<=[/@])[\w.-]+)/?", text)
    return f"{found[1] or ''}{'…@' if found[2] else ''}{found[3]}" if found else quoted(text)


def _service(session: Session) -> Iterator[_Check]:
    from rsspot import CacheConfig

    try:
        # A stored response says nothing about the service, and its date is old.
        with session.client(cache=CacheConfig(enabled=False)) as spot:
            settings = spot.settings
            name = "refresh_token" if settings.refresh_token is not None else "access_token"
            yield _Check("token", ok=True, found=f"from {settings.source(name)}")
            try:
                spot.authenticate(force_refresh=True)
            except RSSpotError as error:
                yield _failed("sign-in", error, "Sign in again with `rsspot login`")
                return
            yield _Check("sign-in", ok=True, found=settings.oauth_url)
            try:
                response = spot.request("GET", "/apis/ngpc.rxt.io/v1/regions")
                organization = spot.organizations.current().name
            except RSSpotError as error:
                yield _failed("API", error, "Check the URL, a proxy and the role of your token")
                return
            yield _Check("API", ok=True, found=f"{settings.base_url}, organization {organization}")
            yield _clock(response.headers.get("Date"))
    except RSSpotError as error:
        yield _failed("token", error, "Sign in with `rsspot login`")


def _clock(date: str | None) -> _Check:
    import time
    from email.utils import parsedate_to_datetime

    try:
        skew = time.time() - parsedate_to_datetime(date or "").timestamp()
    except ValueError:
        return _Check("clock", ok=True, found="the server did not send a date")
    text = f"{abs(skew):.0f} s {'ahead of' if skew > 0 else 'behind'} the server"
    if abs(skew) <= MAX_SKEW:
        return _Check("clock", ok=True, found=text)
    return _Check("clock", ok=False, found=text, fix="Set the clock of this machine (NTP)")


def _failed(subject: str, error: RSSpotError, fix: str) -> _Check:
    step = HINTS.get(subject_of(error), error.hint) or fix
    return _Check(subject, ok=False, found=error.message, fix=step)


CHECKS: Columns[_Check] = (
    Column("CHECK", lambda item: item.check),
    Column(
        "RESULT",
        lambda item: "ok" if item.ok else "problem",
        color=lambda item: "green" if item.ok else "red",
    ),
    Column("FOUND", lambda item: item.found, wraps=True),
    Column("FIX", lambda item: item.fix, wraps=True, optional=True),
)


@single_command(epilog="Exit status: 0 if all is well, 1 if there is a problem.")
def _doctor(ctx: typer.Context) -> None:
    """Check versions, configuration, state, proxy, sign-in, API and clock, and suggest fixes."""
    session = Session.of(ctx)
    found = [*_examine(session)]
    session.show(found, CHECKS, lambda item: item.check)
    problems = sum(not item.ok for item in found)
    if problems:
        session.note(f"{problems} problem{'s' * (problems > 1)}. The column FIX shows what to do.")
        raise typer.Exit(1)
    if session.is_table:
        session.note("All is well.")


doctor: Typer = _doctor
