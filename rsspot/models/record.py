"""Records: small frozen objects from one response, each with its part of the JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar, cast

from attrs import field, frozen

from rsspot.models.display import html_table, one_line
from rsspot.models.view import make_raw

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Record"]

RawT_co = TypeVar("RawT_co", covariant=True)


@frozen(repr=False)
class Record(Generic[RawT_co]):
    """The base of all records. Records are equal when all their fields are equal.

    `wire` is the JSON that a record was read from; it does not count for equality.
    """

    model: ClassVar[str]
    """The name of the generated model that `raw` is."""

    _wire: dict[str, Any] = field(factory=dict[str, Any], kw_only=True, alias="wire", eq=False)
    """The JSON that it was read from, for `to_dict` and `raw`."""

    @property
    def raw(self) -> RawT_co:
        """The generated model of this part: every field of the document, and unknown ones."""
        return cast("RawT_co", make_raw(self._model, self._wire))

    def to_dict(self) -> dict[str, Any]:
        """Return a copy of the JSON object that this was read from."""
        from copy import deepcopy

        return deepcopy(self._wire)

    @property
    def _model(self) -> str:
        return self.model

    if not TYPE_CHECKING:  # a type checker would accept any name

        def __getattr__(self, name: str) -> object:
            from rsspot.renamed import missing_attribute

            raise missing_attribute(self, name, ("a result",))

        def __getitem__(self, name: object) -> object:
            from rsspot.renamed import not_subscriptable

            raise not_subscriptable(self, name)

        __iter__ = None  # `__getitem__` alone would make it iterable

    def __repr__(self) -> str:
        return one_line(type(self), self._shown())

    def _repr_html_(self) -> str:
        return html_table(type(self), self._shown())

    def _shown(self) -> Iterator[tuple[str, Any]]:
        for item in getattr(type(self), "__attrs_attrs__"):  # noqa: B009 - unknown to type checkers
            if item.name != "_wire":
                yield item.name, getattr(self, item.name)
