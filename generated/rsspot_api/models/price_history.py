from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from typing import cast

if TYPE_CHECKING:
    from ..models.price_point import PricePoint


T = TypeVar("T", bound="PriceHistory")


@_attrs_define
class PriceHistory:
    """The prices that the auctions of one server class came to.

    Attributes:
        auction (str): Name of the server class.
        history (list[PricePoint]): The auctions, each with its time and price.
    """

    auction: str
    history: list[PricePoint]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.price_point import PricePoint  # noqa: PLC0415

        auction = self.auction

        history = []
        for history_item_data in self.history:
            history_item = history_item_data.to_dict()
            history.append(history_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "auction": auction,
                "history": history,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.price_point import PricePoint  # noqa: PLC0415

        d = dict(src_dict)
        auction = d.pop("auction")

        history = []
        _history = d.pop("history")
        for history_item_data in _history:
            history_item = PricePoint.from_dict(history_item_data)

            history.append(history_item)

        price_history = cls(
            auction=auction,
            history=history,
        )

        price_history.additional_properties = d
        return price_history

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
