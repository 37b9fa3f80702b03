"""Profile, organization and region for a stretch of code, in its thread or task only."""

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
def _use(name: str, value: str | None) -> Generator[None]:
    token = _VARIABLES[name].set(value)
    try:
        yield
    finally:
        _VARIABLES[name].reset(token)


def use_profile(name: str | None) -> AbstractContextManager[None]:
    """Make or fetch clients of this profile inside the block; None lifts an outer one."""
    return _use("profile", name)


def use_org(name: str | None) -> AbstractContextManager[None]:
    """Make or fetch clients of this organization inside the block; None lifts an outer one."""
    return _use("org", name)


def use_region(name: str | None) -> AbstractContextManager[None]:
    """Make or fetch clients of this region inside the block; None lifts an outer one."""
    return _use("region", name)


def current() -> Mapping[str, str]:
    """What is in force here: `profile`, `org` and `region`, as far as they are set."""
    found = {name: variable.get() for name, variable in _VARIABLES.items()}
    return {name: value for name, value in found.items() if value is not None}
