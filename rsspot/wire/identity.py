"""Which organization a client works in: found once, remembered, shared by sync and async calls.

A namespace is an organization's id in lower case, ``_`` replaced by ``-``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from rsspot.errors import ConfigError, InvalidInput, NotFoundError, UnexpectedAnswerError
from rsspot.flow.flow import emit
from rsspot.models.account import Organization, to_namespace
from rsspot.senders.auth.token import fingerprint
from rsspot.wire.endpoint import api
from rsspot.wire.paging import views_of
from rsspot.wire.responses import json_object

if TYPE_CHECKING:
    from rsspot.config.settings import Settings
    from rsspot.flow.flow import Flow, Stream
    from rsspot.wire.connection import Connection

__all__ = ["Identity"]

T = TypeVar("T")

_MANY = 10_000
_REMEMBERED = 256
"""Users of one client whose organization is remembered."""


class Identity:
    """The organization of one client: found once for each user that its calls may be of."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._fixed = to_namespace(settings.org_id) if settings.org_id else None
        self._namespaces: dict[str, str] = {}
        self._own: dict[str, Organization] = {}

    def namespace(self, connection: Connection) -> Flow[str]:
        """The namespace: of the configured organization, else of the token's own.

        Raises `ConfigError` when neither says which.
        """
        if self._fixed is not None:
            return self._fixed
        user = yield from self._user(connection)
        known = self._namespaces.get(user)
        if known is None:
            known = yield from self._found(connection)
            _remember(self._namespaces, user, known)
        return known

    def own(self, connection: Connection) -> Flow[Organization]:
        """The organization, whose name or id some requests want instead of its namespace."""
        user = yield from self._user(connection)
        known = self._own.get(user)
        if known is None:
            namespace = yield from self.namespace(connection)
            known = yield from self.organization(connection, namespace)
            _remember(self._own, user, known)
        return known

    def _user(self, connection: Connection) -> Flow[str]:
        """By what users of one client are told apart; they are one unless each call has a token."""
        if not connection.per_call:
            return ""
        return fingerprint((yield from connection.bearer()).value)

    def _found(self, connection: Connection) -> Flow[str]:
        token = yield from connection.bearer()
        own, wanted = token.claims.get("org_id"), self._settings.org
        # An id has no form that a name cannot have, so only the token's own is known to be one.
        if isinstance(own, str) and own and wanted in {None, own}:
            return to_namespace(own)
        if wanted:
            return (yield from self.organization(connection, wanted)).namespace
        known = yield from self.organizations(connection)
        if len(known) != 1:
            names = ", ".join(sorted(item.name for item in known)) or "none"
            raise ConfigError(
                "The token does not say for which organization it is",
                key="org",
                hint=f"Set `org` to one of: {names}",
            )
        return known[0].namespace

    def organization(self, connection: Connection, name: str) -> Flow[Organization]:
        """The one whose id, namespace, name or display name is `name`, in this order.

        Anybody may choose a name, also one that is the id of another.
        """
        if not name:
            raise InvalidInput("The name of an organization is empty", argument="name")
        known = yield from self.organizations(connection)
        for field in ("id", "namespace", "name", "display_name"):
            found = [item for item in known if getattr(item, field) == name]
            if len(found) > 1:
                ids = ", ".join(sorted(item.id for item in found))
                raise InvalidInput(
                    f"{len(found)} organizations have the {field.replace('_', ' ')} {name!r}",
                    argument="name",
                    hint=f"Say which by its id: {ids}",
                )
            if found:
                return found[0]
        names = ", ".join(sorted(item.name for item in known)) or "none"
        raise NotFoundError(f"There is no organization {name!r}", hint=f"There are: {names}")

    def organizations(self, connection: Connection) -> Flow[list[Organization]]:
        """All organizations, over all pages."""
        found: list[Organization] = []
        start: int | None = None
        while True:
            page, start = yield from self._page(connection, start, None)
            found += page
            if start is None:
                return found

    def each_organization(self, connection: Connection, size: int | None) -> Stream[Organization]:
        """Emit organizations one by one."""
        start: int | None = None
        while True:
            page, start = yield from self._page(connection, start, size)
            for item in page:
                yield from emit(item)
            if start is None:
                return

    def _page(
        self, connection: Connection, start: int | None, size: int | None
    ) -> Flow[tuple[list[Organization], int | None]]:
        # The answer's `next` is a URL, which could lead elsewhere; counting cannot.
        request = connection.request(api.LIST_ORGANIZATIONS, {"start": start, "limit": size})
        response = yield from connection.send(request, api.LIST_ORGANIZATIONS.id)
        data = json_object(request, response)
        views = views_of(Organization, request, data, "organizations")
        if start and data.get("start") not in {None, start}:
            return [], None  # a server that does not page answers the first page again
        total = data.get("total")
        reached = (start or 0) + len(views)
        if not views or not isinstance(total, int) or reached >= total:
            return views, None
        if reached > _MANY:
            raise UnexpectedAnswerError(
                f"{request.method} {request.target} never ends",
                status=response.status_code,
                method=request.method,
                url=request.target,
            )
        return views, reached


def _remember(known: dict[str, T], user: str, value: T) -> None:
    if len(known) >= _REMEMBERED:
        known.clear()
    known[user] = value
