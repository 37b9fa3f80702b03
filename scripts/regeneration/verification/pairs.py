"""Compare names and values that were sent with the expected ones."""

from __future__ import annotations

import json
from operator import itemgetter
from typing import TYPE_CHECKING

from regeneration.verification.objects import same

if TYPE_CHECKING:
    from regeneration.verification.styles import Pairs

__all__ = ["equal", "shown"]


def shown(pairs: Pairs) -> str:
    """Return pairs as text of a query."""
    return "&".join("=".join(pair) for pair in pairs) or "nothing"


def equal(wanted: Pairs, found: Pairs) -> bool:
    """Return whether both are the same; the order counts only among those of one name."""
    wanted, found = (sorted(each, key=itemgetter(0)) for each in (wanted, found))
    return len(wanted) == len(found) and all(
        one[0] == other[0] and (one[1] == other[1] or _same_json(one[1], other[1]))
        for one, other in zip(wanted, found, strict=True)
    )


def _same_json(one: str, other: str) -> bool:
    """Return whether both are the same JSON, which numbers and `content` may be."""
    try:
        return same(json.loads(one), json.loads(other))
    except ValueError:
        return False
