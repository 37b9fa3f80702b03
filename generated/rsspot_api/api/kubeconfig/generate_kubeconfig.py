from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...types import Response, UNSET
from ... import errors

from ...models.kubeconfig_request import KubeconfigRequest
from ...models.kubeconfig_response import KubeconfigResponse
from ...models.o_auth_error import OAuthError
from typing import cast


def _get_kwargs(
    *,
    body: KubeconfigRequest,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/apis/auth.ngpc.rxt.io/v1/generate-kubeconfig",
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> KubeconfigResponse | OAuthError | None:
    if response.status_code == 200:
        response_200 = KubeconfigResponse.from_dict(response.json())

        return response_200

    if response.status_code == 400:
        response_400 = OAuthError.from_dict(response.json())

        return response_400

    if response.status_code == 401:
        response_401 = OAuthError.from_dict(response.json())

        return response_401

    if response.status_code == 403:
        response_403 = OAuthError.from_dict(response.json())

        return response_403

    if response.status_code == 404:
        response_404 = OAuthError.from_dict(response.json())

        return response_404

    if response.status_code == 429:
        response_429 = OAuthError.from_dict(response.json())

        return response_429

    if response.status_code == 500:
        response_500 = OAuthError.from_dict(response.json())

        return response_500

    if response.status_code == 503:
        response_503 = OAuthError.from_dict(response.json())

        return response_503

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[KubeconfigResponse | OAuthError]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: KubeconfigRequest,
) -> Response[KubeconfigResponse | OAuthError]:
    """Make a kubeconfig

     Makes a kubeconfig for a cloudspace whose control plane has an endpoint. Needs no bearer: the
    refresh token in the body is the credential. Do not follow redirects here.

    Args:
        body (KubeconfigRequest): Whose kubeconfig is wanted, and the right to have it.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[KubeconfigResponse | OAuthError]
    """

    kwargs = _get_kwargs(
        body=body,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient | Client,
    body: KubeconfigRequest,
) -> KubeconfigResponse | OAuthError | None:
    """Make a kubeconfig

     Makes a kubeconfig for a cloudspace whose control plane has an endpoint. Needs no bearer: the
    refresh token in the body is the credential. Do not follow redirects here.

    Args:
        body (KubeconfigRequest): Whose kubeconfig is wanted, and the right to have it.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        KubeconfigResponse | OAuthError
    """

    return sync_detailed(
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: KubeconfigRequest,
) -> Response[KubeconfigResponse | OAuthError]:
    """Make a kubeconfig

     Makes a kubeconfig for a cloudspace whose control plane has an endpoint. Needs no bearer: the
    refresh token in the body is the credential. Do not follow redirects here.

    Args:
        body (KubeconfigRequest): Whose kubeconfig is wanted, and the right to have it.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[KubeconfigResponse | OAuthError]
    """

    kwargs = _get_kwargs(
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    body: KubeconfigRequest,
) -> KubeconfigResponse | OAuthError | None:
    """Make a kubeconfig

     Makes a kubeconfig for a cloudspace whose control plane has an endpoint. Needs no bearer: the
    refresh token in the body is the credential. Do not follow redirects here.

    Args:
        body (KubeconfigRequest): Whose kubeconfig is wanted, and the right to have it.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        KubeconfigResponse | OAuthError
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
        )
    ).parsed
