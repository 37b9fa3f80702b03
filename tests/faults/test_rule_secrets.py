"""Secrets stay secret.

Rules: docs/rules.md#secrets.
"""

from __future__ import annotations

import logging
import sqlite3
import stat
from contextlib import closing
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from rsspot import CacheConfig, StateStore, errors
from rsspot.senders import SyncSender

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from rsspot.sandbox import SpotSandbox

pytestmark = pytest.mark.usefixtures("each_engine")

EVERYTHING = CacheConfig(ttl={"*": 3600.0})


def test_neither_log_nor_repr_nor_error_tells_a_token(
    sandbox: SpotSandbox, connect: Callable[..., Any], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    client = connect(**sandbox.client_options())
    bearer = client.authenticate()
    told = [repr(client), repr(client.chain)]
    for fault in ("status", "html", "truncate", "drop_after", "expired_token"):
        sandbox.faults.add(fault, path="serverclasses", status=403)
        with pytest.raises(errors.RSSpotError) as caught:
            client.server_classes.list()
        told += [str(caught.value), repr(vars(caught.value)), repr(caught.value.__cause__)]
        sandbox.faults.clear()
    for secret in (bearer, sandbox.refresh_token, client.authenticate()):
        assert not any(secret in text for text in (*told, caplog.text))


def test_no_kubeconfig_and_no_token_is_in_the_cache_of_answers(
    sandbox: SpotSandbox, connect: Callable[..., Any], tmp_path: Path
) -> None:
    path = tmp_path / "state.db"
    with StateStore(path) as state:
        options: dict[str, Any] = {**sandbox.client_options(), "state": state}
        client = connect(**options, cache=EVERYTHING)
        client.cloudspaces.create("demo", region="us-central-dfw-2", wait=True)
        kubeconfig = client.cloudspaces.kubeconfig("demo")
        client.cloudspaces.list()
        with closing(sqlite3.connect(path)) as connection:
            rows: list[Any] = connection.execute("SELECT * FROM http_cache").fetchall()
        bearer = client.authenticate()
    assert rows
    kept = repr(rows)
    assert bearer not in kept
    assert kubeconfig.text[-40:] not in kept
    assert sandbox.refresh_token not in kept
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_bearer_goes_to_the_api_and_nowhere_else(sandbox: SpotSandbox) -> None:
    seen: list[httpx.Request] = []
    real = httpx.HTTPTransport()

    class Spy(httpx.BaseTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            seen.append(request)
            if request.url.path.endswith("/regions"):
                return httpx.Response(307, headers={"Location": "http://localhost:1/stolen"})
            return real.handle_request(request)

    from rsspot import SpotClient

    sender = SyncSender(transport=Spy(), follow_redirects=True)
    # The price files are on another origin, which is the same server by another name.
    public = sandbox.url.replace("127.0.0.1", "localhost")
    options: dict[str, Any] = {**sandbox.client_options(), "public_data_url": public}
    with SpotClient(**options, sender=sender) as client:
        client.pricing.percentiles()
        client.server_classes.list()
        with pytest.raises((errors.UnexpectedResponseError, errors.ConnectionFailed)):
            client.regions.list()
    signed = {
        (request.url.host, request.url.path)
        for request in seen
        if "authorization" in request.headers
    }
    assert {host for host, _ in signed} == {"127.0.0.1"}
    assert not any("oauth" in path for _, path in signed)
    assert {request.url.host for request in seen} == {"127.0.0.1", "localhost"}
    sender.close()
    real.close()
