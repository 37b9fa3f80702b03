from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..models.taint_effect import TaintEffect
from ..types import UNSET, Unset
from typing import cast
import datetime


T = TypeVar("T", bound="Taint")


@_attrs_define
class Taint:
    """Keeps pods away from a node unless they tolerate it.

    Attributes:
        key (str): Key, in the syntax of Kubernetes labels.
        effect (TaintEffect): What a taint does to pods that do not tolerate it.
        value (str | Unset): Value, if any.
        time_added (datetime.datetime | None | Unset): When it was put on; of use with `NoExecute` only.
    """

    key: str
    effect: TaintEffect
    value: str | Unset = UNSET
    time_added: datetime.datetime | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        key = self.key

        effect = self.effect.value

        value = self.value

        time_added: None | str | Unset
        if isinstance(self.time_added, Unset):
            time_added = UNSET
        elif isinstance(self.time_added, datetime.datetime):
            time_added = self.time_added.isoformat()
        else:
            time_added = self.time_added

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "key": key,
                "effect": effect,
            }
        )
        if value is not UNSET:
            field_dict["value"] = value
        if time_added is not UNSET:
            field_dict["timeAdded"] = time_added

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        key = d.pop("key")

        effect = TaintEffect(d.pop("effect"))

        value = d.pop("value", UNSET)

        def _parse_time_added(data: object) -> datetime.datetime | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                time_added_type_0 = datetime.datetime.fromisoformat(data)

                return time_added_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None | Unset, data)

        time_added = _parse_time_added(d.pop("timeAdded", UNSET))

        taint = cls(
            key=key,
            effect=effect,
            value=value,
            time_added=time_added,
        )

        taint.additional_properties = d
        return taint

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
