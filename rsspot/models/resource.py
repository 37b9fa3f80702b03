"""What Kubernetes-style objects have in common: metadata and conditions."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar

from rsspot.models import fields as field
from rsspot.models.view import View

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from rsspot_api import models  # noqa: F401 - in the text of a base class

    from rsspot.models.view import Field

__all__ = ["Condition", "Resource"]

RawT_co = TypeVar("RawT_co", covariant=True)


class Resource(View[RawT_co], Generic[RawT_co]):
    """An object with a name, a namespace (empty for cluster-wide ones) and a version.

    Source: docs/api-facts.md#objects.
    """

    identity: ClassVar[tuple[str, ...]] = ("namespace", "name", "uid")
    shown: ClassVar[tuple[str, ...]] = ("name",)

    name: Field[str] = field.text("metadata", "name")
    namespace: Field[str] = field.text("metadata", "namespace")
    uid: Field[str] = field.text("metadata", "uid")
    resource_version: Field[str] = field.text("metadata", "resourceVersion")
    generation: Field[int | None] = field.integer("metadata", "generation")
    created_at: Field[datetime | None] = field.timestamp("metadata", "creationTimestamp")
    deleted_at: Field[datetime | None] = field.timestamp("metadata", "deletionTimestamp")
    labels: Field[Mapping[str, str]] = field.labels("metadata", "labels")
    annotations: Field[Mapping[str, str]] = field.labels("metadata", "annotations")


class Condition(View["models.Condition"], model="Condition"):
    """A condition as in the Cluster API; `status` is the text True, False or Unknown."""

    shown: ClassVar[tuple[str, ...]] = ("type", "status", "reason")

    type: Field[str] = field.text("type")
    status: Field[str] = field.text("status")
    reason: Field[str] = field.text("reason")
    message: Field[str] = field.text("message")
    severity: Field[str] = field.text("severity")
    changed_at: Field[datetime | None] = field.timestamp("lastTransitionTime")
