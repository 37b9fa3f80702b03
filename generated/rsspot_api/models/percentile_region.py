from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast

if TYPE_CHECKING:
    from ..models.percentile_server_classes import PercentileServerClasses


T = TypeVar("T", bound="PercentileRegion")


@_attrs_define
class PercentileRegion:
    """The server classes of one region.

    Attributes:
        generation (str | Unset): Generation of the region, `v1` or `v2` so far.
        serverclasses (PercentileServerClasses | Unset): Server classes by name.
    """

    generation: str | Unset = UNSET
    serverclasses: PercentileServerClasses | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.percentile_server_classes import PercentileServerClasses  # noqa: PLC0415

        generation = self.generation

        serverclasses: dict[str, Any] | Unset = UNSET
        if not isinstance(self.serverclasses, Unset):
            serverclasses = self.serverclasses.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if generation is not UNSET:
            field_dict["generation"] = generation
        if serverclasses is not UNSET:
            field_dict["serverclasses"] = serverclasses

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.percentile_server_classes import PercentileServerClasses  # noqa: PLC0415

        d = dict(src_dict)
        generation = d.pop("generation", UNSET)

        _serverclasses = d.pop("serverclasses", UNSET)
        serverclasses: PercentileServerClasses | Unset
        if isinstance(_serverclasses, Unset):
            serverclasses = UNSET
        else:
            serverclasses = PercentileServerClasses.from_dict(_serverclasses)

        percentile_region = cls(
            generation=generation,
            serverclasses=serverclasses,
        )

        percentile_region.additional_properties = d
        return percentile_region

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
