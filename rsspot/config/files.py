"""Where configuration files are, and what is in them."""

from __future__ import annotations

import os
import re
import stat
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from rsspot.errors import ConfigError
from rsspot.models.shapes import is_object

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rsspot.config.profile import SDKConfig

__all__ = ["find", "folder", "form", "load", "read"]

SUFFIXES = (".yml", ".yaml", ".toml", ".json")
VARIABLES = ("RSSPOT_CONFIG", "RSSPOT_CONFIG_FILE", "SPOT_CONFIG_FILE")
LARGEST = 1024 * 1024
"""Bytes. What is larger is no configuration."""

_warned: set[str] = set()


def folder(environ: Mapping[str, str]) -> Path:
    """Where our own configuration file lies (XDG Base Directory Specification)."""
    home = environ.get("XDG_CONFIG_HOME", "")
    base = Path(home) if home.startswith("/") else Path.home() / ".config"
    return base / "rsspot"


def find(environ: Mapping[str, str], explicit: str | os.PathLike[str] | None = None) -> Path | None:
    """The configuration file: the one that is named, ours, or the older one; None without any.

    Raises `ConfigError` when the one that is named does not exist, or there are two.
    """
    named = [(explicit, "config_path")] if explicit is not None else []
    named += [(environ[name], name) for name in VARIABLES if environ.get(name)]
    if named:
        path, source = Path(named[0][0]).expanduser(), named[0][1]
        if not path.exists():
            raise ConfigError(
                f"The configuration file {path} from {source} does not exist",
                path=str(path),
                hint="Check the path, or create the file",
            )
        return path
    home = folder(environ)
    found = [home / f"config{suffix}" for suffix in SUFFIXES if (home / f"config{suffix}").exists()]
    if len(found) > 1:
        raise ConfigError(
            f"There are two configuration files: {found[0]} and {found[1]}",
            path=str(found[0]),
            hint="Keep one of them",
        )
    from rsspot.config.older import NAME

    older = Path.home() / NAME
    return found[0] if found else older if older.exists() else None


def load(path: Path) -> SDKConfig:
    """The configuration in the file at `path`, of our form or the older one.

    Raises `ConfigError`.
    """
    from rsspot.config import older
    from rsspot.config.formats import line_finder, parse
    from rsspot.config.structure import structure

    text = read(path)
    suffix = form(path, text)
    data = parse(path, text, suffix)
    if not is_object(data):
        problem = "is empty" if data is None else "holds no mapping of keys to values"
        raise ConfigError(
            f"{path} {problem}", path=str(path), hint="Begin it with `profiles:`, or remove it"
        )
    line_of = line_finder(text, suffix)
    if not older.is_older(data):
        return structure(data, str(path), line_of)
    flat = data
    return structure(older.modern(flat), str(path), lambda keys: line_of(older.keys_of(flat, keys)))


def form(path: Path, text: str) -> str:
    """The suffix of the format in which `text` is written. The older file has none to go by."""
    if path.suffix in SUFFIXES:
        return path.suffix
    if text.lstrip().startswith("{"):
        return ".json"
    return ".toml" if re.match(r"(\s*#.*\n|\s)*[\w.]+\s*=", text) else ".yml"


def read(path: Path) -> str:
    """The text of the file at `path`; a mode that lets others read it is warned about once."""
    try:
        if path.is_dir():
            raise ConfigError(f"{path} is a directory", path=str(path), hint="Give a file")
        status = path.stat()
        if status.st_size > LARGEST:
            raise ConfigError(
                f"{path} has {status.st_size:,} bytes, which is no configuration",
                path=str(path),
                hint="Give another file",
            )
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise ConfigError(
            f"{path} is not text in UTF-8", path=str(path), hint="Save it as UTF-8"
        ) from None
    except OSError as error:
        missing = isinstance(error, FileNotFoundError)
        raise ConfigError(
            f"{path} cannot be read: {error.strerror}",
            path=str(path),
            hint="Check the path, or create the file" if missing else "Check its permissions",
        ) from None
    mode = stat.S_IMODE(status.st_mode)
    if os.name == "posix" and mode & 0o077 and str(path) not in _warned:
        _warned.add(str(path))
        warnings.warn(
            f"Others can read {path} (mode {mode:04o}), which may hold tokens; "
            f"mend it with: chmod 600 {path}",
            RuntimeWarning,
            stacklevel=2,
        )
    return text
