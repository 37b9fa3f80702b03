"""Change configuration files under a lock, atomically, and keep everything else in them."""

from __future__ import annotations

import os
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, Any

from attrs import asdict, frozen

from rsspot.config.files import (
    folder,
    format_of,
    is_foreign_owner_allowed,
    load,
    parsed,
    read,
)
from rsspot.config.layouts import check_own, interpret, is_legacy, refuse_dropped_guards
from rsspot.config.legacy import convert
from rsspot.config.places import SUFFIXES, VENDOR_NAME
from rsspot.config.profile import VERSION, SDKConfig
from rsspot.config.secrets import without_frames
from rsspot.config.structure import structure
from rsspot.documents import EditRefused, edit, line_finder
from rsspot.errors import ConfigError, StateError
from rsspot.files.folders import expand, is_there
from rsspot.files.locks import file_lock
from rsspot.files.ownership import make_folder, replace_text
from rsspot.models.names import known_names
from rsspot.redaction.quoting import quoted_keys, quoted_name

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping
    from pathlib import Path

__all__ = [
    "ConfigMigration",
    "add_profile",
    "load_or_empty",
    "migrate",
    "migrate_legacy",
    "set_active_profile",
    "update_profile",
]

LOCK_TIMEOUT = 30.0
"""Seconds to wait for another process that is changing the same file."""


@without_frames
def set_active_profile(path: Path, name: str) -> None:
    """Make `name` the active profile in the file at `path`. Raises `ConfigError`."""
    with _changing(path):
        known = sorted(load(path).profiles)
        if name not in known:
            raise ConfigError(
                f"There is no profile {quoted_name(name)}",
                path=str(path),
                hint=known_names(name, known),
            )

        def change(data: Any) -> None:
            data["active_profile"] = name

        _edit(path, change, "active_profile")


@without_frames
def add_profile(path: Path, name: str, settings: Mapping[str, Any]) -> None:
    """Add a profile to the file at `path`, which is created if it is missing.

    settings: the settings of the profile, as in a file. Raises `ConfigError`, also for unknown
    settings and for a name that exists; then nothing is written.
    """
    _check(name, settings)
    with _changing(path):
        if name in load_or_empty(path).profiles:
            raise ConfigError(f"There is a profile {name!r} already", path=str(path), key=name)

        def change(data: Any) -> None:
            data.setdefault("version", VERSION)
            _section(data, "profiles")[name] = dict(settings)

        _edit(path, change, f"profiles.{name}")


@without_frames
def update_profile(
    path: Path, name: str, settings: Mapping[str, Any], *, dry_run: bool = False
) -> None:
    """Change settings of a profile. Profile and file are created if they are missing.

    settings: the settings to change, as in a file; None removes one.
    dry_run: whether to check everything and write nothing.

    Raises `ConfigError`, also if the profile could not be read afterwards; then nothing is written.
    """
    _check(name, {key: value for key, value in settings.items() if value is not None})
    # A dry run creates nothing, not even a lock file.
    with nullcontext() if dry_run else _changing(path):

        def change(data: Any) -> None:
            profile = _section(_section(data, "profiles"), name)
            for key, value in settings.items():
                if value is not None:
                    profile[key] = value
                else:
                    profile.pop(key, None)

        _edit(path, change, f"profiles.{name}", dry_run=dry_run)


@without_frames
def migrate(environ: Mapping[str, str] | None = None, *, source: Path | None = None) -> Path:
    """Copy the settings of the vendor's file into a file of ours, and keep a backup of it.

    environ: the environment that determines our file; by default that of the process.
    source: the vendor's file, by default ``~/.spot_config``.
    Returns the path of our file. Raises `ConfigError`, and then changes nothing.
    """
    vendor = source or expand(f"~/{VENDOR_NAME}")
    if not is_there(vendor):
        raise ConfigError(f"There is no {vendor} to migrate", path=str(vendor))
    home = folder(os.environ if environ is None else environ)
    target = home / "config.yml"
    with _changing(target):
        there = [found for found in home.glob("config.*") if found.suffix in SUFFIXES]
        if there:
            raise ConfigError(
                f"{there[0]} exists already", path=str(there[0]), hint="Edit it instead"
            )
        config = load(vendor)
        profile = asdict(config.profiles["default"], recurse=False)
        settings = {name: value for name, value in profile.items() if value is not None}

        def change(data: Any) -> None:
            data["version"] = VERSION
            data["active_profile"] = "default"
            data["profiles"] = {"default": settings}

        replace_text(vendor.with_name(f"{vendor.name}.bak"), read(vendor))
        _edit(target, change, "profiles.default")
    return target


@frozen
class ConfigMigration:
    """The result of the migration of a file of 0.3.0."""

    path: Path
    backup: Path
    """Where the old file is kept."""
    changes: tuple[tuple[str, str, str], ...]
    """Old key, new key and note, for each key. The new key is empty if the key is left out."""


