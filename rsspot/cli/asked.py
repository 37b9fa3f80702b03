"""What people write in arguments: pairs, bodies, secrets."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rsspot.cli.session import Session

__all__ = ["body_of", "labels_of", "secret"]


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
    try:
        if text.startswith("@"):
            return json.loads(Path(text[1:]).expanduser().read_text("utf-8"))
        return json.loads(sys.stdin.read() if text == "-" else text)
    except json.JSONDecodeError as error:
        session.refuse(
            f"--json, line {error.lineno}: not JSON: {error.msg}", "Give JSON, @file or -"
        )
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not text in UTF-8"
        session.refuse(f"--json {text}: {reason}", "Give JSON, @file or -")


def secret(session: Session, what: str) -> str:
    """Ask without echo; from standard input where nobody can be asked."""
    if sys.stdin.isatty():
        from getpass import getpass

        answer = getpass(f"{what}: ", stream=sys.stderr)
    else:
        answer = sys.stdin.readline()
    if not answer.strip():
        session.refuse(f"No {what.lower()} was given", "Paste it, or pipe it in")
    return answer.strip()
