from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...types import Response, UNSET
from ... import errors

from ...models.autopilot_node_pool import AutopilotNodePool
from ...models.status import Status
from typing import cast


def _get_kwargs(
    namespace: str,
    name: str,
) -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "delete",
        "url": "/apis/ngpc.rxt.io/v1/namespaces/{namespace}/autopilotnodepools/{name}".format(
            namespace=quote(str(namespace), safe=""),
            name=quote(str(name), safe=""),
        ),
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> AutopilotNodePool | Status | Status | str | None:
    if response.status_code == 200:

        def _parse_response_200(data: object) -> AutopilotNodePool | Status:
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                response_200_type_0 = AutopilotNodePool.from_dict(data)

                return response_200_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            if not isinstance(data, dict):
                raise TypeError()
            response_200_type_1 = Status.from_dict(data)

            return response_200_type_1

        response_200 = _parse_response_200(response.json())

        return response_200

    if response.status_code == 202:

        def _parse_response_202(data: object) -> AutopilotNodePool | Status:
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                response_202_type_0 = AutopilotNodePool.from_dict(data)

                return response_202_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            if not isinstance(data, dict):
                raise TypeError()
            response_202_type_1 = Status.from_dict(data)

            return response_202_type_1

        response_202 = _parse_response_202(response.json())

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
) -> Response[AutopilotNodePool | Status | Status | str]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    namespace: str,
    name: str,
    *,
    client: AuthenticatedClient | Client,
) -> Response[AutopilotNodePool | Status | Status | str]:
    """Delete an autopilot node pool

     Ends the automation. Whether the spot node pools that it runs go with it is not known. It is gone
    when reading it answers 404.

    Args:
        namespace (str):
        name (str): Lower-case letters, digits and inner hyphens, at most 63 of them.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[AutopilotNodePool | Status | Status | str]
    """

    kwargs = _get_kwargs(
        namespace=namespace,
        name=name,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    namespace: str,
    name: str,
    *,
    client: AuthenticatedClient | Client,
) -> AutopilotNodePool | Status | Status | str | None:
    """Delete an autopilot node pool

     Ends the automation. Whether the spot node pools that it runs go with it is not known. It is gone
    when reading it answers 404.

    Args:
        namespace (str):
        name (str): Lower-case letters, digits and inner hyphens, at most 63 of them.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        AutopilotNodePool | Status | Status | str
    """

    return sync_detailed(
        namespace=namespace,
        name=name,
        client=client,
    ).parsed


async def asyncio_detailed(
    namespace: str,
    name: str,
    *,
    client: AuthenticatedClient | Client,
) -> Response[AutopilotNodePool | Status | Status | str]:
    """Delete an autopilot node pool

     Ends the automation. Whether the spot node pools that it runs go with it is not known. It is gone
    when reading it answers 404.

    Args:
        namespace (str):
        name (str): Lower-case letters, digits and inner hyphens, at most 63 of them.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[AutopilotNodePool | Status | Status | str]
    """

    kwargs = _get_kwargs(
        namespace=namespace,
        name=name,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    namespace: str,
    name: str,
    *,
    client: AuthenticatedClient | Client,
) -> AutopilotNodePool | Status | Status | str | None:
    """Delete an autopilot node pool

     Ends the automation. Whether the spot node pools that it runs go with it is not known. It is gone
    when reading it answers 404.

    Args:
        namespace (str):
        name (str): Lower-case letters, digits and inner hyphens, at most 63 of them.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        AutopilotNodePool | Status | Status | str
    """

    return (
        await asyncio_detailed(
            namespace=namespace,
            name=name,
            client=client,
        )
    ).parsed