@without_frames
def migrate_legacy(path: Path, *, dry_run: bool = False) -> ConfigMigration | None:
    """Write the file of rsspot 0.3.0 at `path` in the layout of this version.

    The old file is kept beside it. Returns None if the file is not of 0.3.0. Masked tokens are left
    out. dry_run: whether to write nothing. Raises `ConfigError`, and then changes nothing.
    """
    text = read(path)
    suffix = format_of(path, text)
    if not text.strip() or not is_legacy(parsed(path, text)):
        return None
    # A dry run creates nothing, not even a lock file.
    with nullcontext() if dry_run else _changing(path):
        text = read(path)
        data = parsed(path, text)
        converted = convert(data, keep_masks=False)
        refuse_dropped_guards(converted, str(path), line_finder(text, suffix))
        structure(
            converted.data,
            str(path),
            lambda keys: line_finder(text, suffix)(converted.original(keys)),
            original=converted.original,
        )
        new = edit("{}" if suffix == ".json" else "", suffix, _filling(converted.data))
        _interpreted(path, new)
        backup = _unused_path(path)
        if not dry_run:
            replace_text(backup, text)
            replace_text(path, new, allow_foreign_owner=is_foreign_owner_allowed())
    changes = tuple((_shown(each.old), _shown(each.new), each.note) for each in converted.changes)
    return ConfigMigration(path, backup, changes)


def _shown(keys: tuple[Any, ...]) -> str:
    """Return a path of keys for a person; the paths of URLs below `ttl` are no secrets."""
    if len(keys) > 1 and keys[-2] in {"ttl", "ttl_defaults"} and "/apis/" in str(keys[-1]):
        return f"{quoted_keys(keys[:-1])}.{keys[-1]}"
    return quoted_keys(keys)


def _filling(content: Mapping[str, Any]) -> Callable[[Any], None]:
    def change(data: Any) -> None:
        for key, value in content.items():
            data[key] = value

    return change


def _unused_path(path: Path) -> Path:
    """Return an unused path beside the file."""
    found = path.with_name(f"{path.name}.0.3.0.bak")
    number = 1
    while found.exists():
        number += 1
        found = path.with_name(f"{path.name}.0.3.0-{number}.bak")
    return found


def _check(name: str, settings: Mapping[str, Any]) -> None:
    structure({"profiles": {name: dict(settings)}}, "The profile", lambda _: None)


@without_frames
def load_or_empty(path: Path) -> SDKConfig:
    """Return the configuration in the file at `path`; an empty one if the file is empty or missing.

    Raises `ConfigError`.
    """
    text = read(path) if is_there(path) else ""
    data = parsed(path, text) if text.strip() else None
    if data is None:
        return SDKConfig()
    return interpret(data, str(path), line_finder(text, format_of(path, text)))


def _section(data: Any, name: str) -> Any:
    """Return the mapping at `name`; create one if it is missing or empty."""
    if data.get(name) is None:
        data[name] = {}
    return data[name]


@contextmanager
def _changing(path: Path) -> Generator[None]:
    """Lock the file at `path` during a change; errors are `ConfigError`."""
    try:
        # One lock for all links to a file.
        real = path.resolve()
        make_folder(real.parent)
        with file_lock(str(real.with_name(f".{real.name}.lock")), LOCK_TIMEOUT):
            yield
    except StateError as error:
        raise ConfigError(
            f"{path} cannot be changed: {error.message}", path=str(path), hint=error.hint
        ) from error
    except (OSError, RuntimeError) as error:
        loop = "it is a link to itself"
        reason = loop if isinstance(error, RuntimeError) else error.strerror or str(error)
        raise ConfigError(
            f"{path} cannot be written: {reason}",
            path=str(path),
            hint="It was not changed; check disk and permissions",
        ) from error


def _edit(path: Path, change: Callable[[Any], None], what: str, *, dry_run: bool = False) -> None:
    """Change the file if nothing else changes and it can be read afterwards."""
    text = read(path) if is_there(path) else ""
    suffix = format_of(path, text)
    data = parsed(path, text) if text.strip() else None
    if data is not None:
        check_own(data, str(path))
        interpret(data, str(path), line_finder(text, suffix))
    elif suffix == ".json":
        text = "{}"
    try:
        new = edit(text, suffix, change)
    except EditRefused as error:
        reason = error.reason
    else:
        _interpreted(path, new)
        if not dry_run:
            replace_text(path, new, allow_foreign_owner=is_foreign_owner_allowed())
        return
    raise ConfigError(
        f"{path} was not changed: {what} cannot be written there, for {reason}",
        path=str(path),
        key=what,
        hint=f"Write {what} in an editor, or first write the file without dotted keys, anchors "
        "(&), aliases (*) and merge keys (<<)",
    )


def _interpreted(path: Path, text: str) -> SDKConfig:
    return interpret(parsed(path, text), str(path), line_finder(text, format_of(path, text)))
