"""One difference between a document and what exists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from attrs import field, frozen

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["DocumentChange"]


@frozen
class DocumentChange:
    """A cloudspace or pool that is created, updated, deleted, or kept as it is.

    Attributes:
        action: what is done.
        kind: ``cloudspace``, or the kind of the pool: ``spot``, ``ondemand`` or ``autopilot``.
        name: the name of the object; pools with a key have a UUID.
        key: the key of the pool in the document, or its name.
        fields: the value before and after, by the name of the field.
    """

    action: Literal["create", "update", "delete", "keep"]
    kind: Literal["cloudspace", "spot", "ondemand", "autopilot"]
    name: str
    key: str
    fields: Mapping[str, tuple[Any, Any]] = field(factory=dict[str, tuple[Any, Any]])
