"""Pinned packages: the tools that decide what is generated, and all packages with their hashes.

python scripts/pins.py [PACKAGE …]    write .ci/requirements.txt again; PACKAGE gets a newer version
"""

from __future__ import annotations

import argparse
import importlib.metadata
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

from regeneration.project import OURS
from rsspot.api_diff import problem
from rsspot.api_diff.problem import Problem, one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from regeneration.project import Project

__all__ = ["FORMATTER", "GENERATOR", "TOOLS", "check", "main"]

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


def main(arguments: Sequence[str] | None = None, project: Project = OURS) -> int:
    """The command line. Pins stay unless pyproject.toml or an argument changes them."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("package", nargs="*", help="a package whose pin may move")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        fresh = Path(folder) / project.pins.name
        if project.pins.exists():
            fresh.write_bytes(project.pins.read_bytes())
        command = [
            *(sys.executable, "-m", "uv", "pip", "compile", "pyproject.toml", "--all-extras"),
            *("--group", "dev", "--universal", "--generate-hashes", "--no-header", "--quiet"),
            *("--no-emit-index-url", "--no-emit-find-links", "--output-file", str(fresh)),
            *(part for package in given.package for part in ("--upgrade-package", package)),
        ]
        done = subprocess.run(
            command, cwd=project.root, capture_output=True, encoding="utf-8", check=False
        )
        if done.returncode:
            raise Problem(f"pyproject.toml: cannot be pinned: {one_line(done.stderr, 600)}")
        text = fresh.read_text("utf-8")
    if "://" in text:
        raise Problem("pyproject.toml: a package comes from an address; name its version instead")
    project.pins.write_text(text, "utf-8", newline="\n")
    count = sum(line[:1].isalnum() for line in text.splitlines())
    print(f"{project.short(project.pins)}: {count} packages")
    return 0


if __name__ == "__main__":
    sys.exit(problem.run(main))
