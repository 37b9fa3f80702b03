"""Where configuration files may be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rsspot.files.folders import config_folder, expand, home

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = ["SUFFIXES", "VARIABLES", "VENDOR_NAME", "places"]

SUFFIXES = (".yml", ".yaml", ".toml", ".json")
VARIABLES = ("RSSPOT_CONFIG", "RSSPOT_CONFIG_FILE", "SPOT_CONFIG_FILE")
VENDOR_NAME = ".spot_config"
"""What the vendor's command line calls its file, in the user's home folder."""


def places(environ: Mapping[str, str]) -> list[Path]:
    """Return every path at which a file would be the configuration, whether there is one or not.

    environ: the environment. Raises `ConfigError` for a path that cannot be one.
    """
    named = [environ[name] for name in VARIABLES if environ.get(name)]
    if named:
        return [expand(named[0])]
    folder, base = config_folder(environ), home()
    own = [folder / f"config{suffix}" for suffix in SUFFIXES] if folder else []
    return [*own, *([base / VENDOR_NAME] if base else [])]
