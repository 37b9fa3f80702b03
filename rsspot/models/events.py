"""Events of an organization, and the notices that a webhook gets before a server is taken away.

Sources: openapi/spot.yaml, OrganizationEvents; docs/api-facts.md#preemption.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, ClassVar, cast

from attrs import frozen

from rsspot.errors import InvalidInput
from rsspot.models.quantities import read_time
from rsspot.models.record import Record
from rsspot.shapes import as_list

if TYPE_CHECKING:
    from datetime import datetime

    from rsspot_api import models  # noqa: F401 - in the text of a base class

__all__ = ["OrganizationEvent", "PreemptionNotice", "read_events"]

PAIR = 2


@frozen(repr=False)
class OrganizationEvent(Record["models.OrganizationEvents"]):
    """One event: two texts whose meaning is not documented.

    An event is not an object in the API, so `raw` and `to_dict` are the feed with only this event.

    Attributes:
        time: Text that looks like a time.
        text: Text that looks like a description.
    """

    model: ClassVar[str] = "OrganizationEvents"

    time: str
    text: str


def read_events(data: dict[str, Any]) -> list[OrganizationEvent]:
    """Return the events of a feed, without entries that are not a pair of texts."""
    pairs = map(as_list, as_list(data.get("events")))
    return [
        OrganizationEvent(pair[0], pair[1], wire={**data, "events": [pair]})
        for pair in pairs
        if len(pair) == PAIR and all(isinstance(part, str) for part in pair)
    ]


@frozen(repr=False)
class PreemptionNotice(Record["models.ServerReleased"]):
    """A server of a cloudspace is released about six minutes after `time`.

    The sender is not proven: no signature is documented. Check with the API before you act on it.

    Attributes:
        cloudspace: Name of the cloudspace.
        server: Name of the server.
        address: IP address of the server.
        time: Time of the notice, or None.
    """

    model: ClassVar[str] = "ServerReleased"

    cloudspace: str
    server: str
    address: str
    time: datetime | None

    @classmethod
    def parse(cls, body: bytes | str | dict[str, Any]) -> PreemptionNotice:
        """Parse the body of a webhook request.

        Args:
            body: The body, or its decoded JSON.

        Returns:
            The notice in it.

        Raises:
            InvalidInput: If it is not a notice.
        """
        value: Any = body
        if isinstance(body, bytes | str):
            try:
                value = json.loads(body)
            except (ValueError, RecursionError):
                raise InvalidInput("The body is not JSON", argument="body") from None
        if not isinstance(value, dict):
            raise InvalidInput("The body is not a JSON object", argument="body")
        wire = cast("dict[str, Any]", value)
        fields = {key.casefold(): item for key, item in wire.items()}
        missing = [key for key in ("cloudspace", "server") if not isinstance(fields.get(key), str)]
        if missing:
            raise InvalidInput(f"The body has no {' and no '.join(missing)}", argument="body")
        try:
            time = read_time(fields.get("time"))
        except ValueError:
            time = None
        address = fields.get("ip")
        return cls(
            fields["cloudspace"],
            fields["server"],
            address if isinstance(address, str) else "",
            time,
            wire=wire,
        )


if not TYPE_CHECKING:  # a type checker would accept any name

    def __getattr__(name: str) -> object:
        from rsspot.renamed import missing_import

        raise missing_import(__name__, name)
