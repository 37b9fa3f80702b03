"""Requests of other Spot clients, as they send them: method, path, media type and body.

Written from what the clients send. `{ns}` stands for the namespace, and `{version}` for the
resourceVersion of the object. Each says whether the local Spot takes it by default and when it is
strict, and why not.
"""

from __future__ import annotations

from typing import Any, NamedTuple

__all__ = ["END_SPOT", "OLD_FIXED", "OLD_SPOT", "SHAPES", "Shape"]

G = "/apis/ngpc.rxt.io/v1"
N = f"{G}/namespaces/{{ns}}"
OLD_SPOT = "5b1f4c1e-58a4-4f0a-9a3a-6d1f2f8c0b01"
OLD_FIXED = "5b1f4c1e-58a4-4f0a-9a3a-6d1f2f8c0b02"
END_SPOT = "5b1f4c1e-58a4-4f0a-9a3a-6d1f2f8c0b03"
"""Pools that are there before."""
POOL = "5b1f4c1e-58a4-4f0a-9a3a-6d1f2f8c0a11"
JSON, MERGE = "application/json", "application/merge-patch+json"


class Shape(NamedTuple):
    """One request."""

    client: str
    what: str
    method: str
    path: str
    body: str = ""
    media: str = JSON
    refused: str = ""
    """What the local Spot refuses by default, and the real one is known to refuse."""
    strict: str = ""
    """What only a strict local Spot refuses."""
    missing: bool = False
    """Whether the path is none of the API's."""


def _cloudspace(client: str, what: str, body: str, **more: Any) -> Shape:
    return Shape(client, what, "POST", f"{N}/cloudspaces", body, **more)


def _spot(client: str, what: str, body: str, **more: Any) -> Shape:
    return Shape(client, what, "POST", f"{N}/spotnodepools", body, **more)


