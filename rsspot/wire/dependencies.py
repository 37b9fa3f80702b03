"""The dependencies of a client, and their checks."""

from __future__ import annotations

import sys
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from rsspot._version import __version__
from rsspot.arguments import ArgumentChecks
from rsspot.flow.clock import SYSTEM_CLOCK
from rsspot.state.kinds import KINDS
from rsspot.validators import InvalidValue

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from rsspot.flow.clock import Clock
    from rsspot.senders.auth.provided import ProviderResult
    from rsspot.senders.sender import Sender
    from rsspot.state import StateStore
    from rsspot.wire.dry_run import DryRun
    from rsspot.wire.events import CallEvent

__all__ = ["Dependencies", "check_dependencies"]


class Dependencies(NamedTuple):
    """The dependencies of a client, apart from its settings."""

    sender: Sender | None = None
    clock: Clock = SYSTEM_CLOCK
    httpx_options: Mapping[str, Any] = MappingProxyType({})
    on_event: Callable[[CallEvent], object] | None = None
    user_agent_suffix: str | None = None
    token_provider: Callable[[], ProviderResult] | None = None
    state: StateStore | None = None
    dry_run: DryRun | None = None

    def __repr__(self) -> str:
        return "<Dependencies>"  # without the options of httpx, which may contain secrets

    @property
    def user_agent(self) -> str:
        """The User-Agent of requests."""
        version = ".".join(map(str, sys.version_info[:3]))
        own = f"rsspot/{__version__} python/{version}"
        return f"{own} {self.user_agent_suffix}" if self.user_agent_suffix else own


_known: dict[Callable[..., Any], ArgumentChecks] = {}


def check_dependencies(constructor: Callable[..., Any], **given: Any) -> None:
    """Refuse arguments that do not fit the annotations of `constructor`. Raises `ConfigError`."""
    checks = _known.get(constructor)
    if checks is None:
        checks = _known[constructor] = ArgumentChecks(constructor, KINDS)
    for name, value in given.items():
        problem = checks.problem(name, value)
        if problem is not None:
            raise InvalidValue(name, *problem)
    suffix = given.get("user_agent_suffix") or ""
    if not (suffix.isascii() and suffix.isprintable()):
        raise InvalidValue(
            "user_agent_suffix", "must be printable ASCII on one line", "Give the name of a program"
        )
