"""The JSON that a program reads, and the meaning of its exit status and output."""

from __future__ import annotations

import json
import os
import re
import signal
from datetime import datetime
from typing import TYPE_CHECKING, Any

from attrs import asdict

from rsspot.errors import ProgramFailed
from rsspot.models.names import did_you_mean
from rsspot.redaction.known import hide
from rsspot.redaction.recognition import is_secret_name
from rsspot.redaction.redact import redact
from rsspot.registration.programs.child import ProgramInput
from rsspot.registration.steps import JoinToken, Permanent, Skip
from rsspot.shapes import is_object
from rsspot.state.text import storable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rsspot.registration.programs.child import Ended
    from rsspot.registration.steps import Step

__all__ = [
    "check_status",
    "printed_secrets",
    "read_object",
    "read_registered",
    "read_token",
    "step_message",
]

TRY_AGAIN = 75
"""EX_TEMPFAIL of sysexits.h."""
PERMANENT = 65
"""EX_DATAERR of sysexits.h."""
SKIP = 77
"""EX_NOPERM of sysexits.h; automake uses it for a skipped test."""

VERSION = 1
"""Version of the input; it increases when a field is removed or changes its meaning."""
LONGEST = 1500
"""Maximum characters of stderr to quote: the last ones, which usually have the reason."""
SHORTEST = 8
"""Minimum characters of a secret to hide: shorter ones occur in other words."""
WORDS = 1000
"""Maximum number of words that are hidden because one of them may be a token."""
_WORD = re.compile(rf"[^\s\"'{{}}\[\],]{{{SHORTEST},}}")
FIELDS = ("id", "text", "expires_at")
INTERNAL = frozenset({"owner", "lease_id", "due_at", "due_in", "version"})
"""Fields of a record that only the ledger and its workers use."""
_ANSI = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?")


def step_message(name: str, step: Step, token: JoinToken | None) -> ProgramInput:
    """Return the JSON that a program reads on stdin: one line, in UTF-8."""
    record = asdict(step.record, recurse=False, filter=lambda field, _: field.name not in INTERNAL)
    content: dict[str, Any] = {
        "version": VERSION,
        "step": name,
        "idempotency_key": step.idempotency_key,
        "attempt": step.attempt,
        "earlier_token_id": step.earlier_token_id,
        "record": record,
    }
    if token is not None:
        content["token"] = asdict(token)
    return ProgramInput((json.dumps(content, default=_text, ensure_ascii=True) + "\n").encode())


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def check_status(name: str, ended: Ended, secrets: Iterable[str] = ()) -> None:
    """Return for exit status 0. Raises `Skip`, `Permanent` or `ProgramFailed` for any other.

    secrets: what must not be in the text of the error.
    """
    if ended.status == 0:
        return
    output = _shown_errors(ended, secrets)
    reason = f": {output}" if output else ""
    if ended.status == SKIP:
        raise Skip(output or f"{name} skipped the VM")
    if ended.status == PERMANENT:
        raise Permanent(f"{name} failed permanently{reason}")
    how = f"exited with status {ended.status}"
    if ended.status < 0:
        how = f"was killed by {_signal_name(-ended.status)}"
    elif ended.status == TRY_AGAIN:
        how = "asked for another attempt"
    raise ProgramFailed(f"{name} {how}{reason}", status=ended.status)


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def _shown_errors(ended: Ended, secrets: Iterable[str]) -> str:
    """Return the end of stderr without known secrets and what looks like one."""
    text = _ANSI.sub("", ended.err.decode("utf-8", "backslashreplace")).strip()
    own = [value for name, value in os.environ.items() if is_secret_name(name)]
    known = [value for value in own if len(value) >= SHORTEST]
    for secret in sorted({*secrets, *known}, key=len, reverse=True):
        text = hide(text, secret)
    text = redact(storable(text))
    return text if len(text) <= LONGEST else f"…{text[-LONGEST:]}"


def printed_secrets(out: bytes) -> list[str]:
    """Return what may be a token in the output of a program that issued one, and failed then.

    If that is not the JSON of a token, each of its longer words may be one.
    """
    try:
        item = json.loads(out)
    except (ValueError, RecursionError):
        item = None
    if is_object(item) and isinstance(text := item.get("text"), str):
        return [text]
    words = _WORD.findall(out.decode("utf-8", "replace"))[:WORDS]
    values = [re.split("[=:]", word, maxsplit=1)[-1] for word in words]  # as in TOKEN=...
    return [*words, *(value for value in values if len(value) >= SHORTEST)]


def read_object(name: str, out: bytes) -> dict[str, Any]:
    """Return the JSON object that a program printed; empty if it printed nothing.

    Raises `ProgramFailed`, which never quotes the output, since that may contain a token.
    """
    if not out.strip():
        return {}
    try:
        found: Any = json.loads(out.decode())
    except UnicodeDecodeError:
        raise ProgramFailed(f"{name} printed text that is not UTF-8", hint=PRINT) from None
    except (ValueError, RecursionError) as error:
        at = error.msg if isinstance(error, json.JSONDecodeError) else "it is too deep or too long"
        where = f" in line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        raise ProgramFailed(f"{name} did not print JSON: {at}{where}", hint=PRINT) from None
    if not is_object(found):
        raise ProgramFailed(f"{name} printed JSON that is not an object", hint=PRINT)
    return found


def read_token(name: str, out: bytes) -> JoinToken:
    """Return the token that a program printed. Raises `ProgramFailed`."""
    found = read_object(name, out)
    if not found:
        raise ProgramFailed(f"{name} printed no token", hint=TOKEN)
    for field in found:
        if field not in FIELDS:
            hint = did_you_mean(field, FIELDS) or TOKEN
            raise ProgramFailed(f"{name} printed a token with an unknown field", hint=hint)
    for field in ("id", "text"):
        if not isinstance(found.get(field), str) or not found[field]:
            raise ProgramFailed(
                f"{name} printed a token without {field!r}, which must be text", hint=TOKEN
            )
    return JoinToken(found["id"], found["text"], _expiry(name, found.get("expires_at")))


def read_registered(name: str, ended: Ended) -> bool:
    """Return whether a VM is registered. Raises as `check_status`, except for "try again"."""
    if ended.status == TRY_AGAIN:
        return False
    check_status(name, ended)
    found = read_object(name, ended.out).get("registered", True)
    if type(found) is not bool:
        raise ProgramFailed(
            f"{name} printed 'registered' with a value that is not true or false",
            hint=f"Exit with status 0 if the VM is registered, and with {TRY_AGAIN} if not yet",
        )
    return found


def _expiry(name: str, value: Any) -> datetime | None:
    if value is None:
        return None
    try:
        moment = datetime.fromisoformat(value)
    except (ValueError, TypeError):
        moment = None
    if moment is None or moment.tzinfo is None:
        raise ProgramFailed(
            f"{name} printed a token whose 'expires_at' is not a time with a time zone",
            hint="Write it as 2030-01-31T12:00:00Z, or leave it out",
        )
    return moment


PRINT = "Print one JSON object to stdout, and everything else to stderr"
TOKEN = "Print a JSON object with id and text, and with expires_at if it expires"  # noqa: S105 - no secret
