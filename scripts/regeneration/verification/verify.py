"""Verify a package in a fresh interpreter, where no module is imported yet."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from regeneration.verification.losses import Loss
from rsspot.api_diff.problem import Problem, one_line

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rsspot.api_diff.document import Document

__all__ = ["losses"]

TIMEOUT = 300.0
"""Seconds. The published document takes five."""


def losses(folder: Path, document: Document, classes: Mapping[str, str]) -> list[Loss]:
    """Return what `document` says, but the package in `folder` does not do.

    `classes` has the model of each schema below `components`. Raises `Problem` where the package
    cannot be imported.
    """
    with tempfile.TemporaryDirectory() as scratch:
        given = Path(scratch, "given.json")
        content = {"folder": str(folder), "root": document.root, "classes": dict(classes)}
        given.write_text(json.dumps(content), "utf-8")
        scripts = Path(__file__).resolve().parents[2]
        path = os.pathsep.join([str(scripts), str(scripts.parent)])
        try:
            done = subprocess.run(
                [sys.executable, "-B", "-m", "regeneration.verification.program", str(given)],
                capture_output=True,
                encoding="utf-8",
                check=False,
                timeout=TIMEOUT,
                env=os.environ | {"PYTHONPATH": path, "PYTHONHASHSEED": "0"},
            )
        except subprocess.TimeoutExpired:
            raise Problem(
                f"{document.name}: the package made of it is not verified after {TIMEOUT:.0f} s; "
                "make the document smaller"
            ) from None
    if done.returncode:
        raise Problem(
            f"{document.name}: the package made of it does not work: "
            f"{_last_lines(done.stderr, folder)}; correct the document, or add an overlay action"
        )
    return [Loss(**each) for each in json.loads(done.stdout)]


def _last_lines(traceback: str, folder: Path) -> str:
    """Return the last file of the package that a traceback names, and the error."""
    files = re.findall(rf'File "{re.escape(str(folder))}[/\\\\](.*?)"', traceback)
    error = one_line(traceback.strip().rpartition("\n")[2], 600)
    return f"{files[-1]}: {error}" if files else error
