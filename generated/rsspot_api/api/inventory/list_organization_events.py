from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...types import Response, UNSET
from ... import errors

from ...models.organization_events import OrganizationEvents
from ...models.status import Status
from ...types import UNSET, Unset
from typing import cast


def _get_kwargs(
    *,
    limits: int | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["limits"] = limits

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/apis/metrics.ngpc.rxt.io/v1/events/organizations",
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> OrganizationEvents | Status | str | None:
    if response.status_code == 200:
        response_200 = OrganizationEvents.from_dict(response.json())

        return response_200

    if response.status_code == 400:
        response_400 = Status.from_dict(response.json())

        return response_400

    if response.status_code == 401:
        response_401 = response.text
        return response_401

    if response.status_code == 403:
        response_403 = Status.from_dict(response.json())

        return response_403

    if response.status_code == 429:
        response_429 = Status.from_dict(response.json())

        return response_429

    if response.status_code == 500:
        response_500 = Status.from_dict(response.json())

        return response_500

    if response.status_code == 503:
        response_503 = Status.from_dict(response.json())

        return response_503

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[OrganizationEvents | Status | str]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
    limits: int | Unset = UNSET,
) -> Response[OrganizationEvents | Status | str]:
    """List events

     What happened in the organization of the token. Known from one client only; the meaning of the two
    strings of an event is a guess.

    Args:
        limits (int | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[OrganizationEvents | Status | str]
    """

    kwargs = _get_kwargs(
        limits=limits,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient | Client,
    limits: int | Unset = UNSET,
) -> OrganizationEvents | Status | str | None:
    """List events

     What happened in the organization of the token. Known from one client only; the meaning of the two
    strings of an event is a guess.

    Args:
        limits (int | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        OrganizationEvents | Status | str
    """

    return sync_detailed(
        client=client,
        limits=limits,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    limits: int | Unset = UNSET,
) -> Response[OrganizationEvents | Status | str]:
    """List events

     What happened in the organization of the token. Known from one client only; the meaning of the two
    strings of an event is a guess.

    Args:
        limits (int | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[OrganizationEvents | Status | str]
    """

    kwargs = _get_kwargs(
        limits=limits,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    limits: int | Unset = UNSET,
) -> OrganizationEvents | Status | str | None:
    """List events

     What happened in the organization of the token. Known from one client only; the meaning of the two
    strings of an event is a guess.

    Args:
        limits (int | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        OrganizationEvents | Status | str
    """

    return (
        await asyncio_detailed(
            client=client,
            limits=limits,
        )
    ).parsed
