"""Where the parts of the repository are."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

__all__ = ["OURS", "Project"]


@dataclass(frozen=True)
class Project:
    """A checkout."""

    root: Path

    @property
    def document(self) -> Path:
        """Our description of the API."""
        return self.root / "openapi" / "spot.yaml"

    @property
    def overlay(self) -> Path:
        """The corrections to the published description."""
        return self.root / "openapi" / "overlay.yaml"

    @property
    def settings(self) -> Path:
        """The settings of the generator."""
        return self.root / "openapi" / "generator.yaml"

    @property
    def lock(self) -> Path:
        """Return what was generated from which document."""
        return self.root / "openapi" / "generated.lock"

    @property
    def package(self) -> Path:
        """The generated package."""
        return self.root / "generated" / "rsspot_api"

    @property
    def pyproject(self) -> Path:
        """The pins of the tools."""
        return self.root / "pyproject.toml"

    @property
    def pins(self) -> Path:
        """The packages of a checkout, each with its hashes."""
        return self.root / ".ci" / "requirements.txt"

    def short(self, path: Path) -> str:
        """How messages name a path: from the root, where it is below it."""
        inside = path.is_relative_to(self.root)
        return (path.relative_to(self.root) if inside else path).as_posix()


OURS = Project(Path(__file__).resolve().parents[2])
