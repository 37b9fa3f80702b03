from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from regeneration import regenerate
from regeneration.project import OURS, Project

if TYPE_CHECKING:
    from regeneration.making import Made

FIXTURES = Path(__file__).parents[1] / "fixtures"


@pytest.fixture(scope="session")
def published_like() -> Path:
    """A document of our own with the defects of the published one."""
    return FIXTURES / "published-like.json"


@pytest.fixture(scope="session")
def corrections() -> Path:
    return FIXTURES / "overlay.yaml"


@pytest.fixture(scope="session")
def garden(
    published_like: Path, corrections: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Made]:
    """The package of that document, and the output of the run."""
    out = tmp_path_factory.mktemp("garden") / "garden_api"
    return out, regenerate.regenerate(published_like, out, corrections=corrections)


@pytest.fixture
def checkout(tmp_path: Path) -> Project:
    """A copy of what a generation reads and writes."""
    root = tmp_path / "checkout"
    shutil.copytree(OURS.root / "openapi", root / "openapi")
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(OURS.package, root / "generated" / "rsspot_api", ignore=ignored)
    shutil.copy(OURS.pyproject, root / "pyproject.toml")
    return Project(root)
