"""Views: what users hold in their hands. Each is loaded when it is first used."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rsspot.models.cloudspace import Bid, Cloudspace, PendingAllocation
    from rsspot.models.condition import Condition
    from rsspot.models.event import OrganizationEvent
    from rsspot.models.kubeconfig import Kubeconfig
    from rsspot.models.node_pools import (
        AutopilotAllocation,
        AutopilotClassState,
        AutopilotEvent,
        AutopilotNodePool,
        NodePool,
        NodeTaint,
        OnDemandNodePool,
        SpotNodePool,
    )
    from rsspot.models.organization import Organization
    from rsspot.models.pool import Pool
    from rsspot.models.preemption import PreemptionNotice
    from rsspot.models.price import (
        BidSuggestion,
        Comparable,
        ComparablePrice,
        PricePercentiles,
        PricePoint,
    )
    from rsspot.models.quantities import next_rung
    from rsspot.models.region import Region
    from rsspot.models.server import Server
    from rsspot.models.server_class import ServerClass
    from rsspot.models.sign_in import OpenIDConfiguration, SigningKey
    from rsspot.models.taint import Taint
    from rsspot.models.vm_cloudspace import VMCloudspace
    from rsspot.models.vm_pool import VMPool
    from rsspot.models.vm_ssh_key import VMSSHKey

__all__ = [
    "AutopilotAllocation",
    "AutopilotClassState",
    "AutopilotEvent",
    "AutopilotNodePool",
    "Bid",
    "BidSuggestion",
    "Cloudspace",
    "Comparable",
    "ComparablePrice",
    "Condition",
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

_HOMES = {
    "cloudspace": ("Bid", "Cloudspace", "PendingAllocation"),
    "condition": ("Condition",),
    "event": ("OrganizationEvent",),
    "kubeconfig": ("Kubeconfig",),
    "node_pools": (
        *("AutopilotAllocation", "AutopilotClassState", "AutopilotEvent", "AutopilotNodePool"),
        *("NodePool", "NodeTaint", "OnDemandNodePool", "SpotNodePool"),
    ),
    "organization": ("Organization",),
    "pool": ("Pool",),
    "preemption": ("PreemptionNotice",),
    "price": ("BidSuggestion", "Comparable", "ComparablePrice", "PricePercentiles", "PricePoint"),
    "quantities": ("next_rung",),
    "region": ("Region",),
    "server": ("Server",),
    "server_class": ("ServerClass",),
    "sign_in": ("OpenIDConfiguration", "SigningKey"),
    "taint": ("Taint",),
    "vm_cloudspace": ("VMCloudspace",),
    "vm_pool": ("VMPool",),
    "vm_ssh_key": ("VMSSHKey",),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}


if not TYPE_CHECKING:  # a checker would take any name for defined

    def __getattr__(name: str) -> object:
        home = _HOME_OF.get(name)
        if home is None:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from importlib import import_module

        value = globals()[name] = getattr(import_module(f"{__name__}.{home}"), name)
        return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
