from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast

if TYPE_CHECKING:
    from ..models.cloud_space_network import CloudSpaceNetwork
    from ..models.cloud_space_server import CloudSpaceServer
    from ..models.object_reference import ObjectReference


T = TypeVar("T", bound="CloudSpaceSpec")


@_attrs_define
class CloudSpaceSpec:
    """What a cloudspace shall be.

    Attributes:
        region (str): Name of the region that its servers come from. Cannot be changed.
        kubernetes_version (str): Version of Kubernetes, for example `1.31.1`. Raising it upgrades the cluster, and
            there is no way back. Very old cloudspaces were created without it.
        ha_control_plane (bool | Unset): Whether the control plane is highly available, which costs extra and carries
            more nodes. Default: False.
        cni (str | Unset): Network plug-in: `calico` (what clients choose by default), `cilium`, or `byocni` to install
            one yourself. Clients disagree on whether it can be changed; assume that it cannot.
        cloud (str | Unset): Always `default`. Only the first generation needs it; most clients send it. Default:
            'default'.
        deployment_type (str | Unset): Generation of the control plane: `gen2`, or `gen1` on old cloudspaces. Clients
            may send `gen2` on create. Cannot be changed.
        webhook (str | Unset): URL that is called when servers are about to be taken away, some minutes before. It gets
            what the `serverReleased` webhook describes; the URL of a Slack webhook works too.
        gpu_enabled (bool | Unset): Whether the cluster is made ready for servers with graphics processors.
        type_ (str | Unset): Set by the service; values and meaning are not known.
        bid_requests (list[str] | Unset): Names of the spot node pools that belong to it.
        on_demand_requests (list[str] | Unset): Names of the on-demand node pools that belong to it.
        cluster_ref (ObjectReference | Unset): Points at a Kubernetes object on the management side of the service.
        networks (list[CloudSpaceNetwork] | Unset): Networks of the cluster.
        servers (list[CloudSpaceServer] | Unset): How many servers of which class it asks for.
    """

    region: str
    kubernetes_version: str
    ha_control_plane: bool | Unset = False
    cni: str | Unset = UNSET
    cloud: str | Unset = "default"
    deployment_type: str | Unset = UNSET
    webhook: str | Unset = UNSET
    gpu_enabled: bool | Unset = UNSET
    type_: str | Unset = UNSET
    bid_requests: list[str] | Unset = UNSET
    on_demand_requests: list[str] | Unset = UNSET
    cluster_ref: ObjectReference | Unset = UNSET
    networks: list[CloudSpaceNetwork] | Unset = UNSET
    servers: list[CloudSpaceServer] | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.cloud_space_network import CloudSpaceNetwork  # noqa: PLC0415
        from ..models.cloud_space_server import CloudSpaceServer  # noqa: PLC0415
        from ..models.object_reference import ObjectReference  # noqa: PLC0415

        region = self.region

        kubernetes_version = self.kubernetes_version

        ha_control_plane = self.ha_control_plane

        cni = self.cni

        cloud = self.cloud

        deployment_type = self.deployment_type

        webhook = self.webhook

        gpu_enabled = self.gpu_enabled

        type_ = self.type_

        bid_requests: list[str] | Unset = UNSET
        if not isinstance(self.bid_requests, Unset):
            bid_requests = self.bid_requests

        on_demand_requests: list[str] | Unset = UNSET
        if not isinstance(self.on_demand_requests, Unset):
            on_demand_requests = self.on_demand_requests

        cluster_ref: dict[str, Any] | Unset = UNSET
        if not isinstance(self.cluster_ref, Unset):
            cluster_ref = self.cluster_ref.to_dict()

        networks: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.networks, Unset):
            networks = []
            for networks_item_data in self.networks:
                networks_item = networks_item_data.to_dict()
                networks.append(networks_item)

        servers: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.servers, Unset):
            servers = []
            for servers_item_data in self.servers:
                servers_item = servers_item_data.to_dict()
                servers.append(servers_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "region": region,
                "kubernetesVersion": kubernetes_version,
            }
        )
        if ha_control_plane is not UNSET:
            field_dict["HAControlPlane"] = ha_control_plane
        if cni is not UNSET:
            field_dict["cni"] = cni
        if cloud is not UNSET:
            field_dict["cloud"] = cloud
        if deployment_type is not UNSET:
            field_dict["deploymentType"] = deployment_type
        if webhook is not UNSET:
            field_dict["webhook"] = webhook
        if gpu_enabled is not UNSET:
            field_dict["gpuEnabled"] = gpu_enabled
        if type_ is not UNSET:
            field_dict["type"] = type_
        if bid_requests is not UNSET:
            field_dict["bidRequests"] = bid_requests
        if on_demand_requests is not UNSET:
            field_dict["onDemandRequests"] = on_demand_requests
        if cluster_ref is not UNSET:
            field_dict["clusterRef"] = cluster_ref
        if networks is not UNSET:
            field_dict["networks"] = networks
        if servers is not UNSET:
            field_dict["servers"] = servers

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.cloud_space_network import CloudSpaceNetwork  # noqa: PLC0415
        from ..models.cloud_space_server import CloudSpaceServer  # noqa: PLC0415
        from ..models.object_reference import ObjectReference  # noqa: PLC0415

        d = dict(src_dict)
        region = d.pop("region")

        kubernetes_version = d.pop("kubernetesVersion")

        ha_control_plane = d.pop("HAControlPlane", UNSET)

        cni = d.pop("cni", UNSET)

        cloud = d.pop("cloud", UNSET)

        deployment_type = d.pop("deploymentType", UNSET)

        webhook = d.pop("webhook", UNSET)

        gpu_enabled = d.pop("gpuEnabled", UNSET)

        type_ = d.pop("type", UNSET)

        bid_requests = cast(list[str], d.pop("bidRequests", UNSET))

        on_demand_requests = cast(list[str], d.pop("onDemandRequests", UNSET))

        _cluster_ref = d.pop("clusterRef", UNSET)
        cluster_ref: ObjectReference | Unset
        if isinstance(_cluster_ref, Unset):
            cluster_ref = UNSET
        else:
            cluster_ref = ObjectReference.from_dict(_cluster_ref)

        _networks = d.pop("networks", UNSET)
        networks: list[CloudSpaceNetwork] | Unset = UNSET
        if _networks is not UNSET:
            networks = []
            for networks_item_data in _networks:
                networks_item = CloudSpaceNetwork.from_dict(networks_item_data)

                networks.append(networks_item)

        _servers = d.pop("servers", UNSET)
        servers: list[CloudSpaceServer] | Unset = UNSET
        if _servers is not UNSET:
            servers = []
            for servers_item_data in _servers:
                servers_item = CloudSpaceServer.from_dict(servers_item_data)

                servers.append(servers_item)

        cloud_space_spec = cls(
            region=region,
            kubernetes_version=kubernetes_version,
            ha_control_plane=ha_control_plane,
            cni=cni,
            cloud=cloud,
            deployment_type=deployment_type,
            webhook=webhook,
            gpu_enabled=gpu_enabled,
            type_=type_,
            bid_requests=bid_requests,
            on_demand_requests=on_demand_requests,
            cluster_ref=cluster_ref,
            networks=networks,
            servers=servers,
        )

        cloud_space_spec.additional_properties = d
        return cloud_space_spec

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
