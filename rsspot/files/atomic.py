"""Write files that are complete before they have a name.

Where the system can, a new file has no name at all until it is written (``O_TMPFILE``, open(2)),
so that a process that is killed leaves nothing. To replace another file, and on other systems, it
needs a temporary name. A file with such a name is locked by its writer: whoever finds one that is
not locked knows that its writer is dead, and removes it.
"""

from __future__ import annotations

import errno
import os
import re
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

if sys.platform != "win32":
    import fcntl

__all__ = ["NewFile", "remove_abandoned"]

NAMES = re.compile(r"\.rsspot-[0-9a-f]{16}\.tmp")
UNNAMED = getattr(os, "O_TMPFILE", 0)
NOFOLLOW = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)


class NewFile:
    """A file with `content` in `folder`, of mode 0600, that is about to get a name.

    Use it in a `with`, and call `create` or `replace` there.
    """

    def __init__(self, folder: Path, content: bytes) -> None:
        self._folder = folder
        self._content = content
        self._descriptor = -1
        self._name: Path | None = None

    def __enter__(self) -> Self:
        remove_abandoned(self._folder)
        try:
            self._open()
            self._write()
        except BaseException as error:
            self._close()
            if isinstance(error, OSError) and error.filename is None:
                message = f"no file can be written there ({error.strerror})"
                raise OSError(error.errno, message, str(self._folder)) from error
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._close()

    def give_to(self, user: int, group: int) -> None:
        """Change the owner of the file. Raises `OSError`."""
        if sys.platform != "win32":
            os.fchown(self._descriptor, user, group)

    def create(self, target: Path) -> None:
        """Name the file `target`. Raises `FileExistsError` if that exists, else `OSError`."""
        if self._name is None:
            self._link(target)
            return
        try:
            os.link(self._name, target)
        except FileExistsError:
            raise
        except OSError:
            # Without hard links, the file gets its name first, and its content afterwards.
            os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
            self._rename(self._name, target)

    def is_at(self, path: Path) -> bool:
        """Return whether the file at `path` is this one. Raises `OSError`."""
        return self._descriptor >= 0 and os.path.samestat(os.fstat(self._descriptor), path.lstat())

    def replace(self, target: Path) -> None:
        """Replace `target` by this file. Raises `OSError`."""
        name = self._name
        if name is None:
            self._name = name = self._folder / _name()  # first, so that an interruption removes it
            self._link(name)
        self._rename(name, target)

    def _rename(self, name: Path, target: Path) -> None:
        if sys.platform == "win32":
            os.close(self._descriptor)  # Windows does not rename open files
            self._descriptor = -1
        try:
            name.replace(target)
        except OSError as error:
            if error.errno == errno.EBUSY:
                raise OSError(
                    errno.EBUSY,
                    "the system is using it, for example because the file itself is mounted; "
                    "mount its folder instead, or give another path",
                    str(target),
                ) from error
            raise OSError(error.errno, error.strerror, str(target)) from error
        self._name = None

    def _open(self) -> None:
        if UNNAMED:
            with suppress(OSError):
                self._descriptor = os.open(self._folder, UNNAMED | os.O_RDWR | os.O_CLOEXEC, 0o600)
                if Path(f"/proc/self/fd/{self._descriptor}").exists():
                    _lock(self._descriptor)
                    return
                self._close()  # without /proc, it cannot get a name
        while True:
            self._name = self._folder / _name()
            try:
                self._descriptor = os.open(
                    self._name, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600
                )
            except OSError as error:
                raise OSError(
                    error.errno,
                    f"no file can be created there ({error.strerror})",
                    str(self._folder),
                ) from error
            _lock(self._descriptor)
            if os.fstat(self._descriptor).st_nlink:
                return
            self._close()  # another process removed it as abandoned before it was locked

    def _write(self) -> None:
        if sys.platform != "win32":
            os.fchmod(self._descriptor, 0o600)  # the umask may have cleared bits
        rest = memoryview(self._content)
        while rest:
            rest = rest[os.write(self._descriptor, rest) :]
        os.fsync(self._descriptor)

    def _link(self, target: Path) -> None:
        # `src_dir_fd` has no effect on an absolute path; with it, Python follows the link.
        source = f"/proc/self/fd/{self._descriptor}"
        os.link(source, target, src_dir_fd=self._descriptor, follow_symlinks=True)

    def _close(self) -> None:
        if self._name is not None:
            with suppress(OSError):
                self._name.unlink()
            self._name = None
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


def remove_abandoned(folder: Path) -> None:
    """Remove the unfinished files that killed processes left in `folder`."""
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if NAMES.fullmatch(entry.name):
                with suppress(OSError):
                    _remove_if_abandoned(entry.path)


def _remove_if_abandoned(path: str) -> None:
    descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC | NOFOLLOW)
    try:
        if sys.platform != "win32":
            if os.fstat(descriptor).st_uid != os.geteuid():
                return
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # Only the holder of the lock removes it, so the name still belongs to this file.
            if os.path.samestat(os.fstat(descriptor), os.lstat(path)):
                Path(path).unlink()
    finally:
        os.close(descriptor)


def _lock(descriptor: int) -> None:
    if sys.platform == "win32":
        return
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
    except OSError as error:
        # Where there are no locks, nobody can tell what is abandoned, and nothing is removed.
        if error.errno not in {errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS}:
            raise


def _name() -> str:
    return f".rsspot-{os.urandom(8).hex()}.tmp"
