"""The whole state of a sandbox: organizations, objects, market and time."""

from __future__ import annotations

import copy
import hashlib
import json
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from rsspot.sandbox.world.clock import SandboxClock
from rsspot.sandbox.world.market import Market
from rsspot.sandbox.world.oauth import OAuth
from rsspot.sandbox.world.objects import Identifiers, Objects
from rsspot.sandbox.world.simulation import Simulation
from rsspot.sandbox.world.world import Events, World

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from rsspot.sandbox.world.catalogue import ServerClassEntry
    from rsspot.sandbox.world.objects import Object

__all__ = ["SandboxState"]

FORMAT = 2
"""The version of the snapshot format."""


class SandboxState:
    """The state of one sandbox. Hold `lock` to use it from several threads.

    `speed` and `start` are those of `SandboxClock`; access tokens are valid for `token_lifetime`
    seconds; `rotate_refresh_tokens` lets each refresh token be used once; `strict` requires what
    the published document marks as required; `notify` is called with
    the URL of a webhook and the body for it.
    """

    def __init__(
        self,
        *,
        seed: int,
        speed: float | None,
        start: float | None,
        token_lifetime: int,
        rotate_refresh_tokens: bool,
        strict: bool = False,
        notify: Callable[[str, dict[str, str]], None],
    ) -> None:
        self.seed: int = seed
        self.strict: bool = strict
        self.lock: threading.RLock = threading.RLock()
        self.clock: SandboxClock = SandboxClock(speed, start)
        self.market: Market = Market(seed, self.clock.now())
        self.identifiers: Identifiers = Identifiers(seed)
        self.objects: Objects = Objects(self.clock, self.identifiers)
        self.events: Events = Events()
        self._world = World(self.objects, self.market, self.identifiers, self.events, notify)
        self._simulation = Simulation(self._world)
        self.oauth: OAuth = OAuth(
            self.clock, self.identifiers, lifetime=token_lifetime, rotate=rotate_refresh_tokens
        )
        digest = hashlib.sha256(f"organization/{seed}".encode()).hexdigest()
        self.organizations: list[dict[str, Any]] = [
            _organization(f"org_Ab{digest[:14]}", "acme", "Acme Corporation"),
            _organization(f"org_Cd{digest[14:28]}", "umbrella", "Umbrella Research"),
        ]
        self.refresh_tokens: list[str] = [
            self.oauth.admit(known["id"], f"sandbox-refresh-token-{digest[12 * n : 12 * n + 12]}")
            for n, known in enumerate(self.organizations)
        ]
        """One for each organization, in the same order."""

    def advance(self, seconds: float = 0) -> None:
        """Advance the clock by `seconds`, and the objects to the time of the clock."""
        with self.lock:
            self.clock.advance(seconds)
            self._simulation.advance()

    def available(self, entry: ServerClassEntry) -> int:
        """Return the number of servers of a class that nobody has."""
        return self._simulation.auction.available(entry)

    def log(self, item: Object, what: str) -> None:
        """Append an event about an object to the feed of its organization."""
        self._world.log(item, self.clock.now(), what)

    def lookup(self, namespace: str) -> Callable[[str, str], Object | None]:
        """Return a function that returns the spec of the object with a plural and a name."""

        def lookup(plural: str, name: str) -> Object | None:
            item = self.objects.find(plural, namespace, name)
            return None if item is None else item["spec"]

        return lookup

    @contextmanager
    def dry_run(self) -> Generator[None]:
        """Undo all changes to objects, events and identifiers at the end of the block."""
        objects, events, identifiers = self.objects, self.events, self.identifiers
        stored, logged, version, position = (
            objects.stored, events.stored, objects.version, identifiers.position,
        )  # fmt: skip
        objects.stored, events.stored = copy.deepcopy(stored), copy.deepcopy(logged)
        try:
            yield
        finally:
            objects.stored, events.stored, objects.version = stored, logged, version
            identifiers.rewind(position)

    def snapshot(self) -> dict[str, Any]:
        """Return the whole state as JSON-compatible data."""
        with self.lock:
            content = {
                "format": FORMAT,
                "seed": self.seed,
                "now": self.clock.now(),
                "epoch": self.market.epoch,
                "reconciled_at": self._simulation.reconciled_at,
                "version": self.objects.version,
                "oldest_version": self.objects.oldest_version,
                "objects": {
                    plural: list(items.values()) for plural, items in self.objects.stored.items()
                },
                "annotations": self._world.annotations,
                "events": self.events.to_dict(),
                "organizations": self.organizations,
                "accepted_refresh_tokens": self.oauth.refresh_tokens,
                "refresh_tokens": self.refresh_tokens,
            }
            copied: dict[str, Any] = json.loads(json.dumps(content))
            return copied

    def restore(self, content: dict[str, Any]) -> None:
        """Replace the state by that of a `snapshot`. The clock is only ever advanced.

        Raises `ValueError` for other content, and then changes nothing.
        """
        try:
            if content["format"] != FORMAT:
                raise ValueError(
                    f"The snapshot has format {content['format']!r}, but this version reads only "
                    f"format {FORMAT}. Take a new snapshot."
                )
            stored = {
                plural: {
                    (item["metadata"]["namespace"], item["metadata"]["name"]): item
                    for item in items
                }
                for plural, items in content["objects"].items()
            }
            now, version = float(content["now"]), int(content["version"])
            names = ("seed", "epoch", "reconciled_at", "annotations")
            fields = {name: content[name] for name in names}
            events = Events()
            events.restore(content["events"])
            organizations, refresh_tokens = (
                list(content[name]) for name in ("organizations", "refresh_tokens")
            )
            accepted = dict(content["accepted_refresh_tokens"])
            oldest = int(content["oldest_version"])
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"This is not a snapshot of a sandbox ({error!r}).") from None
        with self.lock:
            self.clock.advance(max(0.0, now - self.clock.now()))
            self.seed = self.market.seed = fields["seed"]
            self.market.restart(fields["epoch"])
            self.identifiers.reseed(f"{self.seed}/{version}")
            self.objects.version, self.objects.oldest_version = version, oldest
            self.objects.stored = stored
            self._world.annotations = fields["annotations"]
            self._simulation.reconciled_at = fields["reconciled_at"]
            self.events.stored = events.stored
            self.organizations[:] = organizations
            self.oauth.refresh_tokens = accepted
            self.refresh_tokens[:] = refresh_tokens


def _organization(org_id: str, name: str, display: str) -> dict[str, Any]:
    namespace = org_id.lower().replace("_", "-")
    return {
        "id": org_id,
        "name": name,
        "display_name": display,
        "metadata": {"namespace": namespace},
    }
