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
    from ..models.object_meta import ObjectMeta
    from ..models.vm_pool_spec import VMPoolSpec
    from ..models.vm_pool_status import VMPoolStatus


T = TypeVar("T", bound="VMPool")


@_attrs_define
class VMPool:
    """A number of virtual machines of one class for a VM cloudspace.

    Attributes:
        metadata (ObjectMeta): What every object carries beside its own data.
        spec (VMPoolSpec): What a VM pool shall be. Clients always send `vmCloudSpace`, `serverClass` and `desired`, and
            a bid for spot machines.
        api_version (Literal['ngpc.rxt.io/v1'] | Unset): API group and version; may be absent inside a list. Default:
            'ngpc.rxt.io/v1'.
        kind (Literal['VMPool'] | Unset): Kind of the object; may be absent inside a list. Default: 'VMPool'.
        status (VMPoolStatus | Unset): How the bid fares.
    """

    metadata: ObjectMeta
    spec: VMPoolSpec
    api_version: Literal["ngpc.rxt.io/v1"] | Unset = "ngpc.rxt.io/v1"
    kind: Literal["VMPool"] | Unset = "VMPool"
    status: VMPoolStatus | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.object_meta import ObjectMeta  # noqa: PLC0415
        from ..models.vm_pool_spec import VMPoolSpec  # noqa: PLC0415
        from ..models.vm_pool_status import VMPoolStatus  # noqa: PLC0415

        metadata = self.metadata.to_dict()

        spec = self.spec.to_dict()

        api_version = self.api_version

        kind = self.kind

        status: dict[str, Any] | Unset = UNSET
        if not isinstance(self.status, Unset):
            status = self.status.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "metadata": metadata,
                "spec": spec,
            }
        )
        if api_version is not UNSET:
            field_dict["apiVersion"] = api_version
        if kind is not UNSET:
            field_dict["kind"] = kind
        if status is not UNSET:
            field_dict["status"] = status

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.object_meta import ObjectMeta  # noqa: PLC0415
        from ..models.vm_pool_spec import VMPoolSpec  # noqa: PLC0415
        from ..models.vm_pool_status import VMPoolStatus  # noqa: PLC0415

        d = dict(src_dict)
        metadata = ObjectMeta.from_dict(d.pop("metadata"))

        spec = VMPoolSpec.from_dict(d.pop("spec"))

        api_version = cast(
            Literal["ngpc.rxt.io/v1"] | Unset, d.pop("apiVersion", UNSET)
        )
        if api_version != "ngpc.rxt.io/v1" and not isinstance(api_version, Unset):
            raise ValueError(
                f"apiVersion must match const 'ngpc.rxt.io/v1', got '{api_version}'"
            )

        kind = cast(Literal["VMPool"] | Unset, d.pop("kind", UNSET))
        if kind != "VMPool" and not isinstance(kind, Unset):
            raise ValueError(f"kind must match const 'VMPool', got '{kind}'")

        _status = d.pop("status", UNSET)
        status: VMPoolStatus | Unset
        if isinstance(_status, Unset):
            status = UNSET
        else:
            status = VMPoolStatus.from_dict(_status)

        vm_pool = cls(
            metadata=metadata,
            spec=spec,
            api_version=api_version,
            kind=kind,
            status=status,
        )

        vm_pool.additional_properties = d
        return vm_pool

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
