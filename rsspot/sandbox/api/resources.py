"""Endpoints of namespaced objects: read, create, patch, replace and delete."""

from __future__ import annotations

import copy
import json
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, Any

import jsonpatch
import jsonpointer
from starlette.responses import JSONResponse

from rsspot.sandbox.api.checks import is_string_list, is_string_map
from rsspot.sandbox.api.kinds import check_name, check_spec
from rsspot.sandbox.api.leniency import completed
from rsspot.sandbox.api.status import status
from rsspot.sandbox.world import GROUP, ApiError, is_deleting
from rsspot.shapes import as_list, as_object, is_object

if TYPE_CHECKING:
    from collections.abc import Generator

    from starlette.requests import Request
    from starlette.responses import Response

    from rsspot.sandbox.api.kinds import ResourceKind
    from rsspot.sandbox.world import Objects, SandboxState

__all__ = [
    "Resources",
    "json_patch",
    "merge_patch",
]


def merge_patch(target: Any, patch: Any) -> Any:
    """Return `target` with `patch` merged in."""
    if not is_object(patch):
        return copy.deepcopy(patch)
    result = dict(as_object(target))
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = merge_patch(result.get(key), value)
    return result


def json_patch(target: Any, operations: Any) -> Any:
    """Return `target` with all operations applied. Raises `ApiError` if one of them fails."""
    if not isinstance(operations, list):
        raise ApiError("BadRequest", "a JSON Patch must be a list of operations")
    try:
        return jsonpatch.apply_patch(target, as_list(operations))
    except jsonpatch.InvalidJsonPatch as error:
        raise ApiError("BadRequest", f"the JSON Patch is not valid: {error}") from None
    except (jsonpatch.JsonPatchException, jsonpointer.JsonPointerException, TypeError) as error:
        raise ApiError("Invalid", f"the JSON Patch cannot be applied: {error}") from None


READS = frozenset({"GET", "HEAD"})
JSON, MERGE, JSON_PATCH = (
    "application/json",
    "application/merge-patch+json",
    "application/json-patch+json",
)


class Resources:
    """Endpoints for every kind of object."""

    def __init__(self, state: SandboxState) -> None:
        self.state = state
        self.objects: Objects = state.objects

    def collection(self, kind: ResourceKind, request: Request, body: bytes) -> Response:
        """Respond to a request for the objects of a kind in a namespace."""
        namespace = _namespace(request, kind)
        if request.method in READS:
            found = self.objects.each(kind.plural, namespace)
            return JSONResponse(self.objects.select(kind.kind, found, request.query_params))
        with self._dry_run(request, body) as is_dry:
            if request.method == "POST":
                created = self._create(kind, namespace, request, body)
                return JSONResponse(_unstored(created, None) if is_dry else created, 201)
            for item in self.objects.each(kind.plural, namespace):
                self._delete(kind, namespace, item["metadata"]["name"])
            return JSONResponse(status(200, "the objects are being deleted"))

    def one(self, kind: ResourceKind, request: Request, body: bytes) -> Response:
        """Respond to a request for one object."""
        namespace, name = _namespace(request, kind), request.path_params["name"]
        if request.method not in READS:
            _is_dry(request, body)  # as in Kubernetes, options are checked before the object
        old = self.objects.get(kind.plural, namespace, name)
        if request.method in READS:
            return JSONResponse(old)
        version = old["metadata"]["resourceVersion"]
        with self._dry_run(request, body) as is_dry:
            old = self.objects.get(kind.plural, namespace, name)
            if request.method == "DELETE":
                new = self._delete(kind, namespace, name)
            elif request.method == "PATCH":
                new = self._patch(kind, request, body, old)
            else:
                new = self._replace(kind, request, body, old)
            return JSONResponse(_unstored(new, version) if is_dry else new)

    @contextmanager
    def _dry_run(self, request: Request, body: bytes) -> Generator[bool]:
        """Yield whether the request is a dry run. If it is, its effects end with the block."""
        is_dry = _is_dry(request, body)
        with self.state.dry_run() if is_dry else nullcontext():
            yield is_dry

    def _create(
        self, kind: ResourceKind, namespace: str, request: Request, body: bytes
    ) -> dict[str, Any]:
        wanted = _object(request, body, JSON)
        _check_kind(kind, wanted)
        metadata = as_object(wanted.get("metadata"))
        name: Any = metadata.get("name") or self.objects.generate_name(metadata.get("generateName"))
        wished = wanted.get("spec")
        if not self.state.strict:
            wished = completed(kind, wished)
            if kind.uuid_named and name is None and "name" not in metadata:
                name = self.objects.identifiers.uid()
        check_name(kind, name, strict=self.state.strict)
        _check_metadata(kind, metadata, namespace)
        check_spec(kind, str(name), wished, self.state.lookup(namespace), old=None)
        kept = {
            key: metadata[key]
            for key in ("labels", "annotations", "finalizers")
            if metadata.get(key)
        }
        spec = {key: value for key, value in as_object(wished).items() if value is not None}
        item = self.objects.create(
            kind.plural,
            namespace,
            {
                "apiVersion": f"{GROUP}/v1",
                "kind": kind.kind,
                "metadata": {"name": name, **kept},
                "spec": spec,
            },
        )
        self.state.log(item, "was created")
        return item

    def _delete(self, kind: ResourceKind, namespace: str, name: str) -> dict[str, Any]:
        item = self.objects.get(kind.plural, namespace, name)
        if not is_deleting(item):
            self.state.log(item, "is being deleted")
        return self.objects.delete(kind.plural, namespace, name)

    def _patch(
        self, kind: ResourceKind, request: Request, body: bytes, old: dict[str, Any]
    ) -> dict[str, Any]:
        version = old["metadata"]["resourceVersion"]
        if _media(request) == JSON_PATCH:
            new = json_patch(old, _json(body))
        else:
            patch = _object(request, body, MERGE)
            new = merge_patch(old, patch)
            if as_object(patch.get("metadata")).get("resourceVersion") is not None:
                version = ""
        if not is_object(new):
            raise ApiError("BadRequest", "the result of the patch must be an object")
        metadata = dict(as_object(new.get("metadata")))
        # A resourceVersion that the patch does not touch is not a precondition.
        _check_version(kind, metadata)
        if metadata["resourceVersion"] == version:
            del metadata["resourceVersion"]
        return self._put(kind, {**new, "metadata": metadata}, old)

    def _replace(
        self, kind: ResourceKind, request: Request, body: bytes, old: dict[str, Any]
    ) -> dict[str, Any]:
        new = _object(request, body, JSON)
        name = old["metadata"]["name"]
        metadata = as_object(new.get("metadata"))
        if metadata.get("name") != name:
            raise ApiError(
                "BadRequest", "the name of the object does not match the name on the URL"
            )
        _check_version(kind, metadata)
        return self._put(kind, {**new, "spec": kind.completed(new.get("spec"), old["spec"])}, old)

    def _put(self, kind: ResourceKind, new: dict[str, Any], old: dict[str, Any]) -> dict[str, Any]:
        namespace, name = old["metadata"]["namespace"], old["metadata"]["name"]
        metadata = as_object(new.get("metadata"))
        _check_kind(kind, new)
        if metadata.get("name", name) != name:
            raise ApiError("Invalid", f"{kind.kind} is invalid: metadata.name: field is immutable")
        _check_metadata(kind, metadata, namespace)
        lookup = self.state.lookup(namespace)
        check_spec(kind, name, new.get("spec"), lookup, old=old["spec"])
        return self.objects.replace(kind.plural, namespace, name, new)


