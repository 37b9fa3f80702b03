"""What the shell completes: names of objects, profiles and output formats.

Names are read through the cache. Whatever goes wrong, nothing is printed and nothing is completed:
a shell shows what a completion prints in the middle of the line that is typed.
"""

import os
import warnings
from collections.abc import Callable, Iterable
from typing import Any

import typer

__all__ = [
    "classes",
    "cloudspaces",
    "formats",
    "pools",
    "profiles",
    "regions",
    "vm_cloudspaces",
    "vm_pools",
]

SECONDS = 3.0
"""Maximum time for a completion, in seconds."""
KEPT = 30.0
"""Seconds for which names of cloudspaces and pools are cached."""
PAGE = 499
"""A page size that no command uses, so that no command reads the names cached here."""
FORMATS = ("table", "wide", "csv", "json", "yaml", "name", "jsonpath=")


def formats(incomplete: str) -> list[str]:
    """Complete an output format."""
    return _starting(FORMATS, incomplete)


def profiles(ctx: typer.Context, incomplete: str) -> list[str]:
    """Complete the name of a profile of the configuration file."""

    def read() -> Iterable[str]:
        from rsspot.config.files import find, load

        path = find(os.environ, ctx.find_root().obj.config_path)
        return [] if path is None else load(path).profiles

    return _quietly(read, incomplete)


def regions(ctx: typer.Context, incomplete: str) -> list[str]:
    """Complete the name of a region."""
    return _names(ctx, incomplete, lambda spot: spot.regions.list())


def classes(ctx: typer.Context, incomplete: str) -> list[str]:
    """Complete the name of a server class."""
    return _names(ctx, incomplete, lambda spot: spot.server_classes.list())


def cloudspaces(ctx: typer.Context, incomplete: str) -> list[str]:
    """Complete the name of a cloudspace."""
    return _names(ctx, incomplete, lambda spot: spot.cloudspaces.each(page_size=PAGE))


def vm_cloudspaces(ctx: typer.Context, incomplete: str) -> list[str]:
    """Complete the name of a VM cloudspace."""
    return _names(ctx, incomplete, lambda spot: spot.vm_cloudspaces.each(page_size=PAGE))


def pools(ctx: typer.Context, incomplete: str) -> list[str]:
    """Complete the key or name of a node pool of any kind."""

    def read(spot: Any) -> Iterable[Any]:
        groups = (spot.spot_nodepools, spot.ondemand_nodepools, spot.autopilot_nodepools)
        return [pool for group in groups for pool in group.each(page_size=PAGE)]

    return _names(ctx, incomplete, read)


def vm_pools(ctx: typer.Context, incomplete: str) -> list[str]:
    """Complete the key or name of a VM pool."""
    return _names(ctx, incomplete, lambda spot: spot.vm_pools.each(page_size=PAGE))


def _names(ctx: typer.Context, incomplete: str, read: Callable[[Any], Iterable[Any]]) -> list[str]:
    def names() -> Iterable[str]:
        from rsspot import CacheConfig, RetryConfig

        session = ctx.find_root().obj
        session.global_options.pop("region", None)  # which may be the one that is completed
        more: dict[str, Any] = {
            "timeout": SECONDS,
            "retry": RetryConfig(max_attempts=1),
            "cache": CacheConfig(ttl={"*/namespaces/*": KEPT}),
        }
        with session.client(**more) as spot:
            return [getattr(item, "key", None) or item.name for item in read(spot)]

    return _quietly(names, incomplete)


def _quietly(read: Callable[[], Iterable[str]], incomplete: str) -> list[str]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _starting(read(), incomplete)
    except Exception:  # noqa: BLE001 - see above
        return []


def _starting(names: Iterable[str], incomplete: str) -> list[str]:
    return sorted({name for name in names if name.startswith(incomplete)})
