"""The organizations of the user, and what happened in one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse

from rsspot.sandbox.api.status import Refused

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from rsspot.sandbox.world.state import SandboxState

__all__ = ["Organizations"]

PAGE = 100


class Organizations:
    """Answers about organizations."""

    def __init__(self, state: SandboxState) -> None:
        self.state = state

    def list(self, request: Request, _body: bytes) -> Response:
        """All that the user belongs to, also those that the bearer is not for, in pages."""
        start = _number(request, "start", 0, least=0)
        limit = _number(request, "limit", PAGE, least=1)
        known = self.state.organizations
        page = known[start : start + limit]
        body: dict[str, Any] = {
            "start": start,
            "limit": limit,
            "length": len(page),
            "total": len(known),
            "organizations": page,
        }
        if start + limit < len(known):
            body["next"] = f"{request.url.path}?start={start + limit}&limit={limit}"
        return JSONResponse(body)

    def events(self, request: Request, _body: bytes) -> Response:
        """What happened in the organization of the bearer, the newest first."""
        limit = _number(request, "limits", PAGE, least=1)
        newest = self.state.events.newest(request.user.namespace, limit)
        return JSONResponse(
            {"org_id": request.user.org_id, "type": "organization", "events": newest}
        )


def _number(request: Request, name: str, default: int, *, least: int) -> int:
    text = request.query_params.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdecimal()) or int(text) < least:
        raise Refused(400, f"{name} must be a whole number, {least} or more")
    return int(text)
