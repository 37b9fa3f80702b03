"""Events of an organization (fact sheet, section 2.3)."""

from __future__ import annotations

from typing import Any

from attrs import frozen

from rsspot.models.shapes import as_list

__all__ = ["OrganizationEvent", "read_events"]

PAIR = 2


@frozen
class OrganizationEvent:
    """One event: two texts, of which the only source does not say what they mean.

    The first reads like a time, the second like what happened.
    """

    time: str
    text: str


def read_events(data: dict[str, Any]) -> list[OrganizationEvent]:
    """The events of a feed; what is not a pair of texts is left out."""
    pairs = map(as_list, as_list(data.get("events")))
    return [
        OrganizationEvent(pair[0], pair[1])
        for pair in pairs
        if len(pair) == PAIR and all(isinstance(part, str) for part in pair)
    ]
