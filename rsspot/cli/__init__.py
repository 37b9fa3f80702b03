"""The command line, `rsspot`: what the SDK does, without writing code (extra `cli`).

This module imports nothing that costs, so that `rsspot --version` answers at once.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["main"]

EXTRA = frozenset({"typer", "rich", "plotext"})


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    `arguments` are those of the command line, without the program's name; by default those of
    this process. Returns the status to end the process with (docs/cli.md lists them).
    """
    from rsspot.cli.process import flushed, open_streams, quick_exit

    open_streams()
    with quick_exit(to_the_end=arguments is None):
        given = list(sys.argv[1:] if arguments is None else arguments)
        if given == ["--version"]:
            from rsspot.cli.versions import versions

            sys.stdout.write(f"{versions()}\n")
            return flushed(0)
        try:
            from rsspot.cli.app import run

            return flushed(run(given))
        except ModuleNotFoundError as error:
            if (error.name or "").partition(".")[0] not in EXTRA:
                raise
            sys.stderr.write("Error: the command line is an extra: pip install 'rsspot[cli]'\n")
            return 1
