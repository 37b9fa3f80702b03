from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast

if TYPE_CHECKING:
    from ..models.annotations import Annotations
    from ..models.autoscaling import Autoscaling
    from ..models.labels import Labels
    from ..models.taint import Taint


T = TypeVar("T", bound="SpotNodePoolSpec")


@_attrs_define
class SpotNodePoolSpec:
    """What a spot node pool shall be.

    Attributes:
        cloud_space (str): Name of the cloudspace, which has to exist. Mind the capital S. Cannot be changed.
        server_class (str): Name of the server class, of the cloudspace's region. Cannot be changed.
        desired (int): How many servers are wanted. At least 1 on create, with autoscaling too (send `minNodes` then); a
            patch may set 0.
        bid_price (str): US dollars for a server and hour: digits, optionally a point and one to three decimals. The
            server refuses bids below the floor of the server class (`spec.minBidPricePerHour`, or the market price if that
            is higher) and, since mid-2026, bids between the rungs of its ladder: whole cents from 0.01, in steps of 0.01
            below 0.04, 0.02 below 0.10, 0.03 below 0.20 and 0.05 from there on. You pay the market price, or the floor if
            that is higher, never more than the bid.
        autoscaling (Autoscaling | Unset): Bounds within which the number of servers follows the load.
        custom_labels (Labels | Unset): Label keys with their values, in the syntax of Kubernetes labels.
        custom_annotations (Annotations | Unset): Annotation keys with their values.
        custom_taints (list[Taint] | Unset): Taints for the nodes, put on once, shortly after a node has joined.
    """

    cloud_space: str
    server_class: str
    desired: int
    bid_price: str
    autoscaling: Autoscaling | Unset = UNSET
    custom_labels: Labels | Unset = UNSET
    custom_annotations: Annotations | Unset = UNSET
    custom_taints: list[Taint] | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.annotations import Annotations  # noqa: PLC0415
        from ..models.autoscaling import Autoscaling  # noqa: PLC0415
        from ..models.labels import Labels  # noqa: PLC0415
        from ..models.taint import Taint  # noqa: PLC0415

        cloud_space = self.cloud_space

        server_class = self.server_class

        desired = self.desired

        bid_price = self.bid_price

        autoscaling: dict[str, Any] | Unset = UNSET
        if not isinstance(self.autoscaling, Unset):
            autoscaling = self.autoscaling.to_dict()

        custom_labels: dict[str, Any] | Unset = UNSET
        if not isinstance(self.custom_labels, Unset):
            custom_labels = self.custom_labels.to_dict()

        custom_annotations: dict[str, Any] | Unset = UNSET
        if not isinstance(self.custom_annotations, Unset):
            custom_annotations = self.custom_annotations.to_dict()

        custom_taints: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.custom_taints, Unset):
            custom_taints = []
            for custom_taints_item_data in self.custom_taints:
                custom_taints_item = custom_taints_item_data.to_dict()
                custom_taints.append(custom_taints_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "cloudSpace": cloud_space,
                "serverClass": server_class,
                "desired": desired,
                "bidPrice": bid_price,
            }
        )
        if autoscaling is not UNSET:
            field_dict["autoscaling"] = autoscaling
        if custom_labels is not UNSET:
            field_dict["customLabels"] = custom_labels
        if custom_annotations is not UNSET:
            field_dict["customAnnotations"] = custom_annotations
        if custom_taints is not UNSET:
            field_dict["customTaints"] = custom_taints

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.annotations import Annotations  # noqa: PLC0415
        from ..models.autoscaling import Autoscaling  # noqa: PLC0415
        from ..models.labels import Labels  # noqa: PLC0415
        from ..models.taint import Taint  # noqa: PLC0415

        d = dict(src_dict)
        cloud_space = d.pop("cloudSpace")

        server_class = d.pop("serverClass")

        desired = d.pop("desired")

        bid_price = d.pop("bidPrice")

        _autoscaling = d.pop("autoscaling", UNSET)
        autoscaling: Autoscaling | Unset
        if isinstance(_autoscaling, Unset):
            autoscaling = UNSET
        else:
            autoscaling = Autoscaling.from_dict(_autoscaling)

        _custom_labels = d.pop("customLabels", UNSET)
        custom_labels: Labels | Unset
        if isinstance(_custom_labels, Unset):
            custom_labels = UNSET
        else:
            custom_labels = Labels.from_dict(_custom_labels)

        _custom_annotations = d.pop("customAnnotations", UNSET)
        custom_annotations: Annotations | Unset
        if isinstance(_custom_annotations, Unset):
            custom_annotations = UNSET
        else:
            custom_annotations = Annotations.from_dict(_custom_annotations)

        _custom_taints = d.pop("customTaints", UNSET)
        custom_taints: list[Taint] | Unset = UNSET
        if _custom_taints is not UNSET:
            custom_taints = []
            for custom_taints_item_data in _custom_taints:
                custom_taints_item = Taint.from_dict(custom_taints_item_data)

                custom_taints.append(custom_taints_item)

        spot_node_pool_spec = cls(
            cloud_space=cloud_space,
            server_class=server_class,
            desired=desired,
            bid_price=bid_price,
            autoscaling=autoscaling,
            custom_labels=custom_labels,
            custom_annotations=custom_annotations,
            custom_taints=custom_taints,
        )

        spot_node_pool_spec.additional_properties = d
        return spot_node_pool_spec

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
