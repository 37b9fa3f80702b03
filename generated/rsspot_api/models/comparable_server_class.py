from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast

if TYPE_CHECKING:
    from ..models.comparable import Comparable


T = TypeVar("T", bound="ComparableServerClass")


@_attrs_define
class ComparableServerClass:
    """What servers like those of one class cost elsewhere.

    Attributes:
        hyperscaler_average_price (str | Unset): The mean, in US dollars an hour, with a currency sign, for example
            `$0.009`.
        comparables (list[Comparable] | Unset): The servers compared with.
    """

    hyperscaler_average_price: str | Unset = UNSET
    comparables: list[Comparable] | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.comparable import Comparable  # noqa: PLC0415

        hyperscaler_average_price = self.hyperscaler_average_price

        comparables: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.comparables, Unset):
            comparables = []
            for comparables_item_data in self.comparables:
                comparables_item = comparables_item_data.to_dict()
                comparables.append(comparables_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if hyperscaler_average_price is not UNSET:
            field_dict["hyperscaler_average_price"] = hyperscaler_average_price
        if comparables is not UNSET:
            field_dict["comparables"] = comparables

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.comparable import Comparable  # noqa: PLC0415

        d = dict(src_dict)
        hyperscaler_average_price = d.pop("hyperscaler_average_price", UNSET)

        _comparables = d.pop("comparables", UNSET)
        comparables: list[Comparable] | Unset = UNSET
        if _comparables is not UNSET:
            comparables = []
            for comparables_item_data in _comparables:
                comparables_item = Comparable.from_dict(comparables_item_data)

                comparables.append(comparables_item)

        comparable_server_class = cls(
            hyperscaler_average_price=hyperscaler_average_price,
            comparables=comparables,
        )

        comparable_server_class.additional_properties = d
        return comparable_server_class

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
