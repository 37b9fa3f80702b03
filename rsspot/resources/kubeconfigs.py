"""Fetch the kubeconfig of a cloudspace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rsspot.errors import ConflictError
from rsspot.models.kubeconfig import Kubeconfig
from rsspot.resources.waiting import FRESH
from rsspot.senders.messages import Options
from rsspot.wire.endpoint import api
from rsspot.wire.responses import json_object

if TYPE_CHECKING:
    from collections.abc import Callable

    from rsspot.flow.flow import Flow
    from rsspot.models.cloudspace import Cloudspace
    from rsspot.wire.organization import OrganizationConnection

__all__ = ["fetch_kubeconfig"]


def fetch_kubeconfig(
    connection: OrganizationConnection,
    name: str,
    get: Callable[[str, Options], Flow[Cloudspace]],
    *,
    build: bool,
) -> Flow[Kubeconfig]:
    """Return a kubeconfig that the API makes, or one that is built here.

    get: reads a cloudspace.
    build: whether to build it here in any case, as is done without a refresh token.
    """
    organization = yield from connection.own_organization()
    secret = yield from connection.refresh_token()  # after a sign-in, which may rotate it
    if secret is not None and not build:
        request = connection.request(
            api.GENERATE_KUBECONFIG,
            body={
                "organization_name": organization.name,
                "cloudspace_name": name,
                "refresh_token": secret.reveal(),
            },
            options=Options(signed=False, secret=True, cache="bypass", retry_unsafe=True),
        )
        response = yield from connection.send(request, api.GENERATE_KUBECONFIG.id)
        data = json_object(request, response)
        return Kubeconfig.from_response(data, organization=organization.id, cloudspace=name)
    found = yield from get(name, FRESH)
    if not found.api_server_endpoint:
        raise ConflictError(
            f"Cloudspace {name} has no endpoint yet", hint="Use wait_until_ready first"
        )
    token = yield from connection.access_token()
    return Kubeconfig.build(
        endpoint=found.api_server_endpoint,
        token=token.value,
        organization=organization.id,
        cloudspace=name,
    )
