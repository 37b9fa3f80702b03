"""Check a kubeconfig from a response, and give its entries unique names."""

from __future__ import annotations

import re
from base64 import b64decode
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from rsspot.documents import Malformed, parse
from rsspot.errors import UnexpectedResponseError
from rsspot.shapes import as_list, as_object, is_object

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = [
    "MARK",
    "SECTIONS",
    "check_server",
    "checked_exec",
    "entries",
    "rename",
]

START = ("oidc-login", "get-token")
_WORD = r"[\w.~:/@-]+"
_LOOPBACK = r"http://(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?"
_HOST = r"https://[A-Za-z0-9.-]+(?::\d+)?"

FLAGS: Mapping[str, re.Pattern[str]] = {
    "--oidc-issuer-url": re.compile(rf"(?:{_HOST}|{_LOOPBACK})(?:/[\w.~/-]*)?"),
    "--oidc-client-id": re.compile(_WORD),
    "--oidc-extra-scope": re.compile(_WORD),
    "--oidc-auth-request-extra-params": re.compile(rf"[\w-]+={_WORD}"),
    "--oidc-use-pkce": re.compile("true|false"),
    "--grant-type": re.compile("auto|authcode|authcode-keyboard|device-code"),
    "--token-cache-dir": re.compile(r"~/\.kube/cache(?:/[\w-][\w.-]*)+/?"),
}
"""The allowed flags and their values. A pattern matches the whole value."""

VALUES: Mapping[str, frozenset[Any]] = {
    "apiVersion": frozenset(
        f"client.authentication.k8s.io/{version}" for version in ("v1", "v1beta1")
    ),
    "command": frozenset({"kubectl"}),
    "interactiveMode": frozenset({"Never", "IfAvailable", "Always"}),
    "provideClusterInfo": frozenset({True, False}),
}


