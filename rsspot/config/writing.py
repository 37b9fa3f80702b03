"""Changing configuration files: atomic, for their owner only, with comments and order kept."""

from __future__ import annotations

import io
import json
import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import asdict

from rsspot.config.files import SUFFIXES, folder, form, load, read
from rsspot.config.older import NAME
from rsspot.config.profile import VERSION
from rsspot.errors import ConfigError, StateError
from rsspot.file_locks import file_lock
from rsspot.files import replace_text

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping

__all__ = ["add_profile", "migrate", "set_active_profile", "update_profile"]


PATIENCE = 10.0
"""Seconds to wait for another process that is changing the same file."""


def set_active_profile(path: Path, name: str) -> None:
    """Make `name` the active profile in the file at `path`. Raises `ConfigError`."""
    with _changing(path):
        known = sorted(load(path).profiles)
        if name not in known:
            raise ConfigError(
                f"There is no profile {name!r}",
                path=str(path),
                hint=f"There are: {', '.join(known) or 'none'}",
            )

        def change(data: Any) -> None:
            data["active_profile"] = name

        _edit(path, change)


def add_profile(path: Path, name: str, settings: Mapping[str, Any]) -> None:
    """Add a profile to the file at `path`, which is made when it is missing.

    Raises `ConfigError`, also for settings that a profile cannot have; then nothing is written.
    """
    _check(name, settings)
    with _changing(path):
        if path.exists() and name in load(path).profiles:
            raise ConfigError(f"There is a profile {name!r} already", path=str(path), key=name)

        def change(data: Any) -> None:
            data.setdefault("version", VERSION)
            if data.get("profiles") is None:
                data["profiles"] = {}
            data["profiles"][name] = dict(settings)

        _edit(path, change)


def update_profile(path: Path, name: str, settings: Mapping[str, Any]) -> None:
    """Change these settings of a profile, which is made when it is missing; None takes one away."""
    if path.exists():
        load(path)  # what cannot be read is not written over

    def change(data: Any) -> None:
        profile = data.setdefault("profiles", {}).setdefault(name, {})
        for key, value in settings.items():
            if value is not None:
                profile[key] = value
            else:
                profile.pop(key, None)

    _edit(path, change)


def migrate(environ: Mapping[str, str] | None = None, *, source: Path | None = None) -> Path:
    """Write what the older file says into one of ours; the older one is kept as a backup.

    The path of ours is the answer. Raises `ConfigError`, and then changes nothing.
    """
    older = source or Path.home() / NAME
    if not older.exists():
        raise ConfigError(f"There is no {older} to migrate", path=str(older))
    home = folder(os.environ if environ is None else environ)
    target = home / "config.yml"
    with _changing(target):
        there = [found for found in home.glob("config.*") if found.suffix in SUFFIXES]
        if there:
            raise ConfigError(
                f"{there[0]} exists already", path=str(there[0]), hint="Edit it instead"
            )
        profile = asdict(load(older).profiles["default"], recurse=False)
        settings = {name: value for name, value in profile.items() if value is not None}

        def change(data: Any) -> None:
            data["version"] = VERSION
            data["active_profile"] = "default"
            data["profiles"] = {"default": settings}

        replace_text(older.with_name(f"{older.name}.bak"), older.read_text("utf-8"))
        _edit(target, change)
    return target


def _check(name: str, settings: Mapping[str, Any]) -> None:
    from rsspot.config.structure import structure

    structure({"profiles": {name: dict(settings)}}, "The new profile", lambda _: None)


@contextmanager
def _changing(path: Path) -> Generator[None]:
    """Be the only one that changes the file at `path`; errors are `ConfigError`."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = path.resolve().with_name(f".{path.name}.lock")
        with file_lock(str(lock), PATIENCE):
            yield
    except StateError as error:
        raise ConfigError(
            f"{path} cannot be changed: {error.message}", path=str(path), hint=error.hint
        ) from error
    except OSError as error:
        raise ConfigError(
            f"{path} cannot be written: {error.strerror or error}",
            path=str(path),
            hint="It is as it was; check disk and permissions",
        ) from error


def _edit(path: Path, change: Callable[[Any], None]) -> None:
    text = read(path) if path.exists() else ""
    edit = {".json": _json, ".toml": _toml}.get(form(path, text), _yaml)
    replace_text(path, edit(text, change))


def _json(text: str, change: Callable[[Any], None]) -> str:
    data: Any = json.loads(text) if text.strip() else {}
    change(data)
    return json.dumps(data, indent=2) + "\n"


def _toml(text: str, change: Callable[[Any], None]) -> str:
    import tomlkit

    data = tomlkit.parse(text)
    change(data)
    return tomlkit.dumps(data)


def _yaml(text: str, change: Callable[[Any], None]) -> str:
    from ruamel.yaml import YAML

    editor: Any = YAML(typ="rt")
    editor.preserve_quotes = True
    data = editor.load(text)
    if data is None:
        data = {}
    change(data)
    stream = io.StringIO()
    editor.dump(data, stream)
    return stream.getvalue()
