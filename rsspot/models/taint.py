"""Taints: what keeps pods off a node unless they tolerate it."""

from __future__ import annotations

import re
from typing import Any, Literal, cast, get_args

from attrs import frozen

from rsspot.errors import InvalidInput

__all__ = ["Effect", "Taint"]

Effect = Literal["NoSchedule", "PreferNoSchedule", "NoExecute"]

_TEXT = re.compile(r"([^=:\s]+)(?:=([^:\s]*))?:(NoSchedule|PreferNoSchedule|NoExecute)")


@frozen
class Taint:
    """A taint for the nodes of a pool, set once, shortly after a node has joined."""

    key: str
    effect: Effect
    value: str | None = None

    def __attrs_post_init__(self) -> None:
        if not self.key or self.effect not in get_args(Effect):
            raise InvalidInput(
                f"{self.key}:{self.effect} is not a taint",
                argument="taints",
                hint=f"A taint has a key, and the effect {', '.join(get_args(Effect))}",
            )

    @classmethod
    def parse(cls, text: str) -> Taint:
        """Parse the format of kubectl: ``key=value:NoSchedule`` or ``key:NoSchedule``."""
        match = _TEXT.fullmatch(text)
        if match is None:
            raise InvalidInput(
                f"{text!r} is not a taint",
                argument="taints",
                hint="Write key=value:Effect, with NoSchedule, PreferNoSchedule or NoExecute",
            )
        return cls(match[1], cast("Effect", match[3]), match[2])

    def to_dict(self) -> dict[str, Any]:
        """Return the taint as the API takes it."""
        value = {} if self.value is None else {"value": self.value}
        return {"key": self.key, **value, "effect": self.effect}
