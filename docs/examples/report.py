"""Write what each cloudspace costs into a CSV file: at the moment, and at most."""

from __future__ import annotations

import csv
import sys
from typing import TextIO

from rsspot import SpotClient


def write(target: TextIO) -> int:
    """Write one line for each cloudspace, and return how many there are."""
    lines = csv.writer(target)
    lines.writerow(["cloudspace", "region", "USD an hour now", "USD an hour at most"])
    with SpotClient() as spot:
        spaces = spot.cloudspaces.list()
        for space in spaces:
            cost = spot.pricing.cost(space.name)
            lines.writerow([space.name, space.region, cost.now, cost.maximum])
    return len(spaces)


if __name__ == "__main__":
    count = write(sys.stdout)
    print(f"{count} cloudspaces", file=sys.stderr)
