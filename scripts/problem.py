"""What stops a script, said in one line."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Problem", "run", "squeeze"]

UNUSABLE = 2
"""The exit status of a script that could not use its input."""


class Problem(Exception):
    """Input that cannot be used, or a tool that is not the pinned one.

    The text is one line that names the file and says what to do.
    """


def run(script: Callable[[], int]) -> int:
    """Run a script; a `Problem`, or a file that fails, is one line on stderr and status 2."""
    try:
        return script()
    except Problem as problem:
        print(squeeze(str(problem), 2000), file=sys.stderr)
        return UNUSABLE
    except OSError as error:
        where = error.filename or "a file"
        print(f"{where}: {error.strerror or error}; make room, or permit it", file=sys.stderr)
        return UNUSABLE
    except KeyboardInterrupt:
        print("interrupted; nothing was changed", file=sys.stderr)
        return 130


def squeeze(text: str, limit: int = 300) -> str:
    """The text on one line, cut where it is longer than `limit` characters."""
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"
