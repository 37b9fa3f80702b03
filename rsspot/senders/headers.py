"""Header fields, whose names are case-insensitive (RFC 9110, section 5.1)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import ItemsView, Iterable, Iterator
    from collections.abc import Set as AbstractSet

__all__ = ["Headers"]

_SECRET = re.compile("auth|cookie|key|secret|token", re.IGNORECASE)


class Headers(Mapping[str, str]):
    """An immutable mapping of header fields with case-insensitive names.

    Fields of one name are joined with a comma (RFC 9110, section 5.2). `httpx.Headers` does the
    same and more, but a response from the cache must not import httpx.

    Args:
        fields: Names and values (default: none).
    """

    __slots__ = ("_fields",)

    def __init__(self, fields: Mapping[str, str] | None = None) -> None:
        self._fields: dict[str, tuple[str, str]]
        # Not `isinstance`, which takes long to say that another class is not this one.
        if type(fields) is Headers:
            self._fields = fields._fields
        else:
            self._fields = {name.lower(): (name, value) for name, value in (fields or {}).items()}

    @classmethod
    def joined(cls, pairs: Iterable[tuple[str, str]]) -> Headers:
        """Return the fields in the order in which they came; a name may occur twice.

        Args:
            pairs: Names and values.
        """
        headers = cls.__new__(cls)
        fields = headers._fields = {}
        for name, value in pairs:
            key = name.lower()
            known = fields.get(key)
            fields[key] = (name, f"{known[1]}, {value}" if known else value)
        return headers

    def __getitem__(self, name: str) -> str:
        return self._fields[name.lower()][1]

    def __iter__(self) -> Iterator[str]:
        return (name for name, _ in self._fields.values())

    def __len__(self) -> int:
        return len(self._fields)

    def items(self) -> ItemsView[str, str]:
        """Return names and values; faster than the method of a mapping."""
        return dict(self._fields.values()).items()

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name.lower() in self._fields

    def __repr__(self) -> str:
        shown = {
            name: "[secret]" if _SECRET.search(name) else value for name, value in self.items()
        }
        return f"Headers({shown!r})"

    def has_any(self, names: AbstractSet[str]) -> bool:
        """Return whether there is a field with one of several names.

        Args:
            names: Names in lower case.
        """
        return not self._fields.keys().isdisjoint(names)

    def replace(self, fields: Mapping[str, str]) -> Headers:
        """Return these fields, with those of the same name replaced.

        Args:
            fields: Names and values.
        """
        copy = Headers.__new__(Headers)
        merged = copy._fields = self._fields.copy()
        for name in fields:
            merged[name.lower()] = (name, fields[name])
        return copy

    def without(self, names: AbstractSet[str]) -> Headers:
        """Return these fields without those of some names.

        Args:
            names: Names in lower case.
        """
        if not names & self._fields.keys():
            return self
        copy = Headers()
        copy._fields = {name: each for name, each in self._fields.items() if name not in names}
        return copy
