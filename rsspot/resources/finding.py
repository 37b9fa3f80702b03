"""Names and keys of pools: what a new one is called, and which one a person means."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, TypeVar

from rsspot.errors import InvalidInput, NotFoundError
from rsspot.models.names import did_you_mean
from rsspot.wire.endpoint import segment

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rsspot.models.pool import Pool

__all__ = ["check_choice", "find_pool", "name_of_key", "pool_name"]

P = TypeVar("P", bound="Pool[Any]")

KEYS = uuid.UUID("9b1f52ce-7d2f-5b6c-8f3e-2a1d6c0e4f77")
"""The name space (RFC 9562) of pool names that are made from a key."""
MAX_LISTED = 10


def name_of_key(namespace: str, owner: str, key: str) -> str:
    """Return the name of the pool that was created with a key: always the same UUID."""
    # Lengths in front keep ("a/b", "c") and ("a", "b/c") apart.
    text = "".join(f"{len(part)}:{part}" for part in (namespace, owner, key))
    return str(uuid.uuid5(KEYS, text))


def pool_name(namespace: str, owner: str, name: str | None, key: str | None) -> str:
    """Return the name for a new pool: the one that was passed, one from the key, or a new UUID.

    The API wants UUIDs; the server decides about a name that was passed.
    """
    if name is not None:
        return name
    if key is None:
        return str(uuid.uuid4())
    return name_of_key(namespace, owner, key)


def check_choice(name: str | None, key: str | None) -> None:
    """Refuse a name and a key together, and one that cannot be used. Raises `InvalidInput`."""
    if name is not None and key is not None:
        raise InvalidInput("Give a pool a name or a key, not both", argument="key")
    if name is not None:
        segment("name", name)
    if key == "":
        raise InvalidInput("key is empty", argument="key")


def find_pool(pools: Iterable[P], name: str, noun: str = "node pool") -> P:
    """Return the pool called `name`, that has this key, or whose name begins with it.

    noun: what a pool is called in errors.

    Raises `NotFoundError` if there is none, and `InvalidInput` if there are several.
    """
    known = [*pools]
    text = name.strip()
    found = [pool for pool in known if pool.name == text]
    found = found or [pool for pool in known if text and _has_key(pool, text)]
    found = found or [pool for pool in known if text and pool.name.startswith(text.lower())]
    if len(found) == 1:
        return found[0]
    if not found:
        names = [*filter(None, (pool.key for pool in known)), *(pool.name for pool in known)]
        raise NotFoundError(f"There is no {noun} {name!r:.80}", hint=did_you_mean(text, names))
    listed = ", ".join(pool.name for pool in found[:MAX_LISTED])
    raise InvalidInput(
        f"{name!r:.80} matches {len(found)} pools: {listed}",
        argument="name",
        hint="Write more of the name",
    )


def _has_key(pool: Pool[Any], key: str) -> bool:
    return pool.name == name_of_key(pool.namespace, pool.owner, key)
