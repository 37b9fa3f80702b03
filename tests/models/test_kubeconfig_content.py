"""What a server may put into a kubeconfig, and the names that its entries get."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from rsspot.documents import parse
from rsspot.errors import UnexpectedResponseError
from rsspot.models import Kubeconfig
from rsspot.sandbox.api.accounts import kubeconfig as sandbox_kubeconfig

SECRET = "a secret"
EXEC: dict[str, Any] = {
    "apiVersion": "client.authentication.k8s.io/v1beta1",
    "command": "kubectl",
    "args": [
        "oidc-login",
        "get-token",
        "--oidc-issuer-url=https://login.example/",
        "--oidc-client-id=abc",
        "--token-cache-dir=~/.kube/cache/oidc-login/org_A",
    ],
    "env": None,
    "interactiveMode": "IfAvailable",
    "provideClusterInfo": False,
}
CONFIG: dict[str, Any] = {
    "apiVersion": "v1",
    "kind": "Config",
    "preferences": {},
    "clusters": [{"name": "demo", "cluster": {"server": "https://hcp.example"}}],
    "users": [
        {"name": "ngpc-user", "user": {"token": SECRET}},
        {"name": "oidc", "user": {"exec": EXEC}},
    ],
    "contexts": [
        {"name": "acme-demo-oidc", "context": {"cluster": "demo", "user": "oidc"}},
        {
            "name": "acme-demo",
            "context": {"cluster": "demo", "user": "ngpc-user", "namespace": "default"},
        },
    ],
    "current-context": "acme-demo",
}


def received(config: Any, organization: str = "org_A", cloudspace: str = "demo") -> Kubeconfig:
    import json

    text = config if isinstance(config, str) else json.dumps(config)
    return Kubeconfig.from_response(
        {"data": {"kubeconfig": text}}, organization=organization, cloudspace=cloudspace
    )


def changed(**changes: Any) -> dict[str, Any]:
    """CONFIG with a change: `user`, `cluster`, `context`, `exec`, or a key of the top."""
    config = copy.deepcopy(CONFIG)
    for key, value in changes.items():
        if key == "exec":
            config["users"][1]["user"]["exec"].update(value)
        elif key in {"user", "cluster", "context"}:
            config[f"{key}s"][0][key].update(value)
        else:
            config[key] = value
    return config


def test_names_hold_organization_and_cloudspace_and_references_follow() -> None:
    found = parse(received(CONFIG).text, ".yaml")
    assert found["current-context"] == "org_A/demo"
    assert {item["name"]: item["cluster"]["server"] for item in found["clusters"]} == {
        "org_A/demo": "https://hcp.example"
    }
    users = {item["name"]: item["user"] for item in found["users"]}
    assert users["org_A/demo"]["token"] == SECRET
    assert users["org_A/demo/oidc"]["exec"]["args"] == EXEC["args"]
    contexts = {item["name"]: item["context"] for item in found["contexts"]}
    assert contexts["org_A/demo"]["user"] == contexts["org_A/demo"]["cluster"] == "org_A/demo"
    assert contexts["org_A/demo"]["namespace"] == "default"
    assert contexts["org_A/demo/acme-demo-oidc"]["user"] == "org_A/demo/oidc"
    mark = {"name": "rsspot", "extension": {"organization": "org_A", "cloudspace": "demo"}}
    for entry in (*users.values(), *contexts.values()):
        assert entry["extensions"] == [mark]


def test_no_two_organizations_or_cloudspaces_share_a_name() -> None:
    pairs = [("a", "b"), ("a/b", "c"), ("a", "b/c"), ("a%2Fb", "c"), ("A", "b"), ("a-b", "c")]
    names = [name for pair in pairs for name in received(CONFIG, *pair).contexts]
    assert len(set(names)) == 2 * len(pairs)


def test_what_the_local_spot_sends_is_accepted() -> None:
    text = sandbox_kubeconfig(
        "acme", "demo", "hcp.example", token=SECRET, org_id="org_A", issuer="http://127.0.0.1:8/"
    )
    assert received(text).contexts == ("org_A/demo", "org_A/demo/acme-demo-oidc")


@pytest.mark.parametrize(
    "config",
    [
        {**CONFIG, "current-context": ""},
        {**CONFIG, "current-context": None},
        {**CONFIG, "unknown": {"newer": True}},
        changed(context={"extensions": [{"name": "x"}]}),
        changed(cluster={"certificate-authority-data": "abc=", "proxy-url": None}),
        changed(exec={"env": [], "installHint": "Install it\nso"}),
        changed(exec={"args": [*EXEC["args"], "--oidc-extra-scope=email", "--grant-type=auto"]}),
    ],
)
def test_what_is_harmless_or_unknown_elsewhere_does_not_break_it(config: Any) -> None:
    assert "org_A/demo" in received(config).contexts


@pytest.mark.parametrize(
    "change",
    [
        {"command": "sh"},
        {"command": "/tmp/kubectl"},  # noqa: S108 - never run
        {"command": "./kubectl"},
        {"command": "kubectl "},
        {"command": ["kubectl"]},
        {"command": None},
        {"args": None},
        {"args": []},
        {"args": "oidc-login get-token"},
        {"args": ["delete", "namespace", "default"]},
        {"args": ["get-token", "oidc-login"]},
        {"args": ["oidc-login", "setup"]},
        {"args": ["--kubeconfig=/x", *EXEC["args"]]},
        {"args": [*EXEC["args"], "--browser-command=sh"]},
        {"args": [*EXEC["args"], "--browser-command", "sh"]},
        {"args": [*EXEC["args"], "--oidc-extra-scope", "--browser-command=sh"]},
        {"args": [*EXEC["args"], "--certificate-authority=/etc/x"]},
        {"args": [*EXEC["args"], "--insecure-skip-tls-verify"]},
        {"args": [*EXEC["args"], "--token-cache-dir=/etc"]},
        {"args": [*EXEC["args"], "--token-cache-dir=~/.kube/cache/../../.ssh"]},
        {"args": [*EXEC["args"], "--token-cache-dir=~/.kube/cache/a/.ssh"]},
        {"args": [*EXEC["args"], f"--token-cache-dir=~/.kube/cache/{'a' * 5000}!"]},
        {"args": [*EXEC["args"], "--oidc-issuer-url=http://evil.example/"]},
        {"args": [*EXEC["args"], "--oidc-issuer-url=https://me:pw@evil.example/"]},
        {"args": [*EXEC["args"], "--oidc-issuer-url=https://x/\n--browser-command=sh"]},
        {"args": [*EXEC["args"], "extra"]},
        {"args": [*EXEC["args"], 5]},
        {"env": [{"name": "LD_PRELOAD", "value": "/x.so"}]},
        {"env": "x"},
        {"apiVersion": "v1"},
        {"interactiveMode": "Sometimes"},
        {"provideClusterInfo": "yes"},
        {"stdin": "x"},
    ],
)
def test_a_server_makes_kubectl_run_nothing_but_its_sign_in(change: dict[str, Any]) -> None:
    with pytest.raises(UnexpectedResponseError, match="would run a command other than") as caught:
        received(changed(exec=change))
    assert "build=True" in str(caught.value)
    assert SECRET not in str(caught.value)


FORBIDDEN: list[dict[str, Any]] = [
        *({"user": {key: SECRET}} for key in (
            "tokenFile", "client-key", "client-certificate", "username", "password", "as",
            "as-groups", "auth-provider", "newer",
        )),
        {"user": {"token": 5}},
        {"user": {"token": "two\nlines"}},
        {"user": {"exec": []}},
        {"user": {"exec": "sh"}},
        *({"cluster": {key: SECRET}} for key in ("certificate-authority", "proxy-url", "newer")),
        *({"cluster": {"server": server}} for server in (
            "http://hcp.example", "hcp.example", "https://", "https://me:pw@hcp.example", "",
            "file:///etc/passwd", "https://hcp.example\n", "https://hcp.example:x", 5, ["x"],
            "https://[", None,
        )),
        {"cluster": {"insecure-skip-tls-verify": "true"}},
        {"context": {"user": "missing"}},
        {"context": {"cluster": None}},
        {"context": {"cluster": ["demo"]}},
        {"context": {"namespace": "a\nb"}},
        {"contexts": []},
        {"contexts": {"acme-demo": {}}},
        {"users": [CONFIG["users"][0], *CONFIG["users"]]},
        {"users": [{"user": {}}]},
        {"users": ["text", None]},
        {"clusters": [{"name": "a\nb", "cluster": {}}]},
        {"clusters": None},
        {"current-context": ["x"], "contexts": None},
        {"current-context": ["x"]},
        {"current-context": "missing"},
        {"current-context": "acme-dem"},
        {"users": [{"name": "ngpc-user", "user": {}}, CONFIG["users"][1]]},
        {"users": [{"name": "ngpc-user"}, CONFIG["users"][1]]},
        {"users": [{"name": "ngpc-user", "user": {"client-key-data": "QQ=="}}, CONFIG["users"][1]]},
        {"cluster": {"certificate-authority-data": "LS0tL"}},
]  # fmt: skip


@pytest.mark.parametrize("change", FORBIDDEN)
def test_what_a_server_may_not_set_is_refused_without_a_word_of_it(change: dict[str, Any]) -> None:
    with pytest.raises(UnexpectedResponseError, match="kubeconfig in the response") as caught:
        received(changed(**change))
    assert SECRET not in str(caught.value)
    assert caught.value.hint


@pytest.mark.parametrize(
    "text", ["a: [", "- list", "5", "[" * 5000, "a: &a [*a]", "x: 2026-99-99", "\0", "\ud800"]
)
def test_a_response_that_is_no_kubeconfig_is_refused(text: str) -> None:
    with pytest.raises(UnexpectedResponseError, match="kubeconfig in the response"):
        received(text)


def test_a_kubeconfig_that_was_cut_before_its_contexts_is_refused() -> None:
    text = sandbox_kubeconfig(
        "acme", "demo", "hcp.example", token=SECRET, org_id="org_A", issuer="http://127.0.0.1:8/"
    )
    lines = text.splitlines(keepends=True)
    first_context_ends = len(lines) - 4
    for count in range(1, first_context_ends):
        with pytest.raises(UnexpectedResponseError, match="kubeconfig in the response") as caught:
            received("".join(lines[:count]))
        assert SECRET not in str(caught.value)


@pytest.mark.parametrize("data", [{}, {"data": None}, {"data": {"kubeconfig": " "}}])
def test_a_response_without_a_kubeconfig_is_an_error(data: dict[str, Any]) -> None:
    with pytest.raises(UnexpectedResponseError, match="holds no kubeconfig"):
        Kubeconfig.from_response(data, organization="org_A", cloudspace="demo")
