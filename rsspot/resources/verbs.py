"""Which operations the API has for a kind of object."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from rsspot_api.operations import Operation

__all__ = ["Verbs"]


class Verbs(NamedTuple):
    """The operations of one kind of object, as far as the API has them."""

    list: Operation
    get: Operation | None = None
    create: Operation | None = None
    replace: Operation | None = None
    patch: Operation | None = None
    delete: Operation | None = None
    delete_all: Operation | None = None
