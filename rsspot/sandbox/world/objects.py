"""The object store: objects with versions, as a Kubernetes API server stores them."""

from __future__ import annotations

import random
import string
import uuid
from typing import TYPE_CHECKING, Any

from rsspot.sandbox.world.clock import rfc3339
from rsspot.sandbox.world.errors import ApiError
from rsspot.sandbox.world.lists import GROUP, list_objects
from rsspot.shapes import as_object

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from rsspot.sandbox.world.clock import SandboxClock

__all__ = ["Identifiers", "Object", "Objects", "desired_nodes", "is_deleting"]

CLEANUP = f"{GROUP}/cleanup"
"""The finalizer that the service adds to every object."""
Object = dict[str, Any]


class Identifiers:
    """Generates uids, name suffixes and secrets. The same seed and calls give the same ones."""

    def __init__(self, seed: object) -> None:
        self.reseed(seed)

    def reseed(self, seed: object) -> None:
        """Start a new sequence from another seed."""
        self._random = random.Random(f"identities/{seed}")  # noqa: S311 - repeatable on purpose

    @property
    def position(self) -> object:
        """The position in the sequence."""
        return self._random.getstate()

    def rewind(self, position: Any) -> None:
        """Continue from an earlier `position`."""
        self._random.setstate(position)

    def uid(self) -> str:
        """Return a UUID."""
        return str(uuid.UUID(int=self._random.getrandbits(128), version=4))

    def suffix(self) -> str:
        """Return five letters and digits."""
        return "".join(self._random.choices(string.ascii_lowercase + string.digits, k=5))

    def secret(self) -> str:
        """Return a random token of 48 hexadecimal digits."""
        return f"{self._random.getrandbits(192):048x}"


class Objects:
    """All namespaced objects of one sandbox, by plural, namespace and name."""

    def __init__(self, clock: SandboxClock, identifiers: Identifiers) -> None:
        self.clock = clock
        self.identifiers = identifiers
        self.version: int = 1000
        self.oldest_version: int = 0
        """The oldest version whose continue tokens are valid."""
        self.stored: dict[str, dict[tuple[str, str], Object]] = {}

    def each(self, plural: str, namespace: str | None = None) -> Iterator[Object]:
        """Yield the stored objects themselves, not copies."""
        for (space, _), item in list(self.stored.get(plural, {}).items()):
            if namespace is None or space == namespace:
                yield item

    def find(self, plural: str, namespace: str, name: str) -> Object | None:
        """Return the stored object itself, or None."""
        return self.stored.get(plural, {}).get((namespace, name))

    def get(self, plural: str, namespace: str, name: str) -> Object:
        """Return the stored object itself. Raises `ApiError` if there is none."""
        item = self.find(plural, namespace, name)
        if item is None:
            raise ApiError(
                "NotFound",
                f'{plural}.{GROUP} "{name}" not found',
                name=name,
                group=GROUP,
                kind=plural,
            )
        return item

    def generate_name(self, prefix: Any) -> Any:
        """Return a name that starts with `prefix` (`generateName`); None without a prefix."""
        if not isinstance(prefix, str) or not prefix:
            return None
        return f"{prefix}{self.identifiers.suffix()}"

    def select(
        self, kind: str, items: Iterable[Object], query: Mapping[str, str]
    ) -> dict[str, Any]:
        """Return a list object: the page of `items` that the parameters in `query` select."""
        return list_objects(
            kind,
            items,
            query,
            version=self.version,
            oldest_version=self.oldest_version,
            now=self.clock.now(),
        )

    def create(self, plural: str, namespace: str, item: Object) -> Object:
        """Store a new object, and return it."""
        metadata = item["metadata"]
        name = metadata["name"]
        if self.find(plural, namespace, name) is not None:
            raise ApiError(
                "AlreadyExists",
                f'{plural}.{GROUP} "{name}" already exists',
                name=name,
                group=GROUP,
                kind=plural,
            )
        metadata.update(
            namespace=namespace,
            uid=self.identifiers.uid(),
            creationTimestamp=rfc3339(self.clock.now()),
            generation=1,
            resourceVersion=self._next(),
            finalizers=_finalizers(metadata),
        )
        self.stored.setdefault(plural, {})[namespace, name] = item
        return item

    def replace(self, plural: str, namespace: str, name: str, item: Object) -> Object:
        """Replace labels, annotations, finalizers and spec. Without a change, keep the version."""
        old = self.get(plural, namespace, name)
        _check_unmodified(plural, old, item.get("metadata", {}).get("resourceVersion"))
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
        self.stored[plural][namespace, name] = new
        return new

    def delete(self, plural: str, namespace: str, name: str) -> Object:
        """Mark an object for deletion. It is removed when its last finalizer is."""
        item = self.get(plural, namespace, name)
        if not is_deleting(item):
            item["metadata"]["deletionTimestamp"] = rfc3339(self.clock.now())
            item["metadata"]["deletionGracePeriodSeconds"] = 0
            self.touch(item)
        return item

    def finalize(self, plural: str, item: Object) -> bool:
        """Run our own finalizer. Return whether it was the last one, and the object is removed."""
        metadata = item["metadata"]
        others = [name for name in metadata["finalizers"] if name != CLEANUP]
        if others:
            if others != metadata["finalizers"]:
                metadata["finalizers"] = others
                self.touch(item)
            return False
        self.stored[plural].pop((metadata["namespace"], metadata["name"]), None)
        self._next_version()
        return True

    def touch(self, item: Object) -> None:
        """Give an object that was changed in place a new version."""
        item["metadata"]["resourceVersion"] = self._next()

    def expire_continue_tokens(self) -> None:
        """Let all continue tokens expire."""
        self.oldest_version = self._next_version()

    def _next_version(self) -> int:
        self.version += 1
        return self.version

    def _next(self) -> str:
        return str(self._next_version())


def is_deleting(item: Object) -> bool:
    """Return whether an object is marked for deletion."""
    return "deletionTimestamp" in item["metadata"]


def desired_nodes(pool: Object) -> int:
    """Return the number of servers that a pool wants, within the bounds of its autoscaling."""
    spec = pool["spec"]
    desired: int = spec["desired"]
    scaling = as_object(spec.get("autoscaling"))
    if scaling.get("enabled"):
        desired = min(max(desired, scaling["minNodes"]), scaling["maxNodes"])
    return desired


def _check_unmodified(plural: str, old: Object, version: Any) -> None:
    """Raise `ApiError` unless `version`, where there is one, is that of `old`."""
    if version in (None, ""):
        return
    if not str(version).isdecimal():
        raise ApiError("InternalError", f'strconv.ParseUint: parsing "{version}": invalid syntax')
    if version != old["metadata"]["resourceVersion"]:
        name = old["metadata"]["name"]
        raise ApiError(
            "Conflict",
            f'Operation cannot be fulfilled on {plural}.{GROUP} "{name}": the object has '
            "been modified; please apply your changes to the latest version and try again",
            name=name,
            group=GROUP,
            kind=plural,
        )


def _finalizers(metadata: Mapping[str, Any]) -> list[str]:
    return [CLEANUP, *(name for name in metadata.get("finalizers") or () if name != CLEANUP)]
