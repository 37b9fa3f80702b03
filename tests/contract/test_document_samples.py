"""Bodies as the service and its clients write them, held against openapi/spot.yaml."""

from __future__ import annotations

import re
from typing import Any

import pytest
from openapi_schema_validator import OAS31Validator, oas31_format_checker

from tests.contract.spot_document import load, resolve, walk

NAMESPACE = "org-zz98yy76"
POOL = "0d5ad5ab-1111-4f3e-9b1e-222233334444"
API = {"apiVersion": "ngpc.rxt.io/v1"}
NEW_CLOUDSPACE: dict[str, Any] = {
    **API,
    "kind": "CloudSpace",
    "metadata": {"name": "lab", "namespace": NAMESPACE},
    "spec": {"region": "uk-lon-1", "kubernetesVersion": "1.30.10", "HAControlPlane": True},
}
CLOUDSPACE: dict[str, Any] = {
    **API,
    "kind": "CloudSpace",
    "metadata": {
        "name": "lab",
        "namespace": NAMESPACE,
        "uid": "3e6f2a4e-0001-4c0c-8a2b-9f9f9f9f0001",
        "resourceVersion": "9001",
        "generation": 3,
        "creationTimestamp": "2026-03-04T05:06:07Z",
        "labels": None,
        "finalizers": ["ngpc.rxt.io/cleanup"],
        "managedFields": [{"manager": "tool", "fieldsV1": {"f:spec": {"f:region": {}}}}],
        "ownerReferences": [{"apiVersion": "v1", "kind": "Org", "name": "o", "uid": "u"}],
    },
    "spec": {
        "region": "uk-lon-1",
        "kubernetesVersion": "1.30.10",
        "cloud": "default",
        "cni": "cilium",
        "HAControlPlane": True,
        "deploymentType": "gen1",
        "gpuEnabled": False,
        "bidRequests": [POOL],
        "clusterRef": {"kind": "Cluster", "name": "lab"},
        "networks": [{"name": "net", "subnet": "10.0.0.0/16"}],
        "servers": [{"class": "gp.vs1.large-lon", "count": 2}],
    },
    "status": {
        "phase": "SomethingNew",
        "APIServerEndpoint": "hcp-0001.spot.rackspace.com",
        "firstReadyTimestamp": None,
        "clusterRef": {"cluster": {"name": "lab"}, "status": "ok"},
        "conditions": [
            {"type": "X", "status": "Unknown", "lastTransitionTime": "2026-03-04T05:06:07Z"}
        ],
        "bids": {POOL: {"bidName": POOL, "type": "spot", "wonCount": None}},
        "pendingAllocations": {
            "a-1": {"serverClassName": "gp.vs1.large-lon", "count": 2, "allocatedCount": 0}
        },
        "assignedServers": {f"{POOL}-a": {"serverName": f"{POOL}-a", "IP": "198.51.100.7"}},
    },
}
SPOT_POOL: dict[str, Any] = {
    **API,
    "kind": "SpotNodePool",
    "metadata": {"name": POOL, "labels": {"ngpc.rxt.io/cloudspace": "lab"}},
    "spec": {
        "cloudSpace": "lab",
        "serverClass": "gp.vs1.large-lon",
        "desired": 0,
        "bidPrice": "0.125",
        "autoscaling": {"enabled": True, "minNodes": 1, "maxNodes": 3},
        "customLabels": {"a": "b"},
        "customAnnotations": {"c": "d"},
        "customTaints": [{"key": "k", "effect": "NoExecute", "timeAdded": None}],
    },
    "status": {
        "bidStatus": "SpeedBump Hit",
        "wonCount": None,
        "customMetadataStatus": {"labels": ["a"], "annotations": [], "taints": ["k"]},
    },
}
ON_DEMAND_POOL: dict[str, Any] = {
    **API,
    "kind": "OnDemandNodePool",
    "metadata": {"name": POOL},
    "spec": {"cloudSpace": "lab", "serverClass": "gp.vs1.large-lon", "desired": 1},
    "status": {"reservedStatus": "", "reservedCount": None},
}
AUTOPILOT_POOL: dict[str, Any] = {
    **API,
    "kind": "AutopilotNodePool",
    "metadata": {"name": POOL},
    "spec": {
        "region": "uk-lon-1",
        "cloudSpace": "lab",
        "vcpu": {"total": 8},
        "vcpuPerNode": {"min": 0, "max": 4},
        "memoryPerVCPU": "2GB",
        "budgetPerHour": "0.5",
        "allocationStrategy": "anything",
    },
    "status": {
        "targetVCPUs": 8,
        "managedVCPUs": 0,
        "managedMemoryGB": "0",
        "allocations": [{"spotNodePool": POOL, "vcpuPerNode": 4, "memoryGBPerNode": "15"}],
        "classStates": [{"serverClass": "x", "cooldownUntil": None}],
        "allocationsHistory": [{"time": "2026-03-04T05:06:07Z", "event": "e", "wonNodes": None}],
    },
}
REGION: dict[str, Any] = {
    "metadata": {"name": "uk-lon-1"},
    "spec": {
        "country": "GBR",
        "description": "London",
        "provider": {"providerType": "new", "providerRegionName": "LON"},
    },
}
SERVER_CLASS: dict[str, Any] = {
    **API,
    "kind": "serverclass",
    "metadata": {"name": "io.bm2-lon"},
    "spec": {
        "region": "uk-lon-1",
        "provider": {"providerType": "ironic", "providerFlavorID": "f"},
        "minBidPricePerHour": "0.10",
        "onDemandPricing": {"cost": "1.5", "interval": "1h"},
        "resources": {"cpu": "40", "memory": "128GB", "gpu": "1"},
    },
    "status": {"spotPricing": {"marketPricePerHour": "0.1", "hammerPricePerHour": "0.1"}},
}
VM_CLOUDSPACE: dict[str, Any] = {
    **API,
    "kind": "VMCloudSpace",
    "metadata": {"name": "box"},
    "spec": {"region": "us-west-sjc-1", "vmSshKeyRef": {"name": "key"}, "bidRequests": []},
    "status": {"assignedServers": {"box-0": {"ipAddress": "198.51.100.8", "cpu": "2"}}},
}
VM_POOL: dict[str, Any] = {
    **API,
    "kind": "VMPool",
    "metadata": {"name": "box-pool", "labels": None},
    "spec": {"vmCloudSpace": "box", "serverClass": "gp.vs2.large-sjc", "poolType": "ondemand"},
    "status": {"wonCount": None},
}
VM_SSH_KEY: dict[str, Any] = {
    **API,
    "kind": "VMSSHKey",
    "metadata": {"name": "key"},
    "spec": {"publicKey": "ssh-ed25519 BBBB me@example.invalid"},
    "status": {"fingerprint": "SHA256:x", "validated": False},
}
SUCCESS: dict[str, Any] = {
    "apiVersion": "v1",
    "kind": "Status",
    "metadata": {},
    "status": "Success",
}
FAILURE: dict[str, Any] = {
    **SUCCESS,
    "status": "Failure",
    "code": 422,
    "reason": "Invalid",
    "message": "minimum bid price of 0.100000, but got 0.020000",
    "details": {
        "name": POOL,
        "causes": [{"field": "spec.bidPrice", "reason": "FieldValueInvalid"}],
        "retryAfterSeconds": 3,
    },
}
GOOD: dict[str, tuple[str, Any]] = {
    "token": ("Token", {"id_token": "a.b.c", "expires_in": 3600, "token_type": "Bearer"}),
    "rotated token": ("Token", {"id_token": "a.b.c", "refresh_token": "next"}),
    "oauth error": ("OAuthError", {"error": "invalid_grant"}),
    "organizations": (
        "OrganizationList",
        {
            "start": 0,
            "limit": 1,
            "length": 1,
            "total": 2,
            "next": "https://spot.rackspace.com/x?start=1",
            "organizations": [{"id": "org_Zz98", "metadata": {"namespace": "org-zz98"}}],
        },
    ),
    "last organizations": ("OrganizationList", {"next": None, "organizations": []}),
    "kubeconfig": ("KubeconfigResponse", {"data": {"kubeconfig": "kind: Config\n"}}),
    "region in a list": ("RegionList", {"items": [REGION]}),
    "server class": ("ServerClassList", {**API, "metadata": {"continue": ""}, "items": []}),
    "bare metal": ("ServerClass", SERVER_CLASS),
    "cloudspace to create": ("CloudSpace", NEW_CLOUDSPACE),
    "cloudspace": ("CloudSpaceList", {"metadata": {"resourceVersion": "1"}, "items": [CLOUDSPACE]}),
    "empty list": ("CloudSpaceList", {"items": []}),
    "upgrade": (
        "CloudSpacePatch",
        {"metadata": {"resourceVersion": "9"}, "spec": {"kubernetesVersion": "1.33.0"}},
    ),
    "no webhook any more": ("CloudSpacePatch", {"spec": {"webhook": None}}),
    "spot pool": ("SpotNodePool", SPOT_POOL),
    "spot pools": ("SpotNodePoolList", {"items": [SPOT_POOL]}),
    "scale to nothing": ("SpotNodePoolPatch", {"spec": {"desired": 0}}),
    "bid again": ("SpotNodePoolPatch", {"spec": {"bidPrice": "0.13"}}),
    "autoscale": ("SpotNodePoolPatch", {"spec": {"autoscaling": {"enabled": True}}}),
    "no autoscaling": ("SpotNodePoolPatch", {"spec": {"autoscaling": None}}),
    "one label less": ("SpotNodePoolPatch", {"spec": {"customLabels": {"a": None}}}),
    "no taints": ("SpotNodePoolPatch", {"spec": {"customTaints": None}}),
    "on-demand pool": ("OnDemandNodePool", ON_DEMAND_POOL),
    "on-demand patch": ("OnDemandNodePoolPatch", {"spec": {"customAnnotations": None}}),
    "autopilot pool": ("AutopilotNodePool", AUTOPILOT_POOL),
    "no bounds": ("AutopilotNodePoolPatch", {"spec": {"vcpuPerNode": None}}),
    "vm cloudspace": ("VMCloudSpace", VM_CLOUDSPACE),
    "vm webhook": ("VMCloudSpacePatch", {"spec": {"webhook": "https://example.invalid"}}),
    "vm pool": ("VMPool", VM_POOL),
    "vm scale": ("VMPoolPatch", {"spec": {"desired": 2, "bidPrice": "0.04"}}),
    "ssh key": ("VMSSHKey", VM_SSH_KEY),
    "deleted": ("Status", SUCCESS),
    "refused": ("Status", FAILURE),
    "events": ("OrganizationEvents", {"org_id": "o", "type": None, "events": [["t", "x"]]}),
    "history": ("PriceHistory", {"auction": "x", "history": [{"run_at": 1, "hammer_price": 0}]}),
    "percentiles": (
        "PricePercentiles",
        {
            "regions": {
                "r": {"serverclasses": {"c": {"market_price": "0.1", "20_percentile": 0.03}}}
            }
        },
    ),
    "comparables": (
        "ComparablePrices",
        {"regions": {"r": {"c": {"comparables": [{"cloud": "x", "class": "y", "price": "$1"}]}}}},
    ),
    "released": ("ServerReleased", {"cloudspace": "lab", "Server": "u", "IP": "198.51.100.7"}),
}


