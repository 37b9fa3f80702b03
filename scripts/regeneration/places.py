"""The servers of a document by name, and the URL that a builder needs to reach them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from rsspot.api_diff.nodes import servers_of

if TYPE_CHECKING:
    from rsspot.api_diff.document import Document, OperationNode
    from rsspot.api_diff.nodes import BaseURL
    from rsspot.shapes import Json

__all__ = ["Places", "places_of"]

NAMES = {
    "login.spot.rackspace.com": "oauth",
    "ngpc-prod-public-data.s3.us-east-2.amazonaws.com": "public",
}
"""The names of the further hosts of Spot; any other host is named after itself."""
DEFAULT = "api"


@dataclass(frozen=True)
class Places:
    """The servers, the default one first; each with its alternatives behind it."""

    servers: dict[str, tuple[BaseURL, ...]]

    @property
    def default(self) -> str:
        """The name of the document's own server."""
        return next(iter(self.servers))

    def name_of(self, root: Json, operation: OperationNode) -> str:
        """Return the name of the place of an operation."""
        there = servers_of(root, operation)
        return next(name for name, each in self.servers.items() if each == there)

    def url_of(self, root: Json, operation: OperationNode) -> str:
        """Return the URL before its path: empty where it is that of the client."""
        name = self.name_of(root, operation)
        return "" if name == self.default else self.servers[name][0].url.rstrip("/")


def places_of(document: Document) -> Places:
    """Return all places of a document."""
    found = {DEFAULT: servers_of(document.root)}
    for operation in document.operations():
        there = servers_of(document.root, operation)
        if there not in found.values():
            found[_unused_name(_name(there[0].url), found)] = there
    return Places(found)


def _name(url: str) -> str:
    host = urlsplit(url).hostname or "relative"
    return NAMES.get(host) or re.sub(r"\W", "_", host)


def _unused_name(name: str, taken: dict[str, tuple[BaseURL, ...]]) -> str:
    number, free = 2, name
    while free in taken:
        free, number = f"{name}_{number}", number + 1
    return free
