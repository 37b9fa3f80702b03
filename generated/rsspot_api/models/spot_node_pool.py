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
    from ..models.spot_node_pool_spec import SpotNodePoolSpec
    from ..models.spot_node_pool_status import SpotNodePoolStatus


T = TypeVar("T", bound="SpotNodePool")


@_attrs_define
class SpotNodePool:
    """A number of servers of one class for a cloudspace, each bid for in the auction.

    Attributes:
        metadata (ObjectMeta): What every object carries beside its own data.
        spec (SpotNodePoolSpec): What a spot node pool shall be.
        api_version (Literal['ngpc.rxt.io/v1'] | Unset): API group and version; may be absent inside a list. Default:
            'ngpc.rxt.io/v1'.
        kind (Literal['SpotNodePool'] | Unset): Kind of the object; may be absent inside a list. Default:
            'SpotNodePool'.
        status (SpotNodePoolStatus | Unset): How the bid fares.
    """

    metadata: ObjectMeta
    spec: SpotNodePoolSpec
    api_version: Literal["ngpc.rxt.io/v1"] | Unset = "ngpc.rxt.io/v1"
    kind: Literal["SpotNodePool"] | Unset = "SpotNodePool"
    status: SpotNodePoolStatus | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.object_meta import ObjectMeta  # noqa: PLC0415
        from ..models.spot_node_pool_spec import SpotNodePoolSpec  # noqa: PLC0415
        from ..models.spot_node_pool_status import SpotNodePoolStatus  # noqa: PLC0415

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
        from ..models.spot_node_pool_spec import SpotNodePoolSpec  # noqa: PLC0415
        from ..models.spot_node_pool_status import SpotNodePoolStatus  # noqa: PLC0415

        d = dict(src_dict)
        metadata = ObjectMeta.from_dict(d.pop("metadata"))

        spec = SpotNodePoolSpec.from_dict(d.pop("spec"))

        api_version = cast(
            Literal["ngpc.rxt.io/v1"] | Unset, d.pop("apiVersion", UNSET)
        )
        if api_version != "ngpc.rxt.io/v1" and not isinstance(api_version, Unset):
            raise ValueError(
                f"apiVersion must match const 'ngpc.rxt.io/v1', got '{api_version}'"
            )

        kind = cast(Literal["SpotNodePool"] | Unset, d.pop("kind", UNSET))
        if kind != "SpotNodePool" and not isinstance(kind, Unset):
            raise ValueError(f"kind must match const 'SpotNodePool', got '{kind}'")

        _status = d.pop("status", UNSET)
        status: SpotNodePoolStatus | Unset
        if isinstance(_status, Unset):
            status = UNSET
        else:
            status = SpotNodePoolStatus.from_dict(_status)

        spot_node_pool = cls(
            metadata=metadata,
            spec=spec,
            api_version=api_version,
            kind=kind,
            status=status,
        )

        spot_node_pool.additional_properties = d
        return spot_node_pool

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