SHAPES: tuple[Shape, ...] = (
    _cloudspace(
        "rsspot 0.3.0",
        "a cloudspace",
        '{"apiVersion":"ngpc.rxt.io/v1","kind":"CloudSpace","metadata":{"name":"one",'
        '"namespace":"{ns}","annotations":{}},"spec":{"deploymentType":"gen2","cloud":"default",'
        '"region":"us-central-dfw-2","webhook":null,"cni":"calico","kubernetesVersion":"1.31.1",'
        '"HAControlPlane":false,"gpuEnabled":false}}',
    ),
    _spot(
        "rsspot 0.3.0",
        "a spot pool without autoscaling",
        '{"apiVersion":"ngpc.rxt.io/v1","kind":"SpotNodePool","metadata":{"name":"'
        + POOL
        + '","namespace":"{ns}","labels":{"ngpc.rxt.io/cloudspace":"demo"}},"spec":{"serverClass":'
        '"gp.vs2.medium-dfw2","desired":1,"cloudSpace":"demo","bidPrice":"0.05",'
        '"customAnnotations":{},"customLabels":{},"customTaints":[],"autoscaling":'
        '{"enabled":false,"minNodes":0,"maxNodes":0}}}',
    ),
    _spot(
        "rsspot 0.3.0",
        "a spot pool whose name is no UUID",
        '{"metadata":{"name":"workers","namespace":"{ns}"},"spec":{"serverClass":'
        '"gp.vs2.medium-dfw2","desired":1,"cloudSpace":"demo","bidPrice":"0.05"}}',
        strict="metadata.name",
    ),
    Shape(
        "rsspot 0.3.0",
        "VM pools by an escaped selector in the path",
        "GET",
        f"{N}/vmpools?labelSelector=ngpc.rxt.io%2Fvmcloudspace%3Dvms",
    ),
    _cloudspace(
        "Python SDK",
        "a cloudspace",
        '{"apiVersion": "ngpc.rxt.io/v1", "kind": "CloudSpace", "metadata": {"name": "two", '
        '"namespace": "{ns}"}, "spec": {"region": "us-central-dfw-2", "kubernetesVersion": '
        '"1.31.1", "cni": "calico", "HAControlPlane": false, "cloud": "default"}}',
    ),
    _spot(
        "Python SDK",
        "a spot pool, without a label",
        '{"apiVersion": "ngpc.rxt.io/v1", "kind": "SpotNodePool", "metadata": {"name": "'
        '5b1f4c1e-58a4-4f0a-9a3a-6d1f2f8c0a21", "namespace": "{ns}"}, "spec": {"serverClass": '
        '"gp.vs2.medium-dfw2", "desired": 2, "bidPrice": "0.05", "cloudSpace": "demo", '
        '"autoscaling": {"enabled": false}}}',
    ),
    Shape("Python SDK", "organizations", "GET", "/apis/auth.ngpc.rxt.io/v1/organizations"),
    Shape("Python SDK", "a region", "GET", "/apis/ngpc.rxt.io/v1/regions/us-central-dfw-2"),
    Shape("Python SDK", "server classes", "GET", "/apis/ngpc.rxt.io/v1/serverclasses"),
    Shape("Python SDK", "spot pools", "GET", f"{N}/spotnodepools"),
    Shape("Python SDK", "a cloudspace by name", "GET", f"{N}/cloudspaces/demo"),
    Shape("Python SDK", "cloudspaces", "GET", f"{N}/cloudspaces"),
    Shape("Python SDK", "regions", "GET", "/apis/ngpc.rxt.io/v1/regions"),
    Shape("Python SDK", "a server class", "GET", f"{G}/serverclasses/gp.vs2.medium-dfw2"),
    Shape("Python SDK", "a spot pool by name", "GET", f"{N}/spotnodepools/{OLD_SPOT}"),
    Shape("Python SDK", "an on-demand pool by name", "GET", f"{N}/ondemandnodepools/{OLD_FIXED}"),
    Shape("Python SDK", "on-demand pools", "GET", f"{N}/ondemandnodepools"),
    Shape(
        "Python SDK",
        "an on-demand pool",
        "POST",
        f"{N}/ondemandnodepools",
        '{"apiVersion": "ngpc.rxt.io/v1", "kind": "OnDemandNodePool", "metadata": {"name": "'
        '5b1f4c1e-58a4-4f0a-9a3a-6d1f2f8c0a61", "namespace": "{ns}"}, "spec": {"serverClass": '
        '"gp.vs2.medium-dfw2", "desired": 1, "cloudSpace": "demo"}}',
    ),
    Shape("Python SDK", "the end of a spot pool", "DELETE", f"{N}/spotnodepools/{END_SPOT}"),
    Shape("Python SDK", "the end of a cloudspace", "DELETE", f"{N}/cloudspaces/end"),
    Shape("Python SDK", "a price history", "GET", "/history/gp.vs2.medium-dfw2"),
    Shape("Python SDK", "percentiles", "GET", "/percentiles.json"),
    _cloudspace(
        "Go SDK",
        "a cloudspace with the zero values of Go",
        '{"kind":"CloudSpace","apiVersion":"ngpc.rxt.io/v1","metadata":{"name":"three",'
        '"namespace":"{ns}","creationTimestamp":null},"spec":{"region":"us-central-dfw-2",'
        '"cloud":"default","cni":"","deploymentType":"gen2","webhook":"","HAControlPlane":false},'
        '"status":{}}',
        strict="spec.cni",
    ),
    _spot(
        "Go SDK",
        "a spot pool with autoscaling and desired 0",
        '{"kind":"SpotNodePool","apiVersion":"ngpc.rxt.io/v1","metadata":{"name":'
        '"5b1f4c1e-58a4-4f0a-9a3a-6d1f2f8c0a31","namespace":"{ns}","creationTimestamp":null,'
        '"labels":{"ngpc.rxt.io/cloudspace":"demo"}},"spec":{"serverClass":"gp.vs2.medium-dfw2",'
        '"desired":0,"bidPrice":"0.05","cloudSpace":"demo","autoscaling":{"enabled":true,'
        '"minNodes":1,"maxNodes":3}}}',
        strict="spec.desired",
    ),
    _spot(
        "Go SDK",
        "a spot pool with autoscaling from 0",
        '{"metadata":{"name":"5b1f4c1e-58a4-4f0a-9a3a-6d1f2f8c0a32","namespace":"{ns}"},"spec":'
        '{"serverClass":"gp.vs2.medium-dfw2","desired":1,"bidPrice":"0.05","cloudSpace":"demo",'
        '"autoscaling":{"enabled":true,"minNodes":0,"maxNodes":3}}}',
        refused="spec.autoscaling.minNodes",
    ),
    Shape(
        "Go SDK",
        "a change of a cloudspace",
        "PATCH",
        f"{N}/cloudspaces/demo",
        '{"spec":{"webhook":"https://hook.example/"}}',
        MERGE,
    ),
    _spot(
        "Terraform provider",
        "a spot pool with autoscaling, which leaves desired out",
        '{"kind":"SpotNodePool","apiVersion":"ngpc.rxt.io/v1","metadata":{"name":'
        '"5b1f4c1e-58a4-4f0a-9a3a-6d1f2f8c0a41","namespace":"{ns}","creationTimestamp":null},'
        '"spec":{"serverClass":"gp.vs2.medium-dfw2","bidPrice":"0.050","cloudSpace":"demo",'
        '"autoscaling":{"enabled":true,"minNodes":2,"maxNodes":5},"customTaints":[{"key":"spot",'
        '"value":"true","effect":"NoSchedule"}]},"status":{}}',
        strict="spec.desired",
    ),
    Shape(
        "Pulumi provider",
        "an on-demand pool without a name",
        "POST",
        f"{N}/ondemandnodepools",
        '{"apiVersion":"ngpc.rxt.io/v1","kind":"OnDemandNodePool","metadata":{"namespace":"{ns}"},'
        '"spec":{"cloudSpace":"demo","serverClass":"gp.vs2.medium-dfw2","desired":1}}',
        strict="metadata.name",
    ),
    _spot(
        "Pulumi provider",
        "a spot pool with autoscaling, with desired as the minimum",
        '{"apiVersion":"ngpc.rxt.io/v1","kind":"SpotNodePool","metadata":{"name":'
        '"5b1f4c1e-58a4-4f0a-9a3a-6d1f2f8c0a51","namespace":"{ns}"},"spec":{"cloudSpace":"demo",'
        '"serverClass":"gp.vs2.medium-dfw2","bidPrice":"0.050","desired":2,"autoscaling":'
        '{"enabled":true,"minNodes":2,"maxNodes":4}}}',
    ),
    _cloudspace(
        "MCP server",
        "a cloudspace without a version of Kubernetes",
        '{"apiVersion":"ngpc.rxt.io/v1","kind":"CloudSpace","metadata":{"name":"four"},"spec":'
        '{"region":"us-central-dfw-2","cloud":"default"}}',
        strict="spec.kubernetesVersion",
    ),
    _cloudspace(
        "MCP server",
        "a cloudspace without a name",
        '{"apiVersion":"ngpc.rxt.io/v1","kind":"CloudSpace","spec":{"region":"us-central-dfw-2",'
        '"kubernetesVersion":"1.31.1"}}',
        refused="metadata.name",
    ),
    _cloudspace(
        "Go SDK",
        "a cloudspace as spotctl makes it",
        '{"apiVersion":"ngpc.rxt.io/v1","kind":"CloudSpace","metadata":{"name":"five","namespace":'
        '"{ns}","annotations":{}},"spec":{"deploymentType":"gen2","cloud":"default","region":'
        '"us-central-dfw-2","webhook":"","cni":"calico","kubernetesVersion":"1.31.1",'
        '"HAControlPlane":false,"gpuEnabled":false}}',
    ),
    _spot(
        "Go SDK",
        "a spot pool without autoscaling, whose bounds are 0",
        '{"apiVersion":"ngpc.rxt.io/v1","kind":"SpotNodePool","metadata":{"name":'
        '"5b1f4c1e-58a4-4f0a-9a3a-6d1f2f8c0a33","namespace":"{ns}","labels":'
        '{"ngpc.rxt.io/cloudspace":"demo"}},"spec":{"serverClass":"gp.vs2.medium-dfw2","desired":1,'
        '"cloudSpace":"demo","bidPrice":"0.05","autoscaling":{"enabled":false,"minNodes":0,'
        '"maxNodes":0}}}',
    ),
    Shape(
        "Go SDK",
        "an on-demand pool, whose bounds are null",
        "POST",
        f"{N}/ondemandnodepools",
        '{"apiVersion":"ngpc.rxt.io/v1","kind":"OnDemandNodePool","metadata":{"name":'
        '"5b1f4c1e-58a4-4f0a-9a3a-6d1f2f8c0a34","namespace":"{ns}","labels":'
        '{"ngpc.rxt.io/cloudspace":"demo"}},"spec":{"serverClass":"gp.vs2.medium-dfw2","desired":1,'
        '"cloudSpace":"demo","autoscaling":{"enabled":false,"minNodes":null,"maxNodes":null}}}',
    ),
    Shape(
        "Go SDK",
        "a change of a spot pool, which turns autoscaling off too",
        "PATCH",
        f"{N}/spotnodepools/{OLD_SPOT}",
        '{"spec":{"desired":2,"bidPrice":"0.06","autoscaling":{"enabled":false}}}',
        MERGE,
    ),
    Shape(
        "Go SDK",
        "the pools of a cloudspace",
        "GET",
        f"{N}/spotnodepools?labelSelector=ngpc.rxt.io%2Fcloudspace%3Ddemo",
    ),
    Shape(
        "Go SDK",
        "an autopilot pool, whose labels are null",
        "POST",
        f"{N}/autopilotnodepools",
        '{"apiVersion":"ngpc.rxt.io/v1","kind":"AutopilotNodePool","metadata":{"name":"auto",'
        '"namespace":"{ns}","labels":null},"spec":{"region":"us-central-dfw-2","cloudSpace":"demo",'
        '"vcpu":{"total":4},"vcpuPerNode":{},"budgetPerHour":"0.20"}}',
    ),
    _spot(
        "Terraform provider",
        "a spot pool without autoscaling",
        '{"kind":"SpotNodePool","apiVersion":"ngpc.rxt.io/v1","metadata":{"name":'
        '"5b1f4c1e-58a4-4f0a-9a3a-6d1f2f8c0a42","namespace":"{ns}","creationTimestamp":null},'
        '"spec":{"serverClass":"gp.vs2.medium-dfw2","desired":2,"bidPrice":"0.050","cloudSpace":'
        '"demo","autoscaling":{"enabled":false}},"status":{}}',
    ),
    _cloudspace(
        "Pulumi provider",
        "a cloudspace, whose haControlPlane is no field of the API",
        '{"apiVersion":"ngpc.rxt.io/v1","kind":"CloudSpace","metadata":{"name":"six","namespace":'
        '"{ns}"},"spec":{"region":"us-central-dfw-2","cloud":"default","kubernetesVersion":'
        '"1.31.1","cni":"calico","haControlPlane":false,"deploymentType":"gen2"}}',
    ),
    _spot(
        "Pulumi provider",
        "a spot pool, with everything that is empty",
        '{"apiVersion":"ngpc.rxt.io/v1","kind":"SpotNodePool","metadata":{"name":'
        '"5b1f4c1e-58a4-4f0a-9a3a-6d1f2f8c0a52","namespace":"{ns}"},"spec":{"cloudSpace":"demo",'
        '"serverClass":"gp.vs2.medium-dfw2","bidPrice":"0.050","customLabels":{},'
        '"customAnnotations":{},"customTaints":[],"desired":1}}',
    ),
    Shape(
        "Pulumi provider",
        "an on-demand pool with everything that is empty, without a name",
        "POST",
        f"{N}/ondemandnodepools",
        '{"apiVersion":"ngpc.rxt.io/v1","kind":"OnDemandNodePool","metadata":{"namespace":"{ns}"},'
        '"spec":{"cloudSpace":"demo","serverClass":"gp.vs2.medium-dfw2","desired":1,"customLabels":'
        '{},"customAnnotations":{},"customTaints":[]}}',
        strict="metadata.name",
    ),
    Shape(
        "Pulumi provider",
        "the replacement of a spot pool",
        "PUT",
        f"{N}/spotnodepools/{OLD_SPOT}",
        '{"apiVersion":"ngpc.rxt.io/v1","kind":"SpotNodePool","metadata":{"name":"'
        + OLD_SPOT
        + '","namespace":"{ns}","resourceVersion":"{version}"},"spec":{'
        '"cloudSpace":"demo","serverClass":"gp.vs2.medium-dfw2","bidPrice":"0.070","customLabels":{},"customAnnotations":{},"customTaints":[],"desired":3}}',
    ),
    _cloudspace(
        "MCP server",
        "a cloudspace with a region and no more",
        '{"apiVersion":"ngpc.rxt.io/v1","kind":"CloudSpace","metadata":{"name":"seven","namespace":'
        '"{ns}"},"spec":{"region":"us-central-dfw-2","haControlPlane":false}}',
        strict="spec.kubernetesVersion",
    ),
    _spot(
        "MCP server",
        "a spot pool, whose cloudspace is no field of the API",
        '{"apiVersion":"ngpc.rxt.io/v1","kind":"SpotNodePool","metadata":{"name":'
        '"5b1f4c1e-58a4-4f0a-9a3a-6d1f2f8c0a71","namespace":"{ns}","labels":'
        '{"ngpc.rxt.io/cloudspace":"demo"}},"spec":{"cloudspace":"demo","serverClass":'
        '"gp.vs2.medium-dfw2","bidPrice":"0.05","autoscaling":{"minNodes":0,"maxNodes":10},'
        '"desired":1}}',
        refused="spec.cloudSpace",
    ),
    Shape(
        "MCP server",
        "the pools of a cloudspace, by a selector",
        "GET",
        f"{N}/ondemandnodepools?labelSelector=ngpc.rxt.io%2Fcloudspace%3Ddemo",
    ),
    Shape(
        "MCP server",
        "percentiles, at a path of its own",
        "GET",
        "/apis/pricing.ngpc.rxt.io/v1/percentile",
        missing=True,
    ),
)
