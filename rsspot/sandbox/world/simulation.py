"""The simulation: the loop that runs the controllers up to the clock."""

from __future__ import annotations

import base64
import binascii
import hashlib
from typing import TYPE_CHECKING

from rsspot.sandbox.world.auction import Auction
from rsspot.sandbox.world.autopilot import reconcile_autopilot
from rsspot.sandbox.world.controllers import reconcile_control_plane, reconcile_servers
from rsspot.sandbox.world.objects import is_deleting
from rsspot.sandbox.world.world import POOLS

if TYPE_CHECKING:
    from rsspot.sandbox.world.world import World

__all__ = ["Simulation", "fingerprint"]


STEP = 15.0
"""Seconds between two reconciliations."""
MAX_STEPS = 2000
"""Maximum number of steps in one advance. Over a longer time, the steps are longer."""
CLEANUP = 30.0
"""Seconds until a deleted object is removed."""


class Simulation:
    """Advances the world to the time of its clock."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.auction: Auction = Auction(world)
        self.reconciled_at: float = world.objects.clock.now()

    def advance(self) -> None:
        """Reconcile all objects for every step since the last call."""
        now = self.world.objects.clock.now()
        elapsed = now - self.reconciled_at
        if elapsed < STEP:
            return
        step = max(STEP, elapsed / MAX_STEPS)
        while self.reconciled_at + step <= now:
            self.reconciled_at += step
            self._reconcile(self.reconciled_at)

    def _reconcile(self, now: float) -> None:
        world = self.world
        for key in world.objects.each("vmsshkeys"):
            public_key = key["spec"]["publicKey"]
            world.set_status(key, fingerprint=fingerprint(public_key), validated=True)
        for pool in world.objects.each("autopilotnodepools"):
            reconcile_autopilot(world, pool, now)
        self.auction.run(now)
        for plural in POOLS:
            for owner, pools in world.pools_by_owner(plural):
                reconcile_control_plane(world, owner, pools, now)
                reconcile_servers(world, owner, pools, now)
        for plural in list(world.objects.stored):
            for item in world.objects.each(plural):
                is_due = is_deleting(item) and world.age(item, "deleted", now) >= CLEANUP
                if is_due and world.objects.finalize(plural, item):
                    world.log(item, now, "was deleted")
                    world.forget(item)


def fingerprint(public_key: str) -> str:
    """Return the fingerprint of an OpenSSH public key, as `ssh-keygen -l` prints it."""
    _, _, rest = public_key.strip().partition(" ")
    encoded = rest.strip().partition(" ")[0]
    try:
        data = base64.b64decode(encoded + "=" * (-len(encoded) % 4))
    except (binascii.Error, ValueError):
        data = encoded.encode()
    return "SHA256:" + base64.b64encode(hashlib.sha256(data).digest()).decode().rstrip("=")
