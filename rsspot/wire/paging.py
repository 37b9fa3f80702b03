"""One page of a list, and how the next one is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from rsspot.errors import UnexpectedAnswerError
from rsspot.shapes import as_list, as_object, objects_in

if TYPE_CHECKING:
    from rsspot_api.operations import Operation

    from rsspot.models.view import View
    from rsspot.senders.messages import Request

__all__ = ["Tokens", "continue_token", "views_of"]

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


class Tokens:
    """The way through the pages of one Kubernetes list."""

    def __init__(self, operation: Operation) -> None:
        self._operation = operation
        self._seen: set[str] = set()
        self._next: str | None = None

    def added_to(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """The arguments that ask for the next page."""
        return {**arguments, "continue_": self._next} if self._next else arguments

    def follow(self, token: str | None) -> bool:
        """Go on to the page of `token`, if there is one.

        Raises `UnexpectedAnswerError` for a token that was followed before: such a list has no end.
        """
        if token is not None and token in self._seen:
            method, path = self._operation.method, self._operation.path
            raise UnexpectedAnswerError(
                f"{method} {path} never ends: its pages lead back to one that was read",
                status=200,
                method=method,
                url=path,
            )
        if token is not None:
            self._seen.add(token)
        self._next = token
        return token is not None
