"""The only command that a kubeconfig from the service may run: the sign-in plugin of kubectl.

A kubeconfig may name any program, which kubectl then runs with the rights of the user. The service
names `kubectl oidc-login get-token` (docs/api-facts.md#kubeconfigs). Only listed flags are
allowed, because some of them run programs too (``--browser-command``).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from rsspot.shapes import as_list

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["checked_exec"]

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
    "--token-cache-dir": re.compile(r"~/\.kube/cache/(?:[\w-][\w.-]*/?)+"),
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