def _is_dry(request: Request, body: bytes) -> bool:
    """Return whether the query, or the body of a deletion, asks for a dry run."""
    values: list[Any] = request.query_params.getlist("dryRun")
    if request.method == "DELETE" and body:
        options = as_object(_json(body)).get("dryRun")
        values += as_list(options) if isinstance(options, list | None) else [options]
    for value in values:
        if value != "All":
            raise ApiError(
                "BadRequest", f'dryRun: Unsupported value: "{value}": supported values: "All"'
            )
    return bool(values)


def _unstored(item: dict[str, Any], version: str | None) -> dict[str, Any]:
    """Return the result of a dry run with the stored version, since its own does not exist."""
    metadata = {key: value for key, value in item["metadata"].items() if key != "resourceVersion"}
    return {
        **item,
        "metadata": metadata if version is None else {**metadata, "resourceVersion": version},
    }


def _namespace(request: Request, kind: ResourceKind) -> str:
    """Return the namespace of a request. Raise `ApiError` unless the user is a member of it."""
    namespace: str = request.path_params["namespace"]
    if namespace != request.user.namespace:
        name = request.path_params.get("name", "")
        subject = f'{kind.plural}.{GROUP} "{name}"' if name else f"{kind.plural}.{GROUP}"
        raise ApiError(
            "Forbidden",
            f'{subject} is forbidden: User "dev@example.com" cannot access resource '
            f'"{kind.plural}" in API group "{GROUP}" in the namespace "{namespace}"',
            **({"name": name} if name else {}),
            group=GROUP,
            kind=kind.plural,
        )
    return namespace


def _media(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise ApiError("BadRequest", "the body must be JSON") from None


def _object(request: Request, body: bytes, media: str) -> dict[str, Any]:
    sent = _media(request)
    # As in Kubernetes: an object without a media type is JSON, a patch must have one.
    if sent != media and (sent or media == MERGE):
        raise ApiError(
            "UnsupportedMediaType", f"the media type must be {media}, not {sent or 'absent'}"
        )
    content = _json(body)
    if not is_object(content):
        raise ApiError("BadRequest", "the body must be a JSON object")
    return content


def _check_kind(kind: ResourceKind, body: dict[str, Any]) -> None:
    for key, wanted in (("kind", kind.kind), ("apiVersion", f"{GROUP}/v1")):
        if body.get(key, wanted) != wanted:
            raise ApiError("BadRequest", f"{key} must be {wanted}, not {body[key]!r:.80}")


def _check_version(kind: ResourceKind, metadata: dict[str, Any]) -> None:
    version = metadata.get("resourceVersion")
    if version is not None and not isinstance(version, str):
        raise ApiError("BadRequest", f"{kind.kind}: metadata.resourceVersion must be a string")
    if not version:
        message = "Invalid value: 0: must be specified for an update"
        raise ApiError(
            "Invalid",
            f"{kind.kind} is invalid: metadata.resourceVersion: {message}",
            causes=[{"field": "metadata.resourceVersion", "message": message}],
        )


def _check_metadata(kind: ResourceKind, metadata: dict[str, Any], namespace: str) -> None:
    if metadata.get("namespace") not in (None, "", namespace):
        raise ApiError(
            "BadRequest", "the namespace of the object does not match the namespace on the URL"
        )
    for key in ("labels", "annotations"):
        value = metadata.get(key)
        if value is not None and not is_string_map(value):
            raise ApiError("BadRequest", f"{kind.kind}: metadata.{key} must be a map of strings")
    finalizers = metadata.get("finalizers")
    if finalizers is not None and not is_string_list(finalizers):
        raise ApiError("BadRequest", f"{kind.kind}: metadata.finalizers must be a list of strings")
