"""Signing in, and who may see what."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from rsspot.sandbox import SpotSandbox
from rsspot.sandbox.world import CLIENT_ID

if TYPE_CHECKING:
    from collections.abc import Callable

REGIONS = "/apis/ngpc.rxt.io/v1/regions"


def _exchange(sandbox: SpotSandbox, **form: str) -> httpx.Response:
    whole = {
        "grant_type": "refresh_token",
        "client_id": CLIENT_ID,
        "refresh_token": sandbox.refresh_token,
        **form,
    }
    return httpx.post(f"{sandbox.url}/oauth/token", data=whole)


def _regions(sandbox: SpotSandbox, token: str | None) -> httpx.Response:
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    return httpx.get(f"{sandbox.url}{REGIONS}", headers=headers)


def test_the_access_token_is_verified_by_the_published_keys_and_has_all_claims(
    sandbox: SpotSandbox,
) -> None:
    response = _exchange(sandbox).json()
    found = httpx.get(f"{sandbox.url}/.well-known/openid-configuration").json()
    assert found["token_endpoint"] == f"{sandbox.url}/oauth/token"
    assert found["issuer"] == f"{sandbox.url}/"
    (key,) = httpx.get(found["jwks_uri"]).json()["keys"]
    assert key["kid"] == jwt.get_unverified_header(response["id_token"])["kid"]
    claims = jwt.decode(
        response["id_token"],
        jwt.PyJWK(key),
        algorithms=["RS256"],
        audience=CLIENT_ID,
        issuer=found["issuer"],
    )
    assert claims["org_id"] == sandbox.organization_id
    assert claims["email_verified"] is True
    assert claims["exp"] - claims["iat"] == response["expires_in"] == 86400
    assert (response["token_type"], "refresh_token" in response) == ("Bearer", False)
    assert response["access_token"].count(".") == 0


@pytest.mark.parametrize(
    ("form", "code", "error"),
    [
        ({"refresh_token": "wrong"}, 401, "access_denied"),
        ({"refresh_token": ""}, 401, "access_denied"),
        ({"client_id": "other"}, 401, "access_denied"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
    ],
)
def test_a_wrong_sign_in_is_refused_as_oauth_does(
    sandbox: SpotSandbox, form: dict[str, str], code: int, error: str
) -> None:
    response = _exchange(sandbox, **form)
    assert (response.status_code, response.json()["error"]) == (code, error)
    assert response.json()["error_description"]


def test_an_expired_refresh_token_is_an_invalid_grant(sandbox: SpotSandbox) -> None:
    sandbox.state.oauth.expire(sandbox.refresh_token)
    response = _exchange(sandbox)
    assert (response.status_code, response.json()["error"]) == (403, "invalid_grant")


def test_rotation_invalidates_the_old_refresh_token() -> None:
    with SpotSandbox(rotate_refresh_tokens=True) as sandbox:
        new = _exchange(sandbox).json()["refresh_token"]
        assert new != sandbox.refresh_token
        assert _exchange(sandbox).status_code == 403
        assert _exchange(sandbox, refresh_token=new).status_code == 200


def _opaque(sandbox: SpotSandbox) -> str:
    return str(_exchange(sandbox).json()["access_token"])


def _foreign(sandbox: SpotSandbox) -> str:
    claims = jwt.decode(sandbox.state.oauth.issue("org_x"), options={"verify_signature": False})
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return jwt.encode(claims, key, algorithm="RS256")


def _of_another_audience(sandbox: SpotSandbox) -> str:
    from rsspot.sandbox.world.oauth import _key

    claims = {"aud": "other", "exp": 2**33, "org_id": sandbox.organization_id}
    return jwt.encode(claims, _key(), algorithm="RS256")


def _expired(sandbox: SpotSandbox) -> str:
    token = sandbox.state.oauth.issue(sandbox.organization_id)
    sandbox.advance(minutes=24 * 60)
    return token


def _none(_: SpotSandbox) -> None:
    """No access token at all."""


def _letters(_: SpotSandbox) -> str:
    return "a.b.c"


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (_none, "Jwt is missing"),
        (_opaque, "Jwt is not in the form of Header.Payload.Signature"),
        (_foreign, "Jwt verification fails"),
        (_of_another_audience, "Jwt verification fails"),
        (_letters, "Jwt verification fails"),
        (_expired, "Jwt is expired"),
    ],
)
def test_an_invalid_access_token_gets_a_401_in_text(
    sandbox: SpotSandbox, make: Callable[[SpotSandbox], str | None], text: str
) -> None:
    response = _regions(sandbox, make(sandbox))
    assert (response.status_code, response.text) == (401, text)
    assert response.headers["content-type"].startswith("text/plain")


def test_an_access_token_is_valid_until_its_last_second(sandbox: SpotSandbox) -> None:
    token = sandbox.state.oauth.issue(sandbox.organization_id)
    sandbox.advance(minutes=24 * 60, seconds=-2)
    assert _regions(sandbox, token).status_code == 200


def test_each_organization_has_its_tokens_and_sees_only_its_namespace(
    sandbox: SpotSandbox, http: Any
) -> None:
    assert list(sandbox.refresh_tokens) == ["acme", "umbrella"]
    http.cloudspace("ours")
    token = _exchange(sandbox, refresh_token=sandbox.refresh_tokens["umbrella"]).json()["id_token"]
    headers = {"Authorization": f"Bearer {token}"}
    refused = http("GET", "cloudspaces", headers=headers)
    assert (refused.status_code, refused.json()["reason"]) == (403, "Forbidden")
    assert refused.json()["details"]["kind"] == "cloudspaces"
    assert sandbox.namespace in refused.json()["message"]
    known = http("GET", "/apis/auth.ngpc.rxt.io/v1/organizations").json()["organizations"]
    theirs = known[1]["metadata"]["namespace"]
    path = f"/apis/ngpc.rxt.io/v1/namespaces/{theirs}/cloudspaces"
    assert http("GET", path, headers=headers).json()["items"] == []
    assert http("POST", path, json={}).status_code == 403
    feed = "/apis/metrics.ngpc.rxt.io/v1/events/organizations"
    assert http("GET", feed, headers=headers).json()["events"] == []
    assert http("GET", feed).json()["events"][0][1] == "CloudSpace ours was created"


def test_many_threads_that_sign_in_get_tokens_of_their_own(sandbox: SpotSandbox) -> None:
    found: list[str] = []
    threads = [
        threading.Thread(target=lambda: found.append(_exchange(sandbox).json()["id_token"]))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 8
