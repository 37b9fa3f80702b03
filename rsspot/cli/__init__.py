"""The command line, `rsspot`: the SDK without writing code (extra `cli`).

This module imports nothing expensive, so that `rsspot --version` is quick.

It may import every other package.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rsspot.cli.quick import Quick

__all__ = ["main"]

EXTRA = frozenset({"typer", "rich", "plotext", "jsonpath_rfc9535"})


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status (docs/cli.md lists them).

    arguments: those of the command line, without the name of the program; by default those of
    this process.
    """
    from rsspot.cli.process import (
        exit_on_interrupt,
        flush_output,
        open_streams,
        replace_unprintable,
        versions,
    )

    open_streams()
    with exit_on_interrupt(until_process_ends=arguments is None):
        words = list(sys.argv[1:] if arguments is None else arguments)
        if words == ["--version"]:
            return flush_output(0, f"{versions()}\n")
        quick = _quick(words)
        shown = None if quick is None else quick.show(words)
        if shown is not None:
            replace_unprintable()
            return flush_output(0, shown)
        try:
            from rsspot.cli.app import run
            from rsspot.cli.session import Session

            session = Session()
            status = run(words, session)
            if quick is not None and status == 0:
                quick.remember(session)
            return flush_output(status)
        except ModuleNotFoundError as error:
            if (error.name or "").partition(".")[0] not in EXTRA:
                raise
            sys.stderr.write(
                "Error: The command line is not installed. Run: pip install 'rsspot[cli]'\n"
            )
            return 1


def _quick(words: Sequence[str]) -> Quick | None:
    if words[:1] not in (["regions"], ["classes"]):
        return None
    from rsspot.cli.quick import Quick

    return Quick.of(words)


if not TYPE_CHECKING:  # a type checker would accept any name

    def __getattr__(name: str) -> object:
        from rsspot.renamed import missing_name

        raise missing_name(__name__, name)
