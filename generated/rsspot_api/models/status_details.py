from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast

if TYPE_CHECKING:
    from ..models.status_cause import StatusCause


T = TypeVar("T", bound="StatusDetails")


@_attrs_define
class StatusDetails:
    """The object and the fields that a `Status` is about.

    Attributes:
        name (str | Unset): Name of the object.
        group (str | Unset): API group, usually `ngpc.rxt.io`.
        kind (str | Unset): Kind of the object, often as the lower-case plural of the path.
        uid (str | Unset): Uid of the object.
        causes (list[StatusCause] | Unset): One entry for each thing that is wrong.
        retry_after_seconds (int | Unset): Seconds to wait before another try.
    """

    name: str | Unset = UNSET
    group: str | Unset = UNSET
    kind: str | Unset = UNSET
    uid: str | Unset = UNSET
    causes: list[StatusCause] | Unset = UNSET
    retry_after_seconds: int | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.status_cause import StatusCause  # noqa: PLC0415

        name = self.name

        group = self.group

        kind = self.kind

        uid = self.uid

        causes: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.causes, Unset):
            causes = []
            for causes_item_data in self.causes:
                causes_item = causes_item_data.to_dict()
                causes.append(causes_item)

        retry_after_seconds = self.retry_after_seconds

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if name is not UNSET:
            field_dict["name"] = name
        if group is not UNSET:
            field_dict["group"] = group
        if kind is not UNSET:
            field_dict["kind"] = kind
        if uid is not UNSET:
            field_dict["uid"] = uid
        if causes is not UNSET:
            field_dict["causes"] = causes
        if retry_after_seconds is not UNSET:
            field_dict["retryAfterSeconds"] = retry_after_seconds

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.status_cause import StatusCause  # noqa: PLC0415

        d = dict(src_dict)
        name = d.pop("name", UNSET)

        group = d.pop("group", UNSET)

        kind = d.pop("kind", UNSET)

        uid = d.pop("uid", UNSET)

        _causes = d.pop("causes", UNSET)
        causes: list[StatusCause] | Unset = UNSET
        if _causes is not UNSET:
            causes = []
            for causes_item_data in _causes:
                causes_item = StatusCause.from_dict(causes_item_data)

                causes.append(causes_item)

        retry_after_seconds = d.pop("retryAfterSeconds", UNSET)

        status_details = cls(
            name=name,
            group=group,
            kind=kind,
            uid=uid,
            causes=causes,
            retry_after_seconds=retry_after_seconds,
        )

        status_details.additional_properties = d
        return status_details

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
