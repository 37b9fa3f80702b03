from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...types import Response, UNSET
from ... import errors

from ...models.price_history import PriceHistory
from typing import cast


def _get_kwargs(
    server_class: str,
) -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "https://ngpc-prod-public-data.s3.us-east-2.amazonaws.com/history/{server_class}".format(
            server_class=quote(str(server_class), safe=""),
        ),
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Any | PriceHistory | None:
    if response.status_code == 200:
        response_200 = PriceHistory.from_dict(response.json())

        return response_200

    if response.status_code == 304:
        response_304 = cast(Any, None)
        return response_304

    if response.status_code == 400:
        response_400 = cast(Any, None)
        return response_400

    if response.status_code == 403:
        response_403 = cast(Any, None)
        return response_403

    if response.status_code == 404:
        response_404 = cast(Any, None)
        return response_404

    if response.status_code == 500:
        response_500 = cast(Any, None)
        return response_500

    if response.status_code == 503:
        response_503 = cast(Any, None)
        return response_503

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[Any | PriceHistory]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    server_class: str,
    *,
    client: AuthenticatedClient | Client,
) -> Response[Any | PriceHistory]:
    """Read the price history of a server class

     The outcomes of past auctions, as a public file.

    Args:
        server_class (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any | PriceHistory]
    """

    kwargs = _get_kwargs(
        server_class=server_class,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    server_class: str,
    *,
    client: AuthenticatedClient | Client,
) -> Any | PriceHistory | None:
    """Read the price history of a server class

     The outcomes of past auctions, as a public file.

    Args:
        server_class (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Any | PriceHistory
    """

    return sync_detailed(
        server_class=server_class,
        client=client,
    ).parsed


async def asyncio_detailed(
    server_class: str,
    *,
    client: AuthenticatedClient | Client,
) -> Response[Any | PriceHistory]:
    """Read the price history of a server class

     The outcomes of past auctions, as a public file.

    Args:
        server_class (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any | PriceHistory]
    """

    kwargs = _get_kwargs(
        server_class=server_class,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    server_class: str,
    *,
    client: AuthenticatedClient | Client,
) -> Any | PriceHistory | None:
    """Read the price history of a server class

     The outcomes of past auctions, as a public file.

    Args:
        server_class (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Any | PriceHistory
    """

    return (
        await asyncio_detailed(
            server_class=server_class,
            client=client,
        )
    ).parsed
