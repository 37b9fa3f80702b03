"""All models, imported one by one as they are used."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .annotations import Annotations as Annotations
    from .annotations_patch import AnnotationsPatch as AnnotationsPatch
    from .assigned_server import AssignedServer as AssignedServer
    from .assigned_servers import AssignedServers as AssignedServers
    from .autopilot_allocation import AutopilotAllocation as AutopilotAllocation
    from .autopilot_allocation_event import (
        AutopilotAllocationEvent as AutopilotAllocationEvent,
    )
    from .autopilot_class_state import AutopilotClassState as AutopilotClassState
    from .autopilot_node_pool import AutopilotNodePool as AutopilotNodePool
    from .autopilot_node_pool_list import AutopilotNodePoolList as AutopilotNodePoolList
    from .autopilot_node_pool_patch import (
        AutopilotNodePoolPatch as AutopilotNodePoolPatch,
    )
    from .autopilot_node_pool_spec import AutopilotNodePoolSpec as AutopilotNodePoolSpec
    from .autopilot_node_pool_spec_patch import (
        AutopilotNodePoolSpecPatch as AutopilotNodePoolSpecPatch,
    )
    from .autopilot_node_pool_status import (
        AutopilotNodePoolStatus as AutopilotNodePoolStatus,
    )
    from .autoscaling import Autoscaling as Autoscaling
    from .autoscaling_patch import AutoscalingPatch as AutoscalingPatch
    from .bid import Bid as Bid
    from .bids import Bids as Bids
    from .cloud_space import CloudSpace as CloudSpace
    from .cloud_space_cluster_ref import CloudSpaceClusterRef as CloudSpaceClusterRef
    from .cloud_space_list import CloudSpaceList as CloudSpaceList
    from .cloud_space_network import CloudSpaceNetwork as CloudSpaceNetwork
    from .cloud_space_patch import CloudSpacePatch as CloudSpacePatch
    from .cloud_space_server import CloudSpaceServer as CloudSpaceServer
    from .cloud_space_spec import CloudSpaceSpec as CloudSpaceSpec
    from .cloud_space_spec_patch import CloudSpaceSpecPatch as CloudSpaceSpecPatch
    from .cloud_space_status import CloudSpaceStatus as CloudSpaceStatus
    from .comparable import Comparable as Comparable
    from .comparable_prices import ComparablePrices as ComparablePrices
    from .comparable_regions import ComparableRegions as ComparableRegions
    from .comparable_server_class import ComparableServerClass as ComparableServerClass
    from .comparable_server_classes import (
        ComparableServerClasses as ComparableServerClasses,
    )
    from .condition import Condition as Condition
    from .custom_metadata_status import CustomMetadataStatus as CustomMetadataStatus
    from .fields_v1 import FieldsV1 as FieldsV1
    from .kubeconfig_data import KubeconfigData as KubeconfigData
    from .kubeconfig_request import KubeconfigRequest as KubeconfigRequest
    from .kubeconfig_response import KubeconfigResponse as KubeconfigResponse
    from .labels import Labels as Labels
    from .labels_patch import LabelsPatch as LabelsPatch
    from .list_meta import ListMeta as ListMeta
    from .managed_fields_entry import ManagedFieldsEntry as ManagedFieldsEntry
    from .o_auth_error import OAuthError as OAuthError
    from .object_meta import ObjectMeta as ObjectMeta
    from .object_meta_patch import ObjectMetaPatch as ObjectMetaPatch
    from .object_reference import ObjectReference as ObjectReference
    from .on_demand_node_pool import OnDemandNodePool as OnDemandNodePool
    from .on_demand_node_pool_list import OnDemandNodePoolList as OnDemandNodePoolList
    from .on_demand_node_pool_patch import (
        OnDemandNodePoolPatch as OnDemandNodePoolPatch,
    )
    from .on_demand_node_pool_spec import OnDemandNodePoolSpec as OnDemandNodePoolSpec
    from .on_demand_node_pool_spec_patch import (
        OnDemandNodePoolSpecPatch as OnDemandNodePoolSpecPatch,
    )
    from .on_demand_node_pool_status import (
        OnDemandNodePoolStatus as OnDemandNodePoolStatus,
    )
    from .on_demand_pricing import OnDemandPricing as OnDemandPricing
    from .open_id_configuration import OpenIDConfiguration as OpenIDConfiguration
    from .organization import Organization as Organization
    from .organization_events import OrganizationEvents as OrganizationEvents
    from .organization_list import OrganizationList as OrganizationList
    from .organization_metadata import OrganizationMetadata as OrganizationMetadata
    from .owner_reference import OwnerReference as OwnerReference
    from .pending_allocation import PendingAllocation as PendingAllocation
    from .pending_allocations import PendingAllocations as PendingAllocations
    from .percentile_region import PercentileRegion as PercentileRegion
    from .percentile_regions import PercentileRegions as PercentileRegions
    from .percentile_server_class import PercentileServerClass as PercentileServerClass
    from .percentile_server_classes import (
        PercentileServerClasses as PercentileServerClasses,
    )
    from .price_history import PriceHistory as PriceHistory
    from .price_percentiles import PricePercentiles as PricePercentiles
    from .price_point import PricePoint as PricePoint
    from .region import Region as Region
    from .region_list import RegionList as RegionList
    from .region_provider import RegionProvider as RegionProvider
    from .region_spec import RegionSpec as RegionSpec
    from .server_class import ServerClass as ServerClass
    from .server_class_list import ServerClassList as ServerClassList
    from .server_class_provider import ServerClassProvider as ServerClassProvider
    from .server_class_resources import ServerClassResources as ServerClassResources
    from .server_class_spec import ServerClassSpec as ServerClassSpec
    from .server_class_status import ServerClassStatus as ServerClassStatus
    from .server_released import ServerReleased as ServerReleased
    from .signing_key import SigningKey as SigningKey
    from .signing_keys import SigningKeys as SigningKeys
    from .spot_node_pool import SpotNodePool as SpotNodePool
    from .spot_node_pool_list import SpotNodePoolList as SpotNodePoolList
    from .spot_node_pool_patch import SpotNodePoolPatch as SpotNodePoolPatch
    from .spot_node_pool_spec import SpotNodePoolSpec as SpotNodePoolSpec
    from .spot_node_pool_spec_patch import (
        SpotNodePoolSpecPatch as SpotNodePoolSpecPatch,
    )
    from .spot_node_pool_status import SpotNodePoolStatus as SpotNodePoolStatus
    from .spot_pricing import SpotPricing as SpotPricing
    from .status import Status as Status
    from .status_cause import StatusCause as StatusCause
    from .status_details import StatusDetails as StatusDetails
    from .taint import Taint as Taint
    from .taint_effect import TaintEffect as TaintEffect
    from .token import Token as Token
    from .token_request import TokenRequest as TokenRequest
    from .vcpu_range import VCPURange as VCPURange
    from .vcpu_total import VCPUTotal as VCPUTotal
    from .vm_assigned_server import VMAssignedServer as VMAssignedServer
    from .vm_assigned_servers import VMAssignedServers as VMAssignedServers
    from .vm_cloud_space import VMCloudSpace as VMCloudSpace
    from .vm_cloud_space_list import VMCloudSpaceList as VMCloudSpaceList
    from .vm_cloud_space_patch import VMCloudSpacePatch as VMCloudSpacePatch
    from .vm_cloud_space_spec import VMCloudSpaceSpec as VMCloudSpaceSpec
    from .vm_cloud_space_spec_patch import (
        VMCloudSpaceSpecPatch as VMCloudSpaceSpecPatch,
    )
    from .vm_cloud_space_status import VMCloudSpaceStatus as VMCloudSpaceStatus
    from .vm_pool import VMPool as VMPool
    from .vm_pool_list import VMPoolList as VMPoolList
    from .vm_pool_patch import VMPoolPatch as VMPoolPatch
    from .vm_pool_spec import VMPoolSpec as VMPoolSpec
    from .vm_pool_spec_patch import VMPoolSpecPatch as VMPoolSpecPatch
    from .vm_pool_status import VMPoolStatus as VMPoolStatus
    from .vmssh_key import VMSSHKey as VMSSHKey
    from .vmssh_key_list import VMSSHKeyList as VMSSHKeyList
    from .vmssh_key_ref import VMSSHKeyRef as VMSSHKeyRef
    from .vmssh_key_spec import VMSSHKeySpec as VMSSHKeySpec
    from .vmssh_key_status import VMSSHKeyStatus as VMSSHKeyStatus

__all__ = [
    "Annotations",
    "AnnotationsPatch",
    "AssignedServer",
    "AssignedServers",
    "AutopilotAllocation",
    "AutopilotAllocationEvent",
    "AutopilotClassState",
    "AutopilotNodePool",
    "AutopilotNodePoolList",
    "AutopilotNodePoolPatch",
    "AutopilotNodePoolSpec",
    "AutopilotNodePoolSpecPatch",
    "AutopilotNodePoolStatus",
    "Autoscaling",
    "AutoscalingPatch",
    "Bid",
    "Bids",
    "CloudSpace",
    "CloudSpaceClusterRef",
    "CloudSpaceList",
    "CloudSpaceNetwork",
    "CloudSpacePatch",
    "CloudSpaceServer",
    "CloudSpaceSpec",
    "CloudSpaceSpecPatch",
    "CloudSpaceStatus",
    "Comparable",
    "ComparablePrices",
    "ComparableRegions",
    "ComparableServerClass",
    "ComparableServerClasses",
    "Condition",
    "CustomMetadataStatus",
    "FieldsV1",
    "KubeconfigData",
    "KubeconfigRequest",
    "KubeconfigResponse",
    "Labels",
    "LabelsPatch",
    "ListMeta",
    "ManagedFieldsEntry",
    "OAuthError",
    "ObjectMeta",
    "ObjectMetaPatch",
    "ObjectReference",
    "OnDemandNodePool",
    "OnDemandNodePoolList",
    "OnDemandNodePoolPatch",
    "OnDemandNodePoolSpec",
    "OnDemandNodePoolSpecPatch",
    "OnDemandNodePoolStatus",
    "OnDemandPricing",
    "OpenIDConfiguration",
    "Organization",
    "OrganizationEvents",
    "OrganizationList",
    "OrganizationMetadata",
    "OwnerReference",
    "PendingAllocation",
    "PendingAllocations",
    "PercentileRegion",
    "PercentileRegions",
    "PercentileServerClass",
    "PercentileServerClasses",
    "PriceHistory",
    "PricePercentiles",
    "PricePoint",
    "Region",
    "RegionList",
    "RegionProvider",
    "RegionSpec",
    "ServerClass",
    "ServerClassList",
    "ServerClassProvider",
    "ServerClassResources",
    "ServerClassSpec",
    "ServerClassStatus",
    "ServerReleased",
    "SigningKey",
    "SigningKeys",
    "SpotNodePool",
    "SpotNodePoolList",
    "SpotNodePoolPatch",
    "SpotNodePoolSpec",
    "SpotNodePoolSpecPatch",
    "SpotNodePoolStatus",
    "SpotPricing",
    "Status",
    "StatusCause",
    "StatusDetails",
    "Taint",
    "TaintEffect",
    "Token",
    "TokenRequest",
    "VCPURange",
    "VCPUTotal",
    "VMAssignedServer",
    "VMAssignedServers",
    "VMCloudSpace",
    "VMCloudSpaceList",
    "VMCloudSpacePatch",
    "VMCloudSpaceSpec",
    "VMCloudSpaceSpecPatch",
    "VMCloudSpaceStatus",
    "VMPool",
    "VMPoolList",
    "VMPoolPatch",
    "VMPoolSpec",
    "VMPoolSpecPatch",
    "VMPoolStatus",
    "VMSSHKey",
    "VMSSHKeyList",
    "VMSSHKeyRef",
    "VMSSHKeySpec",
    "VMSSHKeyStatus",
]

_MODULES = {
    "Annotations": ".annotations",
    "AnnotationsPatch": ".annotations_patch",
    "AssignedServer": ".assigned_server",
    "AssignedServers": ".assigned_servers",
    "AutopilotAllocation": ".autopilot_allocation",
    "AutopilotAllocationEvent": ".autopilot_allocation_event",
    "AutopilotClassState": ".autopilot_class_state",
    "AutopilotNodePool": ".autopilot_node_pool",
    "AutopilotNodePoolList": ".autopilot_node_pool_list",
    "AutopilotNodePoolPatch": ".autopilot_node_pool_patch",
    "AutopilotNodePoolSpec": ".autopilot_node_pool_spec",
    "AutopilotNodePoolSpecPatch": ".autopilot_node_pool_spec_patch",
    "AutopilotNodePoolStatus": ".autopilot_node_pool_status",
    "Autoscaling": ".autoscaling",
    "AutoscalingPatch": ".autoscaling_patch",
    "Bid": ".bid",
    "Bids": ".bids",
    "CloudSpace": ".cloud_space",
    "CloudSpaceClusterRef": ".cloud_space_cluster_ref",
    "CloudSpaceList": ".cloud_space_list",
    "CloudSpaceNetwork": ".cloud_space_network",
    "CloudSpacePatch": ".cloud_space_patch",
    "CloudSpaceServer": ".cloud_space_server",
    "CloudSpaceSpec": ".cloud_space_spec",
    "CloudSpaceSpecPatch": ".cloud_space_spec_patch",
    "CloudSpaceStatus": ".cloud_space_status",
    "Comparable": ".comparable",
    "ComparablePrices": ".comparable_prices",
    "ComparableRegions": ".comparable_regions",
    "ComparableServerClass": ".comparable_server_class",
    "ComparableServerClasses": ".comparable_server_classes",
    "Condition": ".condition",
    "CustomMetadataStatus": ".custom_metadata_status",
    "FieldsV1": ".fields_v1",
    "KubeconfigData": ".kubeconfig_data",
    "KubeconfigRequest": ".kubeconfig_request",
    "KubeconfigResponse": ".kubeconfig_response",
    "Labels": ".labels",
    "LabelsPatch": ".labels_patch",
    "ListMeta": ".list_meta",
    "ManagedFieldsEntry": ".managed_fields_entry",
    "OAuthError": ".o_auth_error",
    "ObjectMeta": ".object_meta",
    "ObjectMetaPatch": ".object_meta_patch",
    "ObjectReference": ".object_reference",
    "OnDemandNodePool": ".on_demand_node_pool",
    "OnDemandNodePoolList": ".on_demand_node_pool_list",
    "OnDemandNodePoolPatch": ".on_demand_node_pool_patch",
    "OnDemandNodePoolSpec": ".on_demand_node_pool_spec",
    "OnDemandNodePoolSpecPatch": ".on_demand_node_pool_spec_patch",
    "OnDemandNodePoolStatus": ".on_demand_node_pool_status",
    "OnDemandPricing": ".on_demand_pricing",
    "OpenIDConfiguration": ".open_id_configuration",
    "Organization": ".organization",
    "OrganizationEvents": ".organization_events",
    "OrganizationList": ".organization_list",
    "OrganizationMetadata": ".organization_metadata",
    "OwnerReference": ".owner_reference",
    "PendingAllocation": ".pending_allocation",
    "PendingAllocations": ".pending_allocations",
    "PercentileRegion": ".percentile_region",
    "PercentileRegions": ".percentile_regions",
    "PercentileServerClass": ".percentile_server_class",
    "PercentileServerClasses": ".percentile_server_classes",
    "PriceHistory": ".price_history",
    "PricePercentiles": ".price_percentiles",
    "PricePoint": ".price_point",
    "Region": ".region",
    "RegionList": ".region_list",
    "RegionProvider": ".region_provider",
    "RegionSpec": ".region_spec",
    "ServerClass": ".server_class",
    "ServerClassList": ".server_class_list",
    "ServerClassProvider": ".server_class_provider",
    "ServerClassResources": ".server_class_resources",
    "ServerClassSpec": ".server_class_spec",
    "ServerClassStatus": ".server_class_status",
    "ServerReleased": ".server_released",
    "SigningKey": ".signing_key",
    "SigningKeys": ".signing_keys",
    "SpotNodePool": ".spot_node_pool",
    "SpotNodePoolList": ".spot_node_pool_list",
    "SpotNodePoolPatch": ".spot_node_pool_patch",
    "SpotNodePoolSpec": ".spot_node_pool_spec",
    "SpotNodePoolSpecPatch": ".spot_node_pool_spec_patch",
    "SpotNodePoolStatus": ".spot_node_pool_status",
    "SpotPricing": ".spot_pricing",
    "Status": ".status",
    "StatusCause": ".status_cause",
    "StatusDetails": ".status_details",
    "Taint": ".taint",
    "TaintEffect": ".taint_effect",
    "Token": ".token",
    "TokenRequest": ".token_request",
    "VCPURange": ".vcpu_range",
    "VCPUTotal": ".vcpu_total",
    "VMAssignedServer": ".vm_assigned_server",
    "VMAssignedServers": ".vm_assigned_servers",
    "VMCloudSpace": ".vm_cloud_space",
    "VMCloudSpaceList": ".vm_cloud_space_list",
    "VMCloudSpacePatch": ".vm_cloud_space_patch",
    "VMCloudSpaceSpec": ".vm_cloud_space_spec",
    "VMCloudSpaceSpecPatch": ".vm_cloud_space_spec_patch",
    "VMCloudSpaceStatus": ".vm_cloud_space_status",
    "VMPool": ".vm_pool",
    "VMPoolList": ".vm_pool_list",
    "VMPoolPatch": ".vm_pool_patch",
    "VMPoolSpec": ".vm_pool_spec",
    "VMPoolSpecPatch": ".vm_pool_spec_patch",
    "VMPoolStatus": ".vm_pool_status",
    "VMSSHKey": ".vmssh_key",
    "VMSSHKeyList": ".vmssh_key_list",
    "VMSSHKeyRef": ".vmssh_key_ref",
    "VMSSHKeySpec": ".vmssh_key_spec",
    "VMSSHKeyStatus": ".vmssh_key_status",
}


if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        if module := _MODULES.get(name):
            from importlib import import_module

            value = getattr(import_module(module, __name__), name)
            globals()[name] = value
            return value
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