def changed(body: dict[str, Any], path: str, value: object) -> dict[str, Any]:
    """A copy with the member at a dotted path set."""
    first, _, rest = path.partition(".")
    return body | {first: changed(body[first], rest, value) if rest else value}


def without(body: dict[str, Any], path: str) -> dict[str, Any]:
    """A copy without the member at a dotted path."""
    first, _, rest = path.partition(".")
    if rest:
        return body | {first: without(body[first], rest)}
    return {key: value for key, value in body.items() if key != first}


BAD: dict[str, tuple[str, Any, str]] = {
    "bid as number": ("SpotNodePool", changed(SPOT_POOL, "spec.bidPrice", 0.1), "type"),
    "bid with $": ("SpotNodePool", changed(SPOT_POOL, "spec.bidPrice", "$0.1"), "pattern"),
    "bid with sign": ("SpotNodePool", changed(SPOT_POOL, "spec.bidPrice", "-0.1"), "pattern"),
    "bid too fine": ("SpotNodePoolPatch", {"spec": {"bidPrice": "0.0125"}}, "pattern"),
    "bid removed": ("SpotNodePoolPatch", {"spec": {"bidPrice": None}}, "type"),
    "negative": ("SpotNodePool", changed(SPOT_POOL, "spec.desired", -1), "minimum"),
    "desired as text": ("SpotNodePool", changed(SPOT_POOL, "spec.desired", "1"), "type"),
    "no cloudspace": ("SpotNodePool", without(SPOT_POOL, "spec.cloudSpace"), "required"),
    "no bid": ("SpotNodePool", without(SPOT_POOL, "spec.bidPrice"), "required"),
    "taint without key": ("Taint", {"effect": "NoSchedule"}, "required"),
    "unknown effect": ("Taint", {"key": "k", "effect": "Never"}, "enum"),
    "label not text": ("SpotNodePool", changed(SPOT_POOL, "spec.customLabels", {"a": 1}), "type"),
    "no spec": ("CloudSpace", without(NEW_CLOUDSPACE, "spec"), "required"),
    "no region": ("CloudSpace", without(NEW_CLOUDSPACE, "spec.region"), "required"),
    "wrong kind": ("CloudSpace", changed(NEW_CLOUDSPACE, "kind", "Cloudspace"), "const"),
    "wrong group": ("CloudSpace", changed(NEW_CLOUDSPACE, "apiVersion", "v1"), "const"),
    "version": ("ObjectMeta", {"resourceVersion": "x1"}, "pattern"),
    "time": ("ObjectMeta", {"creationTimestamp": "yesterday"}, "format"),
    "object for status": ("Status", NEW_CLOUDSPACE, "const"),
    "grant": ("TokenRequest", {"grant_type": "password"}, "const"),
    "kubeconfig": ("KubeconfigRequest", {"cloudspace_name": "lab"}, "required"),
    "list without items": ("RegionList", {"metadata": {}}, "required"),
    "country": ("RegionSpec", {"country": "UK"}, "minLength"),
    "price as text": ("PricePoint", {"hammer_price": "0.1"}, "type"),
    "events": ("OrganizationEvents", {"events": ["x"]}, "type"),
}


