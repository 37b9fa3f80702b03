"""All that a sandbox knows: who may sign in, what there is, and what time it is."""

from __future__ import annotations

import hashlib
import json
import threading
from typing import TYPE_CHECKING, Any

from rsspot.sandbox.catalogue import CLASSES, REGIONS
from rsspot.sandbox.clock import SandboxClock, rfc3339
from rsspot.sandbox.kinds import World
from rsspot.sandbox.life import Life
from rsspot.sandbox.market import Market
from rsspot.sandbox.oauth import OAuth
from rsspot.sandbox.objects import GROUP, Objects

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal

__all__ = ["SandboxState"]


class SandboxState:
    """The whole world of one sandbox, behind one lock."""

    def __init__(
        self,
        *,
        seed: int,
        speed: float | None,
        token_lifetime: int,
        rotate_refresh_tokens: bool,
        notify: Callable[[str, dict[str, str]], None],
    ) -> None:
        self.seed = seed
        self.lock = threading.RLock()
        self.clock = SandboxClock(speed)
        self.market = Market(seed)
        self.objects = Objects(self.clock)
        self.events: list[tuple[str, str]] = []
        self.life = Life(self.objects, self.market, notify=notify, log=self._log)
        self.oauth = OAuth(self.clock, lifetime=token_lifetime, rotate=rotate_refresh_tokens)
        digest = hashlib.sha256(f"organization/{seed}".encode()).hexdigest()
        self.organizations = [
            _organization(f"org_Ab{digest[:14]}", "acme", "Acme Corporation"),
            _organization(f"org_Cd{digest[14:28]}", "umbrella", "Umbrella Research"),
        ]
        self.refresh_token = self.oauth.admit(
            self.organizations[0]["id"], f"sandbox-refresh-token-{digest[:12]}"
        )

    def floor(self, name: str) -> Decimal:
        """The least bid for a class now."""
        return CLASSES[name].floor

    def world(self, namespace: str) -> World:
        """What checks of specs may look at."""

        def exists(plural: str, name: str) -> bool:
            return self.objects.find(plural, namespace, name) is not None

        return World(self.floor, exists)

    def region(self, name: str) -> dict[str, Any] | None:
        """A region object."""
        for entry in REGIONS:
            if entry.name == name:
                spec = {
                    "country": entry.country,
                    "description": entry.description,
                    "generation": entry.generation,
                    "provider": {
                        "providerType": "ospc",
                        "providerRegionName": entry.site.upper(),
                    },
                }
                return _clusterwide("Region", name, spec)
        return None

    def server_class(self, name: str) -> dict[str, Any] | None:
        """A server class object, with its prices now."""
        entry = CLASSES.get(name)
        if entry is None:
            return None
        now = self.clock.now()
        price = self.market.price(entry, now)
        resources = {"cpu": str(entry.cpu), "memory": entry.memory, "disk": entry.disk}
        if entry.gpu:
            resources["gpu"] = entry.gpu
        spec = {
            "displayName": entry.display_name,
            "category": entry.category,
            "flavorType": entry.flavor,
            "availability": "available",
            "region": entry.region,
            "minBidPricePerHour": str(entry.floor),
            "onDemandPricing": {"cost": str(entry.on_demand), "interval": "1h"},
            "provider": {"providerType": "ospc", "providerFlavorID": f"flavor-{name}"},
            "resources": resources,
        }
        item = _clusterwide("ServerClass", name, spec)
        item["status"] = {
            "available": entry.capacity // 2,
            "capacity": entry.capacity,
            "reserved": entry.capacity - entry.capacity // 2,
            "lastAuction": int(now // 300 * 300),
            "spotPricing": {
                "hammerPricePerHour": str(max(price, entry.floor)),
                "marketPricePerHour": str(price),
            },
        }
        return item

    def snapshot(self) -> dict[str, Any]:
        """The objects, events and time, as JSON."""
        with self.lock:
            kept = {plural: list(items.values()) for plural, items in self.objects.kept.items()}
            content = {
                "now": self.clock.now(),
                "version": self.objects.version,
                "objects": kept,
                "since": self.life.since,
                "settled": self.life.settled,
                "events": self.events,
                "refresh_tokens": self.oauth.refresh_tokens,
                "refresh_token": self.refresh_token,
            }
            copied: dict[str, Any] = json.loads(json.dumps(content))
            return copied

    def restore(self, content: dict[str, Any]) -> None:
        """Take over what `snapshot` gave. Times go on from the later clock."""
        with self.lock:
            self.clock.advance(max(0.0, content["now"] - self.clock.now()))
            self.objects.version = content["version"]
            self.objects.kept = {
                plural: {
                    (item["metadata"]["namespace"], item["metadata"]["name"]): item
                    for item in items
                }
                for plural, items in content["objects"].items()
            }
            self.life.since = content["since"]
            self.life.settled = content["settled"]
            self.events[:] = [(when, what) for when, what in content["events"]]
            self.oauth.refresh_tokens = content["refresh_tokens"]
            self.refresh_token = content["refresh_token"]

    def _log(self, when: str, what: str) -> None:
        self.events.append((when, what))


def _organization(org_id: str, name: str, display: str) -> dict[str, Any]:
    namespace = org_id.lower().replace("_", "-")
    return {
        "id": org_id,
        "name": name,
        "display_name": display,
        "metadata": {"namespace": namespace},
    }


def _clusterwide(kind: str, name: str, spec: dict[str, Any]) -> dict[str, Any]:
    metadata = {
        "name": name,
        "uid": hashlib.md5(name.encode(), usedforsecurity=False).hexdigest(),
        "resourceVersion": "1",
        "generation": 1,
        "creationTimestamp": rfc3339(1_700_000_000),
    }
    return {"apiVersion": f"{GROUP}/v1", "kind": kind, "metadata": metadata, "spec": spec}
