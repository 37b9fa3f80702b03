"""Objects behave as on a Kubernetes API server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import pytest

if TYPE_CHECKING:
    from rsspot.sandbox import SpotSandbox

JSON_PATCH = "application/json-patch+json"
DEMO = "cloudspaces/demo"


def _status(response: Any, code: int, reason: str) -> Any:
    body = response.json()
    assert response.status_code == code, response.text
    assert (body["kind"], body["apiVersion"], body["status"]) == ("Status", "v1", "Failure")
    assert (body["code"], body["reason"]) == (code, reason)
    assert body["message"]
    return body


def test_what_is_not_there_is_a_404_that_names_it(http: Any) -> None:
    body = _status(http("GET", "cloudspaces/none"), 404, "NotFound")
    assert body["message"] == 'cloudspaces.ngpc.rxt.io "none" not found'
    assert body["details"] == {"name": "none", "group": "ngpc.rxt.io", "kind": "cloudspaces"}
    for method in ("DELETE", "PATCH", "PUT"):
        _status(http(method, "cloudspaces/none", json={}), 404, "NotFound")


def test_a_second_creation_is_a_conflict_also_while_the_first_is_being_deleted(http: Any) -> None:
    http.cloudspace()
    again = {"metadata": {"name": "demo"}, "spec": {"region": "uk-lon-1", "kubernetesVersion": "1"}}
    assert _status(http("POST", "cloudspaces", json=again), 409, "AlreadyExists")["details"]["name"]
    http("DELETE", DEMO)
    _status(http("POST", "cloudspaces", json=again), 409, "AlreadyExists")


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_a_stale_version_is_a_conflict_and_changes_nothing(http: Any, method: str) -> None:
    old = http.cloudspace()
    assert http.patch(DEMO, {"spec": {"webhook": "https://example.invalid/a"}}).is_success
    before = http.get(DEMO)
    old["spec"]["webhook"] = "https://example.invalid/b"
    if method == "PUT":
        response = http("PUT", DEMO, json=old)
    else:
        response = http.patch(DEMO, {"metadata": old["metadata"], "spec": old["spec"]})
    assert "has been modified" in _status(response, 409, "Conflict")["message"]
    assert http.get(DEMO) == before
    if method == "PUT":
        response = http("PUT", DEMO, json={**old, "metadata": before["metadata"]})
    else:
        metadata = {"resourceVersion": before["metadata"]["resourceVersion"]}
        response = http.patch(DEMO, {"metadata": metadata, "spec": old["spec"]})
    assert (response.status_code, response.json()["spec"]["webhook"]) == (
        200,
        old["spec"]["webhook"],
    )


def test_a_version_that_is_no_number_is_a_500_and_none_is_a_422(http: Any) -> None:
    item = http.cloudspace()
    item["metadata"]["resourceVersion"] = "new"
    body = _status(http("PUT", DEMO, json=item), 500, "InternalError")
    assert "strconv.ParseUint" in body["message"]
    del item["metadata"]["resourceVersion"]
    body = _status(http("PUT", DEMO, json=item), 422, "Invalid")
    assert body["details"]["causes"][0]["field"] == "metadata.resourceVersion"
    for none in (None, ""):
        _status(http.patch(DEMO, {"metadata": {"resourceVersion": none}}), 422, "Invalid")
    _status(http.patch(DEMO, {"metadata": {"resourceVersion": 7}}), 400, "BadRequest")


def test_versions_move_with_every_change_and_generations_with_the_spec(http: Any) -> None:
    first = http.cloudspace()["metadata"]
    assert first["generation"] == 1
    same = http.patch(DEMO, {"spec": {"region": "us-central-dfw-2"}}).json()["metadata"]
    assert same == first
    labelled = http.patch(DEMO, {"metadata": {"labels": {"a": "b"}}}).json()["metadata"]
    assert int(labelled["resourceVersion"]) > int(first["resourceVersion"])
    assert labelled["generation"] == 1
    changed = http.patch(DEMO, {"spec": {"webhook": "https://example.invalid"}}).json()["metadata"]
    assert changed["generation"] == 2
    http.sandbox.advance(minutes=2)
    ready = http.get(DEMO)
    assert ready["status"]["phase"] == "Ready"
    assert ready["metadata"]["generation"] == 2
    assert int(ready["metadata"]["resourceVersion"]) > int(changed["resourceVersion"])
    assert http.get("cloudspaces")["metadata"]["resourceVersion"] >= "1"


def test_a_merge_patch_merges_removes_and_replaces_lists_whole(http: Any) -> None:
    http.cloudspace()
    taints = [{"key": "a", "effect": "NoSchedule"}, {"key": "b", "effect": "NoExecute"}]
    http.pool(customLabels={"a": "1", "b": "2"}, customTaints=taints)
    name = http.get("spotnodepools")["items"][0]["metadata"]["name"]
    patch = {"spec": {"customLabels": {"a": None, "c": "3"}, "customTaints": taints[1:]}}
    spec = http.patch(f"spotnodepools/{name}", patch).json()["spec"]
    assert spec["customLabels"] == {"b": "2", "c": "3"}
    assert spec["customTaints"] == taints[1:]
    assert spec["desired"] == 2
    assert (
        "customLabels"
        not in http.patch(f"spotnodepools/{name}", {"spec": {"customLabels": None}}).json()["spec"]
    )


def test_status_and_identity_cannot_be_written(http: Any) -> None:
    item = http.cloudspace()
    metadata = {"uid": "x", "generation": 77, "creationTimestamp": "2020-01-01T00:00:00Z"}
    response = http.patch(DEMO, {"metadata": metadata, "status": {"phase": "Ready"}}).json()
    assert response == item


@pytest.mark.parametrize(
    ("operations", "labels"),
    [
        (
            [{"op": "add", "path": "/metadata/labels/c", "value": "3"}],
            {"a": "1", "b/x": "2", "c": "3"},
        ),
        ([{"op": "replace", "path": "/metadata/labels/a", "value": "9"}], {"a": "9", "b/x": "2"}),
        ([{"op": "remove", "path": "/metadata/labels/b~1x"}], {"a": "1"}),
        (
            [{"op": "move", "from": "/metadata/labels/a", "path": "/metadata/labels/d"}],
            {"d": "1", "b/x": "2"},
        ),
        (
            [{"op": "copy", "from": "/metadata/labels/a", "path": "/metadata/labels/d"}],
            {"a": "1", "d": "1", "b/x": "2"},
        ),
        (
            [
                {"op": "test", "path": "/metadata/labels/a", "value": "1"},
                {"op": "remove", "path": "/metadata/labels/a"},
            ],
            {"b/x": "2"},
        ),
    ],
)
def test_a_json_patch_knows_all_operations(
    http: Any, operations: list[Any], labels: dict[str, str]
) -> None:
    http.cloudspace()
    http.patch(DEMO, {"metadata": {"labels": {"a": "1", "b/x": "2"}}})
    response = http.patch(DEMO, operations, JSON_PATCH)
    assert (response.status_code, response.json()["metadata"]["labels"]) == (200, labels)


@pytest.mark.parametrize(
    ("operations", "code"),
    cast(
        "list[tuple[Any, int]]",
        [
            ([{"op": "test", "path": "/spec/region", "value": "elsewhere"}], 422),
            ([{"op": "remove", "path": "/spec/nothing"}], 422),
            ([{"op": "replace", "path": "/spec/a/b/c", "value": 1}], 422),
            (
                [{"op": "add", "path": "/spec/webhook", "value": "https://e.invalid"}, {"op": "x"}],
                400,
            ),
            ([{"op": "add", "path": "/spec/webhook"}], 400),
            ({"op": "add"}, 400),
            (["add"], 400),
            ([{"op": "replace", "path": "", "value": []}], 400),
            ([{"op": "replace", "path": "/spec/region", "value": "uk-lon-1"}], 422),
        ],
    ),
)
def test_a_json_patch_that_fails_changes_nothing(http: Any, operations: Any, code: int) -> None:
    before = http.cloudspace()
    assert http.patch(DEMO, operations, JSON_PATCH).status_code == code
    assert http.get(DEMO) == before


def test_a_json_patch_may_state_the_version(http: Any) -> None:
    version = http.cloudspace()["metadata"]["resourceVersion"]
    test = {"op": "test", "path": "/metadata/resourceVersion", "value": version}
    change = {"op": "add", "path": "/spec/webhook", "value": "https://example.invalid"}
    assert http.patch(DEMO, [test, change], JSON_PATCH).status_code == 200
    assert http.patch(DEMO, [test, change], JSON_PATCH).status_code == 422
    stale = {"op": "replace", "path": "/metadata/resourceVersion", "value": version}
    assert http.patch(DEMO, [stale, change], JSON_PATCH).status_code == 409


def test_a_put_removes_what_it_leaves_out(http: Any) -> None:
    http.cloudspace(webhook="https://example.invalid")
    item = http.patch(DEMO, {"metadata": {"labels": {"a": "1"}}}).json()
    del item["spec"]["webhook"], item["metadata"]["labels"]
    new = http("PUT", DEMO, json=item).json()
    assert "webhook" not in new["spec"]
    assert "labels" not in new["metadata"]
    assert new["metadata"]["uid"] == item["metadata"]["uid"]


@pytest.mark.parametrize(
    ("method", "path", "media"),
    [
        ("POST", "cloudspaces", "text/plain"),
        ("POST", "cloudspaces", "application/yaml"),
        ("PATCH", DEMO, "application/json"),
        ("PATCH", DEMO, "application/strategic-merge-patch+json"),
        ("PUT", DEMO, "application/merge-patch+json"),
    ],
)
def test_a_wrong_media_type_is_a_415(http: Any, method: str, path: str, media: str) -> None:
    http.cloudspace()
    response = http(method, path, content=b"{}", headers={"Content-Type": media})
    assert media in _status(response, 415, "UnsupportedMediaType")["message"]


@pytest.mark.parametrize("content", [b"{", b"", b"[]", b"null", b"\xff", b"[" * 100_000])
def test_a_body_that_cannot_be_read_is_a_400(shared: Any, content: bytes) -> None:
    headers = {"Content-Type": "application/json; charset=utf-8"}
    _status(shared("POST", "cloudspaces", content=content, headers=headers), 400, "BadRequest")


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "SpotNodePool"},
        {"apiVersion": "v1"},
        {"metadata": {"name": "demo", "namespace": "org-other"}},
        {"metadata": {"name": "demo", "labels": {"a": 1}}},
        {"metadata": {"name": "demo", "finalizers": "x"}},
    ],
)
def test_an_object_that_is_not_of_this_place_is_a_400(http: Any, change: dict[str, Any]) -> None:
    spec = {"region": "uk-lon-1", "kubernetesVersion": "1.31.1"}
    body = {"metadata": {"name": "demo"}, "spec": spec, **change}
    _status(http("POST", "cloudspaces", json=body), 400, "BadRequest")
    http.cloudspace()
    old = http.get(DEMO)
    for key, value in change.items():
        old[key] = {**old[key], **value} if key == "metadata" else value
    _status(http("PUT", DEMO, json=old), 400, "BadRequest")


def test_a_put_under_another_name_is_refused(http: Any) -> None:
    item = http.cloudspace()
    item["metadata"]["name"] = "other"
    _status(http("PUT", DEMO, json=item), 400, "BadRequest")
    _status(http.patch(DEMO, {"metadata": {"name": "other"}}), 422, "Invalid")


@pytest.mark.parametrize(
    ("selector", "names"),
    [
        ("tier=web", ["a"]),
        ("tier==web", ["a"]),
        ("tier!=web", ["b", "c"]),
        ("tier in (web, db)", ["a", "b"]),
        ("tier notin (web)", ["b", "c"]),
        ("tier", ["a", "b"]),
        ("!tier", ["c"]),
        ("tier,zone=1", ["a"]),
        ("tier in (web,db),zone!=1", ["b"]),
        ("example.com/owner=me", ["c"]),
        ("", ["a", "b", "c"]),
    ],
)
def test_label_selectors(http: Any, selector: str, names: list[str]) -> None:
    labels = {
        "a": {"tier": "web", "zone": "1"},
        "b": {"tier": "db"},
        "c": {"example.com/owner": "me"},
    }
    spec = {"region": "uk-lon-1", "kubernetesVersion": "1.31.1"}
    for name, values in labels.items():
        http.create("cloudspaces", name, spec, labels=values)
    found = http.get("cloudspaces", labelSelector=selector)["items"]
    assert [item["metadata"]["name"] for item in found] == names


def test_field_selectors_know_name_and_namespace(http: Any) -> None:
    for name in "ab":
        http.cloudspace(name)
    for selector, names in {
        "metadata.name=a": ["a"],
        "metadata.name!=a": ["b"],
        f"metadata.namespace={http.sandbox.namespace}": ["a", "b"],
        "metadata.namespace=other,metadata.name=a": [],
    }.items():
        found = http.get("cloudspaces", fieldSelector=selector)["items"]
        assert [item["metadata"]["name"] for item in found] == names
    for query in ({"fieldSelector": "spec.region=x"}, {"labelSelector": "a b"}):
        _status(http("GET", "cloudspaces", params=query), 400, "BadRequest")


def test_pages_continue_until_their_token_expires(http: Any) -> None:
    for name in "edcba":
        http.cloudspace(name)
    page = http.get("cloudspaces", limit=2)
    assert page["metadata"]["remainingItemCount"] == 3
    seen = [item["metadata"]["name"] for item in page["items"]]
    last = ""
    http("DELETE", "cloudspaces/a")
    while token := page["metadata"].get("continue"):
        page = http.get("cloudspaces", **{"limit": 2, "continue": token})
        seen += [item["metadata"]["name"] for item in page["items"]]
        last = token
    assert seen == list("abcde")
    http.sandbox.state.objects.expire_continue_tokens()
    old = http("GET", "cloudspaces", params={"limit": 2, "continue": last})
    _status(old, 410, "Expired")
    _status(http("GET", "cloudspaces", params={"continue": "x"}), 400, "BadRequest")
    for query in ({"limit": "-1"}, {"limit": ""}, {"limit": "9" * 19}, {"resourceVersion": "new"}):
        _status(http("GET", "cloudspaces", params=query), 400, "BadRequest")


def test_continue_tokens_expire(http: Any) -> None:
    for name in "ab":
        http.cloudspace(name)
    token = http.get("cloudspaces", limit=1)["metadata"]["continue"]
    http.sandbox.advance(minutes=4)
    assert http("GET", "cloudspaces", params={"continue": token}).status_code == 200
    http.sandbox.advance(minutes=2)
    assert http("GET", "cloudspaces", params={"continue": token}).status_code == 410


def test_deletion_takes_time_and_shows_while_it_does(http: Any) -> None:
    item = http.cloudspace()
    assert item["metadata"]["finalizers"] == ["ngpc.rxt.io/cleanup"]
    gone = http("DELETE", DEMO)
    assert (gone.status_code, "deletionTimestamp" in gone.json()["metadata"]) == (200, True)
    assert http("DELETE", DEMO).json() == gone.json()
    http.sandbox.advance(seconds=20)
    assert http.get(DEMO)["status"]["phase"] == "Deleting"
    http.sandbox.advance(seconds=40)
    _status(http("GET", DEMO), 404, "NotFound")
    assert http.cloudspace()["metadata"]["uid"] != item["metadata"]["uid"]


def test_a_finalizer_of_a_client_holds_an_object_until_it_is_removed(http: Any) -> None:
    spec = {"region": "uk-lon-1", "kubernetesVersion": "1.31.1"}
    http.create("cloudspaces", "demo", spec, finalizers=["example.com/hold"])
    http("DELETE", DEMO)
    http.sandbox.advance(minutes=10)
    assert http.get(DEMO)["metadata"]["finalizers"] == ["example.com/hold"]
    assert http.patch(DEMO, {"metadata": {"finalizers": None}}).status_code == 200
    http.sandbox.advance(minutes=1)
    _status(http("GET", DEMO), 404, "NotFound")


def test_only_documented_collections_can_be_deleted(http: Any) -> None:
    for name in "ab":
        http.cloudspace(name)
    assert http("DELETE", "cloudspaces").json()["status"] == "Success"
    http.sandbox.advance(minutes=1)
    assert http.get("cloudspaces")["items"] == []
    refused = http("DELETE", "vmpools")
    _status(refused, 405, "MethodNotAllowed")
    assert set(refused.headers["allow"].split(", ")) == {"GET", "HEAD", "POST"}


def test_generate_name_makes_a_name(http: Any) -> None:
    spec = {"region": "uk-lon-1", "kubernetesVersion": "1.31.1"}
    body = {"metadata": {"generateName": "demo-"}, "spec": spec}
    names = {http("POST", "cloudspaces", json=body).json()["metadata"]["name"] for _ in range(3)}
    assert len(names) == 3
    assert all(name.startswith("demo-") and len(name) == 10 for name in names)


def test_unknown_parameters_are_ignored(http: Any) -> None:
    http.cloudspace()
    query = {"pretty": "true", "resourceVersion": "0", "what": "ever"}
    assert len(http.get("cloudspaces", **query)["items"]) == 1


def test_methods_and_paths_that_are_not_served(http: Any) -> None:
    http.cloudspace()
    for method, path in (("OPTIONS", DEMO), ("POST", DEMO), ("PUT", "cloudspaces")):
        refused = http(method, path, json={})
        _status(refused, 405, "MethodNotAllowed")
        assert method not in refused.headers["allow"]
    head = http("HEAD", DEMO)
    assert (head.status_code, head.content) == (200, b"")
    assert int(head.headers["content-length"]) == len(http("GET", DEMO).content)
    for path in ("pods", "cloudspaces/", "cloudspaces/demo/status", "/apis/nothing", "/"):
        _status(http("GET", path), 404, "NotFound")


def test_unknown_fields_are_stored(sandbox: SpotSandbox, http: Any) -> None:
    assert http.cloudspace(haControlPlane=True)["spec"]["haControlPlane"] is True
    assert sandbox.app.crashes == []
