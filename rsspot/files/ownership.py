"""Whose a file is, and files and folders that are made for their owner only.

A file is replaced in one step: whoever reads it finds the old text or the new one, whatever
happens. Only a regular file is replaced; see `rsspot.files.targets`.
"""

from __future__ import annotations

import errno
import os
import shlex
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from rsspot.files.atomic import NewFile
from rsspot.files.targets import chain_of, is_foreign, target_of

if TYPE_CHECKING:
    from rsspot.errors import ConfigError, StateError

__all__ = ["check_owner", "create_text", "make_folder", "replace_text"]

PRIVATE = 0o700
"""The mode of folders."""
TRIES = 10
"""How often a file that appears and goes again is tried to be replaced."""


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
    try:
        foreign = [
            (place, status.st_uid)
            for place, status in chain_of(path)
            if status is not None and is_foreign(status)
        ]
    except OSError:
        return  # missing or out of reach: whoever opens it has the reason
    if not foreign:
        return
    place, owner = foreign[0]
    mine = os.geteuid()
    raise error(
        f"{description} {place} belongs to user {owner}, and this process runs as user {mine}",
        path=os.fspath(path),
        hint=f"Use a file of your own, or `chown -h {mine} {shlex.quote(str(place))}` if it is "
        "yours; if it is shared on purpose, set RSSPOT_ALLOW_FOREIGN_OWNER=true or pass "
        "allow_foreign_owner=True",
    )


def make_folder(path: str | os.PathLike[str]) -> None:
    """Make the folder at `path`, and those above it that are missing, with mode 0700.

    The mode is that whatever the umask. A folder that exists stays as it is. Raises `OSError`.
    """
    folder = Path(path)
    if folder.is_dir():
        return
    make_folder(folder.parent)
    try:
        folder.mkdir(PRIVATE)
    except FileExistsError:
        if folder.is_dir():  # another process was quicker
            return
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(folder)) from None
    if folder.stat().st_mode & PRIVATE != PRIVATE:
        folder.chmod(PRIVATE)  # the umask has taken bits away


def replace_text(
    path: str | os.PathLike[str], text: str, *, allow_foreign_owner: bool = False
) -> None:
    """Put `text` in place of the file at `path`, in one step, readable by its owner only.

    The file, and the folders that it is in, are made when they are missing. Links are followed,
    and stay. Whatever goes wrong, the file is as it was, and a process that is killed leaves no
    other file; where the system cannot promise that, the next call in the folder removes it.

    path: where. Only a regular file of this user that its owner may write to is replaced.
    text: all of the new content; it is written in UTF-8.
    allow_foreign_owner: whether files and links of other users are written to as well. The file
    stays its owner's.

    Raises `OSError`, whose `strerror` says what stands at the path and what to do.
    """
    for _ in range(TRIES):
        target, status = target_of(path, allow_foreign_owner=allow_foreign_owner)
        try:
            if status is None:
                _create(target, text)
            else:
                with NewFile(target.parent, _encoded(text, target)) as new:
                    if is_foreign(status):
                        new.give_to(status.st_uid, status.st_gid)
                    new.replace(target)
        except FileExistsError:
            continue
        _sync(target.parent)
        return
    raise OSError(errno.EAGAIN, "another program makes and removes it all the time", str(path))


def create_text(path: str | os.PathLike[str], text: str) -> None:
    """Make a file of `text` at `path`, complete when it appears, readable by its owner only.

    The folders that it is in are made when they are missing. Raises `FileExistsError` when
    there is anything at `path`, else `OSError` as `replace_text` does.
    """
    target, status = target_of(path)
    if status is not None:
        raise FileExistsError(errno.EEXIST, "it exists already", str(path))
    _create(target, text)
    _sync(target.parent)


def _create(target: Path, text: str) -> None:
    content = _encoded(text, target)
    make_folder(target.parent)
    with NewFile(target.parent, content) as new:
        new.create(target)


def _encoded(text: str, target: Path) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise OSError(
            errno.EILSEQ, "the text has characters that UTF-8 cannot hold", str(target)
        ) from None


def _sync(folder: Path) -> None:
    # So that the new name outlasts a loss of power. Not every file system can.
    if sys.platform == "win32":
        return
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
