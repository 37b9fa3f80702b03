from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast
import datetime

if TYPE_CHECKING:
    from ..models.annotations import Annotations
    from ..models.labels import Labels
    from ..models.managed_fields_entry import ManagedFieldsEntry
    from ..models.owner_reference import OwnerReference


T = TypeVar("T", bound="ObjectMeta")


@_attrs_define
class ObjectMeta:
    """What every object carries beside its own data.

    Attributes:
        name (str | Unset): Name, unique within namespace and kind; it cannot be changed. Cloudspaces take a lower-case
            DNS label. Node pools take a lower-case UUID; friendlier names appear in examples of the vendor's tools, but
            admission is reported to refuse them.
        namespace (str | Unset): The organization's namespace. In a request it must equal the one in the path.
        generate_name (str | Unset): A prefix to which the server adds a suffix when `name` is absent.
        labels (Labels | None | Unset): Labels to select by. Give every node pool `ngpc.rxt.io/cloudspace` and every VM
            pool `ngpc.rxt.io/vmcloudspace`, with the name of what it belongs to: the console and other clients select by
            them, and no source shows that the server adds them. Some clients send `null` for none.
        annotations (Annotations | None | Unset): Notes of clients, not selectable. `null` means none.
        uid (str | Unset): Identifies this very object; a later one of the same name gets another.
        resource_version (str | Unset): The version of an object or list. Decimal digits, yet to be compared for
            equality only.
        generation (int | Unset): Counts the changes of `spec`.
        creation_timestamp (datetime.datetime | None | Unset): When the object was created. Go clients send `null`
            before it is.
        deletion_timestamp (datetime.datetime | None | Unset): Present while the object is being deleted.
        deletion_grace_period_seconds (int | None | Unset): Seconds that a graceful deletion may take.
        finalizers (list[str] | Unset): What must still be cleaned up; the object stays until this is empty.
        owner_references (list[OwnerReference] | Unset): Objects whose deletion takes this one with them.
        managed_fields (list[ManagedFieldsEntry] | Unset): Which client set which field. Of no use to most readers.
        self_link (str | Unset): A historical URL of the object; newer servers leave it out.
    """

    name: str | Unset = UNSET
    namespace: str | Unset = UNSET
    generate_name: str | Unset = UNSET
    labels: Labels | None | Unset = UNSET
    annotations: Annotations | None | Unset = UNSET
    uid: str | Unset = UNSET
    resource_version: str | Unset = UNSET
    generation: int | Unset = UNSET
    creation_timestamp: datetime.datetime | None | Unset = UNSET
    deletion_timestamp: datetime.datetime | None | Unset = UNSET
    deletion_grace_period_seconds: int | None | Unset = UNSET
    finalizers: list[str] | Unset = UNSET
    owner_references: list[OwnerReference] | Unset = UNSET
    managed_fields: list[ManagedFieldsEntry] | Unset = UNSET
    self_link: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.annotations import Annotations  # noqa: PLC0415
        from ..models.labels import Labels  # noqa: PLC0415
        from ..models.managed_fields_entry import ManagedFieldsEntry  # noqa: PLC0415
        from ..models.owner_reference import OwnerReference  # noqa: PLC0415

        name = self.name

        namespace = self.namespace

        generate_name = self.generate_name

        labels: dict[str, Any] | None | Unset
        if isinstance(self.labels, Unset):
            labels = UNSET
        elif isinstance(self.labels, Labels):
            labels = self.labels.to_dict()
        else:
            labels = self.labels

        annotations: dict[str, Any] | None | Unset
        if isinstance(self.annotations, Unset):
            annotations = UNSET
        elif isinstance(self.annotations, Annotations):
            annotations = self.annotations.to_dict()
        else:
            annotations = self.annotations

        uid = self.uid

        resource_version = self.resource_version

        generation = self.generation

        creation_timestamp: None | str | Unset
        if isinstance(self.creation_timestamp, Unset):
            creation_timestamp = UNSET
        elif isinstance(self.creation_timestamp, datetime.datetime):
            creation_timestamp = self.creation_timestamp.isoformat()
        else:
            creation_timestamp = self.creation_timestamp

        deletion_timestamp: None | str | Unset
        if isinstance(self.deletion_timestamp, Unset):
            deletion_timestamp = UNSET
        elif isinstance(self.deletion_timestamp, datetime.datetime):
            deletion_timestamp = self.deletion_timestamp.isoformat()
        else:
            deletion_timestamp = self.deletion_timestamp

        deletion_grace_period_seconds: int | None | Unset
        if isinstance(self.deletion_grace_period_seconds, Unset):
            deletion_grace_period_seconds = UNSET
        else:
            deletion_grace_period_seconds = self.deletion_grace_period_seconds

        finalizers: list[str] | Unset = UNSET
        if not isinstance(self.finalizers, Unset):
            finalizers = self.finalizers

        owner_references: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.owner_references, Unset):
            owner_references = []
            for owner_references_item_data in self.owner_references:
                owner_references_item = owner_references_item_data.to_dict()
                owner_references.append(owner_references_item)

        managed_fields: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.managed_fields, Unset):
            managed_fields = []
            for managed_fields_item_data in self.managed_fields:
                managed_fields_item = managed_fields_item_data.to_dict()
                managed_fields.append(managed_fields_item)

        self_link = self.self_link

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if name is not UNSET:
            field_dict["name"] = name
        if namespace is not UNSET:
            field_dict["namespace"] = namespace
        if generate_name is not UNSET:
            field_dict["generateName"] = generate_name
        if labels is not UNSET:
            field_dict["labels"] = labels
        if annotations is not UNSET:
            field_dict["annotations"] = annotations
        if uid is not UNSET:
            field_dict["uid"] = uid
        if resource_version is not UNSET:
            field_dict["resourceVersion"] = resource_version
        if generation is not UNSET:
            field_dict["generation"] = generation
        if creation_timestamp is not UNSET:
            field_dict["creationTimestamp"] = creation_timestamp
        if deletion_timestamp is not UNSET:
            field_dict["deletionTimestamp"] = deletion_timestamp
        if deletion_grace_period_seconds is not UNSET:
            field_dict["deletionGracePeriodSeconds"] = deletion_grace_period_seconds
        if finalizers is not UNSET:
            field_dict["finalizers"] = finalizers
        if owner_references is not UNSET:
            field_dict["ownerReferences"] = owner_references
        if managed_fields is not UNSET:
            field_dict["managedFields"] = managed_fields
        if self_link is not UNSET:
            field_dict["selfLink"] = self_link

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.annotations import Annotations  # noqa: PLC0415
        from ..models.labels import Labels  # noqa: PLC0415
        from ..models.managed_fields_entry import ManagedFieldsEntry  # noqa: PLC0415
        from ..models.owner_reference import OwnerReference  # noqa: PLC0415

        d = dict(src_dict)
        name = d.pop("name", UNSET)

        namespace = d.pop("namespace", UNSET)

        generate_name = d.pop("generateName", UNSET)

        def _parse_labels(data: object) -> Labels | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                labels_type_0 = Labels.from_dict(data)

                return labels_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(Labels | None | Unset, data)

        labels = _parse_labels(d.pop("labels", UNSET))

        def _parse_annotations(data: object) -> Annotations | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                annotations_type_0 = Annotations.from_dict(data)

                return annotations_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(Annotations | None | Unset, data)

        annotations = _parse_annotations(d.pop("annotations", UNSET))

        uid = d.pop("uid", UNSET)

        resource_version = d.pop("resourceVersion", UNSET)

        generation = d.pop("generation", UNSET)

        def _parse_creation_timestamp(data: object) -> datetime.datetime | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                creation_timestamp_type_0 = datetime.datetime.fromisoformat(data)

                return creation_timestamp_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None | Unset, data)

        creation_timestamp = _parse_creation_timestamp(
            d.pop("creationTimestamp", UNSET)
        )

        def _parse_deletion_timestamp(data: object) -> datetime.datetime | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                deletion_timestamp_type_0 = datetime.datetime.fromisoformat(data)

                return deletion_timestamp_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None | Unset, data)

        deletion_timestamp = _parse_deletion_timestamp(
            d.pop("deletionTimestamp", UNSET)
        )

        def _parse_deletion_grace_period_seconds(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        deletion_grace_period_seconds = _parse_deletion_grace_period_seconds(
            d.pop("deletionGracePeriodSeconds", UNSET)
        )

        finalizers = cast(list[str], d.pop("finalizers", UNSET))

        _owner_references = d.pop("ownerReferences", UNSET)
        owner_references: list[OwnerReference] | Unset = UNSET
        if _owner_references is not UNSET:
            owner_references = []
            for owner_references_item_data in _owner_references:
                owner_references_item = OwnerReference.from_dict(
                    owner_references_item_data
                )

                owner_references.append(owner_references_item)

        _managed_fields = d.pop("managedFields", UNSET)
        managed_fields: list[ManagedFieldsEntry] | Unset = UNSET
        if _managed_fields is not UNSET:
            managed_fields = []
            for managed_fields_item_data in _managed_fields:
                managed_fields_item = ManagedFieldsEntry.from_dict(
                    managed_fields_item_data
                )

                managed_fields.append(managed_fields_item)

        self_link = d.pop("selfLink", UNSET)

        object_meta = cls(
            name=name,
            namespace=namespace,
            generate_name=generate_name,
            labels=labels,
            annotations=annotations,
            uid=uid,
            resource_version=resource_version,
            generation=generation,
            creation_timestamp=creation_timestamp,
            deletion_timestamp=deletion_timestamp,
            deletion_grace_period_seconds=deletion_grace_period_seconds,
            finalizers=finalizers,
            owner_references=owner_references,
            managed_fields=managed_fields,
            self_link=self_link,
        )

        object_meta.additional_properties = d
        return object_meta

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
