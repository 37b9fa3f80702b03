"""All that a sandbox knows: who may sign in, what there is, and what time it is."""

from __future__ import annotations

import copy
import hashlib
import json
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from rsspot.sandbox.api.checks import World
from rsspot.sandbox.api.oauth import OAuth
from rsspot.sandbox.world.catalogue import CLASSES
from rsspot.sandbox.world.clock import SandboxClock
from rsspot.sandbox.world.events import Events
from rsspot.sandbox.world.identities import Identities
from rsspot.sandbox.world.market import Market
from rsspot.sandbox.world.objects import Objects
from rsspot.sandbox.world.simulation import Life
from rsspot.sandbox.world.world import Stage

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from decimal import Decimal

__all__ = ["SandboxState"]

FORMAT = 1
"""The form of snapshots."""


class SandboxState:
    """The whole world of one sandbox, behind one lock."""

    def __init__(
        self,
        *,
        seed: int,
        speed: float | None,
        start: float | None,
        token_lifetime: int,
        rotate_refresh_tokens: bool,
        notify: Callable[[str, dict[str, str]], None],
    ) -> None:
        self.seed = seed
        self.lock = threading.RLock()
        self.clock = SandboxClock(speed, start)
        self.market = Market(seed, self.clock.now())
        self.identities = Identities(seed)
        self.objects = Objects(self.clock, self.identities)
        self.events = Events()
        self.stage = Stage(self.objects, self.market, self.identities, self.events, notify)
        self.life = Life(self.stage)
        self.oauth = OAuth(
            self.clock, self.identities, lifetime=token_lifetime, rotate=rotate_refresh_tokens
        )
        digest = hashlib.sha256(f"organization/{seed}".encode()).hexdigest()
        self.organizations = [
            _organization(f"org_Ab{digest[:14]}", "acme", "Acme Corporation"),
            _organization(f"org_Cd{digest[14:28]}", "umbrella", "Umbrella Research"),
        ]
        self.refresh_tokens = [
            self.oauth.admit(known["id"], f"sandbox-refresh-token-{digest[12 * n : 12 * n + 12]}")
            for n, known in enumerate(self.organizations)
        ]
        """One for each organization, in their order."""

    def world(self, namespace: str) -> World:
        """What checks of specs may look at."""

        def find(plural: str, name: str) -> dict[str, Any] | None:
            item = self.objects.find(plural, namespace, name)
            return None if item is None else item["spec"]

        return World(_floor, find)

    @contextmanager
    def rehearsal(self) -> Generator[None]:
        """Take back whatever a request does to objects, identities and events in this block."""
        objects, events, identities = self.objects, self.events, self.identities
        kept, told, version, position = (
            objects.kept, events.kept, objects.version, identities.position,
        )  # fmt: skip
        objects.kept, events.kept = copy.deepcopy(kept), copy.deepcopy(told)
        try:
            yield
        finally:
            objects.kept, events.kept, objects.version = kept, told, version
            identities.go_back(position)

    def snapshot(self) -> dict[str, Any]:
        """Everything that it knows, as JSON: identities, objects, events and time."""
        with self.lock:
            content = {
                "format": FORMAT,
                "seed": self.seed,
                "now": self.clock.now(),
                "epoch": self.market.epoch,
                "settled": self.life.settled,
                "version": self.objects.version,
                "oldest_continue": self.objects.oldest_continue,
                "objects": {
                    plural: list(items.values()) for plural, items in self.objects.kept.items()
                },
                "notes": self.stage.notes,
                "events": self.events.to_dict(),
                "organizations": self.organizations,
                "accepted_refresh_tokens": self.oauth.refresh_tokens,
                "refresh_tokens": self.refresh_tokens,
            }
            copied: dict[str, Any] = json.loads(json.dumps(content))
            return copied

    def restore(self, content: dict[str, Any]) -> None:
        """Take over what `snapshot` gave; its clock is moved on to the later time of the two.

        Raises `ValueError` for anything else, and then nothing has changed.
        """
        try:
            if content["format"] != FORMAT:
                raise ValueError(f"format {content['format']!r} is not {FORMAT}")
            kept = {
                plural: {
                    (item["metadata"]["namespace"], item["metadata"]["name"]): item
                    for item in items
                }
                for plural, items in content["objects"].items()
            }
            now, version = float(content["now"]), int(content["version"])
            fields = {name: content[name] for name in ("seed", "epoch", "settled", "notes")}
            events = Events()
            events.restore(content["events"])
            organizations, refresh_tokens = (
                list(content[name]) for name in ("organizations", "refresh_tokens")
            )
            accepted = dict(content["accepted_refresh_tokens"])
            oldest = int(content["oldest_continue"])
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"This is no snapshot of a sandbox ({error!r})") from None
        with self.lock:
            self.clock.advance(max(0.0, now - self.clock.now()))
            self.seed = self.market.seed = fields["seed"]
            self.market.restart(fields["epoch"])
            self.identities.reseed(f"{self.seed}/{version}")
            self.objects.version, self.objects.oldest_continue = version, oldest
            self.objects.kept = kept
            self.stage.notes = fields["notes"]
            self.life.settled = fields["settled"]
            self.events.kept = events.kept
            self.organizations[:] = organizations
            self.oauth.refresh_tokens = accepted
            self.refresh_tokens[:] = refresh_tokens


def _floor(name: str) -> Decimal:
    return CLASSES[name].floor


def _organization(org_id: str, name: str, display: str) -> dict[str, Any]:
    namespace = org_id.lower().replace("_", "-")
    return {
        "id": org_id,
        "name": name,
        "display_name": display,
        "metadata": {"namespace": namespace},
    }
