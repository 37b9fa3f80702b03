"""What people write in arguments: pairs, bodies, secrets."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any, TypeVar

from rsspot.errors import InvalidInput
from rsspot.files.folders import expand

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from rsspot.cli.session import Session

__all__ = ["bidding", "body_of", "labels_of", "secret", "text_of"]


T = TypeVar("T")


def bidding(session: Session, call: Callable[..., T], *, allowed: bool) -> T:
    """Make a call that bids; ask first where the bid is above the on-demand price."""
    from rsspot.errors import InvalidInput

    try:
        return call(allow_above_on_demand=allowed)
    except InvalidInput as error:
        if error.on_demand_price is None:
            raise
        problem = error.message.replace("bid_price", "The bid").replace(
            "budget_per_hour", "The budget"
        )
        if not session.is_asked:
            session.refuse(problem, "Say --allow-above-on-demand if that is what you want")
        session.confirm(f"{problem}. Go on with that?", yes=False)
        return call(allow_above_on_demand=True)


def labels_of(session: Session, option: str, pairs: Iterable[str] | None) -> dict[str, str] | None:
    """From `key=value`, repeated."""
    found: dict[str, str] = {}
    for pair in pairs or ():
        key, equals, value = pair.partition("=")
        if not key or not equals:
            session.refuse(f"{option} is {pair!r}", "Write it as key=value")
        if key in found:
            session.refuse(f"{option} {key} is given twice", "Give it once")
        found[key] = value
    return found or None


def body_of(session: Session, text: str | None) -> Any:
    """JSON as it stands, from a file (`@path`) or from standard input (`-`)."""
    if text is None:
        return None
    content = text
    if text.startswith("@"):
        content = text_of(session, expand(text[1:], InvalidInput))
    elif text == "-":
        content = sys.stdin.read()
    try:
        return json.loads(content)
    except json.JSONDecodeError as error:
        session.refuse(
            f"--json, line {error.lineno}: not JSON: {error.msg}", "Give JSON, @file or -"
        )


def text_of(session: Session, file: Path) -> str:
    """What is in a text file. Raises `OSError`."""
    try:
        return file.read_text("utf-8")
    except UnicodeDecodeError:
        session.refuse(f"{file} is not text in UTF-8", "Give a text file")


def secret(session: Session, what: str) -> str:
    """Ask without echo; from standard input where nobody can be asked."""
    if session.is_asked:
        from getpass import getpass

        answer = getpass(f"{what}: ", stream=sys.stderr)
    else:
        answer = sys.stdin.readline()
    if not answer.strip():
        session.refuse(f"No {what.lower()} was given", "Paste it, or pipe it in")
    return answer.strip()
