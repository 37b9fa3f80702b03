"""The table of operations says the same as the generated builders, and as the document."""

from __future__ import annotations

import importlib
import inspect
from typing import TYPE_CHECKING, Any

import pytest
import rsspot_api.models
from rsspot_api import operations as table
from rsspot_api.operations import OPERATIONS
from rsspot_api.types import UNSET

from rsspot.config.options import BUILT_IN
from tests.contract.spot_document import operations

if TYPE_CHECKING:
    from rsspot_api.operations import Operation

DOCUMENT = {operation.id: operation for operation in operations()}

each = pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)


class Body:
    """Stands for a model."""

    def to_dict(self) -> dict[str, Any]:
        return {"a": "b"}


def built(operation: Operation, arguments: dict[str, Any]) -> dict[str, Any]:
    """What the generated builder makes of arguments."""
    module = importlib.import_module(f"rsspot_api.api.{operation.tag}.{operation.id}")
    if "body" in inspect.signature(module._get_kwargs).parameters:
        arguments = {"body": Body(), **arguments}
    made: dict[str, Any] = module._get_kwargs(**arguments)
    return made


def test_the_table_has_every_operation_of_the_document_as_a_constant() -> None:
    assert set(OPERATIONS) == set(DOCUMENT)
    for name, operation in OPERATIONS.items():
        assert operation.id == name
        assert getattr(table, name.upper()) is operation
        assert name.upper() in table.__all__


@each
def test_the_builder_makes_the_same_request(operation: Operation) -> None:
    segments = {item.argument: f"a/b {n}" for n, item in enumerate(operation.path_parameters)}
    query = {item.argument: f"value {n}" for n, item in enumerate(operation.query)}
    made = built(operation, segments | query)

    path = operation.path
    for n, item in enumerate(operation.path_parameters):
        path = path.replace("{" + item.name + "}", f"a%2Fb%20{n}")
    own = operation.server != table.DEFAULT_SERVER
    assert made["url"] == (table.SERVERS[operation.server].url if own else "") + path
    assert made["method"].upper() == operation.method
    expected = {item.name: f"value {n}" for n, item in enumerate(operation.query)}
    assert made.get("params", {}) == expected
    sent = made.get("headers", {}).get("Content-Type")
    assert sent == operation.media_type


@each
def test_the_builder_takes_the_same_arguments(operation: Operation) -> None:
    module = importlib.import_module(f"rsspot_api.api.{operation.tag}.{operation.id}")
    signature = inspect.signature(module._get_kwargs).parameters
    items = [*operation.path_parameters, *operation.query]
    assert set(signature) - {"body"} == {item.argument for item in items}
    for item in items:
        assert (signature[item.argument].default is not UNSET) is item.required
    assert ("body" in signature) is (operation.media_type is not None)
    if operation.media_type:
        assert (signature["body"].default is not UNSET) is operation.body_required


@each
def test_the_document_says_the_same(operation: Operation) -> None:
    described = DOCUMENT[operation.id]
    assert (operation.method, operation.path) == (described.method.upper(), described.path)
    assert [operation.media_type] == [*described.body] or operation.media_type is None
    assert [operation.tag] == described.node["tags"]
    assert operation.secured is (described.node.get("security") != [])
    servers = [server["url"] for server in described.node.get("servers", ())]
    hosts = {"api": [], "oauth": ["https://login.spot.rackspace.com"]}
    assert servers == hosts.get(operation.server, servers)
    assert (operation.server == "api") is (not servers)
    if operation.schema:
        assert hasattr(getattr(rsspot_api.models, operation.schema), "from_dict")


def test_a_client_calls_the_servers_of_the_document_unless_it_is_told_otherwise() -> None:
    keys = {"api": "base_url", "oauth": "oauth_url", "public": "public_data_url"}
    assert {keys[name]: server.url for name, server in table.SERVERS.items()} == {
        key: BUILT_IN[key] for key in keys.values()
    }


def test_only_sign_in_and_prices_are_elsewhere() -> None:
    elsewhere = {operation.id: operation.server for operation in OPERATIONS.values()}
    login = {name for name, server in elsewhere.items() if server == "oauth"}
    assert login == {"create_token", "get_openid_configuration", "get_signing_keys"}
    public = {name for name, server in elsewhere.items() if server == "public"}
    assert public == {"get_price_history", "get_price_percentiles", "get_comparable_prices"}
