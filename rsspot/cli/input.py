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

    from rsspot.cli.session import Session

__all__ = ["confirm_bid", "parse_pairs", "pool_naming", "read_json", "read_secret", "read_text"]


T = TypeVar("T")


def confirm_bid(session: Session, call: Callable[..., T], *, allowed: bool) -> T:
    """Make a call that bids; ask first if the bid is above the on-demand price."""
    try:
        return call(allow_above_on_demand=allowed)
    except InvalidInput as error:
        if error.on_demand_price is None:
            raise
        problem = error.message.replace("bid_price", "The bid").replace(
            "budget_per_hour", "The budget"
        )
        if not session.can_prompt:
            session.refuse(problem, "Add --allow-above-on-demand to allow it")
        session.confirm(f"{problem}. Continue?", yes=False)
        return call(allow_above_on_demand=True)


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
            session.refuse(f"{option} is {pair!r}", "Write it as key=value")
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
