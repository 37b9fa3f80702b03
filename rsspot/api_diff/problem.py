"""Report what stops a script, in one line."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Problem", "one_line", "run", "show"]

UNUSABLE = 2
"""The exit status of a script that could not use its input."""
LIMIT = 2000
"""Maximum characters of a line."""


class Problem(Exception):
    """Input that cannot be used, or a tool that is not the pinned one.

    The text names the file and says what to do; it is one line, and one for each of several losses.
    """


def run(script: Callable[[], int]) -> int:
    """Run a script and return its exit status.

    A `Problem`, a file that fails and any other failure is a line on stderr and status 2.
    """
    try:
        status = script()
    except Problem as problem:
        for line in str(problem).splitlines():
            _print_problem(one_line(line, LIMIT))
        return UNUSABLE
    except OSError as error:
        where = error.filename or "a file"
        reason = error.strerror or error
        _print_problem(f"{where}: {reason}; free disk space, or correct its permissions")
        return UNUSABLE
    except RecursionError:
        _print_problem("the document is nested too deep; expand it, or split it")
        return UNUSABLE
    except KeyboardInterrupt:
        _print_problem("interrupted; nothing was changed")
        return 130
    except Exception as error:  # noqa: BLE001 - a traceback does not help the user of a document
        kind = type(error).__name__
        text = one_line(f"{kind}: {error}", 300)
        _print_problem(f"cannot be processed ({text}); simplify the document, or report it")
        return UNUSABLE
    return status


def _print_problem(line: str) -> None:
    sys.stderr.write(f"{line}\n")


def show(text: str) -> None:
    """Print to stdout. A closed pipe (`| head`) is not an error."""
    try:
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()
    except BrokenPipeError:
        # What is still in the buffer would fail once more when the interpreter ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def one_line(text: str, limit: int = 300) -> str:
    """Return printable text on one line, cut to `limit` characters."""
    line = " ".join(text.split())
    if not line.isprintable():
        line = "".join(each if each.isprintable() else ascii(each)[1:-1] for each in line)
    return line if len(line) <= limit else line[: limit - 1] + "…"
