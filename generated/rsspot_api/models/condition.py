from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast
import datetime


T = TypeVar("T", bound="Condition")


@_attrs_define
class Condition:
    """One observed aspect of a cloudspace, in the manner of Cluster API.

    Attributes:
        type_ (str): Which aspect. No closed list is published.
        status (str): `True`, `False` or `Unknown`.
        last_transition_time (datetime.datetime): When `status` last changed.
        reason (str | Unset): A word for programs on why.
        message (str | Unset): A sentence for people on why.
        severity (str | Unset): How bad a `False` is. Empty when it is not.
    """

    type_: str
    status: str
    last_transition_time: datetime.datetime
    reason: str | Unset = UNSET
    message: str | Unset = UNSET
    severity: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        type_ = self.type_

        status = self.status

        last_transition_time = self.last_transition_time.isoformat()

        reason = self.reason

        message = self.message

        severity = self.severity

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "type": type_,
                "status": status,
                "lastTransitionTime": last_transition_time,
            }
        )
        if reason is not UNSET:
            field_dict["reason"] = reason
        if message is not UNSET:
            field_dict["message"] = message
        if severity is not UNSET:
            field_dict["severity"] = severity

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        type_ = d.pop("type")

        status = d.pop("status")

        last_transition_time = datetime.datetime.fromisoformat(
            d.pop("lastTransitionTime")
        )

        reason = d.pop("reason", UNSET)

        message = d.pop("message", UNSET)

        severity = d.pop("severity", UNSET)

        condition = cls(
            type_=type_,
            status=status,
            last_transition_time=last_transition_time,
            reason=reason,
            message=message,
            severity=severity,
        )

        condition.additional_properties = d
        return condition

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
