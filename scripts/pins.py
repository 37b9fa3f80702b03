"""The tools whose versions decide what is generated."""

from __future__ import annotations

import importlib.metadata
import tomllib
from pathlib import Path

from problem import Problem

__all__ = ["FORMATTER", "GENERATOR", "ROOT", "check"]

ROOT = Path(__file__).resolve().parents[1]
GENERATOR = "openapi-python-client"
FORMATTER = "ruff"


def check(tool: str) -> str:
    """The version of `tool`: installed, and the pinned one. Raises `Problem` where they differ."""
    pin = _pinned(tool)
    try:
        version = importlib.metadata.version(tool)
    except importlib.metadata.PackageNotFoundError:
        raise Problem(f"{tool} is not installed; install {tool}=={pin} (`make install`)") from None
    if version != pin:
        raise Problem(
            f"{tool} {version} is installed, but pyproject.toml pins {pin}; "
            f"install {tool}=={pin} (`make install`), or change the pin and run `make generate`"
        )
    return version


def _pinned(tool: str) -> str:
    path = ROOT / "pyproject.toml"
    project = tomllib.loads(path.read_text("utf-8"))
    for requirement in project["dependency-groups"]["dev"]:
        name, _, version = str(requirement).partition("==")
        if name.strip() == tool and version:
            return version.strip()
    raise Problem(f"{path}: does not pin {tool}; add `{tool}==…` to the group `dev`")
