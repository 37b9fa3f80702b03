"""Find the state files of rsspot 0.3.0: beside its configuration file, or at `state_path`."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from rsspot.errors import ConfigError, StateError
from rsspot.files.folders import config_folder, expand, home
from rsspot.legacy.state_file import count_registrations
from rsspot.shapes import as_object

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

__all__ = ["find_state_files", "places"]

NAME = "state.db"


def find_state_files(config_path: str | os.PathLike[str] | None = None) -> list[Path]:
    """Return the state files of 0.3.0 at all places where it may have kept one.

    config_path: the configuration file in use, where it is not the usual one. Raises `StateError`
    for a file there that cannot be read.
    """
    return [path for path in places(config_path) if count_registrations(path) is not None]


def places(config_path: str | os.PathLike[str] | None = None) -> list[Path]:
    """Return the places, each once: beside the configuration, the usual one, and `state_path`."""
    found: dict[str, Path] = {}
    for path in _candidates(config_path):
        found.setdefault(os.path.realpath(path), path)
    return [*found.values()]


def _candidates(config_path: str | os.PathLike[str] | None) -> Iterator[Path]:
    from rsspot.config.places import VARIABLES

    base = home()
    if base is not None:
        yield base / ".config" / "rsspot" / NAME
    ours = config_folder(os.environ)
    if ours is not None:
        yield ours / NAME
    named = [os.environ.get(name) for name in VARIABLES]
    for name in (config_path, *named):
        if name:
            try:
                yield expand(name).parent / NAME
            except ConfigError:
                continue
    yield from _stated(config_path)
    if stated := os.environ.get("RSSPOT_STATE_PATH"):
        yield from _expanded([stated])


def _stated(config_path: str | os.PathLike[str] | None) -> Iterator[Path]:
    """Yield `state_path` of the configuration. An unreadable one is reported elsewhere."""
    from rsspot.config import files

    try:
        file = files.find(os.environ, config_path)
        if file is None:
            return
        content = files.parsed(file, files.read(file))
    except ConfigError:
        return
    stated = as_object(content).get("state_path")
    if isinstance(stated, str):
        yield from _expanded([stated])


def _expanded(texts: Iterable[str]) -> Iterator[Path]:
    for text in texts:
        if "://" not in text and text != ":memory:":
            try:
                yield expand(text, StateError)
            except StateError:
                continue
