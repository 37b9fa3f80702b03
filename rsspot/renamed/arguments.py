"""Arguments of rsspot 0.3.0, by what is called, with what to write instead."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["ARGUMENTS", "REQUIRED"]

_ORG = (
    "A client works in one organization: SpotClient(org=…), or get_client() within "
    "`with use_org(…):`"
)
_SPEC = "Pass the fields as keywords: {}.create({}, …)"
_POOL = {
    "spec": "Pass the fields as keywords: create(cloudspace, server_class=…, …), or "
    "update(name, desired=…)",
    "custom_labels": "Write labels=",
    "custom_annotations": "Write annotations=",
    "custom_taints": "Write taints=",
    "autoscaling": "Write min_nodes= and max_nodes=",
}
_RETRIES = "Write retry=RetryConfig(max_attempts=…), which includes the first attempt"
_CLIENT = {
    "request_timeout_seconds": "Write timeout=, in seconds for the whole call",
    "max_retries": _RETRIES,
    "retries": "Write retry=RetryConfig(…)",
    "retry_backoff_factor": "Write retry=RetryConfig(base_delay=…)",
    "state_path": "Write state=",
    "http_client": "Write sender=SyncSender(client) or sender=AsyncSender(client), from "
    "rsspot.senders; or httpx_options={…}",
}

_POSITIONAL = "Write config="
_CANDIDATE = "Write record=, a record or its key"

ARGUMENTS: Mapping[str, Mapping[str, str]] = {
    "SpotClient": {"*": _POSITIONAL, **_CLIENT},
    "AsyncSpotClient": {"*": _POSITIONAL, **_CLIENT},
    "configure": {"*": _POSITIONAL, **_CLIENT},
    "*": {"org": _ORG, "org_id": _ORG},
    "cloudspaces.list": {"*": _ORG},
    "cloudspaces.create": {
        "spec": _SPEC.format("cloudspaces", "name, region=…"),
        "preemption_webhook_url": "Write webhook=",
        "deployment_type": "Leave it out: there is only one value",
        "cloud": "Leave it out: there is only one value",
    },
    "cloudspaces.kubeconfig": {"cloudspace_name": "Write kubeconfig(name)"},
    "spot_nodepools.create": _POOL,
    "spot_nodepools.update": _POOL,
    "ondemand_nodepools.create": _POOL,
    "ondemand_nodepools.update": _POOL,
    "server_classes.list": {
        "region": "Write client.pricing.list(region=…), or filter by item.region",
        "only_available": "Filter by item.available",
    },
    "server_classes.get": {"server_class": "Write get(name)"},
    "organizations.get": {"name_or_id": "Write get(name), or current()"},
    "list_profiles": {"config_file": "Write configure(config_path=…) first"},
    "set_active_profile": {"config_file": "Write configure(config_path=…) first"},
    "CacheConfig": {"ttl_defaults": "Write ttl={path pattern: seconds}, without GET:"},
    "ProfileConfig": {
        **_CLIENT,
        "organization": "Write org=",
        "orgId": "Write org_id=",
        "organization_id": "Write org_id=",
        "organizationId": "Write org_id=",
        "default_region": "Write region=",
        "refreshToken": "Write refresh_token=",
        "accessToken": "Write access_token=",
        "clientId": "Write client_id=",
        "baseUrl": "Write base_url=",
        "oauthUrl": "Write oauth_url=",
        "auth_url": "Write oauth_url=",
        "authUrl": "Write oauth_url=",
        "requestTimeoutSeconds": _CLIENT["request_timeout_seconds"],
        "maxRetries": _RETRIES,
        "retryBackoffFactor": _CLIENT["retry_backoff_factor"],
        "verifySsl": "Write verify_ssl=",
    },
    "SDKConfig": {"activeProfile": "Write active_profile="},
    "Preferences": {
        "default_profile": "Write SDKConfig(active_profile=…)",
        "default_org": "Write org=",
        "default_region": "Write region=",
        "profile_orgs": "Write org= in each ProfileConfig",
        "profile_regions": "Write region= in each ProfileConfig",
    },
    "RegistrationWorkflow.mark_token_issued": {
        "candidate": _CANDIDATE,
        "token_expires_at": "Write expires_at=, a datetime with a time zone",
        "payload": "Payloads are kept by mark_submitted and mark_registered",
    },
    "RegistrationWorkflow.mark_submitted": {"candidate": _CANDIDATE},
    "RegistrationWorkflow.mark_registered": {"candidate": _CANDIDATE},
    "RegistrationWorkflow.mark_failed": {
        "candidate": _CANDIDATE,
        "payload": "Leave it out; retry_in= sets the delay",
    },
    "RegistrationWorkflow.mark_skipped": {
        "candidate": _CANDIDATE,
        "payload": "Write mark_skipped(record, reason)",
    },
    "RegistrationWorkflow.discover": {
        "org_id": "Leave it out: discover(client.inventory.list_vmcloudspaces())",
        "omni_cluster": "Write RegistrationWorkflow(state, target=…)",
    },
    "RegistrationCandidate": {
        "registration_key": "Leave it out: discover() computes it",
        "vm_uid": "Write server=",
        "vm_name": "Write server_name=",
        "org_id": "Write namespace=",
        "vmcloudspace": "Write vm_cloudspace=",
        "vmpool": "Write pool=",
        "omni_cluster": "Write target=",
    },
}
"""``*`` among the calls is any method of a group, and among arguments a positional one."""

REQUIRED: Mapping[str, Mapping[str, str]] = {
    "RegistrationWorkflow": {
        "target": "Write RegistrationWorkflow(state, target=…): the name of the orchestrator, "
        "which was omni_cluster",
    },
}
"""Arguments that 0.3.0 did not have, and without which nothing can be done."""
