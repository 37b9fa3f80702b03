"""Complete requests with what clients leave out, unless the service is known to refuse them.

The published document marks more as required than clients send that work. A strict sandbox takes
the document literally.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rsspot.shapes import as_object, is_object

if TYPE_CHECKING:
    from rsspot.sandbox.api.kinds import ResourceKind

__all__ = ["completed"]

VERSION = "1.31.1"
"""The version of Kubernetes of a cloudspace that names none."""
SCALED = frozenset({"spotnodepools", "ondemandnodepools"})


def completed(kind: ResourceKind, spec: Any) -> Any:
    """Return the spec of a new object as the service completes it.

    A cloudspace may leave out its version, and say "" for a choice that it leaves to the service.
    A pool with autoscaling may leave out `desired`, or say 0, as Go programs do
    (docs/api-facts.md).
    """
    if not is_object(spec):
        return spec
    if kind.plural == "cloudspaces":
        chosen = {
            key: value
            for key, value in spec.items()
            if not (key in {"cni", "cloud", "deploymentType", "kubernetesVersion"} and value == "")
        }
        if chosen.get("kubernetesVersion") is None:
            chosen["kubernetesVersion"] = VERSION
        return chosen
    scaling = as_object(spec.get("autoscaling"))
    if kind.plural in SCALED and scaling.get("enabled") is True and not spec.get("desired"):
        minimum = scaling.get("minNodes")
        if spec.get("desired") is not False and type(minimum) is int and minimum > 0:
            return {**spec, "desired": minimum}
    return spec
