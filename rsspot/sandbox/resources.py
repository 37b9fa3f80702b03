"""What the API does with objects: read, create, change, replace, delete."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from rsspot.models.shapes import as_object, is_object
from rsspot.sandbox.kinds import check_name, check_spec, is_map_of_text
from rsspot.sandbox.objects import GROUP
from rsspot.sandbox.patches import json_patch, merge_patch
from rsspot.sandbox.status import Refused, status

if TYPE_CHECKING:
    from rsspot.sandbox.app import Answer, Received
    from rsspot.sandbox.kinds import Kind
    from rsspot.sandbox.state import SandboxState

__all__ = ["Resources"]

MERGE, JSON_PATCH = "application/merge-patch+json", "application/json-patch+json"


class Resources:
    """The namespaced objects of one sandbox."""

    def __init__(self, state: SandboxState) -> None:
        self.state = state
        self.objects = state.objects

    def answer(self, request: Received, kind: Kind, namespace: str, name: str | None) -> Answer:
        """The answer to a request for a collection, or for one object."""
        from rsspot.sandbox.app import Answer

        if name is None:
            body = self._collection(request, kind, namespace)
        else:
            body = self._one(request, kind, namespace, name)
        return Answer.of(body, 201 if request.method == "POST" else 200)

    def _collection(self, request: Received, kind: Kind, namespace: str) -> dict[str, Any]:
        plural = kind.plural
        if request.method == "GET":
            return self.objects.list(plural, kind.kind, namespace, request.query)
        if request.method == "POST":
            return self._create(request, kind, namespace)
        if request.method == "DELETE" and kind.clearable:
            for item in list(self.objects.each(plural, namespace)):
                self.objects.delete(plural, namespace, item["metadata"]["name"])
            return status(200, "all are being deleted")
        raise Refused(405, f"{request.method} is not served for {plural}")

    def _one(self, request: Received, kind: Kind, namespace: str, name: str) -> dict[str, Any]:
        if request.method == "GET":
            return self.objects.get(kind.plural, namespace, name)
        if request.method == "DELETE":
            return self.objects.delete(kind.plural, namespace, name)
        if request.method == "PATCH" and kind.patchable:
            return self._patch(request, kind, namespace, name)
        if request.method == "PUT" and kind.replaceable:
            return self._replace(request, kind, namespace, name)
        raise Refused(405, f"{request.method} is not served for {kind.plural}")

    def kubeconfig(self, request: Received) -> Answer:
        """The answer to a request for a kubeconfig (fact sheet, section 2.4)."""
        from rsspot.sandbox.app import Answer

        try:
            body = json.loads(request.body)
            wanted = [
                body[key] for key in ("organization_name", "cloudspace_name", "refresh_token")
            ]
        except (ValueError, KeyError, TypeError):
            return Answer.of(_error("invalid_request", "A required field is missing."), 400)
        organization, cloudspace, refresh_token = wanted
        org_id = self.state.oauth.refresh_tokens.get(str(refresh_token))
        if org_id is None:
            return Answer.of(_error("access_denied", "Unknown or invalid refresh token."), 401)
        namespace = org_id.lower().replace("_", "-")
        item = self.objects.find("cloudspaces", namespace, str(cloudspace))
        names = {known["name"] for known in self.state.organizations if known["id"] == org_id}
        host = (item or {}).get("status", {}).get("APIServerEndpoint")
        if organization not in names or not host:
            return Answer.of(_error("invalid_request", "There is no such ready cloudspace."), 400)
        text = _kubeconfig(organization, cloudspace, host, self.state.oauth.issue(org_id), org_id)
        return Answer.of(
            {"data": {"kubeconfig": text}, "message": "Kubeconfig generated", "status_code": 200}
        )

    def _create(self, request: Received, kind: Kind, namespace: str) -> dict[str, Any]:
        body = _object(request, {"application/json"}, kind)
        metadata = as_object(body.get("metadata"))
        name = metadata.get("name")
        check_name(kind, name)
        _check_metadata(kind, metadata, namespace)
        check_spec(kind, str(name), body.get("spec"), self.state.world(namespace), old=None)
        kept = {
            key: metadata[key] for key in ("name", "labels", "annotations") if metadata.get(key)
        }
        spec = {key: value for key, value in body["spec"].items() if value is not None}
        item = {
            "apiVersion": f"{GROUP}/v1",
            "kind": kind.kind,
            "metadata": kept,
            "spec": spec,
        }
        return self.objects.create(kind.plural, namespace, item)

    def _patch(self, request: Received, kind: Kind, namespace: str, name: str) -> dict[str, Any]:
        old = self.objects.get(kind.plural, namespace, name)
        media = request.headers.get("content-type", "").partition(";")[0].strip()
        if media == JSON_PATCH:
            new = json_patch(old, _json(request))
            stated = None
        else:
            patch = _object(request, {MERGE}, None)
            stated = as_object(patch.get("metadata")).get("resourceVersion")
            new = merge_patch(old, patch)
        if not is_object(new):
            raise Refused(400, "the patch leaves no object")
        metadata = dict(as_object(new.get("metadata")))
        metadata.pop("resourceVersion", None)
        if stated is not None:
            metadata["resourceVersion"] = str(stated)
        return self._put(kind, namespace, name, {**new, "metadata": metadata}, old)

    def _replace(self, request: Received, kind: Kind, namespace: str, name: str) -> dict[str, Any]:
        old = self.objects.get(kind.plural, namespace, name)
        body = _object(request, {"application/json"}, kind)
        metadata = as_object(body.get("metadata"))
        if metadata.get("name") != name:
            raise Refused(400, "the name of the object does not match the name on the URL")
        if not metadata.get("resourceVersion"):
            message = "Invalid value: 0: must be specified for an update"
            raise Refused(
                422,
                f'{kind.kind} "{name}" is invalid: metadata.resourceVersion: {message}',
                causes=[{"field": "metadata.resourceVersion", "message": message}],
            )
        return self._put(kind, namespace, name, body, old)

    def _put(
        self, kind: Kind, namespace: str, name: str, new: dict[str, Any], old: dict[str, Any]
    ) -> dict[str, Any]:
        metadata = as_object(new.get("metadata"))
        if metadata.get("name", name) != name:
            raise Refused(422, f"{kind.kind} is invalid: metadata.name: field is immutable")
        _check_metadata(kind, metadata, namespace)
        spec = new.get("spec")
        check_spec(kind, name, spec, self.state.world(namespace), old=old["spec"])
        return self.objects.replace(kind.plural, namespace, name, new)


def _json(request: Received) -> Any:
    try:
        return json.loads(request.body)
    except ValueError:
        raise Refused(400, "the body is not JSON") from None


def _object(request: Received, media: set[str], kind: Kind | None) -> dict[str, Any]:
    given = request.headers.get("content-type", "").partition(";")[0].strip()
    if given not in media:
        wanted = ", ".join(sorted(media))
        raise Refused(415, f"the body is in {given or 'no media type'}, not in {wanted}")
    body = _json(request)
    if not is_object(body):
        raise Refused(400, "the body is not an object")
    if kind is not None:
        for key, wanted in (("kind", kind.kind), ("apiVersion", f"{GROUP}/v1")):
            if body.get(key, wanted) != wanted:
                raise Refused(400, f"{key} is {body[key]!r:.80}, not {wanted}")
    return body


def _check_metadata(kind: Kind, metadata: dict[str, Any], namespace: str) -> None:
    if metadata.get("namespace") not in (None, "", namespace):
        raise Refused(400, "the namespace of the object does not match the namespace on the URL")
    for key in ("labels", "annotations"):
        value = metadata.get(key)
        if value is not None and not is_map_of_text(value):
            raise Refused(400, f"{kind.kind}: metadata.{key} must be a map of strings")


def _error(code: str, description: str) -> dict[str, Any]:
    return {"error": code, "error_description": description}


def _kubeconfig(organization: str, cloudspace: str, host: str, token: str, org_id: str) -> str:
    name = f"{organization}-{cloudspace}"
    return f"""apiVersion: v1
kind: Config
current-context: {name}
clusters:
- name: {name}
  cluster:
    server: https://{host}
    insecure-skip-tls-verify: true
users:
- name: ngpc-user
  user:
    token: {token}
- name: oidc
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1beta1
      command: kubectl
      args: [oidc-login, get-token, --oidc-auth-request-extra-params=organization={org_id}]
contexts:
- name: {name}
  context:
    cluster: {name}
    user: ngpc-user
- name: {name}-oidc
  context:
    cluster: {name}
    user: oidc
"""
