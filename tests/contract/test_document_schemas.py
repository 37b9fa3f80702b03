"""The schemas of openapi/spot.yaml: named, described, tolerant, and spelled as on the wire."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from tests.contract.spot_document import (
    inner,
    load,
    lookup,
    operations,
    resolve,
    schemas,
    types,
    walk,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

KINDS = (
    "CloudSpace",
    "SpotNodePool",
    "OnDemandNodePool",
    "AutopilotNodePool",
    "VMCloudSpace",
    "VMPool",
    "VMSSHKey",
)
OBJECT = ["metadata", "spec"]
# Where an answer without the member is impossible, or the vendor's document says so.
REQUIRED = dict.fromkeys(KINDS, OBJECT) | {
    "TokenRequest": ["grant_type", "client_id", "refresh_token"],
    "KubeconfigRequest": ["organization_name", "cloudspace_name", "refresh_token"],
    "OwnerReference": ["apiVersion", "kind", "name", "uid"],
    "Condition": ["type", "status", "lastTransitionTime"],
    "RegionSpec": ["provider"],
    "RegionProvider": ["providerType", "providerRegionName"],
    "ServerClassSpec": ["region", "provider"],
    "ServerClassProvider": ["providerType", "providerFlavorID"],
    "OnDemandPricing": ["cost"],
    "SpotPricing": ["marketPricePerHour", "hammerPricePerHour"],
    "CloudSpaceSpec": ["region", "kubernetesVersion"],
    "CloudSpaceNetwork": ["name"],
    "CloudSpaceServer": ["class", "count"],
    "Bid": ["bidName", "type"],
    "PendingAllocation": ["serverClassName", "count", "allocatedCount"],
    "SpotNodePoolSpec": ["serverClass", "cloudSpace", "desired", "bidPrice"],
    "OnDemandNodePoolSpec": ["serverClass", "cloudSpace", "desired"],
    "Autoscaling": ["enabled"],
    "Taint": ["key", "effect"],
    "PriceHistory": ["auction", "history"],
}
SPELLING = {
    "HAControlPlane": {"CloudSpaceSpec", "CloudSpaceSpecPatch"},
    "APIServerEndpoint": {"CloudSpaceStatus"},
    "cloudSpace": {"SpotNodePoolSpec", "OnDemandNodePoolSpec", "AutopilotNodePoolSpec"},
    "vmCloudSpace": {"VMPoolSpec"},
    "vmSshKeyRef": {"VMCloudSpaceSpec"},
    "IP": {"AssignedServer", "ServerReleased"},
    "ipAddress": {"VMAssignedServer"},
    "memoryPerVCPU": {"AutopilotNodePoolSpec", "AutopilotNodePoolSpecPatch"},
    "targetVCPUs": {"AutopilotNodePoolStatus"},
    "managedVCPUs": {"AutopilotNodePoolStatus"},
    "providerFlavorID": {"ServerClassProvider"},
    "minBidPricePerHour": {"ServerClassSpec"},
    "20_percentile": {"PercentileServerClass"},
}


def properties() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Schema, name and node of every property of a named schema."""
    for owner, schema in schemas().items():
        for name, node in schema.get("properties", {}).items():
            yield owner, name, node


def every_schema() -> Iterator[tuple[str, dict[str, Any], bool]]:
    """Every schema with its place, and whether that place is a name under components."""

    def below(where: str, schema: dict[str, Any], *, named: bool) -> Iterator[Any]:
        yield where, schema, named
        for step, child in inner(schema):
            yield from below(f"{where}/{step}", child, named=False)

    for name, schema in schemas().items():
        yield from below(name, schema, named=True)
    for where, node in walk(load()):
        if where.endswith("/schema"):
            yield from below(where, node, named=False)


def test_every_reference_leads_somewhere() -> None:
    references = {node["$ref"] for _, node in walk(load()) if "$ref" in node}
    examples = [each for _, node in walk(load()) for each in node.get("examples", {}).values()]
    references |= {each["$ref"] for each in examples if "$ref" in each}
    assert all(lookup(reference) for reference in references)
    assert len(references) > 100


def test_every_component_is_used() -> None:
    used = {node["$ref"] for _, node in walk(load()) if "$ref" in node}
    for _, node in walk(load()):
        used |= {each["$ref"] for each in node.get("examples", {}).values() if "$ref" in each}
    defined = {
        f"#/components/{section}/{name}"
        for section, members in load()["components"].items()
        if section != "securitySchemes"
        for name in members
    }
    assert defined - used == set()


def test_every_object_is_a_named_schema() -> None:
    inline = [
        where
        for where, schema, named in every_schema()
        if not named
        and "$ref" not in schema
        and ({"object"} & types({k: v for k, v in schema.items() if k != "anyOf"}))
    ]
    inline += [
        where
        for where, schema, named in every_schema()
        if not named and {"properties", "additionalProperties"} & set(schema)
    ]
    assert inline == []


def test_every_schema_states_its_type() -> None:
    untyped = [
        where
        for where, schema, _ in every_schema()
        if not {"$ref", "type", "anyOf", "const"} & set(schema)
    ]
    assert untyped == []


def test_every_schema_and_property_is_described() -> None:
    pattern = re.compile(r"(?s)(?![a-z]).+\.")
    bad = [name for name, schema in schemas().items() if not pattern.fullmatch(text(schema))]
    bad += [f"{o}.{name}" for o, name, node in properties() if not pattern.fullmatch(text(node))]
    assert bad == []


def text(node: dict[str, Any]) -> str:
    """The description that stands at the node itself."""
    description = node.get("description", "")
    assert isinstance(description, str)
    return description


