"""A lock that is held."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType
    from typing import Self

__all__ = ["Held"]


class Held:
    """A lock that is held until `release`, or the end of a `with` block.

    release: the function that releases it.
    """

    def __init__(self, release: Callable[[], None]) -> None:
        self._release: Callable[[], None] | None = release
        self._process = os.getpid()

    def release(self) -> None:
        """Release the lock. A second call does nothing, nor does one in a child process."""
        release, self._release = self._release, None
        if release is not None and self._process == os.getpid():
            release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.release()
