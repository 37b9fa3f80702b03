"""What an update sends: only what was given, and null where something shall go."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from rsspot.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["CLEAR", "Clear", "omit_unset", "patch", "texts"]


class _Clear(Enum):
    CLEAR = "CLEAR"

    def __repr__(self) -> str:
        return "rsspot.CLEAR"


CLEAR: Final = _Clear.CLEAR
"""Given to an update: take this away (a merge patch sends null, RFC 7396)."""

Clear: TypeAlias = Literal[_Clear.CLEAR]


def omit_unset(fields: dict[str, Any]) -> dict[str, Any]:
    """`fields` without those that are None, and with null for those that are `CLEAR`."""
    return {
        name: None if value is CLEAR else value
        for name, value in fields.items()
        if value is not None
    }


def texts(
    argument: str, values: Mapping[str, str | None] | Clear | None, *, removable: bool = False
) -> Any:
    """Labels or annotations as they can be sent; None for a `removable` one takes it away."""
    if values is None or values is CLEAR:
        return values
    if not hasattr(values, "items"):
        raise InvalidInput(
            f"{argument} must be a mapping of text to text, not {type(values).__name__}",
            argument=argument,
        )
    entries: dict[Any, Any] = dict(values)  # what is typed need not be what is given
    for key, value in entries.items():
        fits = isinstance(value, str) or (removable and value is None)
        if not (isinstance(key, str) and fits):
            raise InvalidInput(
                f"{argument} has {key!r}: {value!r}, which is not text to text",
                argument=argument,
                hint="Put both in quotes",
            )
    return entries


def patch(spec: dict[str, Any], resource_version: str | None) -> dict[str, Any]:
    """A merge patch of `spec`, that fails with a conflict unless `resource_version` is current."""
    changes = omit_unset(spec)
    if not changes:
        raise InvalidInput("Nothing to change was given", hint="Name at least one field to update")
    body: dict[str, Any] = {"spec": changes}
    if resource_version is not None:
        body["metadata"] = {"resourceVersion": resource_version}
    return body
