"""Where configuration files are, and how each format is read."""

from __future__ import annotations

import json
import os
import re
import stat
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rsspot.errors import ConfigError
from rsspot.models.shapes import is_object

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from rsspot.config.profile import SDKConfig

__all__ = ["find", "load"]

SUFFIXES = (".yml", ".yaml", ".toml", ".json")
VARIABLES = ("RSSPOT_CONFIG", "RSSPOT_CONFIG_FILE", "SPOT_CONFIG_FILE")
OLDER = ".spot_config"
"""The file of the vendor's command line: flat, with camelCase keys (fact sheet, section 1.5)."""

_warned: set[str] = set()
_yaml_line = re.compile(r"line (\d+)")


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
    older = Path.home() / OLDER
    return found[0] if found else older if older.exists() else None


def load(path: Path) -> SDKConfig:
    """The configuration in the file at `path`. Raises `ConfigError`."""
    from rsspot.config.structure import structure

    text = _read(path)
    data = _parse(path, text)
    if data is None:
        data = {}
    if not is_object(data):
        raise ConfigError(
            f"{path} holds no mapping of keys to values",
            path=str(path),
            hint="See the README for what goes into it",
        )
    if path.name == OLDER:
        return structure(_of_older(data), str(path), _no_lines)
    return structure(data, str(path), _lines(path, text))


def _read(path: Path) -> str:
    try:
        if path.is_dir():
            raise ConfigError(f"{path} is a directory", path=str(path), hint="Give a file")
        mode = stat.S_IMODE(path.stat().st_mode)
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise ConfigError(f"{path} is not text in UTF-8", path=str(path)) from None
    except OSError as error:
        raise ConfigError(
            f"{path} cannot be read: {error.strerror}",
            path=str(path),
            hint="Check its permissions",
        ) from None
    if os.name == "posix" and mode & 0o077 and str(path) not in _warned:
        _warned.add(str(path))
        warnings.warn(
            f"Others can read {path} (mode {mode:04o}), which may hold tokens; "
            f"mend it with: chmod 600 {path}",
            RuntimeWarning,
            stacklevel=2,
        )
    return text


def _parse(path: Path, text: str) -> Any:
    if path.suffix == ".json" or (path.name == OLDER and text.lstrip().startswith("{")):
        try:
            return json.loads(text)
        except json.JSONDecodeError as error:
            raise _malformed(path, "JSON", error.lineno, error.msg) from None
    if path.suffix == ".toml" or (path.name == OLDER and re.match(r"\s*\w+\s*=", text)):
        import tomllib

        try:
            return tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            line = _yaml_line.search(str(error))
            reason = str(error).partition(" (at")[0]
            raise _malformed(path, "TOML", int(line[1]) if line else None, reason) from None
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    reader: Any = YAML(typ="safe")
    try:
        return reader.load(text)
    except MarkedYAMLError as error:
        known: Any = error
        mark = known.problem_mark or known.context_mark
        raise _malformed(path, "YAML", mark.line + 1 if mark else None, known.problem) from None
    except (YAMLError, ValueError) as error:
        raise _malformed(path, "YAML", None, type(error).__name__) from None


def _malformed(path: Path, form: str, line: int | None, reason: str | None) -> ConfigError:
    place = f"{path}, line {line}" if line else str(path)
    said = f": {reason}" if reason else ""
    return ConfigError(f"{place}: not {form}{said}", path=str(path), hint="Correct the file there")


def _no_lines(_: tuple[str, ...]) -> None:
    return None


def _lines(path: Path, text: str) -> Callable[[tuple[str, ...]], int | None]:
    """The line of a key path, where the format's parser knows it."""

    def line_of(keys: tuple[str, ...]) -> int | None:
        if path.suffix not in {".yml", ".yaml"} or not keys:
            return None
        from ruamel.yaml import YAML

        reader: Any = YAML(typ="rt")
        node: Any = reader.load(text)
        line: int | None = None
        for key in keys:
            if not hasattr(node, "lc") or key not in node:
                break
            line = int(node.lc.key(key)[0]) + 1
            node = node[key]
        return line

    return line_of


def _of_older(data: dict[str, Any]) -> dict[str, Any]:
    """The shape of ours, from the flat camelCase keys of the older file."""
    known = {
        "org": "org",
        "orgId": "org_id",
        "organization": "org",
        "region": "region",
        "refreshToken": "refresh_token",
        "accessToken": "access_token",
        "clientId": "client_id",
        "baseUrl": "base_url",
        "authUrl": "oauth_url",
        "oauthUrl": "oauth_url",
    }
    profile = {known[key]: value for key, value in data.items() if key in known and value}
    return {"active_profile": "default", "profiles": {"default": profile}}
