"""Names of new objects (docs/api-facts.md#names-of-objects)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rsspot.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["check_label", "did_you_mean", "is_later", "known_names"]

_LABEL = r"[a-z0-9](?:[-a-z0-9]*[a-z0-9])?"
_MAX_LENGTH = 63
_VERSION = r"v?(\d{1,9})(?:\.(\d{1,9}))?(?:\.(\d{1,9}))?(?![\d.])"


def check_label(argument: str, name: str) -> str:
    """Return `name` if it is a DNS label as in RFC 1123. Raises `InvalidInput`."""
    text = str(name)
    if len(text) > _MAX_LENGTH or not re.fullmatch(_LABEL, text):
        raise InvalidInput(
            f"{argument} is {name!r:.80}, which is not a DNS label",
            argument=argument,
            hint=f"Use 1 to {_MAX_LENGTH} lower-case letters, digits and inner hyphens",
        )
    return name


MIN_PART = 3
"""Characters that a part of a name needs to suggest it."""


def did_you_mean(name: str, known: Iterable[str]) -> str | None:
    """Return a "Did you mean" question with the most similar of the known names, or None.

    A part of a name stands for the first one that contains it.
    """
    import difflib  # only for an error

    by_folded = {item.casefold(): item for item in known}
    folded = name.casefold()
    close = difflib.get_close_matches(folded, by_folded, 1)
    if not close and len(folded) >= MIN_PART:
        close = [item for item in by_folded if folded in item]
    return f"Did you mean {by_folded[close[0]]!r}?" if close else None


def known_names(name: str, known: Iterable[str]) -> str:
    """Return a hint that lists the names that there are, and suggests the most similar one."""
    from rsspot.redaction.quoting import quoted_key  # only for an error

    names = [quoted_key(item) for item in sorted(known)]
    listed = f"Known names: {', '.join(names) or 'none'}"
    similar = did_you_mean(name, names)
    return f"{listed}. {similar}" if similar else listed


def is_later(version: object, other: object) -> bool:
    """Return whether a version of Kubernetes is later than another; False if that is unknown."""
    first, second = _numbers(version), _numbers(other)
    return bool(first and second) and first > second


def _numbers(version: object) -> list[int]:
    match = re.match(_VERSION, version) if isinstance(version, str) else None
    return [] if match is None else [int(part or 0) for part in match.groups()]
