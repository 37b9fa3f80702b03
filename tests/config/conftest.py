"""Each test has an empty home folder, and files that only their owner can read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rsspot.config import options, places

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home folder, and an environment without settings of rsspot."""
    place = tmp_path / "home"
    place.mkdir()
    monkeypatch.setenv("HOME", str(place))
    for names in (*options.VARIABLES.values(), places.VARIABLES, ("XDG_CONFIG_HOME",)):
        for name in names:
            monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_STATE_HOME", str(place / "state"))
    return place


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Writes a configuration file that only its owner can read."""

    def write(text: str | bytes, name: str = "config.yml", *, folder: Path = tmp_path) -> Path:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        path.chmod(0o600)
        return path

    return write
