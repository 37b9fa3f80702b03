"""The tools whose versions decide what is generated."""

from __future__ import annotations

import importlib.metadata
import tomllib
from typing import TYPE_CHECKING

from problem import Problem

if TYPE_CHECKING:
    from project import Project

__all__ = ["FORMATTER", "GENERATOR", "TOOLS", "check"]

GENERATOR = "openapi-python-client"
FORMATTER = "ruff"
TOOLS = (GENERATOR, FORMATTER)


def check(project: Project, tool: str) -> str:
    """The version of `tool`: installed, and the pinned one. Raises `Problem` where they differ."""
    pin = _pinned(project, tool)
    try:
        version = importlib.metadata.version(tool)
    except importlib.metadata.PackageNotFoundError:
        raise Problem(f"{tool} is not installed; install {tool}=={pin} (`make install`)") from None
    if version != pin:
        raise Problem(
            f"pyproject.toml: pins {tool} {pin}, but {version} is installed; "
            f"install {tool}=={pin} (`make install`), or change the pin and run `make generate`"
        )
    return version


def _pinned(project: Project, tool: str) -> str:
    content = tomllib.loads(project.pyproject.read_text("utf-8"))
    for requirement in content["dependency-groups"]["dev"]:
        name, _, version = str(requirement).partition("==")
        if name.strip() == tool and version:
            return version.strip()
    raise Problem(f"pyproject.toml: does not pin {tool}; add `{tool}==…` to the group `dev`")
