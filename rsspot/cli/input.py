"""What people enter: pairs, bodies, files, secrets, and bids that need a confirmation."""

from __future__ import annotations

import json
import sys
import uuid
from typing import TYPE_CHECKING, Any, TypeVar

from rsspot.errors import InvalidInput
from rsspot.files.folders import expand

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from rsspot import SpotClient
    from rsspot.cli.session import Session

__all__ = ["confirm_bid", "parse_pairs", "pool_naming", "read_json", "read_secret", "read_text"]


T = TypeVar("T")


def confirm_bid(
    session: Session,
    client: SpotClient,
    call: Callable[..., T],
    *,
    allowed: bool,
    question: str = "",
    yes: bool = False,
) -> T:
    """Make a call that bids; ask `question` first, or about a bid above the on-demand price.

    The call takes a client. On a terminal it is first made with one that writes nothing, so that
    whatever is wrong with its arguments is known before a person is asked.
    """
    problem = None
    if session.can_prompt and not (allowed or session.is_dry_run):
        problem = _bid_problem(session, call)
    if problem is not None:
        session.confirm(f"{problem}. {question or 'Continue?'}", yes=False)
    elif question:
        session.ask(question, yes=yes)
    try:
        return call(client, allow_above_on_demand=allowed or problem is not None)
    except InvalidInput as error:
        if error.on_demand_price is None:
            raise
        session.refuse(_named(error), "Add --allow-above-on-demand to allow it")


def _bid_problem(session: Session, call: Callable[..., object]) -> str | None:
    with session.client(read_only=True) as checker:
        try:
            call(checker, allow_above_on_demand=False)
        except InvalidInput as error:
            if error.on_demand_price is not None:
                return _named(error)
            if error.argument != "read_only":
                raise
    return None


def _named(error: InvalidInput) -> str:
    return error.message.replace("bid_price", "The bid").replace("budget_per_hour", "The budget")


def pool_naming(name: str | None, key: str | None) -> dict[str, Any]:
    """Return the arguments of `create` for --name and --key.

    The API names pools by UUIDs. Any other name is used as a key that must be new.
    """
    if name is None or key is not None or _is_uuid(name):
        return {"name": name, "key": key, "if_exists": "return" if key else "error"}
    return {"key": name, "if_exists": "error"}


def _is_uuid(text: str) -> bool:
    try:
        return str(uuid.UUID(text)) == text
    except ValueError:
        return False


def parse_pairs(
    session: Session, option: str, pairs: Iterable[str] | None
) -> dict[str, str] | None:
    """Return the pairs of a repeated `key=value` option, or None when there are none."""
    found: dict[str, str] = {}
    for pair in pairs or ():
        key, equals, value = pair.partition("=")
        if not key or not equals:
            session.refuse(f"{option} {pair!r} is not a pair", "Write key=value")
        if key in found:
            session.refuse(f"{option} {key} is set twice", "Set it once")
        found[key] = value
    return found or None


def read_json(session: Session, text: str | None) -> Any:
    """Parse JSON from the text itself, a file (`@path`) or standard input (`-`)."""
    if text is None:
        return None
    content = text
    if text.startswith("@"):
        content = read_text(session, expand(text[1:], InvalidInput))
    elif text == "-":
        content = sys.stdin.read()
    try:
        return json.loads(content)
    except json.JSONDecodeError as error:
        session.refuse(
            f"--json is not JSON: {error.msg} in line {error.lineno}", "Write JSON, @file or -"
        )


def read_text(session: Session, file: Path) -> str:
    """Return the content of a text file. Raises `OSError`."""
    try:
        return file.read_text("utf-8")
    except UnicodeDecodeError:
        session.refuse(f"{file} is not text in UTF-8", "Use a text file")


def read_secret(session: Session, what: str) -> str:
    """Ask for a secret without echo, or read it from standard input if that is no terminal."""
    if session.can_prompt:
        from getpass import getpass

        text = getpass(f"{what}: ", stream=sys.stderr)
    else:
        text = sys.stdin.readline()
    if not text.strip():
        session.refuse(f"No {what.lower()} was entered", "Paste it, or pipe it in")
    return text.strip()
