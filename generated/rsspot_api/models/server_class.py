from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast

if TYPE_CHECKING:
    from ..models.object_meta import ObjectMeta
    from ..models.server_class_spec import ServerClassSpec
    from ..models.server_class_status import ServerClassStatus


T = TypeVar("T", bound="ServerClass")


@_attrs_define
class ServerClass:
    """A kind of server in one region, with its stock and current prices. Can only be read.

    Attributes:
        api_version (str | Unset): `ngpc.rxt.io/v1`; may be absent inside a list.
        kind (str | Unset): `ServerClass`; may be absent inside a list.
        metadata (ObjectMeta | Unset): What every object carries beside its own data.
        spec (ServerClassSpec | Unset): What a server of the class is.
        status (ServerClassStatus | Unset): Stock and prices of the moment.
    """

    api_version: str | Unset = UNSET
    kind: str | Unset = UNSET
    metadata: ObjectMeta | Unset = UNSET
    spec: ServerClassSpec | Unset = UNSET
    status: ServerClassStatus | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.object_meta import ObjectMeta  # noqa: PLC0415
        from ..models.server_class_spec import ServerClassSpec  # noqa: PLC0415
        from ..models.server_class_status import ServerClassStatus  # noqa: PLC0415

        api_version = self.api_version

        kind = self.kind

        metadata: dict[str, Any] | Unset = UNSET
        if not isinstance(self.metadata, Unset):
            metadata = self.metadata.to_dict()

        spec: dict[str, Any] | Unset = UNSET
        if not isinstance(self.spec, Unset):
            spec = self.spec.to_dict()

        status: dict[str, Any] | Unset = UNSET
        if not isinstance(self.status, Unset):
            status = self.status.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if api_version is not UNSET:
            field_dict["apiVersion"] = api_version
        if kind is not UNSET:
            field_dict["kind"] = kind
        if metadata is not UNSET:
            field_dict["metadata"] = metadata
        if spec is not UNSET:
            field_dict["spec"] = spec
        if status is not UNSET:
            field_dict["status"] = status

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.object_meta import ObjectMeta  # noqa: PLC0415
        from ..models.server_class_spec import ServerClassSpec  # noqa: PLC0415
        from ..models.server_class_status import ServerClassStatus  # noqa: PLC0415

        d = dict(src_dict)
        api_version = d.pop("apiVersion", UNSET)

        kind = d.pop("kind", UNSET)

        _metadata = d.pop("metadata", UNSET)
        metadata: ObjectMeta | Unset
        if isinstance(_metadata, Unset):
            metadata = UNSET
        else:
            metadata = ObjectMeta.from_dict(_metadata)

        _spec = d.pop("spec", UNSET)
        spec: ServerClassSpec | Unset
        if isinstance(_spec, Unset):
            spec = UNSET
        else:
            spec = ServerClassSpec.from_dict(_spec)

        _status = d.pop("status", UNSET)
        status: ServerClassStatus | Unset
        if isinstance(_status, Unset):
            status = UNSET
        else:
            status = ServerClassStatus.from_dict(_status)

        server_class = cls(
            api_version=api_version,
            kind=kind,
            metadata=metadata,
            spec=spec,
            status=status,
        )

        server_class.additional_properties = d
        return server_class

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
