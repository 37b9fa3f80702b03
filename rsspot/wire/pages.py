"""From one page of a Kubernetes list to the next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rsspot.errors import UnexpectedResponseError

if TYPE_CHECKING:
    from rsspot_api.operations import Operation

__all__ = ["next_page"]


def next_page(
    operation: Operation, arguments: dict[str, Any], token: str, seen: set[str]
) -> dict[str, Any]:
    """Return the arguments for the page of `token`, and add the token to `seen`.

    Raises `UnexpectedResponseError` for a token that was seen before, since such a list has no end.
    """
    if token in seen:
        raise UnexpectedResponseError(
            f"{operation.method} {operation.path} never ends: "
            "a page refers back to one that was already read",
            status=200,
            method=operation.method,
            url=operation.path,
        )
    seen.add(token)
    return {**arguments, "continue_": token}
