"""Regions and server classes as objects that can only be read."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, TypeVar

from starlette.responses import JSONResponse

from rsspot.sandbox.api.status import Refused
from rsspot.sandbox.world.catalogue import CLASSES, REGIONS
from rsspot.sandbox.world.clock import rfc3339
from rsspot.sandbox.world.market import AUCTION
from rsspot.sandbox.world.objects import GROUP

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from rsspot.sandbox.world.catalogue import RegionEntry, ServerClassEntry
    from rsspot.sandbox.world.state import SandboxState

__all__ = ["Offers"]

Entry = TypeVar("Entry")

OPENED = 1_700_000_000
"""When everything on offer was created."""


class Offers:
    """Answers about what is on offer."""

    def __init__(self, state: SandboxState) -> None:
        self.state = state

    def regions(self, request: Request, _body: bytes) -> Response:
        """The list of regions."""
        items = [_region(entry) for entry in REGIONS.values()]
        return JSONResponse(self.state.objects.select("Region", items, request.query_params))

    def region(self, request: Request, _body: bytes) -> Response:
        """One region."""
        name = request.path_params["name"]
        return JSONResponse(_region(_known(REGIONS, name, "regions")))

    def server_classes(self, request: Request, _body: bytes) -> Response:
        """The list of server classes."""
        items = [self._server_class(entry) for entry in CLASSES.values()]
        return JSONResponse(self.state.objects.select("ServerClass", items, request.query_params))

    def server_class(self, request: Request, _body: bytes) -> Response:
        """One server class."""
        name = request.path_params["name"]
        return JSONResponse(self._server_class(_known(CLASSES, name, "serverclasses")))

    def _server_class(self, entry: ServerClassEntry) -> dict[str, Any]:
        now = self.state.clock.now()
        price = self.state.market.price(entry, now)
        resources = {"cpu": str(entry.cpu), "memory": entry.memory}
        optional = {"disk": entry.disk, "gpu": entry.gpu}
        resources |= {name: value for name, value in optional.items() if value}
        spec = {
            "displayName": entry.display_name,
            "category": entry.category,
            "flavorType": entry.flavor,
            "availability": entry.availability,
            "region": entry.region,
            "minBidPricePerHour": str(entry.floor),
            "onDemandPricing": {"cost": str(entry.on_demand), "interval": "1h"},
            "provider": {"providerType": "ospc", "providerFlavorID": f"flavor-{entry.name}"},
            "resources": resources,
        }
        item = _clusterwide("ServerClass", entry.name, spec)
        free = self.state.life.auction.free(entry)
        item["status"] = {
            "available": free,
            "capacity": entry.capacity,
            "reserved": entry.capacity - free,
            "lastAuction": int(now // AUCTION * AUCTION),
            "spotPricing": {
                "hammerPricePerHour": str(max(price, entry.floor)),
                "marketPricePerHour": str(price),
            },
        }
        return item


def _region(entry: RegionEntry) -> dict[str, Any]:
    spec = {
        "country": entry.country,
        "description": entry.description,
        "generation": entry.generation,
        "provider": {"providerType": "ospc", "providerRegionName": entry.site.upper()},
    }
    return _clusterwide("Region", entry.name, spec)


def _known(entries: dict[str, Entry], name: str, plural: str) -> Entry:
    if name not in entries:
        text = f'{plural}.{GROUP} "{name}" not found'
        raise Refused(404, text, name=name, group=GROUP, kind=plural)
    return entries[name]


def _clusterwide(kind: str, name: str, spec: dict[str, Any]) -> dict[str, Any]:
    metadata = {
        "name": name,
        "uid": hashlib.md5(name.encode(), usedforsecurity=False).hexdigest(),
        "resourceVersion": "1",
        "generation": 1,
        "creationTimestamp": rfc3339(OPENED),
    }
    return {"apiVersion": f"{GROUP}/v1", "kind": kind, "metadata": metadata, "spec": spec}
