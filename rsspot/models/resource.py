"""What Kubernetes-style objects have in common: metadata and conditions."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar

from rsspot.models import fields as field
from rsspot.models.view import View

if TYPE_CHECKING:
    from rsspot_api import models  # noqa: F401 - in the text of a base class

__all__ = ["Condition", "Resource"]

RawT_co = TypeVar("RawT_co", covariant=True)


class Resource(View[RawT_co], Generic[RawT_co]):
    """An object with a name, a namespace (empty for cluster-wide ones) and a version.

    Source: docs/api-facts.md#objects.
    """

    identity: ClassVar[tuple[str, ...]] = ("namespace", "name", "uid")
    shown: ClassVar[tuple[str, ...]] = ("name",)

    name = field.text("metadata", "name")
    namespace = field.text("metadata", "namespace")
    uid = field.text("metadata", "uid")
    resource_version = field.text("metadata", "resourceVersion")
    generation = field.integer("metadata", "generation")
    created_at = field.timestamp("metadata", "creationTimestamp")
    deleted_at = field.timestamp("metadata", "deletionTimestamp")
    labels = field.labels("metadata", "labels")
    annotations = field.labels("metadata", "annotations")


class Condition(View["models.Condition"], model="Condition"):
    """A condition as in the Cluster API; `status` is the text True, False or Unknown."""

    shown = ("type", "status", "reason")

    type = field.text("type")
    status = field.text("status")
    reason = field.text("reason")
    message = field.text("message")
    severity = field.text("severity")
    changed_at = field.timestamp("lastTransitionTime")
