"""Lists that calls return: plain lists that name what replaced attributes of rsspot 0.3.0."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

__all__ = ["Results"]

T = TypeVar("T")


class Results(list[T]):
    """A list. It differs from any other in the error for an attribute that lists do not have."""

    __slots__ = ()

    if not TYPE_CHECKING:  # a type checker would accept any name

        def __getattr__(self, name: str) -> object:
            from rsspot.renamed import missing_attribute

            raise missing_attribute(self, name, ("a list",))
