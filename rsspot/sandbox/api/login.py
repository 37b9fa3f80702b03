"""Sign-in over HTTP: tokens, keys, discovery, and kubeconfigs (docs/api-facts.md#sign-in)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from starlette.authentication import BaseUser
from starlette.responses import JSONResponse

from rsspot.sandbox.api.kubeconfig import kubeconfig

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from rsspot.sandbox.world.state import SandboxState

__all__ = ["Login", "Member"]


class Member(BaseUser):
    """Whoever signed in: a member of one organization."""

    def __init__(self, org_id: str) -> None:
        self.org_id = org_id

    @property
    def namespace(self) -> str:
        """The namespace of the organization."""
        return self.org_id.lower().replace("_", "-")


class Login:
    """Answers those who are not signed in yet."""

    def __init__(self, state: SandboxState) -> None:
        self.state = state

    def token(self, _request: Request, body: bytes) -> Response:
        """A refresh token for a bearer."""
        form = dict(parse_qsl(body.decode("utf-8", "replace")))
        code, answer = self.state.oauth.exchange(form)
        return JSONResponse(answer, code)

    def discovery(self, request: Request, _body: bytes) -> Response:
        """The OpenID Connect discovery document."""
        return JSONResponse(self.state.oauth.discovery(str(request.base_url).rstrip("/")))

    def jwks(self, _request: Request, _body: bytes) -> Response:
        """The keys that bearers are signed with."""
        return JSONResponse(self.state.oauth.jwks())

    def kubeconfig(self, _request: Request, body: bytes) -> Response:
        """A kubeconfig for a cloudspace that has an endpoint (docs/api-facts.md#kubeconfigs)."""
        try:
            given = json.loads(body)
            organization, cloudspace, refresh_token = (
                str(given[key]) for key in ("organization_name", "cloudspace_name", "refresh_token")
            )
        except (ValueError, KeyError, TypeError):
            return _refusal(400, "invalid_request", "A required field is missing.")
        oauth = self.state.oauth
        org_id = oauth.organization(refresh_token)
        if org_id is None:
            return _refusal(401, "access_denied", "Unknown or invalid refresh token.")
        item = self.state.objects.find("cloudspaces", Member(org_id).namespace, cloudspace)
        names = {known["name"] for known in self.state.organizations if known["id"] == org_id}
        host = (item or {}).get("status", {}).get("APIServerEndpoint")
        if organization not in names or not host:
            return _refusal(400, "invalid_request", "There is no such ready cloudspace.")
        text = kubeconfig(
            organization,
            cloudspace,
            host,
            token=oauth.issue(org_id),
            org_id=org_id,
            issuer=oauth.issuer,
        )
        return JSONResponse(
            {"data": {"kubeconfig": text}, "message": "Kubeconfig generated", "status_code": 200}
        )


def _refusal(code: int, error: str, description: str) -> Response:
    body: dict[str, Any] = {"error": error, "error_description": description}
    return JSONResponse(body, code)