def checked_exec(content: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the `exec` of a user if it has only allowed settings, else None.

    An empty `env` and the installation hint are dropped.
    """
    kept: dict[str, Any] = {}
    for key, value in content.items():
        if key == "args":
            arguments = as_list(value)
            if not _are_allowed(arguments):
                return None
            kept[key] = [*arguments]
        elif key in VALUES:
            if not isinstance(value, str | bool) or value not in VALUES[key]:
                return None
            kept[key] = value
        elif key != "installHint" and value:
            return None
    return kept if {"apiVersion", "command", "args"} <= kept.keys() else None


def _are_allowed(arguments: list[Any]) -> bool:
    if tuple(arguments[:2]) != START or not all(isinstance(item, str) for item in arguments):
        return False
    for argument in arguments[2:]:
        flag, separator, value = argument.partition("=")
        if not separator or flag not in FLAGS or not FLAGS[flag].fullmatch(value):
            return False
    return True


MARK = "rsspot"
"""The name of the extension."""

SECTIONS: Mapping[str, str] = {"clusters": "cluster", "users": "user", "contexts": "context"}
"""The lists of a kubeconfig, and the key of an entry's content (client-go, api/v1/types.go)."""


def entries(text: str) -> dict[str, dict[str, dict[str, Any]]]:
    """Return the checked content of a response's kubeconfig: by section, then by name.

    A server may set tokens, certificates, addresses and one command. Settings that would read
    another file, run another program or use a proxy are refused. Raises `UnexpectedResponseError`,
    whose text contains nothing from the kubeconfig.
    """
    try:
        loaded = parse(text, ".yaml")
    except Malformed as error:
        raise refused(str(error)) from None
    if not is_object(loaded):
        raise refused("it is not a mapping")
    found = {
        section: _named(loaded.get(section), section, inner) for section, inner in SECTIONS.items()
    }
    for context in found["contexts"].values():
        for inner, section in (("cluster", "clusters"), ("user", "users")):
            if context.get(inner) not in found[section]:
                raise refused(f"one of its contexts has a {inner} that is missing")
    if not found["contexts"]:
        raise refused("it has no context")
    current = loaded.get("current-context") or ""
    if current:
        if not isinstance(current, str) or current not in found["contexts"]:
            raise refused("its current-context is not one of its contexts")
        first = found["contexts"].pop(current)  # first: it gets the short name
        found["contexts"] = {current: first, **found["contexts"]}
    return found


def rename(
    found: Mapping[str, Mapping[str, Mapping[str, Any]]], *, organization: str, cloudspace: str
) -> dict[str, Any]:
    """Return a kubeconfig of `entries` whose names hold the organization's id and the cloudspace.

    The first context, its cluster and its user are ``<organization>/<cloudspace>``; every other
    entry has its own name after that and another slash. Neither part can have a slash.
    """
    base = f"{quote(organization, safe='')}/{quote(cloudspace, safe='')}"
    first = next(iter(found["contexts"].items()))
    short = {"contexts": first[0], "clusters": first[1]["cluster"], "users": first[1]["user"]}

    def named(section: str, name: str) -> str:
        return base if name == short[section] else f"{base}/{name}"

    mark = {"name": MARK, "extension": {"organization": organization, "cloudspace": cloudspace}}
    config: dict[str, Any] = {"apiVersion": "v1", "kind": "Config"}
    for section, inner in SECTIONS.items():
        config[section] = []
        for name, content in found[section].items():
            body = {**content, "extensions": [mark]}
            if section == "contexts":
                body["cluster"] = named("clusters", content["cluster"])
                body["user"] = named("users", content["user"])
            config[section].append({"name": named(section, name), inner: body})
    config["current-context"] = base
    return config


def check_server(value: Any) -> str:
    """Return the address of a cluster if it is an HTTPS URL without a password."""
    try:
        parts = urlsplit(value) if isinstance(value, str) and value.isprintable() else None
        safe = parts and parts.scheme == "https" and parts.hostname and "@" not in parts.netloc
        _ = parts and parts.port
    except ValueError:
        safe = False
    if not safe:
        raise refused("the address of a cluster is not an https:// URL without a password")
    return str(value)


def refused(reason: str) -> UnexpectedResponseError:
    """Return the error for a kubeconfig that must not be used."""
    return UnexpectedResponseError(
        f"The kubeconfig in the response was rejected: {reason}",
        status=200,
        hint="Use build=True to make one from the endpoint and the access token",
    )


def _named(items: Any, section: str, inner: str) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for item in as_list(items):
        entry = as_object(item)
        name = entry.get("name")
        if not isinstance(name, str) or not name or not name.isprintable():
            raise refused(f"an entry of {section} has no name")
        if name in found:
            raise refused(f"two entries of {section} have the same name")
        found[name] = _checked(as_object(entry.get(inner)), inner)
    return found


def _checked(content: Mapping[str, Any], inner: str) -> dict[str, Any]:
    allowed = ALLOWED[inner]
    kept: dict[str, Any] = {}
    for key, value in content.items():
        if value is None or key == "extensions":
            continue  # an extension is for the program that wrote it
        if key not in allowed:
            raise refused(f"a {inner} has a setting that rsspot does not accept from a server")
        kept[key] = allowed[key](value)
    if inner == "cluster" and "server" not in kept:
        raise refused("a cluster has no server")
    if inner == "user" and not any(names <= kept.keys() for names in CREDENTIALS):
        raise refused("a user has no credentials")
    return kept


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.isprintable():
        raise refused("a value is not one line of text")
    return value


def _base64(value: Any) -> str:
    try:
        b64decode(_text(value), validate=True)
    except ValueError:
        raise refused("a certificate or key is not base64") from None
    return str(value)


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise refused("a value is not true or false")
    return value


def _exec(value: Any) -> dict[str, Any]:
    kept = checked_exec(as_object(value))
    if kept is None:
        raise refused("it would run a command other than `kubectl oidc-login get-token`")
    return kept


CREDENTIALS = ({"token"}, {"exec"}, {"client-certificate-data", "client-key-data"})
"""What a user must have at least one of."""

ALLOWED: Mapping[str, Mapping[str, Callable[[Any], Any]]] = {
    "cluster": {
        "server": check_server,
        "insecure-skip-tls-verify": _flag,
        "certificate-authority-data": _base64,
        "tls-server-name": _text,
        "disable-compression": _flag,
    },
    "user": {
        "token": _text,
        "client-certificate-data": _base64,
        "client-key-data": _base64,
        "exec": _exec,
    },
    "context": {"cluster": _text, "user": _text, "namespace": _text},
}
"""What a server may set, and how each value is checked. Left out on purpose: what names a file
(`tokenFile`, `client-key` …), a program (`auth-provider`), a proxy, or somebody to impersonate."""
