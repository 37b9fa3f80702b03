"""Whose a file is, and files that are replaced in one step."""

from __future__ import annotations

import os
import shlex
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rsspot.errors import ConfigError, StateError

__all__ = ["check_owner", "replace_text"]


def check_owner(
    path: str | os.PathLike[str],
    description: str,
    error: type[ConfigError | StateError],
    *,
    allow_foreign_owner: bool = False,
) -> None:
    """Refuse a file that belongs to another user than the one this process runs as.

    Who owns a file reads what is written into it, and decides what is read from it. Root is no
    exception: it would leave a secret with the owner, and obey what the owner wrote.

    path: the file. A missing one is nobody's, and passes. A link has to be this user's or root's,
    and what it leads to this user's.
    description: what the file is, as the message begins: ``"The state file"``.
    error: the class to raise; it gets `path` and a hint with the fix.
    allow_foreign_owner: whether such files are shared on purpose; then nothing is checked.

    Passes where files have no owner (Windows).
    """
    if allow_foreign_owner or sys.platform == "win32":
        return
    mine = os.geteuid()
    try:
        owner = os.lstat(path).st_uid
        if owner in {0, mine}:
            owner = os.stat(path).st_uid  # noqa: PTH116 - of a path that may be text
    except OSError:
        return  # missing or out of reach: whoever opens it has the reason
    if owner == mine:
        return
    raise error(
        f"{description} {os.fspath(path)} belongs to user {owner}, "
        f"and this process runs as user {mine}",
        path=os.fspath(path),
        hint=f"Use a file of your own, or `chown {mine} {shlex.quote(os.fspath(path))}` if it is "
        "yours; if it is shared on purpose, set RSSPOT_ALLOW_FOREIGN_OWNER=true or pass "
        "allow_foreign_owner=True",
    )


def replace_text(path: str | os.PathLike[str], text: str) -> None:
    """Put `text` in place of what is at `path`, in one step, readable by its owner only.

    A link is followed. Whatever goes wrong, the file is as it was. Raises `OSError`.
    """
    target = Path(path).resolve()
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(target)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise
