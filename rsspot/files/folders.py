"""Find the user's folders, and expand paths. Nothing here raises a built-in exception.

A process may have no home folder (a user id without an account, as in containers), the home folder
of another user, or a path that the system cannot look up.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from rsspot.errors import ConfigError
from rsspot.shapes import type_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rsspot.errors import RSSpotError

__all__ = [
    "STATE_FILE",
    "config_folder",
    "expand",
    "home",
    "is_there",
    "refuse_token",
    "state_folder",
]

STATE_FILE = "state.db"
"""The name of the state file in its folder."""

HOME_HINT = "Write the full path, or set HOME to a folder of your own"


def home() -> Path | None:
    """Return the user's home folder: `HOME`, else that of the account; None without either.

    A `HOME` that is empty or relative does not count. The folder need not exist.
    """
    if sys.platform == "win32":
        found = os.path.expanduser("~")  # noqa: PTH111 - Path.home raises where there is none
        return None if found == "~" else Path(found)
    import pwd

    found = os.environ.get("HOME", "")
    if not found.startswith("/"):
        try:
            found = pwd.getpwuid(os.getuid()).pw_dir
        except (KeyError, OSError):
            return None
    return Path(found) if found.startswith("/") else None


def config_folder(environ: Mapping[str, str]) -> Path | None:
    """Return the folder for configuration (XDG Base Directory Specification); None without one.

    environ: the environment, for `XDG_CONFIG_HOME`. A relative one does not count.
    """
    return _xdg(environ, "XDG_CONFIG_HOME", ".config")


def state_folder(environ: Mapping[str, str]) -> Path | None:
    """Return the folder for state (XDG Base Directory Specification); None without one.

    environ: the environment, for `XDG_STATE_HOME`. A relative one does not count.
    """
    return _xdg(environ, "XDG_STATE_HOME", ".local/state")


def _xdg(environ: Mapping[str, str], variable: str, usual: str) -> Path | None:
    named = environ.get(variable, "")
    if named.startswith("/"):
        return Path(named) / "rsspot"
    base = home()
    return base / usual / "rsspot" if base else None


def expand(path: str | os.PathLike[str], error: type[RSSpotError] = ConfigError) -> Path:
    """Return `path` with a leading ``~`` or ``~user`` replaced by that home folder.

    error: the class to raise if there is no such home folder, or `path` is not a valid path.
    """
    text = path if isinstance(path, str) else _text_of(path, error)
    if "\0" in text or not text.strip():
        raise error("A path is empty or contains a null byte", hint="Give the path of a file")
    try:
        os.fsencode(text)
    except UnicodeEncodeError:
        raise error(
            "A path contains characters that file names cannot have", hint="Give the path of a file"
        ) from None
    first, _, rest = text.partition("/")
    if not first.startswith("~"):
        return Path(text)
    base = home() if first == "~" else _home_of(first)
    if base is None:
        from rsspot.redaction.quoting import quoted_key

        shown = "/".join(map(quoted_key, text.split("/")))
        raise error(f"There is no home directory for {shown}", hint=HOME_HINT)
    return base / rest


def _home_of(user: str) -> Path | None:
    try:
        return Path(user).expanduser()
    except (RuntimeError, OSError, ValueError):
        return None


def _text_of(path: os.PathLike[str], error: type[RSSpotError]) -> str:
    try:
        text = os.fspath(path)
    except TypeError:
        raise error(
            f"A path must be text or a path, not {type_name(path)}",
            hint="Give a str or pathlib.Path",
        ) from None
    return os.fsdecode(text)


def refuse_token(path: str | os.PathLike[str], error: type[RSSpotError] = ConfigError) -> None:
    """Refuse a bare name of no file that looks like a token, since a file would be given that name.

    error: the class to raise. The message does not show the name.
    """
    from rsspot.redaction.quoting import quoted_key

    name = os.fspath(path)
    plain = Path(name).name != name or name.endswith(SUFFIXES)
    if plain or not name.isprintable() or quoted_key(name) == name:
        return
    if not is_there(Path(name)):
        raise error(
            f"A path looks like a token {quoted_key(name)}",
            hint="If it is the name of a file, write it with its folder, as in ./name",
        )


SUFFIXES = (".db", ".sqlite", ".sqlite3", ".json", ".toml", ".yaml", ".yml")


def is_there(path: Path, error: type[RSSpotError] = ConfigError) -> bool:
    """Return whether anything exists at `path`; False if it is not a valid path.

    error: the class to raise if that cannot be determined, as below a folder of another user.
    It gets `path` and a hint.
    """
    try:
        path.stat()
    except PermissionError as reason:
        raise error(
            f"{path} cannot be looked up: {reason.strerror}",
            path=str(path),
            hint="Check the permissions of its folders and the owners of HOME and XDG_CONFIG_HOME "
            "or XDG_STATE_HOME, or give another path",
        ) from None
    except (OSError, ValueError):
        return False
    return True
