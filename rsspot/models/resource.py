"""What every Kubernetes-style object has: its metadata."""

from __future__ import annotations

from typing import ClassVar, Generic, TypeVar

from rsspot.models import fields as field
from rsspot.models.view import View

__all__ = ["Resource"]

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
    generation = field.whole("metadata", "generation")
    created_at = field.moment("metadata", "creationTimestamp")
    deleted_at = field.moment("metadata", "deletionTimestamp")
    labels = field.labels("metadata", "labels")
    annotations = field.labels("metadata", "annotations")
