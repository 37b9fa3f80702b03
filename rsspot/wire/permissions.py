"""Reasons of permission errors: which known condition applies, and what to do about it.

Sources: docs/api-facts.md#organizations, docs/api-facts.md#account-limits,
docs/api-facts.md#errors.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from rsspot.models.account import to_namespace

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rsspot.errors import Condition
    from rsspot.senders.messages import Request

__all__ = ["why_forbidden"]

_NAMESPACE = re.compile(r"/namespaces/([^/?]+)")
_BILLING = re.compile(r"billing|payment|credit card", re.IGNORECASE)
_SPEED_BUMP = re.compile(r"speed\s?-?bump", re.IGNORECASE)


def why_forbidden(
    request: Request, message: str, claims: Mapping[str, Any] | None
) -> tuple[Condition, str]:
    """Return the condition and the fix, from the request, the response and the access token."""
    if _BILLING.search(message):
        return "billing", "Set up billing for the organization in the console"
    if _SPEED_BUMP.search(message):
        return (
            "speed bump",
            "New accounts can only have a few servers; ask the vendor's support for more",
        )
    match = _NAMESPACE.search(request.target)
    if match is None:
        return (
            "role",
            "The token needs a role that allows this; the owner of the organization can grant it",
        )
    own = (claims or {}).get("org_id")
    if isinstance(own, str) and own and to_namespace(own) != match[1]:
        return "namespace", (
            f"The token is for one organization only, {to_namespace(own)}, and {match[1]} is "
            "another organization: use a refresh token that belongs to it"
        )
    if isinstance(own, str) and own:
        return "role", (
            f"The token is for {match[1]}, but its role does not allow this; or billing is "
            "not set up there"
        )
    return "role", (
        f"The token needs a role in {match[1]}; it is for one organization only, so check `org` "
        "too, and that billing is set up"
    )
