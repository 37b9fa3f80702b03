from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...types import Response, UNSET
from ... import errors

from ...models.spot_node_pool_list import SpotNodePoolList
from ...models.status import Status
from ...types import UNSET, Unset
from typing import cast


def _get_kwargs(
    namespace: str,
    *,
    label_selector: str | Unset = UNSET,
    field_selector: str | Unset = UNSET,
    limit: int | Unset = UNSET,
    continue_: str | Unset = UNSET,
    resource_version: str | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["labelSelector"] = label_selector

    params["fieldSelector"] = field_selector

    params["limit"] = limit

    params["continue"] = continue_

    params["resourceVersion"] = resource_version

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/apis/ngpc.rxt.io/v1/namespaces/{namespace}/spotnodepools".format(
            namespace=quote(str(namespace), safe=""),
        ),
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> SpotNodePoolList | Status | str | None:
    if response.status_code == 200:
        response_200 = SpotNodePoolList.from_dict(response.json())

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

    if response.status_code == 410:
        response_410 = Status.from_dict(response.json())

        return response_410

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
) -> Response[SpotNodePoolList | Status | str]:
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
    label_selector: str | Unset = UNSET,
    field_selector: str | Unset = UNSET,
    limit: int | Unset = UNSET,
    continue_: str | Unset = UNSET,
    resource_version: str | Unset = UNSET,
) -> Response[SpotNodePoolList | Status | str]:
    """List spot node pools

     Covers all cloudspaces of the namespace; those of one are found by `spec.cloudSpace`. All lists seen
    so far came whole, in one page.

    Args:
        namespace (str):
        label_selector (str | Unset):
        field_selector (str | Unset):
        limit (int | Unset):
        continue_ (str | Unset):
        resource_version (str | Unset): The version of an object or list. Decimal digits, yet to
            be compared for equality only.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[SpotNodePoolList | Status | str]
    """

    kwargs = _get_kwargs(
        namespace=namespace,
        label_selector=label_selector,
        field_selector=field_selector,
        limit=limit,
        continue_=continue_,
        resource_version=resource_version,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    namespace: str,
    *,
    client: AuthenticatedClient | Client,
    label_selector: str | Unset = UNSET,
    field_selector: str | Unset = UNSET,
    limit: int | Unset = UNSET,
    continue_: str | Unset = UNSET,
    resource_version: str | Unset = UNSET,
) -> SpotNodePoolList | Status | str | None:
    """List spot node pools

     Covers all cloudspaces of the namespace; those of one are found by `spec.cloudSpace`. All lists seen
    so far came whole, in one page.

    Args:
        namespace (str):
        label_selector (str | Unset):
        field_selector (str | Unset):
        limit (int | Unset):
        continue_ (str | Unset):
        resource_version (str | Unset): The version of an object or list. Decimal digits, yet to
            be compared for equality only.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        SpotNodePoolList | Status | str
    """

    return sync_detailed(
        namespace=namespace,
        client=client,
        label_selector=label_selector,
        field_selector=field_selector,
        limit=limit,
        continue_=continue_,
        resource_version=resource_version,
    ).parsed


async def asyncio_detailed(
    namespace: str,
    *,
    client: AuthenticatedClient | Client,
    label_selector: str | Unset = UNSET,
    field_selector: str | Unset = UNSET,
    limit: int | Unset = UNSET,
    continue_: str | Unset = UNSET,
    resource_version: str | Unset = UNSET,
) -> Response[SpotNodePoolList | Status | str]:
    """List spot node pools

     Covers all cloudspaces of the namespace; those of one are found by `spec.cloudSpace`. All lists seen
    so far came whole, in one page.

    Args:
        namespace (str):
        label_selector (str | Unset):
        field_selector (str | Unset):
        limit (int | Unset):
        continue_ (str | Unset):
        resource_version (str | Unset): The version of an object or list. Decimal digits, yet to
            be compared for equality only.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[SpotNodePoolList | Status | str]
    """

    kwargs = _get_kwargs(
        namespace=namespace,
        label_selector=label_selector,
        field_selector=field_selector,
        limit=limit,
        continue_=continue_,
        resource_version=resource_version,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    namespace: str,
    *,
    client: AuthenticatedClient | Client,
    label_selector: str | Unset = UNSET,
    field_selector: str | Unset = UNSET,
    limit: int | Unset = UNSET,
    continue_: str | Unset = UNSET,
    resource_version: str | Unset = UNSET,
) -> SpotNodePoolList | Status | str | None:
    """List spot node pools

     Covers all cloudspaces of the namespace; those of one are found by `spec.cloudSpace`. All lists seen
    so far came whole, in one page.

    Args:
        namespace (str):
        label_selector (str | Unset):
        field_selector (str | Unset):
        limit (int | Unset):
        continue_ (str | Unset):
        resource_version (str | Unset): The version of an object or list. Decimal digits, yet to
            be compared for equality only.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        SpotNodePoolList | Status | str
    """

    return (
        await asyncio_detailed(
            namespace=namespace,
            client=client,
            label_selector=label_selector,
            field_selector=field_selector,
            limit=limit,
            continue_=continue_,
            resource_version=resource_version,
        )
    ).parsed
