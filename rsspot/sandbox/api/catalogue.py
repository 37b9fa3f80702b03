"""Regions, server classes and the public price files: endpoints that are read-only."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, TypeVar

from starlette.responses import JSONResponse, Response

from rsspot.sandbox.world import AUCTION_INTERVAL, CLASSES, GROUP, REGIONS, ApiError, rfc3339

if TYPE_CHECKING:
    from starlette.requests import Request

    from rsspot.sandbox.world import RegionEntry, SandboxState, ServerClassEntry

__all__ = ["Catalogue"]

Entry = TypeVar("Entry")

CREATED = 1_700_000_000
"""When every region and server class was created, in seconds since the epoch."""


class Catalogue:
    """Endpoints for what Spot sells."""

    def __init__(self, state: SandboxState) -> None:
        self.state = state

    def regions(self, request: Request, _body: bytes) -> Response:
        """Return the list of regions."""
        items = [_region(entry) for entry in REGIONS.values()]
        return JSONResponse(self.state.objects.select("Region", items, request.query_params))

    def region(self, request: Request, _body: bytes) -> Response:
        """Return one region."""
        return JSONResponse(_region(_entry(REGIONS, request, "regions")))

    def server_classes(self, request: Request, _body: bytes) -> Response:
        """Return the list of server classes."""
        items = [self._server_class(entry) for entry in CLASSES.values()]
        return JSONResponse(self.state.objects.select("ServerClass", items, request.query_params))

    def server_class(self, request: Request, _body: bytes) -> Response:
        """Return one server class."""
        return JSONResponse(self._server_class(_entry(CLASSES, request, "serverclasses")))

    def percentiles(self, request: Request, _body: bytes) -> Response:
        """Return the market price and percentiles of each server class."""
        return _file(request, self.state.market.percentiles(self.state.clock.now()))

    def comparable(self, request: Request, _body: bytes) -> Response:
        """Return the prices of comparable servers of other clouds."""
        return _file(request, self.state.market.comparable())

    def history(self, request: Request, _body: bytes) -> Response:
        """Return the price history of one server class."""
        entry = CLASSES.get(request.path_params["server_class"])
        if entry is None:
            # An object store that may not be listed does not say that a file is missing.
            text = "<?xml version='1.0'?><Error><Code>AccessDenied</Code></Error>"
            return Response(text, 403, media_type="application/xml")
        return _file(request, self.state.market.history(entry, self.state.clock.now()))

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
        item = _cluster_scoped("ServerClass", entry.name, spec)
        available = self.state.available(entry)
        item["status"] = {
            "available": available,
            "capacity": entry.capacity,
            "reserved": entry.capacity - available,
            "lastAuction": int(now // AUCTION_INTERVAL * AUCTION_INTERVAL),
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
    return _cluster_scoped("Region", entry.name, spec)


def _entry(entries: dict[str, Entry], request: Request, plural: str) -> Entry:
    name = request.path_params["name"]
    if name not in entries:
        text = f'{plural}.{GROUP} "{name}" not found'
        raise ApiError("NotFound", text, name=name, group=GROUP, kind=plural)
    return entries[name]


def _cluster_scoped(kind: str, name: str, spec: dict[str, Any]) -> dict[str, Any]:
    metadata = {
        "name": name,
        "uid": hashlib.md5(name.encode(), usedforsecurity=False).hexdigest(),
        "resourceVersion": "1",
        "generation": 1,
        "creationTimestamp": rfc3339(CREATED),
    }
    return {"apiVersion": f"{GROUP}/v1", "kind": kind, "metadata": metadata, "spec": spec}


def _file(request: Request, content: Any) -> Response:
    """Return a file with a validator, as an object store does (RFC 9110, section 8.8)."""
    response = JSONResponse(content)
    etag = f'"{hashlib.md5(response.body, usedforsecurity=False).hexdigest()}"'
    if request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers={"ETag": etag})
    response.headers["ETag"] = etag
    return response
