"""One page of a list, and how the next one is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from rsspot.errors import UnexpectedAnswerError
from rsspot.models.shapes import as_list, as_object, objects_in

if TYPE_CHECKING:
    from rsspot.models.view import View
    from rsspot.senders.messages import Request

__all__ = ["continue_token", "views_of"]

V = TypeVar("V", bound="View[Any]")


def views_of(kind: type[V], request: Request, data: dict[str, Any], key: str = "items") -> list[V]:
    """The objects of one page. A null list is an empty one, and so is an absent one of a list.

    What is no object among others is left out, and reported.
    """
    items: Any = data.get(key)
    if items is None and (key in data or str(data.get("kind")).endswith("List")):
        return []
    objects = objects_in(items) if isinstance(items, list) else []
    strange = len(as_list(items)) - len(objects)
    if not isinstance(items, list) or (strange and not objects):
        raise UnexpectedAnswerError(
            f"{request.method} {request.target} answered no list of objects under `{key}`",
            hint="Check that the URL is that of the Spot API",
            status=200,
            method=request.method,
            url=request.target,
        )
    if strange:
        from rsspot.senders.reporting import report

        report(
            f"{request.method} {request.target} answered {strange} of {len(objects) + strange} "
            "items that are no objects; they are left out"
        )
    return [kind(item) for item in objects]


def continue_token(data: dict[str, Any]) -> str | None:
    """The token of the next page of a Kubernetes list, or None after the last."""
    token = as_object(data.get("metadata")).get("continue")
    return token if isinstance(token, str) and token else None
