"""The objects that calls return. Each is imported when it is first used.

Packages that it imports: `documents`, `files`, `redaction`, `renamed`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rsspot.models.account import OpenIDConfiguration, Organization, SigningKey
    from rsspot.models.autopilot import (
        AutopilotAllocation,
        AutopilotClassState,
        AutopilotEvent,
        AutopilotNodePool,
    )
    from rsspot.models.catalog import Region, ServerClass
    from rsspot.models.change import Change
    from rsspot.models.cloudspace import Bid, Cloudspace, PendingAllocation, Server
    from rsspot.models.document_change import DocumentChange
    from rsspot.models.events import OrganizationEvent, PreemptionNotice
    from rsspot.models.kubeconfig import Kubeconfig
    from rsspot.models.node_pools import NodePool, NodeTaint, OnDemandNodePool, SpotNodePool
    from rsspot.models.pool import Pool, Taint
    from rsspot.models.price import (
        BidSuggestion,
        Comparable,
        ComparablePrice,
        PricePercentiles,
        PricePoint,
    )
    from rsspot.models.price_history import PriceHistories, PriceHistory
    from rsspot.models.quantities import next_rung
    from rsspot.models.resource import Condition
    from rsspot.models.vms import VMCloudspace, VMPool, VMSSHKey

__all__ = [
    "AutopilotAllocation",
    "AutopilotClassState",
    "AutopilotEvent",
    "AutopilotNodePool",
    "Bid",
    "BidSuggestion",
    "Change",
    "Cloudspace",
    "Comparable",
    "ComparablePrice",
    "Condition",
    "DocumentChange",
    "Kubeconfig",
    "NodePool",
    "NodeTaint",
    "OnDemandNodePool",
    "OpenIDConfiguration",
    "Organization",
    "OrganizationEvent",
    "PendingAllocation",
    "Pool",
    "PreemptionNotice",
    "PriceHistories",
    "PriceHistory",
    "PricePercentiles",
    "PricePoint",
    "Region",
    "Server",
    "ServerClass",
    "SigningKey",
    "SpotNodePool",
    "Taint",
    "VMCloudspace",
    "VMPool",
    "VMSSHKey",
    "next_rung",
]

_MODULES = {
    "account": ("OpenIDConfiguration", "Organization", "SigningKey"),
    "autopilot": (
        "AutopilotAllocation",
        "AutopilotClassState",
        "AutopilotEvent",
        "AutopilotNodePool",
    ),
    "catalog": ("Region", "ServerClass"),
    "change": ("Change",),
    "cloudspace": ("Bid", "Cloudspace", "PendingAllocation", "Server"),
    "document_change": ("DocumentChange",),
    "events": ("OrganizationEvent", "PreemptionNotice"),
    "kubeconfig": ("Kubeconfig",),
    "node_pools": ("NodePool", "NodeTaint", "OnDemandNodePool", "SpotNodePool"),
    "pool": ("Pool", "Taint"),
    "price": ("BidSuggestion", "Comparable", "ComparablePrice", "PricePercentiles", "PricePoint"),
    "price_history": ("PriceHistories", "PriceHistory"),
    "quantities": ("next_rung",),
    "resource": ("Condition",),
    "vms": ("VMCloudspace", "VMPool", "VMSSHKey"),
}
_MODULE_OF = {name: module for module, names in _MODULES.items() for name in names}


if not TYPE_CHECKING:  # a type checker would accept any name

    def __getattr__(name: str) -> object:
        module = _MODULE_OF.get(name)
        if module is None:
            from rsspot.renamed import missing_name

            raise missing_name(__name__, name)
        from importlib import import_module

        value = globals()[name] = getattr(import_module(f"{__name__}.{module}"), name)
        return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
