"""The types in the annotations of the state store."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rsspot.arguments import KINDS as BASIC_KINDS
from rsspot.arguments import ArgumentKind, of_class

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["KINDS"]

EVENTS = frozenset(
    {
        "TokenIssued", "Reissued", "Submitted", "Registered", "Failed", "Skipped", "Retried",
        "Reopened",
    }
)  # fmt: skip


def _is_event(value: Any) -> bool:
    return type(value).__name__ in EVENTS


def _has_inventory(value: Any) -> bool:
    return hasattr(value, "inventory")


def _is_clock(value: Any) -> bool:
    return all(callable(getattr(value, name, None)) for name in ("now", "monotonic", "sleep"))


KINDS: Mapping[str, ArgumentKind] = {
    # Numbers have bounds, which are checked where they are used.
    **{name: kind for name, kind in BASIC_KINDS.items() if name not in {"int", "float"}},
    "CacheRow": of_class("CacheRow", "a CacheRow"),
    "Sender": of_class("Sender", "a Sender"),
    "Clock": ArgumentKind(_is_clock, "a Clock"),
    "Event": ArgumentKind(_is_event, "an event, such as Submitted()", is_of_type=True),
    "HasInventory": ArgumentKind(_has_inventory, "a client"),
    "Listing": of_class("Listing", "a Listing"),
    "Secret": of_class("Secret", "a Secret"),
    "RegistrationRecord": of_class("RegistrationRecord", "a record"),
    "RegistrationStatus": of_class("RegistrationStatus", "a RegistrationStatus"),
    "SpotClient": of_class("SpotClient", ""),
    "AsyncSpotClient": of_class("AsyncSpotClient", ""),
    "StateStore": of_class("StateStore", "a StateStore"),
    "StoredToken": of_class("StoredToken", "a StoredToken"),
}
"""By name, since a check must not import the modules of these classes."""
