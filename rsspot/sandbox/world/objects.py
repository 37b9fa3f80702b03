"""Objects with versions, as a Kubernetes API server keeps them."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

from rsspot.sandbox.api.selectors import field_matches, label_matches
from rsspot.sandbox.api.status import Refused
from rsspot.sandbox.world.clock import rfc3339

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from rsspot.sandbox.world.clock import SandboxClock
    from rsspot.sandbox.world.identities import Identities

__all__ = ["GROUP", "Objects"]

GROUP = "ngpc.rxt.io"
CLEANUP = f"{GROUP}/cleanup"
"""The finalizer that the service puts on everything."""
MOST = 2**63 - 1
FRESH = 300.0
"""Seconds that a continue token is good for: as long as etcd keeps what it forgets, by default."""
Object = dict[str, Any]


class Objects:
    """All objects of one sandbox, by plural, namespace and name."""

    def __init__(self, clock: SandboxClock, identities: Identities) -> None:
        self.clock = clock
        self.identities = identities
        self.version = 1000
        self.oldest_continue = 0
        self.kept: dict[str, dict[tuple[str, str], Object]] = {}

    def each(self, plural: str, namespace: str | None = None) -> Iterator[Object]:
        """The objects themselves, for whoever changes their status."""
        for (space, _), item in list(self.kept.get(plural, {}).items()):
            if namespace is None or space == namespace:
                yield item

    def find(self, plural: str, namespace: str, name: str) -> Object | None:
        """The object itself, or None."""
        return self.kept.get(plural, {}).get((namespace, name))

    def get(self, plural: str, namespace: str, name: str) -> Object:
        """The object itself. Raises `Refused`."""
        item = self.find(plural, namespace, name)
        if item is None:
            raise Refused(
                404, f'{plural}.{GROUP} "{name}" not found', name=name, group=GROUP, kind=plural
            )
        return item

    def name_from(self, prefix: Any) -> Any:
        """A name with a prefix, as `generateName` asks for; None without one."""
        if not isinstance(prefix, str) or not prefix:
            return None
        return f"{prefix}{self.identities.suffix()}"

    def select(
        self, kind: str, items: Iterable[Object], query: Mapping[str, str]
    ) -> dict[str, Any]:
        """A list object of those `items` that the query asks for."""
        version = query.get("resourceVersion", "")
        if version and not (version.isascii() and version.isdecimal()):
            raise Refused(400, f'resourceVersion: Invalid value: "{version}"')
        found = [
            item
            for item in items
            if label_matches(item, query.get("labelSelector", ""))
            and field_matches(item, query.get("fieldSelector", ""))
        ]
        found.sort(key=lambda item: item["metadata"]["name"])
        return self.page(kind, found, query)

    def page(self, kind: str, found: Sequence[Object], query: Mapping[str, str]) -> dict[str, Any]:
        """One page of `found`, sorted by name."""
        limit = _limit(query.get("limit"))
        after = self._after(query.get("continue", ""))
        left = [item for item in found if after is None or item["metadata"]["name"] > after]
        metadata: dict[str, Any] = {"resourceVersion": str(self.version)}
        if limit and len(left) > limit:
            metadata["continue"] = self._token(left[limit - 1]["metadata"]["name"])
            metadata["remainingItemCount"] = len(left) - limit
            left = left[:limit]
        return {
            "apiVersion": f"{GROUP}/v1",
            "kind": f"{kind}List",
            "metadata": metadata,
            "items": left,
        }

    def create(self, plural: str, namespace: str, item: Object) -> Object:
        """Keep a new object."""
        metadata = item["metadata"]
        name = metadata["name"]
        if self.find(plural, namespace, name) is not None:
            raise Refused(
                409,
                f'{plural}.{GROUP} "{name}" already exists',
                reason="AlreadyExists",
                name=name,
                group=GROUP,
                kind=plural,
            )
        metadata.update(
            namespace=namespace,
            uid=self.identities.uid(),
            creationTimestamp=rfc3339(self.clock.now()),
            generation=1,
            resourceVersion=self._next(),
            finalizers=_finalizers(metadata),
        )
        self.kept.setdefault(plural, {})[namespace, name] = item
        return item

    def replace(self, plural: str, namespace: str, name: str, item: Object) -> Object:
        """Put `item` in place; a change of nothing changes no version."""
        old = self.get(plural, namespace, name)
        stated = item.get("metadata", {}).get("resourceVersion")
        if stated not in (None, ""):
            if not str(stated).isdecimal():
                raise Refused(500, f'strconv.ParseUint: parsing "{stated}": invalid syntax')
            if stated != old["metadata"]["resourceVersion"]:
                raise Refused(
                    409,
                    f'Operation cannot be fulfilled on {plural}.{GROUP} "{name}": the object has '
                    "been modified; please apply your changes to the latest version and try again",
                    name=name,
                    group=GROUP,
                    kind=plural,
                )
        metadata = {**old["metadata"]}
        for key in ("labels", "annotations"):
            value = item.get("metadata", {}).get(key)
            metadata.pop(key, None)
            if value:
                metadata[key] = value
        metadata["finalizers"] = _finalizers(item.get("metadata", {}))
        new = {**old, "metadata": metadata, "spec": item["spec"]}
        if new == old:
            return old
        if new["spec"] != old["spec"]:
            metadata["generation"] = old["metadata"]["generation"] + 1
        metadata["resourceVersion"] = self._next()
        self.kept[plural][namespace, name] = new
        return new

    def delete(self, plural: str, namespace: str, name: str) -> Object:
        """Mark for deletion; it is gone when its finalizers are."""
        item = self.get(plural, namespace, name)
        if "deletionTimestamp" not in item["metadata"]:
            item["metadata"]["deletionTimestamp"] = rfc3339(self.clock.now())
            item["metadata"]["deletionGracePeriodSeconds"] = 0
            self.touch(item)
        return item

    def finish(self, plural: str, item: Object) -> bool:
        """Our own finalizer has run: it is gone, unless others hold it. Whether it is gone."""
        metadata = item["metadata"]
        others = [name for name in metadata["finalizers"] if name != CLEANUP]
        if others:
            if others != metadata["finalizers"]:
                metadata["finalizers"] = others
                self.touch(item)
            return False
        self.kept[plural].pop((metadata["namespace"], metadata["name"]), None)
        self._bump()
        return True

    def touch(self, item: Object) -> None:
        """Its status changed: a new version."""
        item["metadata"]["resourceVersion"] = self._next()

    def expire_continue_tokens(self) -> None:
        """Make every continue token that is out answer 410."""
        self.oldest_continue = self._bump()

    def _bump(self) -> int:
        self.version += 1
        return self.version

    def _next(self) -> str:
        return str(self._bump())

    def _token(self, name: str) -> str:
        content = json.dumps({"v": self.version, "at": self.clock.now(), "after": name})
        return base64.urlsafe_b64encode(content.encode()).decode()

    def _after(self, token: str) -> str | None:
        if not token:
            return None
        try:
            content = json.loads(base64.urlsafe_b64decode(token))
            version, at, after = int(content["v"]), float(content["at"]), str(content["after"])
        except (ValueError, KeyError, TypeError):
            raise Refused(400, "continue key is not valid") from None
        if version < self.oldest_continue or self.clock.now() - at > FRESH:
            raise Refused(410, "The provided continue parameter is too old", reason="Expired")
        return after


def _finalizers(metadata: Mapping[str, Any]) -> list[str]:
    return [CLEANUP, *(name for name in metadata.get("finalizers") or () if name != CLEANUP)]


def _limit(text: str | None) -> int:
    if text is None:
        return 0
    if not (text.isascii() and text.isdecimal()) or int(text) > MOST:
        raise Refused(400, f'strconv.ParseInt: parsing "{text}": invalid syntax')
    return int(text)
