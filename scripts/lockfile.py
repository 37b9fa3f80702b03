"""openapi/generated.lock: what the generated package was made from, and what it consists of."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pins
import source
import tree
from generator import SETTINGS
from pins import ROOT
from problem import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from document import Document

__all__ = ["DOCUMENT", "LOCK", "OVERLAY", "PACKAGE", "inputs", "read", "write"]

DOCUMENT = ROOT / "openapi" / "spot.yaml"
OVERLAY = ROOT / "openapi" / "overlay.yaml"
LOCK = ROOT / "openapi" / "generated.lock"
PACKAGE = ROOT / "generated" / "rsspot_api"


def inputs() -> dict[str, str]:
    """The hashes of the files that a generation depends on, by their path in the repository."""
    return {
        path.relative_to(ROOT).as_posix(): source.read(path).sha256
        for path in (DOCUMENT, OVERLAY, SETTINGS)
    }


def write(described: Document, files: Mapping[str, str]) -> None:
    """Record a generation, in one step."""
    content = {
        "document": {"version": described.version, "sha256": described.sha256},
        "inputs": inputs(),
        "tools": {tool: pins.check(tool) for tool in (pins.GENERATOR, pins.FORMATTER)},
        "output": {"sha256": tree.total(files), "files": dict(sorted(files.items()))},
    }
    handle, name = tempfile.mkstemp(prefix=".lock-", dir=LOCK.parent)
    with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
        file.write(json.dumps(content, indent=2) + "\n")
    Path(name).chmod(0o644)
    Path(name).replace(LOCK)


def read() -> dict[str, Any]:
    """What was recorded. Raises `Problem` where that cannot be used."""
    content = source.read(LOCK).content
    try:
        lock = json.loads(content)
        _ = lock["inputs"], lock["tools"], lock["output"]["files"]
    except (ValueError, KeyError, TypeError):
        raise Problem(f"{LOCK}: is not what `make generate` writes; run it again") from None
    return dict(lock)
