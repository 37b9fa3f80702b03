"""What a path leads to, and whether a file there may be replaced."""

from __future__ import annotations

import errno
import os
import re
import stat
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["chain_of", "is_foreign", "target_of"]

MAX_LINKS = 40
"""How many links are followed: as many as Linux follows (path_resolution(7))."""

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
    """Yield `path` and, while it is a link, what it leads to; None stands for what is missing.

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
        raise OSError(errno.EINVAL, "the path has a null character", "") from None
    raise OSError(errno.ELOOP, "its links lead in a circle", str(path))


def is_foreign(status: os.stat_result) -> bool:
    """Whether a file is another user's. A link of root's is anybody's: the system has such."""
    if sys.platform == "win32":
        return False
    mine = os.geteuid()
    return status.st_uid != mine and not (stat.S_ISLNK(status.st_mode) and status.st_uid == 0)


def target_of(
    path: str | os.PathLike[str], *, allow_foreign_owner: bool = False
) -> tuple[Path, os.stat_result | None]:
    """Return the file that a write to `path` is meant for, and its status, None if it is missing.

    Raises `OSError` for what must not be replaced: anything but a regular file, a file or link
    of another user unless `allow_foreign_owner`, and a file that is protected from writing.
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
            errno.EACCES, "it is protected from writing; `chmod u+w` allows it", str(place)
        )
    return place, status