def errors(schema: dict[str, Any], body: object) -> list[Any]:
    """What is wrong with a body by a schema of the document, innermost first."""
    root = {"components": load()["components"], "$ref": "#/$defs/it", "$defs": {"it": schema}}
    validator = OAS31Validator(root, format_checker=oas31_format_checker)
    return list(validator.iter_errors(body))


@pytest.mark.parametrize("case", GOOD)
def test_what_is_seen_on_the_wire_is_valid(case: str) -> None:
    name, body = GOOD[case]
    found = errors({"$ref": f"#/components/schemas/{name}"}, body)
    assert [error.message for error in found] == []


@pytest.mark.parametrize("case", BAD)
def test_what_the_service_would_refuse_is_not_valid(case: str) -> None:
    name, body, rule = BAD[case]
    found = errors({"$ref": f"#/components/schemas/{name}"}, body)
    assert rule in {error.validator for error in found}


def test_a_member_that_is_new_to_the_document_is_valid() -> None:
    body = changed(changed(CLOUDSPACE, "status.brandNew", [1]), "spec.brandNew", None)
    assert errors({"$ref": "#/components/schemas/CloudSpace"}, body) == []


@pytest.mark.parametrize("body", [SUCCESS, CLOUDSPACE])
def test_a_deletion_answers_with_a_status_or_the_object_but_never_looks_like_both(
    body: dict[str, Any],
) -> None:
    deleted = load()["components"]["responses"]["CloudSpaceDeleted"]
    schema = deleted["content"]["application/json"]["schema"]
    matches = [errors(alternative, body) == [] for alternative in schema["anyOf"]]
    assert errors(schema, body) == []
    assert sorted(matches) == [False, True]


