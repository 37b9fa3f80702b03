"""Check the owners of files, and create files and folders for their owner only."""

from __future__ import annotations

import errno
import os
import re
import stat
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from rsspot.files.atomic import NewFile

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rsspot.errors import ConfigError, StateError

__all__ = [
    "chain_of",
    "check_owner",
    "create_text",
    "is_foreign",
    "make_folder",
    "replace_text",
    "target_of",
]

MAX_LINKS = 40
"""Maximum links that are followed, as in Linux (path_resolution(7))."""

DESCRIPTORS = re.compile(r"(/proc/\d+(/task/\d+)?|/dev)/fd")
"""Folders whose entries are open files of a process, as /dev/stdout is."""

KINDS = (
    (stat.S_ISDIR, errno.EISDIR, "a folder"),
    (stat.S_ISCHR, errno.EINVAL, "a device"),
    (stat.S_ISBLK, errno.EINVAL, "a device"),
    (stat.S_ISFIFO, errno.EINVAL, "a pipe"),
    (stat.S_ISSOCK, errno.EINVAL, "a socket"),
)


def chain_of(path: str | os.PathLike[str]) -> Iterator[tuple[Path, os.stat_result | None]]:
    """Yield `path` and the targets of its links, each with its status; None if it is missing.

    The folders of each are resolved. Raises `OSError`, also for links in a circle.
    """
    try:
        place = Path(path).absolute()
        for _ in range(MAX_LINKS + 1):
            place = Path(os.path.realpath(place.parent)) / place.name
            if DESCRIPTORS.fullmatch(str(place.parent)):
                raise OSError(
                    errno.EINVAL,
                    "it is an open file of a process, which is not replaced; "
                    "give the path of a file",
                    str(path),
                )
            try:
                status = os.lstat(place)
            except FileNotFoundError:
                yield place, None
                return
            yield place, status
            if not stat.S_ISLNK(status.st_mode):
                return
            place = place.parent / place.readlink()
    except ValueError:
        raise OSError(errno.EINVAL, "the path contains a null character", "") from None
    raise OSError(errno.ELOOP, "its links form a loop", str(path))


def is_foreign(status: os.stat_result) -> bool:
    """Return whether a file belongs to another user. Links of root's do not: systems have such."""
    if sys.platform == "win32":
        return False
    mine = os.geteuid()
    return status.st_uid != mine and not (stat.S_ISLNK(status.st_mode) and status.st_uid == 0)


def target_of(
    path: str | os.PathLike[str], *, allow_foreign_owner: bool = False
) -> tuple[Path, os.stat_result | None]:
    """Return the file that a write to `path` goes to, and its status; None if it is missing.

    Raises `OSError` for a target that must not be replaced: anything but a regular file, a file or
    link of another user unless `allow_foreign_owner`, and a file that is write-protected.
    """
    if os.fspath(path).endswith(("/", os.sep)):
        raise IsADirectoryError(errno.EISDIR, "it is the name of a folder", os.fspath(path))
    links = -1
    place, status = Path(path), None
    for place, status in chain_of(path):
        links += 1
        if status is not None and is_foreign(status) and not allow_foreign_owner:
            raise PermissionError(
                errno.EPERM,
                f"it belongs to user {status.st_uid}, and this process runs as user "
                f"{os.geteuid()}; give the path of a file of your own, or allow it with "
                "RSSPOT_ALLOW_FOREIGN_OWNER=true or allow_foreign_owner=True",
                str(place),
            )
    if status is None:
        if links and not place.parent.is_dir():
            raise FileNotFoundError(
                errno.ENOENT, f"it is a link into {place.parent}, which is missing", str(path)
            )
        return place, None
    for matches, number, kind in KINDS:
        if matches(status.st_mode):
            raise OSError(
                number, f"it is {kind}, which is not replaced; give the path of a file", str(path)
            )
    if not status.st_mode & stat.S_IWUSR:
        raise PermissionError(
            errno.EACCES, "it is write-protected; `chmod u+w` allows writing", str(place)
        )
    return place, status


PRIVATE = 0o700
"""The mode of folders."""
TRIES = 10
"""Maximum attempts to replace a file that appears and disappears."""


def check_owner(
    path: str | os.PathLike[str],
    description: str,
    error: type[ConfigError | StateError],
    *,
    allow_foreign_owner: bool = False,
) -> None:
    """Refuse a file that does not belong to the user whom this process runs as.

    The owner of a file can read what is written into it, and decides what is read from it. Root is
    no exception: it would give a secret to the owner, and obey what the owner wrote.

    path: the file. A missing one passes. A link must belong to this user or root, and its target
    to this user.
    description: the beginning of the message, such as ``"The state file"``.
    error: the class to raise; it gets `path` and a hint with the fix.
    allow_foreign_owner: whether such files are shared on purpose; then nothing is checked.

    Every file passes on systems where files have no owner (Windows).
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
        return  # missing or unreachable: opening it will report why
    if not foreign:
        return
    import shlex

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
    """Create the folder at `path`, and its missing parents, with mode 0700.

    The umask does not change the mode. A folder that exists stays as it is. Raises `OSError`.
    """
    folder = Path(path)
    if folder.is_dir():
        return
    make_folder(folder.parent)
    try:
        folder.mkdir(PRIVATE)
    except FileExistsError:
        if folder.is_dir():  # another process created it first
            return
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(folder)) from None
    if folder.stat().st_mode & PRIVATE != PRIVATE:
        folder.chmod(PRIVATE)  # the umask may have cleared bits


def replace_text(
    path: str | os.PathLike[str], text: str, *, allow_foreign_owner: bool = False
) -> None:
    """Replace the content of the file at `path` by `text`, atomically, readable by its owner only.

    The file and its folders are created if they are missing. Links are followed and stay. After a
    failure the file is unchanged, and a process that is killed leaves no other file; where the
    system cannot promise that, the next call in the folder removes it.

    path: the file. Only a regular file of this user that its owner may write to is replaced.
    text: all of the new content; it is written in UTF-8.
    allow_foreign_owner: whether files and links of other users are written to as well. The file
    keeps its owner.

    Raises `OSError`, whose `strerror` says what is at the path and what to do.
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
    raise OSError(errno.EAGAIN, "another program keeps creating and removing it", str(path))


def create_text(path: str | os.PathLike[str], text: str) -> None:
    """Create a file with `text` at `path`, complete when it appears, readable by its owner only.

    Its folders are created if they are missing. Raises `FileExistsError` if anything exists at
    `path`, else `OSError` as `replace_text` does.
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
    # So that the new name survives a loss of power. Not every file system can do this.
    if sys.platform == "win32":
        return
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
