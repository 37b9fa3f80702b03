"""Kubeconfigs as the service makes them (docs/api-facts.md#kubeconfigs)."""

from __future__ import annotations

from rsspot.sandbox.api.oauth import CLIENT_ID

__all__ = ["kubeconfig"]


def kubeconfig(
    organization: str, cloudspace: str, host: str, *, token: str, org_id: str, issuer: str
) -> str:
    """One cluster, and two users: one with a bearer, one that uses `kubectl oidc-login`."""
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
      args:
      - oidc-login
      - get-token
      - --oidc-issuer-url={issuer}
      - --oidc-client-id={CLIENT_ID}
      - --oidc-extra-scope=openid
      - --oidc-extra-scope=profile
      - --oidc-extra-scope=email
      - --oidc-auth-request-extra-params=organization={org_id}
      - --token-cache-dir=~/.kube/cache/oidc-login/{org_id}
      interactiveMode: IfAvailable
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
