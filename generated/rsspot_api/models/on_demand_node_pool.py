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
    from ..models.on_demand_node_pool_spec import OnDemandNodePoolSpec
    from ..models.on_demand_node_pool_status import OnDemandNodePoolStatus


T = TypeVar("T", bound="OnDemandNodePool")


@_attrs_define
class OnDemandNodePool:
    """A number of servers of one class for a cloudspace at the class's fixed price.

    Attributes:
        metadata (ObjectMeta): What every object carries beside its own data.
        spec (OnDemandNodePoolSpec): What an on-demand node pool shall be. It has no price of its own: `onDemandPricing`
            of the server class is billed.
        api_version (Literal['ngpc.rxt.io/v1'] | Unset): API group and version; may be absent inside a list. Default:
            'ngpc.rxt.io/v1'.
        kind (Literal['OnDemandNodePool'] | Unset): Kind of the object; may be absent inside a list. Default:
            'OnDemandNodePool'.
        status (OnDemandNodePoolStatus | Unset): How the reservation fares.
    """

    metadata: ObjectMeta
    spec: OnDemandNodePoolSpec
    api_version: Literal["ngpc.rxt.io/v1"] | Unset = "ngpc.rxt.io/v1"
    kind: Literal["OnDemandNodePool"] | Unset = "OnDemandNodePool"
    status: OnDemandNodePoolStatus | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.object_meta import ObjectMeta  # noqa: PLC0415
        from ..models.on_demand_node_pool_spec import OnDemandNodePoolSpec  # noqa: PLC0415
        from ..models.on_demand_node_pool_status import OnDemandNodePoolStatus  # noqa: PLC0415

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
        from ..models.on_demand_node_pool_spec import OnDemandNodePoolSpec  # noqa: PLC0415
        from ..models.on_demand_node_pool_status import OnDemandNodePoolStatus  # noqa: PLC0415

        d = dict(src_dict)
        metadata = ObjectMeta.from_dict(d.pop("metadata"))

        spec = OnDemandNodePoolSpec.from_dict(d.pop("spec"))

        api_version = cast(
            Literal["ngpc.rxt.io/v1"] | Unset, d.pop("apiVersion", UNSET)
        )
        if api_version != "ngpc.rxt.io/v1" and not isinstance(api_version, Unset):
            raise ValueError(
                f"apiVersion must match const 'ngpc.rxt.io/v1', got '{api_version}'"
            )

        kind = cast(Literal["OnDemandNodePool"] | Unset, d.pop("kind", UNSET))
        if kind != "OnDemandNodePool" and not isinstance(kind, Unset):
            raise ValueError(f"kind must match const 'OnDemandNodePool', got '{kind}'")

        _status = d.pop("status", UNSET)
        status: OnDemandNodePoolStatus | Unset
        if isinstance(_status, Unset):
            status = UNSET
        else:
            status = OnDemandNodePoolStatus.from_dict(_status)

        on_demand_node_pool = cls(
            metadata=metadata,
            spec=spec,
            api_version=api_version,
            kind=kind,
            status=status,
        )

        on_demand_node_pool.additional_properties = d
        return on_demand_node_pool

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
