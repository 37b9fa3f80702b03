"""Run `regeneration.drift` from a checkout; `--help` has the details."""

from __future__ import annotations

import sys

from regeneration.drift import main

from rsspot.api_diff import problem

if __name__ == "__main__":
    sys.exit(problem.run(main))
