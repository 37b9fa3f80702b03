"""The operations of openapi/spot.yaml: which there are, and what each must say."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from openapi_spec_validator import OpenAPIV31SpecValidator

from tests.contract.spot_document import load, operations, resolve, types

if TYPE_CHECKING:
    from tests.contract.spot_document import Operation

KUBERNETES = "/apis/ngpc.rxt.io/v1"
NAMESPACE = f"{KUBERNETES}/namespaces/{{namespace}}"
AUTH = "/apis/auth.ngpc.rxt.io/v1"

PUBLISHED = {
    "create_token": ("post", "/oauth/token"),
    "generate_kubeconfig": ("post", f"{AUTH}/generate-kubeconfig"),
    "list_organizations": ("get", f"{AUTH}/organizations"),
    "list_regions": ("get", f"{KUBERNETES}/regions"),
    "get_region": ("get", f"{KUBERNETES}/regions/{{name}}"),
    "list_server_classes": ("get", f"{KUBERNETES}/serverclasses"),
    "get_server_class": ("get", f"{KUBERNETES}/serverclasses/{{name}}"),
    "list_cloudspaces": ("get", f"{NAMESPACE}/cloudspaces"),
    "create_cloudspace": ("post", f"{NAMESPACE}/cloudspaces"),
    "delete_all_cloudspaces": ("delete", f"{NAMESPACE}/cloudspaces"),
    "get_cloudspace": ("get", f"{NAMESPACE}/cloudspaces/{{name}}"),
    "patch_cloudspace": ("patch", f"{NAMESPACE}/cloudspaces/{{name}}"),
    "delete_cloudspace": ("delete", f"{NAMESPACE}/cloudspaces/{{name}}"),
    "list_spot_node_pools": ("get", f"{NAMESPACE}/spotnodepools"),
    "create_spot_node_pool": ("post", f"{NAMESPACE}/spotnodepools"),
    "delete_all_spot_node_pools": ("delete", f"{NAMESPACE}/spotnodepools"),
    "get_spot_node_pool": ("get", f"{NAMESPACE}/spotnodepools/{{name}}"),
    "patch_spot_node_pool": ("patch", f"{NAMESPACE}/spotnodepools/{{name}}"),
    "delete_spot_node_pool": ("delete", f"{NAMESPACE}/spotnodepools/{{name}}"),
    "list_on_demand_node_pools": ("get", f"{NAMESPACE}/ondemandnodepools"),
    "create_on_demand_node_pool": ("post", f"{NAMESPACE}/ondemandnodepools"),
    "delete_all_on_demand_node_pools": ("delete", f"{NAMESPACE}/ondemandnodepools"),
    "get_on_demand_node_pool": ("get", f"{NAMESPACE}/ondemandnodepools/{{name}}"),
    "patch_on_demand_node_pool": ("patch", f"{NAMESPACE}/ondemandnodepools/{{name}}"),
    "delete_on_demand_node_pool": ("delete", f"{NAMESPACE}/ondemandnodepools/{{name}}"),
    "get_price_history": ("get", "/history/{server_class}"),
    "get_price_percentiles": ("get", "/percentiles.json"),
    "get_comparable_prices": ("get", "/comparable_prices.json"),
}
UNPUBLISHED = {
    "get_openid_configuration": ("get", "/.well-known/openid-configuration"),
    "get_signing_keys": ("get", "/.well-known/jwks.json"),
    "replace_cloudspace": ("put", f"{NAMESPACE}/cloudspaces/{{name}}"),
    "replace_spot_node_pool": ("put", f"{NAMESPACE}/spotnodepools/{{name}}"),
    "replace_on_demand_node_pool": ("put", f"{NAMESPACE}/ondemandnodepools/{{name}}"),
    "list_autopilot_node_pools": ("get", f"{NAMESPACE}/autopilotnodepools"),
    "create_autopilot_node_pool": ("post", f"{NAMESPACE}/autopilotnodepools"),
    "get_autopilot_node_pool": ("get", f"{NAMESPACE}/autopilotnodepools/{{name}}"),
    "replace_autopilot_node_pool": ("put", f"{NAMESPACE}/autopilotnodepools/{{name}}"),
    "patch_autopilot_node_pool": ("patch", f"{NAMESPACE}/autopilotnodepools/{{name}}"),
    "delete_autopilot_node_pool": ("delete", f"{NAMESPACE}/autopilotnodepools/{{name}}"),
    "list_vm_cloudspaces": ("get", f"{NAMESPACE}/vmcloudspaces"),
    "create_vm_cloudspace": ("post", f"{NAMESPACE}/vmcloudspaces"),
    "get_vm_cloudspace": ("get", f"{NAMESPACE}/vmcloudspaces/{{name}}"),
    "patch_vm_cloudspace": ("patch", f"{NAMESPACE}/vmcloudspaces/{{name}}"),
    "delete_vm_cloudspace": ("delete", f"{NAMESPACE}/vmcloudspaces/{{name}}"),
    "list_vm_pools": ("get", f"{NAMESPACE}/vmpools"),
    "create_vm_pool": ("post", f"{NAMESPACE}/vmpools"),
    "get_vm_pool": ("get", f"{NAMESPACE}/vmpools/{{name}}"),
    "patch_vm_pool": ("patch", f"{NAMESPACE}/vmpools/{{name}}"),
    "delete_vm_pool": ("delete", f"{NAMESPACE}/vmpools/{{name}}"),
    "list_vm_ssh_keys": ("get", f"{NAMESPACE}/vmsshkeys"),
    "create_vm_ssh_key": ("post", f"{NAMESPACE}/vmsshkeys"),
    "get_vm_ssh_key": ("get", f"{NAMESPACE}/vmsshkeys/{{name}}"),
    "delete_vm_ssh_key": ("delete", f"{NAMESPACE}/vmsshkeys/{{name}}"),
    "list_organization_events": ("get", "/apis/metrics.ngpc.rxt.io/v1/events/organizations"),
}
LIST_PARAMETERS = {"labelSelector", "fieldSelector", "limit", "continue", "resourceVersion"}
OTHER_PARAMETERS = {
    "list_organizations": {"start", "limit"},
    "list_organization_events": {"limits"},
}
LOGIN = {"create_token", "get_openid_configuration", "get_signing_keys"}
OAUTH = LOGIN | {"generate_kubeconfig"}
FILES = {"get_price_history", "get_price_percentiles", "get_comparable_prices"}
SERVERS = dict.fromkeys(LOGIN, "https://login.spot.rackspace.com") | dict.fromkeys(
    FILES, "https://ngpc-prod-public-data.s3.us-east-2.amazonaws.com"
)


def is_kubernetes(operation: Operation) -> bool:
    return operation.path.startswith(KUBERNETES)


def expected_statuses(operation: Operation) -> set[str]:
    """The answers that an operation of the API proper has, by what it does."""
    always = {"400", "401", "403", "429", "500", "503"}
    named = {"404"} if operation.path.endswith("{name}") else set[str]()
    writes = {"404", "409", "415", "422"}
    match operation.method:
        case "get":
            return always | {"200"} | (named or {"410"})
        case "post":
            return always | {"200", "201", "202"} | writes
        case "delete":
            return always | {"200"} | ({"202", "404", "409"} if named else set())
        case _:
            return always | {"200"} | writes


def test_the_document_is_valid_openapi() -> None:
    errors = [error.message for error in OpenAPIV31SpecValidator(load()).iter_errors()]
    assert errors == []


def test_the_operations_are_the_published_ones_and_those_that_clients_found() -> None:
    described = {each.id: (each.method, each.path) for each in operations()}
    assert len(PUBLISHED) == 28
    assert described == PUBLISHED | UNPUBLISHED


def test_operation_ids_are_unique_and_read_well_in_python() -> None:
    webhooks = [each["post"]["operationId"] for each in load()["webhooks"].values()]
    ids = [each.id for each in operations()] + webhooks
    assert len(ids) == len(set(ids))
    assert [each for each in ids if not re.fullmatch(r"[a-z]+(_[a-z]+)+", each)] == []


def test_every_operation_has_one_declared_tag_and_every_declared_tag_is_used() -> None:
    declared = [each["name"] for each in load()["tags"]]
    assert [each.id for each in operations() if len(each.node["tags"]) != 1] == []
    assert {tag for each in operations() for tag in each.node["tags"]} == set(declared)
    assert len(declared) == len(set(declared))
    assert [each["name"] for each in load()["tags"] if not each["description"]] == []


def test_every_operation_has_a_title_and_sentences() -> None:
    title = re.compile(r"[A-Z][a-z]+ [\w -]{2,44}")
    untitled = [each.id for each in operations() if not title.fullmatch(each.node["summary"])]
    silent = [each.id for each in operations() if not each.node["description"].endswith(".")]
    assert (untitled, silent) == ([], [])


def test_every_parameter_says_what_it_is() -> None:
    bad = [
        (each.id, parameter["name"])
        for each in operations()
        for parameter in each.parameters
        if not parameter.get("description", "").endswith(".")
        or not types(parameter["schema"]) & {"string", "integer"}
    ]
    assert bad == []


def test_the_parameters_in_a_path_are_its_required_path_parameters() -> None:
    for each in operations():
        declared = {p["name"] for p in each.parameters if p["in"] == "path" and p["required"]}
        assert declared == set(re.findall(r"{(\w+)}", each.path)), each.id


def test_lists_take_the_parameters_of_kubernetes_lists_and_nothing_else_takes_a_query() -> None:
    for each in operations():
        query = {p["name"] for p in each.parameters if p["in"] == "query"}
        is_list = is_kubernetes(each) and each.id.startswith("list_")
        expected = LIST_PARAMETERS if is_list else OTHER_PARAMETERS.get(each.id, set())
        assert query == expected, each.id


def test_no_parameter_is_a_header_or_cookie() -> None:
    places = {p["in"] for each in operations() for p in each.parameters}
    assert places == {"path", "query"}


def test_a_body_is_required_and_has_one_media_type() -> None:
    expected = {"post": ["application/json"], "put": ["application/json"]}
    expected["patch"] = ["application/merge-patch+json"]
    for each in operations():
        media_types = expected.get(each.method, [])
        if each.id == "create_token":
            media_types = ["application/x-www-form-urlencoded"]
        assert list(each.body) == media_types, each.id
        if media_types:
            assert each.node["requestBody"]["required"] is True, each.id
            assert each.node["requestBody"]["description"], each.id


def test_operations_of_the_api_proper_list_every_answer() -> None:
    for each in operations():
        if is_kubernetes(each):
            assert set(each.responses) == expected_statuses(each), each.id


def test_the_other_operations_list_theirs() -> None:
    common = {"200", "400", "401", "403", "429", "500", "503"}
    files = {"200", "304", "403", "404", "500", "503"}
    expected = {
        "create_token": common,
        "get_openid_configuration": {"200", "429", "500", "503"},
        "get_signing_keys": {"200", "429", "500", "503"},
        "generate_kubeconfig": common | {"404"},
        "list_organizations": common,
        "list_organization_events": common,
        "get_price_history": files | {"400"},
        "get_price_percentiles": files,
        "get_comparable_prices": files,
    }
    described = {each.id: set(each.responses) for each in operations() if not is_kubernetes(each)}
    assert described == expected


def test_errors_have_the_body_of_their_service() -> None:
    for each in operations():
        for status, response in each.responses.items():
            if status < "300":
                continue
            content = response.get("content", {})
            where = (each.id, status)
            if each.id in FILES:
                assert content == {}, where
            elif each.id in OAUTH:
                schema = content["application/json"]["schema"]
                assert schema == {"$ref": "#/components/schemas/OAuthError"}, where
            elif status == "401":
                assert list(content) == ["text/plain"], where
                assert types(content["text/plain"]["schema"]) == {"string"}, where
            else:
                schema = content["application/json"]["schema"]
                assert schema == {"$ref": "#/components/schemas/Status"}, where


def test_successes_have_a_body_and_every_answer_a_description() -> None:
    for each in operations():
        for status, response in each.responses.items():
            assert response["description"].endswith("."), (each.id, status)
            if status.startswith("2"):
                assert list(response["content"]) == ["application/json"], (each.id, status)


def test_answers_that_ask_to_wait_name_retry_after() -> None:
    for each in operations():
        for status in {"429", "503"} & set(each.responses):
            assert "Retry-After" in each.responses[status]["headers"], (each.id, status)


def test_every_operation_names_its_host_when_it_is_not_the_api() -> None:
    assert [each["url"] for each in load()["servers"]] == ["https://spot.rackspace.com"]
    others = {
        each.id: each.node["servers"][0]["url"] for each in operations() if "servers" in each.node
    }
    assert others == SERVERS


def test_only_sign_in_kubeconfigs_and_price_files_do_without_a_bearer() -> None:
    assert load()["security"] == [{"BearerToken": []}]
    scheme = load()["components"]["securitySchemes"]["BearerToken"]
    assert (scheme["type"], scheme["scheme"], scheme["bearerFormat"]) == ("http", "bearer", "JWT")
    exempt = {each.id: each.node["security"] for each in operations() if "security" in each.node}
    assert exempt == {each: [] for each in OAUTH | FILES}


def test_a_created_object_links_to_every_operation_on_it() -> None:
    by_id = {each.id: each for each in operations()}
    named = {each.id for each in operations() if each.path.endswith("s/{name}")}
    linked: set[str] = set()
    for each in operations():
        for status, response in each.responses.items():
            targets = [resolve(link) for link in response.get("links", {}).values()]
            linked |= {link["operationId"] for link in targets}
            for link in targets:
                target = by_id[link["operationId"]]
                assert target.path == f"{each.path}/{{name}}", (each.id, status)
                assert set(link["parameters"]) == {p["name"] for p in target.parameters}
    assert linked == named - {"get_region", "get_server_class"}
