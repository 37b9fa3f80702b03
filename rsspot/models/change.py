"""Changes of watched objects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from attrs import frozen

from rsspot.models.display import one_line
from rsspot.models.view import View

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["Change"]

UNSHOWN = frozenset({"resource_version", "generation"})


@frozen(repr=False)
class Change:
    """One object that was added, changed or removed between two polls."""

    kind: Literal["added", "changed", "removed"]
    """What happened to the object."""
    what: str
    """What was watched, such as ``spot_nodepools``: the name of its group in the client."""
    name: str
    """The name of the object; the text of an event."""
    before: Any
    """The object as it was; None if it was added."""
    after: Any
    """The object as it is; None if it was removed."""
    time: datetime
    """When the change was seen."""

    @property
    def item(self) -> Any:
        """The object as it is, or as it was if it was removed."""
        return self.before if self.after is None else self.after

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of the fields that differ; empty unless it was changed."""
        if self.before is None or self.after is None:
            return ()
        names = _field_names(self.after)
        return tuple(
            name for name in names if getattr(self.before, name) != getattr(self.after, name)
        )

    def __str__(self) -> str:
        parts = [
            f"{name} {_text(getattr(self.before, name))} → {_text(getattr(self.after, name))}"
            for name in self.fields
        ]
        details = f": {', '.join(parts)}" if parts else ""
        return f"{self.what} {self.name} {self.kind}{details}"

    def __repr__(self) -> str:
        pairs = [("kind", self.kind), ("what", self.what), ("name", self.name)]
        return one_line(type(self), [*pairs, ("fields", ",".join(self.fields))])


def _field_names(item: Any) -> list[str]:
    if isinstance(item, View):
        hidden = {*UNSHOWN, *item.secret}
        return [name for name in item.fields if name not in hidden]
    return [one.name for one in item.__attrs_attrs__ if not one.name.startswith("_")]


def _text(value: Any) -> str:
    text = f"{value:f}" if type(value).__name__ == "Decimal" else str(value)
    return text if len(text) <= 40 else f"{text[:39]}…"  # noqa: PLR2004 - a part of one line
