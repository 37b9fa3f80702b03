"""Find and read configuration files."""

from __future__ import annotations

import os
import re
import stat
import warnings
from typing import TYPE_CHECKING, Any

from rsspot.config.environment import read_flag
from rsspot.config.places import SUFFIXES, VARIABLES, VENDOR_NAME
from rsspot.config.secrets import without_frames
from rsspot.errors import ConfigError
from rsspot.files.folders import config_folder, expand, home, is_there
from rsspot.files.ownership import check_owner
from rsspot.redaction.quoting import unknown_path

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from rsspot.config.profile import SDKConfig

__all__ = [
    "find",
    "folder",
    "format_of",
    "is_foreign_owner_allowed",
    "load",
    "parsed",
    "read",
    "usual_path",
]

MAX_BYTES = 128 * 1024
"""Maximum size. A larger file is not a configuration."""

_warned: set[str] = set()


def folder(environ: Mapping[str, str]) -> Path:
    """Return the folder of our own configuration file (XDG Base Directory Specification).

    environ: the environment, for `XDG_CONFIG_HOME`. Raises `ConfigError` if the user has no home.
    """
    found = config_folder(environ)
    if found is None:
        raise ConfigError(
            "There is no folder for a configuration file, because this user has no home directory",
            hint="Set HOME or XDG_CONFIG_HOME, or name a file with RSSPOT_CONFIG",
        )
    return found


def usual_path(environ: Mapping[str, str]) -> Path:
    """Return the configuration file that is read, or would be created. Raises `ConfigError`."""
    return find(environ) or folder(environ) / "config.yml"


def find(environ: Mapping[str, str], explicit: str | os.PathLike[str] | None = None) -> Path | None:
    """Return the configuration file: the named one, ours, the vendor's, or None.

    environ: the environment. explicit: the path from an argument. Raises `ConfigError` if the named
    file does not exist, if there are two, or if the folder cannot be searched.
    """
    named: list[tuple[str | os.PathLike[str], str]]
    named = [(explicit, "config_path")] if explicit is not None else []
    named += [(environ[name], name) for name in VARIABLES if environ.get(name)]
    if named:
        path, source = expand(named[0][0]), named[0][1]
        if not is_there(path):
            shown, quotable = unknown_path(path, source)
            raise ConfigError(
                f"The configuration file {shown} does not exist",
                path=quotable,
                hint="Check the path, or create the file",
            )
        return path
    ours = config_folder(environ)
    names = [f"config{suffix}" for suffix in SUFFIXES] if ours else []
    found = [ours / name for name in names if ours and is_there(ours / name)]
    if len(found) > 1:
        raise ConfigError(
            f"There are two configuration files: {found[0]} and {found[1]}",
            path=str(found[0]),
            hint="Keep one of them",
        )
    if found:
        return found[0]
    base = home()
    vendor = base / VENDOR_NAME if base else None
    return vendor if vendor and is_there(vendor) else None


@without_frames
def load(path: Path, *, allow_foreign_owner: bool | None = None) -> SDKConfig:
    """Load the configuration file at `path`, of our layout or the vendor's.

    allow_foreign_owner: whether a file of another user may be read; None uses the environment
    variable RSSPOT_ALLOW_FOREIGN_OWNER. Raises `ConfigError`.
    """
    from rsspot.config.layouts import interpret
    from rsspot.documents import line_finder

    text = read(path, allow_foreign_owner=allow_foreign_owner)
    suffix = format_of(path, text)
    return interpret(parsed(path, text), str(path), line_finder(text, suffix))


def is_foreign_owner_allowed() -> bool:
    """Return whether RSSPOT_ALLOW_FOREIGN_OWNER is set to true. Raises `ConfigError`."""
    return read_flag(os.environ, "allow_foreign_owner") is True


def parsed(path: Path, text: str) -> Any:
    """Return the data in `text`, the content of the file at `path`.

    Raises `ConfigError` with the line, and nothing of its content, which may be a token.
    """
    from rsspot.documents import Malformed, parse

    try:
        return parse(text, format_of(path, text))
    except Malformed as error:
        place = f"{path}, line {error.line}" if error.line else str(path)
        problem = f"{place}: {error}"
    raise ConfigError(problem, path=str(path), hint="Correct the file there")


def format_of(path: Path, text: str) -> str:
    """Return the suffix of the format of `text`. The file of the vendor has no suffix."""
    if path.suffix in SUFFIXES:
        return path.suffix
    if text.lstrip().startswith("{"):
        return ".json"
    return ".toml" if re.match(r"(\s*#.*\n|\s)*[\w.]+\s*=", text) else ".yml"


@without_frames
def read(path: Path, *, allow_foreign_owner: bool | None = None) -> str:
    """Return the text of the file at `path`, and warn once if others can read it.

    allow_foreign_owner: as for `load`. Raises `ConfigError`.
    """
    if allow_foreign_owner is None:
        allow_foreign_owner = is_foreign_owner_allowed()
    check_owner(
        path, "The configuration file", ConfigError, allow_foreign_owner=allow_foreign_owner
    )
    try:
        if path.is_dir():
            raise ConfigError(f"{path} is a directory", path=str(path), hint="Give a file")
        with path.open("rb") as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            content = file.read(MAX_BYTES + 1)
        if len(content) > MAX_BYTES:
            raise ConfigError(
                f"{path} has more than {MAX_BYTES:,} bytes, which is too large for a configuration",
                path=str(path),
                hint="Give another file",
            )
        text = content.decode()
    except UnicodeDecodeError:
        raise ConfigError(
            f"{path} is not text in UTF-8", path=str(path), hint="Save it as UTF-8"
        ) from None
    except (OSError, ValueError) as error:
        missing = isinstance(error, FileNotFoundError)
        shown, quotable = unknown_path(path, "config_path")
        reason = getattr(error, "strerror", "it is not a path")
        raise ConfigError(
            f"{quotable or f'The file {shown}'} cannot be read: {reason}",
            path=quotable,
            hint="Check the path, or create the file" if missing else "Check its permissions",
        ) from None
    if os.name == "posix" and mode & 0o077 and str(path) not in _warned:
        _warned.add(str(path))
        warnings.warn(
            f"Other users can read {path} (mode {mode:04o}), which may hold tokens; "
            f"fix it with: chmod 600 {path}",
            RuntimeWarning,
            stacklevel=3,
        )
    return text
