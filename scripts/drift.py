"""Run `regeneration.drift` from a checkout; `--help` has the details."""

from __future__ import annotations

import sys

from rsspot.api_diff import problem


def main() -> int:
    """Import the program only here, where Ctrl-C is reported in one line."""
    from regeneration import drift

    return drift.main()


if __name__ == "__main__":
    sys.exit(problem.run(main))