def test_sets_of_values_are_closed_only_where_they_are_proven_to_be() -> None:
    closed = {where for where, schema, _ in every_schema() if {"enum", "const"} & set(schema)}
    kinds = {f"{kind}/properties/{name}" for kind in KINDS for name in ("apiVersion", "kind")}
    others = {"TaintEffect", "Status/properties/kind", "TokenRequest/properties/grant_type"}
    assert closed == kinds | others


def test_members_that_nobody_knows_yet_are_welcome_everywhere() -> None:
    shut = [
        where
        for where, schema, _ in every_schema()
        if schema.get("additionalProperties") is False or "unevaluatedProperties" in schema
    ]
    assert shut == []


def test_members_are_required_only_where_that_is_proven() -> None:
    lists = {name: ["items"] for name in schemas() if name.endswith("List")}
    del lists["OrganizationList"]
    required = {name: node["required"] for name, node in schemas().items() if "required" in node}
    assert required == REQUIRED | lists


def test_required_members_exist() -> None:
    for name, schema in schemas().items():
        assert set(schema.get("required", ())) <= set(schema.get("properties", {})), name


def test_counts_of_an_auction_that_has_not_run_may_be_null() -> None:
    counts = {
        (owner, name): types(node)
        for owner, name, node in properties()
        if name in {"wonCount", "reservedCount", "wonNodes"}
    }
    assert len(counts) == 6
    assert {key for key, value in counts.items() if value != {"integer", "null"}} == set()


def test_what_only_the_server_writes_is_read_only() -> None:
    for kind in KINDS:
        assert schemas()[kind]["properties"]["status"]["readOnly"] is True, kind
    meta = schemas()["ObjectMeta"]["properties"]
    written = {"name", "namespace", "generateName", "labels", "annotations", "finalizers"}
    written |= {"ownerReferences", "resourceVersion"}
    assert {name for name, node in meta.items() if not node.get("readOnly")} == written


def test_clients_may_write_the_labels_annotations_and_taints_of_nodes() -> None:
    custom = {"customLabels", "customAnnotations", "customTaints"}
    for kind in ("SpotNodePool", "OnDemandNodePool", "AutopilotNodePool"):
        for name in custom:
            assert "readOnly" not in schemas()[f"{kind}Spec"]["properties"][name], (kind, name)
            assert name in schemas()[f"{kind}SpecPatch"]["properties"], (kind, name)


def test_a_patch_has_the_members_of_the_object_with_null_for_the_optional_ones() -> None:
    pairs = [name for name in schemas() if name.endswith("Patch") and not name.startswith("Obj")]
    for patch in pairs:
        whole = schemas()[patch.removesuffix("Patch")]
        for name, node in schemas()[patch].get("properties", {}).items():
            if patch.removesuffix("Patch") in KINDS:
                continue
            expected = types(whole["properties"][name])
            if name not in whole.get("required", ()):
                expected |= {"null"}
            assert types(node) == expected, (patch, name)


def test_every_object_that_can_be_patched_has_a_patch_of_its_own() -> None:
    bodies = {
        each.id: each.body["application/merge-patch+json"]["schema"]["$ref"].rsplit("/", 1)[1]
        for each in operations()
        if each.method == "patch"
    }
    assert set(bodies.values()) == {f"{kind}Patch" for kind in KINDS if kind != "VMSSHKey"}
    for patch in bodies.values():
        members = schemas()[patch]["properties"]
        assert resolve(members["metadata"])["properties"].keys() >= {"resourceVersion", "labels"}
        assert members["spec"]["$ref"].endswith(f"/{patch.removesuffix('Patch')}SpecPatch")


def test_irregular_names_are_spelled_as_on_the_wire() -> None:
    for spelled, owners in SPELLING.items():
        assert {owner for owner, name, _ in properties() if name == spelled} == owners, spelled


def test_no_property_has_another_spelling_elsewhere() -> None:
    spellings: dict[str, set[str]] = {}
    for _, name, _ in properties():
        spellings.setdefault(name.casefold(), set()).add(name)
    several = {frozenset(names) for names in spellings.values() if len(names) > 1}
    # the webhook and the price files have a spelling of their own
    assert several == {
        frozenset({"cloudSpace", "cloudspace"}),
        frozenset({"time", "Time"}),
    }


def test_the_examples_use_no_other_spelling_either() -> None:
    known = {name for _, name, _ in properties()}
    unknown = {
        name
        for _, node in walk(load()["components"]["examples"])
        for name in node
        if name.casefold() in {each.casefold() for each in SPELLING} and name not in known
    }
    assert unknown == set()
    named = {name for _, node in walk(load()["components"]["examples"]) for name in node}
    assert {"HAControlPlane", "APIServerEndpoint", "cloudSpace", "vmCloudSpace"} <= named


def test_money_is_a_string_on_the_api_and_follows_the_published_rule_in_bids() -> None:
    money = re.compile("price|cost|budget", re.IGNORECASE)
    numbers = {
        f"{owner}.{name}"
        for owner, name, node in properties()
        if money.search(name) and "number" in types(node)
    }
    assert numbers == {"PricePoint.hammer_price"}
    assert schemas()["BidPrice"]["pattern"] == r"^[0-9]+(\.[0-9]{1,3})?$"
    for owner in ("SpotNodePoolSpec", "SpotNodePoolSpecPatch"):
        bid = schemas()[owner]["properties"]["bidPrice"]
        assert bid["$ref"] == "#/components/schemas/BidPrice"
