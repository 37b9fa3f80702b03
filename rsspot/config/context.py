"""Profile, organization and region inside a `with` block, in its thread or task only."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

from rsspot.errors import ConfigError
from rsspot.shapes import is_unawaited
from rsspot.validators import kind_of

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping
    from contextlib import AbstractContextManager

__all__ = ["current", "use_org", "use_profile", "use_region", "wrong_name"]

_VARIABLES: Mapping[str, ContextVar[str | None]] = {
    name: ContextVar(f"rsspot_{name}", default=None) for name in ("profile", "org", "region")
}


@contextmanager
def _override(name: str, value: str | None) -> Generator[None]:
    if wrong := wrong_name(**{name: value}):
        value = None  # a reporter of errors shows the locals of frames
        raise wrong
    token = _VARIABLES[name].set(value)
    try:
        yield
    finally:
        _VARIABLES[name].reset(token)


def wrong_name(**names: object) -> ConfigError | None:
    """Return the error for a name that is not text, by the argument; None if all can be used."""
    for argument, name in names.items():
        if name is not None and not isinstance(name, str):
            return ConfigError(
                f"{argument} must be a name, not {kind_of(name)}",
                key=argument,
                hint=None if is_unawaited(name) else OWN_OPTIONS,
            )
    return None


OWN_OPTIONS = "Options of your own are arguments of SpotClient"


def use_profile(name: str | None) -> AbstractContextManager[None]:
    """Use a profile for clients that are made inside the block.

    Args:
        name: Name of the profile. None ends an outer block.

    Returns:
        A context manager, for a `with` statement.

    Raises:
        ConfigError: If this is not a name, when the block begins.
    """
    return _override("profile", name)


def use_org(name: str | None) -> AbstractContextManager[None]:
    """Use an organization for clients that are made inside the block.

    Args:
        name: Name of the organization. None ends an outer block.

    Returns:
        A context manager, for a `with` statement.

    Raises:
        ConfigError: If this is not a name, when the block begins.
    """
    return _override("org", name)


def use_region(name: str | None) -> AbstractContextManager[None]:
    """Use a region for clients that are made inside the block.

    Args:
        name: Name of the region. None ends an outer block.

    Returns:
        A context manager, for a `with` statement.

    Raises:
        ConfigError: If this is not a name, when the block begins.
    """
    return _override("region", name)


def current() -> Mapping[str, str]:
    """Return what the enclosing blocks set, of `profile`, `org` and `region`."""
    found = {name: variable.get() for name, variable in _VARIABLES.items()}
    return {name: value for name, value in found.items() if value is not None}
