"""The organization of a client: looked up once, and kept.

A namespace is the id of an organization in lower case, with ``_`` replaced by ``-``
(docs/api-facts.md#organizations).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from rsspot.errors import ConfigError, InvalidInput, NotFoundError, UnexpectedResponseError
from rsspot.flow.flow import emit
from rsspot.models.account import Organization, to_namespace
from rsspot.redaction.quoting import quoted_name
from rsspot.senders.auth.token import fingerprint
from rsspot.wire.connection import Connection
from rsspot.wire.endpoint import api
from rsspot.wire.responses import json_object, views_of

if TYPE_CHECKING:
    from rsspot.flow.flow import Flow, Stream

__all__ = ["KnownOrganizations", "OrganizationConnection"]

T = TypeVar("T")

_MAX_ORGANIZATIONS = 10_000
_MAX_USERS = 256
"""Maximum users of one client whose organization is kept."""


class KnownOrganizations:
    """Organizations by user, shared by the sync and the async calls of a client."""

    def __init__(self) -> None:
        self.namespaces: dict[str, str] = {}
        self.own: dict[str, Organization] = {}


class OrganizationConnection(Connection):
    """A connection that knows the organization of its calls."""

    def __init__(self, *arguments: Any, known: KnownOrganizations, **options: Any) -> None:
        super().__init__(*arguments, **options)
        org_id = self.settings.org_id
        self._fixed = to_namespace(org_id) if org_id else None
        self._known = known

    def namespaced(self, arguments: dict[str, Any] | None = None) -> Flow[dict[str, Any]]:
        """Return `arguments` with the namespace of the organization."""
        namespace = self._fixed or (yield from self.namespace())
        return {"namespace": namespace, **(arguments or {})}

    def namespace(self) -> Flow[str]:
        """Return the namespace of the configured organization, else of that of the token.

        Raises `ConfigError` if neither is known.
        """
        if self._fixed is not None:
            return self._fixed
        user = yield from self._user()
        known = self._known.namespaces.get(user)
        if known is None:
            known = yield from self._find_namespace()
            _remember(self._known.namespaces, user, known)
        return known

    def own_organization(self) -> Flow[Organization]:
        """Return the organization, whose name or id some requests need."""
        user = yield from self._user()
        known = self._known.own.get(user)
        if known is None:
            known = yield from self.organization((yield from self.namespace()))
            _remember(self._known.own, user, known)
        return known

    def _user(self) -> Flow[str]:
        """Return a key of the user; it is constant unless each call may have its own token."""
        if not self.per_call:
            return ""
        return fingerprint((yield from self.access_token()).value)

    def _find_namespace(self) -> Flow[str]:
        token = yield from self.access_token()
        own, wanted = token.claims.get("org_id"), self.settings.org
        # A name may look like an id, so only the id in the token is certainly one.
        if isinstance(own, str) and own and wanted in {None, own}:
            return to_namespace(own)
        if wanted:
            return (yield from self.organization(wanted)).namespace
        known = yield from self.organizations()
        if len(known) != 1:
            raise ConfigError(
                "The token does not name an organization",
                key="org",
                hint=f"Set `org` to one of: {_names(known)}",
            )
        return known[0].namespace

    def organization(self, name: str) -> Flow[Organization]:
        """Return the organization whose id, namespace, name or display name is `name`.

        Names are free: one may even be the id of another organization. Raises `InvalidInput` and
        `NotFoundError`.
        """
        if not name:
            raise InvalidInput("The name of an organization is empty", argument="name")
        known = yield from self.organizations()
        for field in ("id", "namespace", "name", "display_name"):
            found = [item for item in known if getattr(item, field) == name]
            if len(found) > 1:
                ids = ", ".join(sorted(item.id for item in found))
                raise InvalidInput(
                    f"{len(found)} organizations have the {field.replace('_', ' ')} {name!r}",
                    argument="name",
                    hint=f"Choose one by its id: {ids}",
                )
            if found:
                return found[0]
        raise NotFoundError(
            f"There is no organization {quoted_name(name)}", hint=f"Known names: {_names(known)}"
        )

    def organizations(self) -> Flow[list[Organization]]:
        """Return all organizations, over all pages."""
        found: list[Organization] = []
        start: int | None = None
        while True:
            page, start = yield from self._organizations_page(start, None)
            found += page
            if start is None:
                return found

    def each_organization(self, size: int | None) -> Stream[Organization]:
        """Emit organizations one by one."""
        start: int | None = None
        while True:
            page, start = yield from self._organizations_page(start, size)
            for item in page:
                yield from emit(item)
            if start is None:
                return

    def _organizations_page(
        self, start: int | None, size: int | None
    ) -> Flow[tuple[list[Organization], int | None]]:
        # `next` in the response is a URL, which could lead to another host; counting cannot.
        request = self.request(api.LIST_ORGANIZATIONS, {"start": start, "limit": size})
        response = yield from self.send(request, api.LIST_ORGANIZATIONS.id)
        data = json_object(request, response)
        views = views_of(Organization, request, data, "organizations")
        if start and data.get("start") not in {None, start}:
            return [], None  # a server without pages returns the first page again
        total = data.get("total")
        reached = (start or 0) + len(views)
        if not views or not isinstance(total, int) or reached >= total:
            return views, None
        if reached > _MAX_ORGANIZATIONS:
            raise UnexpectedResponseError(
                f"{request.method} {request.target} never ends",
                status=response.status_code,
                method=request.method,
                url=request.target,
            )
        return views, reached


def _names(known: list[Organization]) -> str:
    return ", ".join(sorted(item.name for item in known)) or "none"


def _remember(known: dict[str, T], user: str, value: T) -> None:
    if len(known) >= _MAX_USERS:
        known.clear()
    known[user] = value
