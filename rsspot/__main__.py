"""`python -m rsspot`: the same as the command `rsspot`."""

from __future__ import annotations

import sys

from rsspot.cli import main

if __name__ == "__main__":
    sys.exit(main())
