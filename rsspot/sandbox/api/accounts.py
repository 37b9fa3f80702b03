"""Sign-in, organizations and kubeconfigs (docs/api-facts.md#sign-in)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from starlette.authentication import BaseUser
from starlette.responses import JSONResponse

from rsspot.sandbox.world import CLIENT_ID, ApiError

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from rsspot.sandbox.world import SandboxState

__all__ = ["Accounts", "Member", "kubeconfig"]

PAGE = 100
"""Items per page, unless the request has another limit."""


class Member(BaseUser):
    """An authenticated user: a member of one organization."""

    def __init__(self, org_id: str) -> None:
        self.org_id = org_id

    @property
    def namespace(self) -> str:
        """The namespace of the organization."""
        return self.org_id.lower().replace("_", "-")


class Accounts:
    """Endpoints for signing in, and for the user's organizations."""

    def __init__(self, state: SandboxState) -> None:
        self.state = state

    def token(self, _request: Request, body: bytes) -> Response:
        """Exchange a refresh token for new tokens (RFC 6749, section 6)."""
        form = dict(parse_qsl(body.decode("utf-8", "replace")))
        if form.get("grant_type") != "refresh_token":
            return _error(400, "unsupported_grant_type", "Only refresh_token is supported.")
        if form.get("client_id") != CLIENT_ID:
            return _error(401, "access_denied", "Unknown client.")
        oauth, token = self.state.oauth, form.get("refresh_token", "")
        if oauth.is_expired(token):
            return _error(403, "invalid_grant", "The refresh token has expired.")
        if oauth.organization(token) is None:
            return _error(401, "access_denied", "Unknown or invalid refresh token.")
        return JSONResponse(oauth.refresh(token))

    def discovery(self, request: Request, _body: bytes) -> Response:
        """Return the OpenID Connect discovery document."""
        base = str(request.base_url).rstrip("/")
        return JSONResponse(
            {
                "issuer": self.state.oauth.issuer,
                "authorization_endpoint": f"{base}/authorize",
                "token_endpoint": f"{base}/oauth/token",
                "jwks_uri": f"{base}/.well-known/jwks.json",
                "response_types_supported": ["code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"],
            }
        )

    def jwks(self, _request: Request, _body: bytes) -> Response:
        """Return the public keys of the access tokens (RFC 7517)."""
        return JSONResponse(self.state.oauth.jwks())

    def organizations(self, request: Request, _body: bytes) -> Response:
        """Return one page of the user's organizations, whichever of them the token is for."""
        start = _number(request, "start", 0, minimum=0)
        limit = _number(request, "limit", PAGE, minimum=1)
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
        """Return the events of the token's organization, newest first."""
        limit = _number(request, "limits", PAGE, minimum=1)
        newest = self.state.events.newest(request.user.namespace, limit)
        return JSONResponse(
            {"org_id": request.user.org_id, "type": "organization", "events": newest}
        )

    def kubeconfig(self, _request: Request, body: bytes) -> Response:
        """Return a kubeconfig for a cloudspace that has an endpoint."""
        try:
            fields = json.loads(body)
            organization, cloudspace, refresh_token = (
                str(fields[key])
                for key in ("organization_name", "cloudspace_name", "refresh_token")
            )
        except (ValueError, KeyError, TypeError):
            return _error(400, "invalid_request", "A required field is missing.")
        oauth = self.state.oauth
        org_id = oauth.organization(refresh_token)
        if org_id is None:
            return _error(401, "access_denied", "Unknown or invalid refresh token.")
        item = self.state.objects.find("cloudspaces", Member(org_id).namespace, cloudspace)
        names = {known["name"] for known in self.state.organizations if known["id"] == org_id}
        host = (item or {}).get("status", {}).get("APIServerEndpoint")
        if organization not in names or not host:
            return _error(400, "invalid_request", "There is no such ready cloudspace.")
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


def _error(code: int, error: str, description: str) -> Response:
    """Return an OAuth error response (RFC 6749, section 5.2)."""
    body: dict[str, Any] = {"error": error, "error_description": description}
    return JSONResponse(body, code)


def _number(request: Request, name: str, default: int, *, minimum: int) -> int:
    text = request.query_params.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdecimal()) or int(text) < minimum:
        raise ApiError("BadRequest", f"{name} must be an integer of at least {minimum}")
    return int(text)


def kubeconfig(
    organization: str, cloudspace: str, host: str, *, token: str, org_id: str, issuer: str
) -> str:
    """Return the kubeconfig that the service generates (docs/api-facts.md#kubeconfigs).

    It has one cluster and two users: one with a token, and one for `kubectl oidc-login`.
    """
    name = f"{organization}-{cloudspace}"
    return f"""apiVersion: v1
kind: Config
current-context: {name}
clusters:
- name: {name}
  cluster:
    server: https://{host}
    insecure-skip-tls-verify: true
users:
- name: ngpc-user
  user:
    token: {token}
- name: oidc
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1beta1
      command: kubectl
      args:
      - oidc-login
      - get-token
      - --oidc-issuer-url={issuer}
      - --oidc-client-id={CLIENT_ID}
      - --oidc-extra-scope=openid
      - --oidc-extra-scope=profile
      - --oidc-extra-scope=email
      - --oidc-auth-request-extra-params=organization={org_id}
      - --token-cache-dir=~/.kube/cache/oidc-login/{org_id}
      interactiveMode: IfAvailable
contexts:
- name: {name}
  context:
    cluster: {name}
    user: ngpc-user
- name: {name}-oidc
  context:
    cluster: {name}
    user: oidc
"""
