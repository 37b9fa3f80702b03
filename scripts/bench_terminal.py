"""Measure the start of the program: CPU time of whole processes, with everything they import."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from measuring import ROUNDS, ratio

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from measuring import Row

    from rsspot.sandbox import SpotSandbox

__all__ = ["terminal"]

PROGRAM = str(Path(sys.executable).with_name("rsspot"))


def terminal(sandbox: SpotSandbox) -> Iterator[Row]:
    """Measure `rsspot regions` from a warm cache, against importing its framework."""
    with tempfile.TemporaryDirectory() as folder:
        known = {name: text for name, text in os.environ.items() if "SPOT" not in name}
        known |= {f"RSSPOT_{name}": sandbox.url for name in ("BASE_URL", "OAUTH_URL")}
        known |= {"HOME": folder, "RSSPOT_REFRESH_TOKEN": sandbox.refresh_token}
        _cpu_seconds([PROGRAM, "regions"], known)
        ours: list[float] = []
        theirs: list[float] = []
        for _ in range(3 * ROUNDS):
            ours.append(_cpu_seconds([PROGRAM, "regions"], known))
            theirs.append(_cpu_seconds([sys.executable, "-c", "import typer"], known))
    yield ratio("rsspot regions, warm, CPU / python -c 'import typer'", ours, theirs, 1.2)


def _cpu_seconds(command: list[str], environment: Mapping[str, str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
