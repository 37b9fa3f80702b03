"""Changing configuration files: atomic, for their owner only, with comments and order kept."""

from __future__ import annotations

import io
import json
import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rsspot.config.files import OLDER, folder, load
from rsspot.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["add_profile", "migrate", "set_active_profile", "update_profile"]


def set_active_profile(path: Path, name: str) -> None:
    """Make `name` the active profile in the file at `path`. Raises `ConfigError`."""
    config = load(path)
    if name not in config.profiles:
        known = ", ".join(sorted(config.profiles)) or "none"
        raise ConfigError(
            f"There is no profile {name!r}", path=str(path), hint=f"There are: {known}"
        )

    def change(data: Any) -> None:
        data["active_profile"] = name

    _edit(path, change)


def add_profile(path: Path, name: str, settings: Mapping[str, Any]) -> None:
    """Add a profile to the file at `path`, which is made when it is missing."""
    if path.exists() and name in load(path).profiles:
        raise ConfigError(f"There is a profile {name!r} already", path=str(path), key=name)

    def change(data: Any) -> None:
        data.setdefault("profiles", {})[name] = dict(settings)

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
    """Write what the older file says into one of ours, and keep the older one as a backup."""
    older = source or Path.home() / OLDER
    if not older.exists():
        raise ConfigError(f"There is no {older} to migrate", path=str(older))
    target = folder(os.environ if environ is None else environ) / "config.yml"
    if target.exists():
        raise ConfigError(f"{target} exists already", path=str(target), hint="Edit it instead")
    profile = load(older).profiles["default"]
    from attrs import asdict

    settings = {name: value for name, value in asdict(profile).items() if value is not None}

    def change(data: Any) -> None:
        data["version"] = 1
        data["active_profile"] = "default"
        data["profiles"] = {"default": settings}

    _edit(target, change)
    backup = older.with_name(f"{older.name}.bak")
    shutil.copy2(older, backup)
    backup.chmod(0o600)
    return target


def _edit(path: Path, change: Callable[[Any], None]) -> None:
    text = path.read_text("utf-8") if path.exists() else ""
    edit = {".json": _json, ".toml": _toml}.get(path.suffix, _yaml)
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


def replace_text(path: Path, text: str) -> None:
    """Put `text` in place of what is at `path`, in one step, readable by its owner only."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    target = path.resolve()
    descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(target)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise
