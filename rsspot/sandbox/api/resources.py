"""What the API does with objects: read, create, change, replace, delete."""

from __future__ import annotations

import json
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse

from rsspot.models.shapes import as_list, as_object, is_object
from rsspot.sandbox.api.checks import is_list_of_text, is_map_of_text
from rsspot.sandbox.api.kinds import check_name, check_spec
from rsspot.sandbox.api.patches import json_patch, merge_patch
from rsspot.sandbox.api.status import Refused, status
from rsspot.sandbox.world.objects import GROUP
from rsspot.sandbox.world.world import leaving

if TYPE_CHECKING:
    from collections.abc import Generator

    from starlette.requests import Request
    from starlette.responses import Response

    from rsspot.sandbox.api.kinds import Kind
    from rsspot.sandbox.world.state import SandboxState

__all__ = ["Resources"]

READS = frozenset({"GET", "HEAD"})
JSON, MERGE, JSON_PATCH = (
    "application/json",
    "application/merge-patch+json",
    "application/json-patch+json",
)


class Resources:
    """The namespaced objects of one sandbox."""

    def __init__(self, state: SandboxState) -> None:
        self.state = state
        self.objects = state.objects

    def collection(self, kind: Kind, request: Request, body: bytes) -> Response:
        """The response to a request for all objects of a kind in a namespace."""
        namespace = _own(request, kind)
        if request.method in READS:
            found = self.objects.each(kind.plural, namespace)
            return JSONResponse(self.objects.select(kind.kind, found, request.query_params))
        with self._carried_out(request, body) as is_dry:
            if request.method == "POST":
                made = self._create(kind, namespace, request, body)
                return JSONResponse(_stored(made, None) if is_dry else made, 201)
            for item in self.objects.each(kind.plural, namespace):
                self._delete(kind, namespace, item["metadata"]["name"])
            return JSONResponse(status(200, "all are being deleted"))

    def one(self, kind: Kind, request: Request, body: bytes) -> Response:
        """The response to a request for one object."""
        namespace, name = _own(request, kind), request.path_params["name"]
        old = self.objects.get(kind.plural, namespace, name)
        if request.method in READS:
            return JSONResponse(old)
        version = old["metadata"]["resourceVersion"]
        with self._carried_out(request, body) as is_dry:
            old = self.objects.get(kind.plural, namespace, name)
            if request.method == "DELETE":
                new = self._delete(kind, namespace, name)
            elif request.method == "PATCH":
                new = self._patch(kind, request, body, old)
            else:
                new = self._replace(kind, request, body, old)
            return JSONResponse(_stored(new, version) if is_dry else new)

    @contextmanager
    def _carried_out(self, request: Request, body: bytes) -> Generator[bool]:
        """Whether this request is a dry run, whose effects then end with the block."""
        is_dry = _is_dry(request, body)
        with self.state.rehearsal() if is_dry else nullcontext():
            yield is_dry

    def _create(self, kind: Kind, namespace: str, request: Request, body: bytes) -> dict[str, Any]:
        given = _object(request, body, JSON)
        _check_kind(kind, given)
        metadata = as_object(given.get("metadata"))
        name = metadata.get("name") or self.objects.name_from(metadata.get("generateName"))
        check_name(kind, name)
        _check_metadata(kind, metadata, namespace)
        check_spec(kind, name, given.get("spec"), self.state.world(namespace), old=None)
        kept = {
            key: metadata[key]
            for key in ("labels", "annotations", "finalizers")
            if metadata.get(key)
        }
        spec = {key: value for key, value in given["spec"].items() if value is not None}
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
        self.state.stage.log(item, self.state.clock.now(), "was created")
        return item

    def _delete(self, kind: Kind, namespace: str, name: str) -> dict[str, Any]:
        item = self.objects.get(kind.plural, namespace, name)
        if not leaving(item):
            self.state.stage.log(item, self.state.clock.now(), "is being deleted")
        return self.objects.delete(kind.plural, namespace, name)

    def _patch(
        self, kind: Kind, request: Request, body: bytes, old: dict[str, Any]
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
            raise Refused(400, "the patch leaves no object")
        metadata = dict(as_object(new.get("metadata")))
        # What a patch leaves alone is no precondition.
        _check_version(kind, metadata)
        if metadata["resourceVersion"] == version:
            del metadata["resourceVersion"]
        return self._put(kind, {**new, "metadata": metadata}, old)

    def _replace(
        self, kind: Kind, request: Request, body: bytes, old: dict[str, Any]
    ) -> dict[str, Any]:
        new = _object(request, body, JSON)
        name = old["metadata"]["name"]
        metadata = as_object(new.get("metadata"))
        if metadata.get("name") != name:
            raise Refused(400, "the name of the object does not match the name on the URL")
        _check_version(kind, metadata)
        return self._put(kind, {**new, "spec": kind.completed(new.get("spec"), old["spec"])}, old)

    def _put(self, kind: Kind, new: dict[str, Any], old: dict[str, Any]) -> dict[str, Any]:
        namespace, name = old["metadata"]["namespace"], old["metadata"]["name"]
        metadata = as_object(new.get("metadata"))
        _check_kind(kind, new)
        if metadata.get("name", name) != name:
            raise Refused(422, f"{kind.kind} is invalid: metadata.name: field is immutable")
        _check_metadata(kind, metadata, namespace)
        world = self.state.world(namespace)
        check_spec(kind, name, new.get("spec"), world, old=old["spec"])
        return self.objects.replace(kind.plural, namespace, name, new)


def _is_dry(request: Request, body: bytes) -> bool:
    """Whether all is asked for but the effect: in the query, or in the options of a deletion."""
    wishes: list[Any] = request.query_params.getlist("dryRun")
    if request.method == "DELETE" and body:
        options = as_object(_json(body)).get("dryRun")
        wishes += as_list(options) if isinstance(options, list | None) else [options]
    for wish in wishes:
        if wish != "All":
            raise Refused(400, f'dryRun: Unsupported value: "{wish}": supported values: "All"')
    return bool(wishes)


def _stored(item: dict[str, Any], version: str | None) -> dict[str, Any]:
    """An object with the version that is stored, since that of a dry run is nowhere."""
    metadata = {key: value for key, value in item["metadata"].items() if key != "resourceVersion"}
    return {
        **item,
        "metadata": metadata if version is None else {**metadata, "resourceVersion": version},
    }


def _own(request: Request, kind: Kind) -> str:
    """The namespace of a request, which has to be that of the bearer."""
    namespace: str = request.path_params["namespace"]
    if namespace != request.user.namespace:
        name = request.path_params.get("name", "")
        subject = f'{kind.plural}.{GROUP} "{name}"' if name else f"{kind.plural}.{GROUP}"
        raise Refused(
            403,
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
        raise Refused(400, "the body is not JSON") from None


def _object(request: Request, body: bytes, media: str) -> dict[str, Any]:
    given = _media(request)
    # As Kubernetes does: a whole object without a media type is JSON; a patch needs one.
    if given != media and (given or media == MERGE):
        raise Refused(415, f"the body is in {given or 'no media type'}, not in {media}")
    content = _json(body)
    if not is_object(content):
        raise Refused(400, "the body is not an object")
    return content


def _check_kind(kind: Kind, body: dict[str, Any]) -> None:
    for key, wanted in (("kind", kind.kind), ("apiVersion", f"{GROUP}/v1")):
        if body.get(key, wanted) != wanted:
            raise Refused(400, f"{key} is {body[key]!r:.80}, not {wanted}")


def _check_version(kind: Kind, metadata: dict[str, Any]) -> None:
    version = metadata.get("resourceVersion")
    if version is not None and not isinstance(version, str):
        raise Refused(400, f"{kind.kind}: metadata.resourceVersion must be a string")
    if not version:
        message = "Invalid value: 0: must be specified for an update"
        raise Refused(
            422,
            f"{kind.kind} is invalid: metadata.resourceVersion: {message}",
            causes=[{"field": "metadata.resourceVersion", "message": message}],
        )


def _check_metadata(kind: Kind, metadata: dict[str, Any], namespace: str) -> None:
    if metadata.get("namespace") not in (None, "", namespace):
        raise Refused(400, "the namespace of the object does not match the namespace on the URL")
    for key in ("labels", "annotations"):
        value = metadata.get(key)
        if value is not None and not is_map_of_text(value):
            raise Refused(400, f"{kind.kind}: metadata.{key} must be a map of strings")
    finalizers = metadata.get("finalizers")
    if finalizers is not None and not is_list_of_text(finalizers):
        raise Refused(400, f"{kind.kind}: metadata.finalizers must be a list of strings")
