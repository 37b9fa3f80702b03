"""Check the dependencies of a client."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

from rsspot.arguments import ArgumentChecks
from rsspot.state.kinds import KINDS
from rsspot.validators import InvalidValue

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["check_dependencies"]

_known: dict[Callable[..., Any], ArgumentChecks] = {}


def check_dependencies(constructor: Callable[..., Any], **given: Any) -> None:
    """Refuse arguments that do not fit the annotations of `constructor`. Raises `ConfigError`."""
    checks = _known.get(constructor)
    if checks is None:
        checks = _known[constructor] = ArgumentChecks(inspect.unwrap(constructor), KINDS)
    for name, value in given.items():
        problem = checks.problem(name, value)
        if problem is not None:
            raise InvalidValue(name, *problem)
    suffix = given.get("user_agent_suffix") or ""
    if not (suffix.isascii() and suffix.isprintable()):
        raise InvalidValue(
            "user_agent_suffix", "must be printable ASCII on one line", "Give the name of a program"
        )
