"""What happens to objects as time goes by: they are built, win, lose, and go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rsspot.sandbox.world.auction import Auction
from rsspot.sandbox.world.autopilot import steer
from rsspot.sandbox.world.readiness import grow
from rsspot.sandbox.world.servers import staff
from rsspot.sandbox.world.ssh_keys import fingerprint
from rsspot.sandbox.world.world import POOLS, leaving

if TYPE_CHECKING:
    from rsspot.sandbox.world.world import Stage

__all__ = ["Life"]

STEP = 15.0
"""Seconds between two looks at the world."""
MOST_STEPS = 2000
GONE = 30.0
"""Seconds until a deleted object is gone."""


class Life:
    """Moves the world on, in small steps, up to the time of the clock."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.auction = Auction(stage)
        self.settled = stage.objects.clock.now()

    def settle(self) -> None:
        """Let everything happen that should have happened by now."""
        now = self.stage.objects.clock.now()
        if now - self.settled < STEP:
            return
        step = max(STEP, (now - self.settled) / MOST_STEPS)
        while self.settled + step <= now:
            self.settled += step
            self._step(self.settled)

    def _step(self, now: float) -> None:
        stage = self.stage
        for key in stage.objects.each("vmsshkeys"):
            stage.change(key, fingerprint=fingerprint(key["spec"]["publicKey"]), validated=True)
        for pool in stage.objects.each("autopilotnodepools"):
            steer(stage, pool, now)
        self.auction.hold(now)
        for plural in POOLS:
            for item, pools in stage.crews(plural):
                grow(stage, item, pools, now)
                staff(stage, item, pools, now)
        for plural in list(stage.objects.kept):
            for item in stage.objects.each(plural):
                overdue = leaving(item) and stage.age(item, "gone", now) >= GONE
                if overdue and stage.objects.finish(plural, item):
                    stage.log(item, now, "is gone")
                    stage.forget(item)
