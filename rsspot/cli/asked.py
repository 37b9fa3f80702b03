"""What people write in arguments: pairs, bodies, secrets."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from rsspot.errors import InvalidInput
from rsspot.folders import expand

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from rsspot.cli.session import Session

__all__ = ["body_of", "labels_of", "secret", "text_of"]


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
