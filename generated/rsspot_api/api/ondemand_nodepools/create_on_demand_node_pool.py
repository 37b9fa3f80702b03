from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...types import Response, UNSET
from ... import errors

from ...models.on_demand_node_pool import OnDemandNodePool
from ...models.status import Status
from typing import cast


def _get_kwargs(
    namespace: str,
    *,
    body: OnDemandNodePool,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/apis/ngpc.rxt.io/v1/namespaces/{namespace}/ondemandnodepools".format(
            namespace=quote(str(namespace), safe=""),
        ),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> OnDemandNodePool | Status | str | None:
    if response.status_code == 200:
        response_200 = OnDemandNodePool.from_dict(response.json())

        return response_200

    if response.status_code == 201:
        response_201 = OnDemandNodePool.from_dict(response.json())

        return response_201

    if response.status_code == 202:
        response_202 = OnDemandNodePool.from_dict(response.json())

        return response_202

    if response.status_code == 400:
        response_400 = Status.from_dict(response.json())

        return response_400

    if response.status_code == 401:
        response_401 = response.text
        return response_401

    if response.status_code == 403:
        response_403 = Status.from_dict(response.json())

        return response_403

    if response.status_code == 404:
        response_404 = Status.from_dict(response.json())

        return response_404

    if response.status_code == 409:
        response_409 = Status.from_dict(response.json())

        return response_409

    if response.status_code == 415:
        response_415 = Status.from_dict(response.json())

        return response_415

    if response.status_code == 422:
        response_422 = Status.from_dict(response.json())

        return response_422

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
) -> Response[OnDemandNodePool | Status | str]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    namespace: str,
    *,
    client: AuthenticatedClient | Client,
    body: OnDemandNodePool,
) -> Response[OnDemandNodePool | Status | str]:
    """Create an on-demand node pool

     Orders servers at the fixed price of their class. The cloudspace must exist; it need not be ready.
    Use a fresh lower-case UUID as the name, and label the pool with `ngpc.rxt.io/cloudspace`.

    Args:
        namespace (str):
        body (OnDemandNodePool): A number of servers of one class for a cloudspace at the class's
            fixed price.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[OnDemandNodePool | Status | str]
    """

    kwargs = _get_kwargs(
        namespace=namespace,
        body=body,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    namespace: str,
    *,
    client: AuthenticatedClient | Client,
    body: OnDemandNodePool,
) -> OnDemandNodePool | Status | str | None:
    """Create an on-demand node pool

     Orders servers at the fixed price of their class. The cloudspace must exist; it need not be ready.
    Use a fresh lower-case UUID as the name, and label the pool with `ngpc.rxt.io/cloudspace`.

    Args:
        namespace (str):
        body (OnDemandNodePool): A number of servers of one class for a cloudspace at the class's
            fixed price.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        OnDemandNodePool | Status | str
    """

    return sync_detailed(
        namespace=namespace,
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    namespace: str,
    *,
    client: AuthenticatedClient | Client,
    body: OnDemandNodePool,
) -> Response[OnDemandNodePool | Status | str]:
    """Create an on-demand node pool

     Orders servers at the fixed price of their class. The cloudspace must exist; it need not be ready.
    Use a fresh lower-case UUID as the name, and label the pool with `ngpc.rxt.io/cloudspace`.

    Args:
        namespace (str):
        body (OnDemandNodePool): A number of servers of one class for a cloudspace at the class's
            fixed price.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[OnDemandNodePool | Status | str]
    """

    kwargs = _get_kwargs(
        namespace=namespace,
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    namespace: str,
    *,
    client: AuthenticatedClient | Client,
    body: OnDemandNodePool,
) -> OnDemandNodePool | Status | str | None:
    """Create an on-demand node pool

     Orders servers at the fixed price of their class. The cloudspace must exist; it need not be ready.
    Use a fresh lower-case UUID as the name, and label the pool with `ngpc.rxt.io/cloudspace`.

    Args:
        namespace (str):
        body (OnDemandNodePool): A number of servers of one class for a cloudspace at the class's
            fixed price.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        OnDemandNodePool | Status | str
    """

    return (
        await asyncio_detailed(
            namespace=namespace,
            client=client,
            body=body,
        )
    ).parsed
