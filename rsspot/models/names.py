"""Names of new objects (fact sheet, section 4.1)."""

from __future__ import annotations

import re

from rsspot.errors import InvalidInput

__all__ = ["check_label", "check_label_value"]

_LABEL = re.compile(r"[a-z0-9](?:[-a-z0-9]*[a-z0-9])?")
_LABEL_VALUE = re.compile(r"[A-Za-z0-9](?:[-_.A-Za-z0-9]*[A-Za-z0-9])?")
_LONGEST = 63


def check_label(argument: str, name: str) -> str:
    """`name`, when it is a DNS label (RFC 1123) as Kubernetes wants it. Raises `InvalidInput`."""
    if not isinstance(name, str) or len(name) > _LONGEST or not _LABEL.fullmatch(name):  # pyright: ignore[reportUnnecessaryIsInstance] - untyped callers
        raise InvalidInput(
            f"{argument} is {name!r:.80}, which is not a DNS label",
            argument=argument,
            hint=f"Use 1 to {_LONGEST} lower-case letters, digits and inner hyphens",
        )
    return name


def check_label_value(argument: str, value: str) -> str:
    """`value`, when it can be the value of a Kubernetes label. Raises `InvalidInput`.

    Anything else could add requirements of its own to a selector.
    """
    if not isinstance(value, str) or len(value) > _LONGEST or not _LABEL_VALUE.fullmatch(value):  # pyright: ignore[reportUnnecessaryIsInstance] - untyped callers
        raise InvalidInput(
            f"{argument} is {value!r:.80}, which is not a name",
            argument=argument,
            hint=f"Use 1 to {_LONGEST} letters, digits and inner hyphens, dots or underscores",
        )
    return value
