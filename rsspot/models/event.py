"""Events of an organization (openapi/spot.yaml, OrganizationEvents)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from attrs import frozen

from rsspot.models.record import Record
from rsspot.models.shapes import as_list

if TYPE_CHECKING:
    from rsspot_api import models  # noqa: F401 - in the text of a base class

__all__ = ["OrganizationEvent", "read_events"]

PAIR = 2


@frozen(repr=False)
class OrganizationEvent(Record["models.OrganizationEvents"]):
    """One event: two texts, of which the only source does not say what they mean.

    The first reads like a time, the second like what happened. An event is no object on the wire,
    so `raw` and `to_dict` are the feed with this event alone.
    """

    model: ClassVar[str] = "OrganizationEvents"

    time: str
    text: str


def read_events(data: dict[str, Any]) -> list[OrganizationEvent]:
    """The events of a feed; what is not a pair of texts is left out."""
    pairs = map(as_list, as_list(data.get("events")))
    return [
        OrganizationEvent(pair[0], pair[1], wire={**data, "events": [pair]})
        for pair in pairs
        if len(pair) == PAIR and all(isinstance(part, str) for part in pair)
    ]
