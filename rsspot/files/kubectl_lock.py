"""kubectl's lock on a kubeconfig: a file ``<path>.lock`` that exists while it is held.

kubectl makes it with ``O_EXCL``, fails at once when it exists, and removes it (client-go,
tools/clientcmd/config.go, lockFile). We wait for it for some time. A program that is killed leaves
it behind, and nothing shows that it is abandoned. Ours also holds a lock of the system and has a
mark, so that the next process of ours removes a file that a dead one left.
"""

from __future__ import annotations

import errno
import os
import sys
import time
from contextlib import suppress
from math import inf
from typing import TYPE_CHECKING

from rsspot.errors import InvalidInput, StateError
from rsspot.files.atomic import NewFile

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import TracebackType
    from typing import Self

if sys.platform != "win32":
    import fcntl

__all__ = ["KubectlLock"]

MARK = b"locked by rsspot\n"
FIRST_PAUSE, MAX_PAUSE = 0.001, 0.05
"""Seconds between two tries."""


class KubectlLock:
    """The lock on the file at `path`; hold it in a `with`.

    path: the file that is locked. Its folder must exist.
    timeout: seconds to wait for another program.
    sleep, clock: for tests.

    Entering raises `StateError` when the time is over, `OSError` if the file cannot be created.
    """

    def __init__(
        self,
        path: Path,
        timeout: float,
        *,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.path: Path = path.with_name(f"{path.name}.lock")
        if not 0 <= timeout < inf:
            raise InvalidInput(
                f"timeout must be a finite number of seconds, 0 or more, not {timeout!r}",
                argument="timeout",
            )
        self._timeout = timeout
        self._sleep = sleep
        self._clock = clock
        self._file = NewFile(path.parent, MARK)

    def __enter__(self) -> Self:
        self._file.__enter__()
        try:
            self._acquire()
        except BaseException:
            self._release()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._release()

    def _acquire(self) -> None:
        ends, pause = self._clock() + self._timeout, FIRST_PAUSE
        while True:
            try:
                self._file.create(self.path)
            except FileExistsError:
                with suppress(OSError):
                    _remove_if_abandoned(self.path)
                if self._clock() >= ends:
                    raise StateError(
                        f"Another program has held {self.path} for more than {self._timeout:g} s",
                        path=str(self.path),
                        hint="Try again; if neither kubectl nor rsspot is running, "
                        "remove that file",
                    ) from None
                self._sleep(pause)
                pause = min(2 * pause, MAX_PAUSE)
            else:
                return

    def _release(self) -> None:
        # Ask the system whether it is ours, since an interruption can come at any moment.
        ours = False
        with suppress(OSError):
            ours = self._file.is_at(self.path)
        if sys.platform == "win32":
            self._file.__exit__(None, None, None)  # Windows does not remove open files
        with suppress(OSError):
            if ours:
                self.path.unlink()
        self._file.__exit__(None, None, None)


def _remove_if_abandoned(path: Path) -> None:
    if sys.platform == "win32":
        return
    flags = os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
    try:
        descriptor = os.open(path, flags)
    except OSError as error:
        if error.errno in {errno.EACCES, errno.ENOENT}:
            return  # kubectl's file has mode 0000
        raise
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        # Only the holder of the lock removes it, so the name still belongs to this file.
        if os.read(descriptor, len(MARK)) == MARK and os.path.samestat(
            os.fstat(descriptor), os.lstat(path)
        ):
            path.unlink()
    finally:
        os.close(descriptor)
