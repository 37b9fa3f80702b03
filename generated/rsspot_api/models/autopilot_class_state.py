from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast
import datetime


T = TypeVar("T", bound="AutopilotClassState")


@_attrs_define
class AutopilotClassState:
    """How a server class fared when it was tried.

    Attributes:
        server_class (str | Unset): Name of the server class.
        last_outcome (str | Unset): How the last try ended; values are not known.
        last_attempt_time (datetime.datetime | None | Unset): When it was last tried.
        cooldown_until (datetime.datetime | None | Unset): It is not tried again before this.
    """

    server_class: str | Unset = UNSET
    last_outcome: str | Unset = UNSET
    last_attempt_time: datetime.datetime | None | Unset = UNSET
    cooldown_until: datetime.datetime | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        server_class = self.server_class

        last_outcome = self.last_outcome

        last_attempt_time: None | str | Unset
        if isinstance(self.last_attempt_time, Unset):
            last_attempt_time = UNSET
        elif isinstance(self.last_attempt_time, datetime.datetime):
            last_attempt_time = self.last_attempt_time.isoformat()
        else:
            last_attempt_time = self.last_attempt_time

        cooldown_until: None | str | Unset
        if isinstance(self.cooldown_until, Unset):
            cooldown_until = UNSET
        elif isinstance(self.cooldown_until, datetime.datetime):
            cooldown_until = self.cooldown_until.isoformat()
        else:
            cooldown_until = self.cooldown_until

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if server_class is not UNSET:
            field_dict["serverClass"] = server_class
        if last_outcome is not UNSET:
            field_dict["lastOutcome"] = last_outcome
        if last_attempt_time is not UNSET:
            field_dict["lastAttemptTime"] = last_attempt_time
        if cooldown_until is not UNSET:
            field_dict["cooldownUntil"] = cooldown_until

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        server_class = d.pop("serverClass", UNSET)

        last_outcome = d.pop("lastOutcome", UNSET)

        def _parse_last_attempt_time(data: object) -> datetime.datetime | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                last_attempt_time_type_0 = datetime.datetime.fromisoformat(data)

                return last_attempt_time_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None | Unset, data)

        last_attempt_time = _parse_last_attempt_time(d.pop("lastAttemptTime", UNSET))

        def _parse_cooldown_until(data: object) -> datetime.datetime | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                cooldown_until_type_0 = datetime.datetime.fromisoformat(data)

                return cooldown_until_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None | Unset, data)

        cooldown_until = _parse_cooldown_until(d.pop("cooldownUntil", UNSET))

        autopilot_class_state = cls(
            server_class=server_class,
            last_outcome=last_outcome,
            last_attempt_time=last_attempt_time,
            cooldown_until=cooldown_until,
        )

        autopilot_class_state.additional_properties = d
        return autopilot_class_state

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
