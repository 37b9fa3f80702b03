"""Any other request to the API, and the access token."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rsspot.errors import InvalidInput
from rsspot.senders.messages import Options, Request
from rsspot.wire.bind import Group, M_co, operation
from rsspot.wire.responses import error_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rsspot.flow.flow import Flow
    from rsspot.senders.messages import Response

__all__ = ["Raw"]


class Raw(Group[M_co]):
    """Requests without an operation."""

    @operation
    def request(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, Any] | None = None,
        json: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> Flow[Response]:
        """Send a request to a path of the API. Raises the error of an unsuccessful response.

        A PATCH is a merge patch, unless `headers` set another type (docs/api-facts.md#writes).
        """
        if not path.startswith("/") or path.startswith("//"):
            raise InvalidInput(
                f"path must begin with one slash and have no host, not {path[:80]!r}",
                argument="path",
            )
        known = self._connection.headers
        if method.upper() == "PATCH":
            known = known.replace({"Content-Type": "application/merge-patch+json"})
        settings = self._connection.settings
        request = Request(
            method,
            settings.base_url + path,
            params=params,
            headers=known.replace(headers or {}),
            json=json,
            options=Options(timeouts=settings.timeouts),
        )
        response = yield from self._connection.send(request)
        if not response.ok:
            raise error_of(request, response)
        return response

    @operation
    def access_token(self, *, force_refresh: bool = False) -> Flow[str]:
        """Return the access token that calls use; with `force_refresh`, a new one."""
        token = yield from self._connection.access_token(force=force_refresh)
        return token.value
