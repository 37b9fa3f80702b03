"""Names of new objects (fact sheet, section 4.1)."""

from __future__ import annotations

import re

from rsspot.errors import InvalidInput

__all__ = ["check_label"]

_LABEL = re.compile(r"[a-z0-9](?:[-a-z0-9]*[a-z0-9])?")
_LONGEST = 63


def check_label(argument: str, name: str) -> str:
    """`name`, when it is a DNS label (RFC 1123) as Kubernetes wants it. Raises `InvalidInput`."""
    text = str(name)
    if len(text) > _LONGEST or not _LABEL.fullmatch(text):
        raise InvalidInput(
            f"{argument} is {name!r:.80}, which is not a DNS label",
            argument=argument,
            hint=f"Use 1 to {_LONGEST} lower-case letters, digits and inner hyphens",
        )
    return name
