"""The world behind the API: objects, a market, and controllers that reconcile them.

It knows no HTTP. The API reaches it through the names that are exported here.
"""

from __future__ import annotations

from rsspot.sandbox.world.catalogue import CLASSES, REGIONS, RegionEntry, ServerClassEntry
from rsspot.sandbox.world.clock import ClientClock, SandboxClock, rfc3339
from rsspot.sandbox.world.errors import ApiError, Causes
from rsspot.sandbox.world.lists import GROUP
from rsspot.sandbox.world.market import AUCTION_INTERVAL
from rsspot.sandbox.world.oauth import CLIENT_ID, OAuth
from rsspot.sandbox.world.objects import Object, Objects, desired_nodes, is_deleting
from rsspot.sandbox.world.state import SandboxState

__all__ = [
    "AUCTION_INTERVAL",
    "CLASSES",
    "CLIENT_ID",
    "GROUP",
    "REGIONS",
    "ApiError",
    "Causes",
    "ClientClock",
    "OAuth",
    "Object",
    "Objects",
    "RegionEntry",
    "SandboxClock",
    "SandboxState",
    "ServerClassEntry",
    "desired_nodes",
    "is_deleting",
    "rfc3339",
]