def test_every_example_of_a_body_is_valid() -> None:
    count = 0
    for where, node in walk(load()):
        for name, example in node.get("examples", {}).items() if "schema" in node else ():
            found = errors(node["schema"], resolve(example)["value"])
            assert [error.message for error in found] == [], (where, name)
            count += 1
    assert count > 50


def test_every_example_of_a_value_is_valid() -> None:
    count = 0
    for where, node in walk(load()):
        if "schema" in node and "example" in node:
            found = errors(node["schema"], node["example"])
            assert [error.message for error in found] == [], where
            count += 1
    assert count > 20


def test_every_body_of_an_operation_has_an_example() -> None:
    for where, node in walk(load()["paths"], "#/paths"):
        if where.endswith("/requestBody"):
            assert all(each["examples"] for each in node["content"].values()), where


def test_the_examples_hold_no_secret_and_no_real_host() -> None:
    values = [each["value"] for each in load()["components"]["examples"].values()]
    for key in ("refresh_token", "access_token", "id_token"):
        pattern = re.compile(rf"'{key}': '(?!REDACTED|opaque-example|\S+\.c2ln')")
        assert pattern.search(str(values)) is None, key
    hosts = set(re.findall(r"https?://([\w.-]+)", str(values)))
    assert {host for host in hosts if not host.endswith(".invalid")} == {
        "hcp-0f0e0d0c-0b0a-4a0b-8c0d-0e0f00010203.spot.rackspace.com"
    }
