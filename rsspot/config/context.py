"""Profile, organization and region inside a `with` block, in its thread or task only."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping
    from contextlib import AbstractContextManager

__all__ = ["current", "use_org", "use_profile", "use_region"]

_VARIABLES: Mapping[str, ContextVar[str | None]] = {
    name: ContextVar(f"rsspot_{name}", default=None) for name in ("profile", "org", "region")
}


@contextmanager
def _override(name: str, value: str | None) -> Generator[None]:
    token = _VARIABLES[name].set(value)
    try:
        yield
    finally:
        _VARIABLES[name].reset(token)


def use_profile(name: str | None) -> AbstractContextManager[None]:
    """Use a profile for clients that are made inside the block.

    Args:
        name: Name of the profile. None ends an outer block.

    Returns:
        A context manager, for a `with` statement.
    """
    return _override("profile", name)


def use_org(name: str | None) -> AbstractContextManager[None]:
    """Use an organization for clients that are made inside the block.

    Args:
        name: Name of the organization. None ends an outer block.

    Returns:
        A context manager, for a `with` statement.
    """
    return _override("org", name)


def use_region(name: str | None) -> AbstractContextManager[None]:
    """Use a region for clients that are made inside the block.

    Args:
        name: Name of the region. None ends an outer block.

    Returns:
        A context manager, for a `with` statement.
    """
    return _override("region", name)


def current() -> Mapping[str, str]:
    """Return what the enclosing blocks set, of `profile`, `org` and `region`."""
    found = {name: variable.get() for name, variable in _VARIABLES.items()}
    return {name: value for name, value in found.items() if value is not None}
