"""The bodies of requests: without unset values, and with null for values to remove."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from rsspot.errors import InvalidInput
from rsspot.shapes import type_name

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["CLEAR", "Clear", "omit_unset", "patch", "texts"]


class _Clear(Enum):
    CLEAR = "CLEAR"

    def __repr__(self) -> str:
        return "rsspot.CLEAR"


CLEAR: Final = _Clear.CLEAR
"""Pass this to an update to remove a value (a merge patch sends null, RFC 7396)."""

Clear: TypeAlias = Literal[_Clear.CLEAR]


def omit_unset(fields: dict[str, Any]) -> dict[str, Any]:
    """Return `fields` without those that are None, and with null for those that are `CLEAR`."""
    return {
        name: None if value is CLEAR else value
        for name, value in fields.items()
        if value is not None
    }


def texts(
    argument: str, values: Mapping[str, str | None] | Clear | None, *, removable: bool = False
) -> Any:
    """Return labels or annotations as they are sent; `removable` allows None, which removes one."""
    if values is None or values is CLEAR:
        return values
    if not hasattr(values, "items"):
        raise InvalidInput(
            f"{argument} must be a mapping of text to text, not {type_name(values)}",
            argument=argument,
        )
    entries: dict[Any, Any] = dict(values)  # the declared type need not be the actual one
    for key, value in entries.items():
        fits = isinstance(value, str) or (removable and value is None)
        if not (isinstance(key, str) and fits):
            raise InvalidInput(
                f"{argument} contains {key!r}: {value!r}, but must map text to text",
                argument=argument,
                hint="Put both in quotes",
            )
    return entries


def patch(spec: dict[str, Any], resource_version: str | None) -> dict[str, Any]:
    """Return a merge patch, which conflicts unless `resource_version` is current."""
    changes = omit_unset(spec)
    if not changes:
        raise InvalidInput("There is nothing to change", hint="Name at least one field to update")
    body: dict[str, Any] = {"spec": changes}
    if resource_version is not None:
        body["metadata"] = {"resourceVersion": resource_version}
    return body
