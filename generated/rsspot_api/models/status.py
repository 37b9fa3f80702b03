from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast
from typing import Literal, cast

if TYPE_CHECKING:
    from ..models.list_meta import ListMeta
    from ..models.status_details import StatusDetails


T = TypeVar("T", bound="Status")


@_attrs_define
class Status:
    """The outcome of a request that does not return an object; the usual error body.

    Attributes:
        api_version (str | Unset): `v1`, unlike everything else here. Default: 'v1'.
        kind (Literal['Status'] | Unset): Tells this body from an object. Default: 'Status'.
        metadata (ListMeta | Unset): What a list carries beside its items.
        status (str | Unset): `Success` or `Failure`.
        message (str | Unset): What happened, for people.
        reason (str | Unset): What happened, in a word for programs, for example `NotFound`, `AlreadyExists`,
            `Conflict`, `Invalid`, `Forbidden`, `Expired`.
        code (int | Unset): The HTTP status once more.
        details (StatusDetails | Unset): The object and the fields that a `Status` is about.
    """

    api_version: str | Unset = "v1"
    kind: Literal["Status"] | Unset = "Status"
    metadata: ListMeta | Unset = UNSET
    status: str | Unset = UNSET
    message: str | Unset = UNSET
    reason: str | Unset = UNSET
    code: int | Unset = UNSET
    details: StatusDetails | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.list_meta import ListMeta  # noqa: PLC0415
        from ..models.status_details import StatusDetails  # noqa: PLC0415

        api_version = self.api_version

        kind = self.kind

        metadata: dict[str, Any] | Unset = UNSET
        if not isinstance(self.metadata, Unset):
            metadata = self.metadata.to_dict()

        status = self.status

        message = self.message

        reason = self.reason

        code = self.code

        details: dict[str, Any] | Unset = UNSET
        if not isinstance(self.details, Unset):
            details = self.details.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if api_version is not UNSET:
            field_dict["apiVersion"] = api_version
        if kind is not UNSET:
            field_dict["kind"] = kind
        if metadata is not UNSET:
            field_dict["metadata"] = metadata
        if status is not UNSET:
            field_dict["status"] = status
        if message is not UNSET:
            field_dict["message"] = message
        if reason is not UNSET:
            field_dict["reason"] = reason
        if code is not UNSET:
            field_dict["code"] = code
        if details is not UNSET:
            field_dict["details"] = details

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.list_meta import ListMeta  # noqa: PLC0415
        from ..models.status_details import StatusDetails  # noqa: PLC0415

        d = dict(src_dict)
        api_version = d.pop("apiVersion", UNSET)

        kind = cast(Literal["Status"] | Unset, d.pop("kind", UNSET))
        if kind != "Status" and not isinstance(kind, Unset):
            raise ValueError(f"kind must match const 'Status', got '{kind}'")

        _metadata = d.pop("metadata", UNSET)
        metadata: ListMeta | Unset
        if isinstance(_metadata, Unset):
            metadata = UNSET
        else:
            metadata = ListMeta.from_dict(_metadata)

        status = d.pop("status", UNSET)

        message = d.pop("message", UNSET)

        reason = d.pop("reason", UNSET)

        code = d.pop("code", UNSET)

        _details = d.pop("details", UNSET)
        details: StatusDetails | Unset
        if isinstance(_details, Unset):
            details = UNSET
        else:
            details = StatusDetails.from_dict(_details)

        status = cls(
            api_version=api_version,
            kind=kind,
            metadata=metadata,
            status=status,
            message=message,
            reason=reason,
            code=code,
            details=details,
        )

        status.additional_properties = d
        return status

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
