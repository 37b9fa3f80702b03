"""A Kubernetes client of Python works with Spot objects: `URL REFRESH_TOKEN CLIENT_ID`.

It runs in an environment of its own, with `kubernetes` and `requests-oauthlib`, without rsspot.
"""

from __future__ import annotations

import importlib
import sys
import time
from typing import Any

# Packages of that environment, of which nothing is known here.
requests: Any = importlib.import_module("requests")
kubernetes: Any = importlib.import_module("kubernetes.client")
oauth: Any = importlib.import_module("requests_oauthlib")

NGPC = {"group": "ngpc.rxt.io", "version": "v1"}
POOL = "5b1f4c1e-58a4-4f0a-9a3a-6d1f2f8c0a11"
CLASS = "gp.vs2.medium-dfw2"


def main(url: str, refresh_token: str, client_id: str) -> None:
    """Sign in, look around, create, wait, change, delete."""
    session = oauth.OAuth2Session(client_id)
    token = session.refresh_token(
        f"{url}/oauth/token", refresh_token=refresh_token, client_id=client_id
    )
    print("signed in:", token["token_type"], token["expires_in"] > 0)
    settings = kubernetes.Configuration(host=url, api_key={"authorization": token["id_token"]})
    settings.api_key_prefix = {"authorization": "Bearer"}
    api = kubernetes.CustomObjectsApi(kubernetes.ApiClient(settings))

    organizations = requests.get(
        f"{url}/apis/auth.ngpc.rxt.io/v1/organizations",
        headers={"Authorization": f"Bearer {token['id_token']}"},
        timeout=10,
    ).json()["organizations"]
    namespace = organizations[0]["metadata"]["namespace"]
    regions = api.list_cluster_custom_object(**NGPC, plural="regions")["items"]
    print("regions:", len(regions))
    known = api.get_cluster_custom_object(**NGPC, plural="serverclasses", name=CLASS)
    print("class:", known["metadata"]["name"])

    spaces: dict[str, Any] = {**NGPC, "namespace": namespace, "plural": "cloudspaces"}
    pools: dict[str, Any] = {**NGPC, "namespace": namespace, "plural": "spotnodepools"}
    space = {"region": "us-central-dfw-2", "kubernetesVersion": "1.31.1", "cni": "calico"}
    made = api.create_namespaced_custom_object(**spaces, body=thing("CloudSpace", "kube", space))
    try:
        api.create_namespaced_custom_object(**spaces, body=thing("CloudSpace", "kube", space))
    except kubernetes.ApiException as error:
        print("twice:", error.status, error.reason)
    bid = {"cloudSpace": "kube", "serverClass": CLASS, "desired": 1, "bidPrice": "0.50"}
    labels = {"ngpc.rxt.io/cloudspace": "kube"}
    api.create_namespaced_custom_object(**pools, body=thing("SpotNodePool", POOL, bid, labels))
    now = wait(lambda: api.get_namespaced_custom_object(**spaces, name="kube"), "Ready")
    print("ready:", now["status"]["APIServerEndpoint"].startswith("hcp-"))
    changed = api.patch_namespaced_custom_object(
        **pools,
        name=POOL,
        body={"spec": {"desired": 2}},
        _content_type="application/merge-patch+json",
    )
    print("patched:", changed["spec"]["desired"], changed["metadata"]["generation"])
    found = api.list_namespaced_custom_object(
        **pools, label_selector="ngpc.rxt.io/cloudspace=kube", limit=1
    )
    print("selected:", [item["metadata"]["name"] for item in found["items"]] == [POOL])
    try:
        api.replace_namespaced_custom_object(**spaces, name="kube", body=made)
    except kubernetes.ApiException as error:
        print("stale:", error.status, error.reason)
    api.delete_namespaced_custom_object(**pools, name=POOL)
    api.delete_namespaced_custom_object(**spaces, name="kube")
    print("gone:", wait(lambda: missing(api, spaces, "kube"), None))


def thing(
    kind: str, name: str, spec: dict[str, Any], labels: dict[str, str] | None = None
) -> dict[str, Any]:
    """An object of the API."""
    metadata = {"name": name, **({"labels": labels} if labels else {})}
    return {"apiVersion": "ngpc.rxt.io/v1", "kind": kind, "metadata": metadata, "spec": spec}


def missing(api: Any, where: dict[str, Any], name: str) -> Any:
    """True once the object is not found."""
    try:
        return api.get_namespaced_custom_object(**where, name=name)
    except kubernetes.ApiException as error:
        return error.status == 404


def wait(look: Any, phase: str | None) -> Any:
    """Look until the phase is that, or until the look says True."""
    seen: Any = None
    for _ in range(300):
        seen = look()
        if seen is True or (seen.get("status", {}).get("phase") == phase and phase):
            return seen
        time.sleep(0.1)
    sys.exit(f"never {phase or 'gone'}: {seen}")


main(*sys.argv[1:])
