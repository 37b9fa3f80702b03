"""The table. Keys are what 0.3.0 had, values are sentences that say what to write now."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["ARGUMENTS", "ATTRIBUTES", "NAMES"]

_CONFIG = "Pass config_path= or config= to SpotClient; rsspot.config.files.load reads a file"
_LISTS = "A list of objects is a list: for item in client.cloudspaces.list()"
_MODELS = "Calls return views with flat fields: rsspot.models.{}"
_UPSERT = "Pass the fields as keywords: client.{0}.create(cloudspace, server_class=…, …)"

NAMES: Mapping[str, str] = {
    "rsspot.get_sync_client": "Write get_client",
    "rsspot.clear_client_cache": "Write close_all_clients() or await aclose_all_clients()",
    "rsspot.RegistrationLedgerRecord": "Write RegistrationRecord",
    "rsspot.workflows": "Import RegistrationWorkflow and the rest from rsspot or "
    "rsspot.registration",
    "rsspot.services": "The groups of a client are its attributes: client.cloudspaces, …",
    "rsspot.http": "Senders are in rsspot.senders: RetryingSender, CachingSender, SyncSender, …",
    "rsspot.auth": "client.authenticate() returns the access token",
    "rsspot.settings": "client.settings has the settings in use",
    "rsspot.constants": "client.settings has the URLs and the client id in use",
    "rsspot.utils": "Results have to_dict(); rsspot --output json prints it",
    "rsspot.pricing_optimizer": "Write client.pricing.list() and client.pricing.suggest_bid(…)",
    "rsspot.generated": "Import rsspot_api",
    "rsspot.cli_history": "StateStore.history keeps commands without their secrets",
    "rsspot.client.async_client": "Import AsyncSpotClient from rsspot",
    "rsspot.client.sync_client": "Import SpotClient from rsspot",
    "rsspot.client.singleton": "Import get_client and the rest from rsspot",
    **{
        f"rsspot.client.{name}": f"Import {now} from rsspot"
        for name, now in {
            "configure": "configure",
            "get_client": "get_client",
            "get_sync_client": "get_client",
            "get_async_client": "get_async_client",
            "aclose_all_clients": "aclose_all_clients",
            "clear_client_cache": "close_all_clients",
            "list_profiles": "list_profiles",
            "set_active_profile": "set_active_profile",
            "set_default_profile": "set_default_profile",
            "set_default_org": "set_default_org",
            "set_default_region": "set_default_region",
            "use_profile": "use_profile",
            "use_org": "use_org",
            "use_region": "use_region",
        }.items()
    },
    **{
        f"rsspot.config.{name}": f"Import {name} from rsspot"
        for name in ("SDKConfig", "ProfileConfig", "Preferences", "RetryConfig", "CacheConfig")
    },
    "rsspot.config.models": "Import SDKConfig, ProfileConfig and the rest from rsspot",
    "rsspot.config.loader": _CONFIG,
    "rsspot.config.load_config": _CONFIG,
    "rsspot.config.ResolvedConfig": _CONFIG,
    "rsspot.config.ConfigInput": _CONFIG,
    "rsspot.config.ConfigPaths": _CONFIG,
    "rsspot.config.CONFIG_PATH_ENVS": "RSSPOT_CONFIG names a file",
    "rsspot.config.default_config_candidates": "`rsspot config path` shows the file",
    "rsspot.config.legacy_config_path": "It is ~/.spot_config",
    "rsspot.config.ensure_default_config_exists": "`rsspot login` makes the file",
    "rsspot.config.save_config": "Write rsspot.config.writing.update_profile(path, name, {…})",
    "rsspot.config.dump_config": "Write rsspot.config.writing.update_profile(path, name, {…})",
    "rsspot.config.manager": "Write list_profiles(), set_active_profile(name), or use "
    "rsspot.config.writing",
    "rsspot.config.ProfileManager": "Write list_profiles(), set_active_profile(name), or use "
    "rsspot.config.writing",
    "rsspot.state.default_state_path": "StateStore.own() is your own state file",
    "rsspot.models.CloudspaceCreateSpec": "Pass the fields as keywords: "
    "client.cloudspaces.create(name, region=…, kubernetes_version=…)",
    "rsspot.models.SpotNodePoolUpsert": _UPSERT.format("spot_nodepools"),
    "rsspot.models.OnDemandNodePoolUpsert": _UPSERT.format("ondemand_nodepools"),
    "rsspot.models.CloudspaceItem": _MODELS.format("Cloudspace"),
    "rsspot.models.RegionSummary": _MODELS.format("Region"),
    "rsspot.models.ServerClassItem": _MODELS.format("ServerClass"),
    "rsspot.models.ServerClassSummary": _MODELS.format("ServerClass"),
    "rsspot.models.SpotNodePoolItem": _MODELS.format("SpotNodePool"),
    "rsspot.models.OnDemandNodePoolItem": _MODELS.format("OnDemandNodePool"),
    "rsspot.models.PriceDetails": _MODELS.format("ServerClass, from client.pricing.list()"),
    "rsspot.models.PriceDetailsList": _LISTS,
    "rsspot.models.CloudspaceListResponse": _LISTS,
    "rsspot.models.VMCloudSpaceListResponse": _LISTS,
    "rsspot.models.OnDemandNodePoolListResponse": _LISTS,
    "rsspot.models.SpotNodePoolListResponse": _LISTS,
    "rsspot.models.OrganizationsResponse": _LISTS,
    "rsspot.models.OrganizationEventsResponse": _LISTS,
    "rsspot.models.RegionsListResponse": _LISTS,
    "rsspot.models.ServerClassListResponse": _LISTS,
    "rsspot.models.KubeconfigResponse": _MODELS.format("Kubeconfig"),
    "rsspot.models.cloudspaces": "Import Cloudspace from rsspot.models",
    "rsspot.models.nodepools": "Pass min_nodes= and max_nodes= to create; the views are in "
    "rsspot.models",
    "rsspot.models.organizations": "Import Organization from rsspot.models",
    "rsspot.models.regions": "Import Region from rsspot.models",
    "rsspot.models.server_classes": "Import ServerClass from rsspot.models",
    "rsspot.models.pricing": "Import ServerClass from rsspot.models",
    "rsspot.models.common": "Results have flat fields: name, namespace, uid, labels, created_at",
}
"""Modules, and names in modules."""

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
_RETRIES = "Write retry=RetryConfig(max_attempts=…), which counts the first try too"
_CLIENT = {
    "request_timeout_seconds": "Write timeout=, in seconds for the whole call",
    "max_retries": _RETRIES,
    "retries": "Write retry=RetryConfig(…)",
    "retry_backoff_factor": "Write retry=RetryConfig(base_delay=…)",
    "state_path": "Write state=",
    "http_client": "Write sender=SyncSender(client) or sender=AsyncSender(client), from "
    "rsspot.senders; or httpx_options={…}",
}

ARGUMENTS: Mapping[str, Mapping[str, str]] = {
    "SpotClient": _CLIENT,
    "AsyncSpotClient": _CLIENT,
    "configure": _CLIENT,
    "*": {"org": _ORG, "org_id": _ORG},
    "cloudspaces.create": {
        "spec": _SPEC.format("cloudspaces", "name, region=…"),
        "preemption_webhook_url": "Write webhook=",
        "deployment_type": "There is one; leave it out",
        "cloud": "There is one; leave it out",
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
    "RetryConfig": {},
    "CacheConfig": {"ttl_defaults": "Write ttl={path pattern: seconds}, without GET:"},
    "ProfileConfig": {
        **_CLIENT,
        "organization": "Write org=",
        "orgId": "Write org_id=",
        "refreshToken": "Write refresh_token=",
        "accessToken": "Write access_token=",
        "clientId": "Write client_id=",
        "baseUrl": "Write base_url=",
        "oauthUrl": "Write oauth_url=",
        "verifySsl": "Write verify_ssl=",
    },
    "Preferences": {
        "default_profile": "Write SDKConfig(active_profile=…)",
        "default_org": "Write org=",
        "default_region": "Write region=",
        "profile_orgs": "Write org= in each ProfileConfig",
        "profile_regions": "Write region= in each ProfileConfig",
    },
    "RegistrationWorkflow.mark_token_issued": {
        "token_expires_at": "Write expires_at=, a datetime with a time zone",
        "payload": "Payloads are kept by mark_submitted and mark_registered",
    },
    "RegistrationWorkflow.mark_failed": {"payload": "Leave it out; retry_in= says when to retry"},
    "RegistrationWorkflow.mark_skipped": {"payload": "Write mark_skipped(record, reason)"},
    "RegistrationWorkflow.discover": {
        "org_id": "The list says it: discover(client.inventory.list_vmcloudspaces())",
        "omni_cluster": "Write RegistrationWorkflow(state, target=…)",
    },
}
"""Arguments, by what is called; ``*`` is any method of a group."""

_RAW = "to_dict() is the object as the API sends it, and .raw the generated model"
_FLAT = f"Its fields are on the object itself, such as .name and .region; {_RAW}"
_SETTINGS = "Write client.settings.{}"
_REQUEST = "Write client.request(method, path, params=…, json=…).content"
_WHOLE = "The result is the list itself"
_TO_DICT = "Write to_dict()"

ATTRIBUTES: Mapping[str, Mapping[str, str]] = {
    "a result": {
        "metadata": "Its fields are on the object itself: .name, .namespace, .uid, .labels, "
        ".created_at",
        "spec": _FLAT,
        "status": _FLAT,
        "kind": _RAW,
        "apiVersion": _RAW,
        "model_dump": _TO_DICT,
        "model_dump_json": "Write json.dumps(item.to_dict())",
        "model_copy": _TO_DICT,
        "model_fields": _TO_DICT,
        "dict": _TO_DICT,
        "json": "Write json.dumps(item.to_dict())",
        "market_price_per_hour": "Write .market_price, a Decimal",
        "min_bid_price_per_hour": "Write .min_bid_price, a Decimal",
        "on_demand_price_per_hour": "Write .on_demand_price, a Decimal",
        "server_class_name": "Write .name",
        "displayName": "Write .display_name",
        "assignedServers": "Write client.cloudspaces.servers(name)",
        "bidPrice": "Write .bid_price",
        "wonCount": "Write .won_count",
        "serverClass": "Write .server_class",
        "cloudSpace": "Write .cloudspace",
        "items": "It is one object, not a list",
    },
    "a list": {
        "organizations": _WHOLE,
        "items": _WHOLE,
        "events": f"{_WHOLE}: each event has .time and .text",
        "org_id": "Write client.organizations.current().id",
        "type": _WHOLE,
        "metadata": _WHOLE,
        "model_dump": "Write [item.to_dict() for item in found]",
        "model_dump_json": "Write json.dumps([item.to_dict() for item in found])",
        "dict": "Write [item.to_dict() for item in found]",
    },
    "a client": {
        "raw": "Write client.request(method, path); results have .raw",
        "request_json": _REQUEST,
        "arequest_json": "Write (await client.arequest(method, path, …)).content",
        "_request_json": _REQUEST,
        "resolve_org_id": "Write client.organizations.current().namespace",
        "aresolve_org_id": "Write (await client.aorganizations.current()).namespace",
        "resolve_org_name": "Write client.organizations.current().name",
        "aresolve_org_name": "Write (await client.aorganizations.current()).name",
        "stream": "Use each(): for item in client.cloudspaces.each()",
        "profile_name": _SETTINGS.format("profile"),
        "config": _SETTINGS.format("explain()"),
        "org": _SETTINGS.format("org"),
        "org_id": _SETTINGS.format("org_id"),
        "region": _SETTINGS.format("region"),
        "client_id": _SETTINGS.format("client_id"),
        "base_url": _SETTINGS.format("base_url"),
        "oauth_url": _SETTINGS.format("oauth_url"),
        "verify_ssl": _SETTINGS.format("verify_ssl"),
        "request_timeout_seconds": _SETTINGS.format("timeouts"),
        "access_token": "Write client.authenticate()",
        "refresh_token": "Write client.settings.credential()",
    },
    "client.cloudspaces": {
        "generate_kubeconfig": "Write kubeconfig(name); str() of it is the text",
    },
    "client.pricing": {
        "for_server_class": "Write client.server_classes.get(name)",
        "for_region": "Write list(region=…)",
        "get": "Write client.server_classes.get(name)",
    },
    "a state store": {
        "set_preference": "Write state.preferences.set(name, value)",
        "get_preference": "Write state.preferences.get(name)",
        "set_json_preference": "Write state.preferences.set(name, value)",
        "get_json_preference": "Write state.preferences.get(name, {})",
        "cache_get": "The cache belongs to the client; CacheConfig says what is kept",
        "cache_set": "The cache belongs to the client; CacheConfig says what is kept",
        "cache_invalidate_prefixes": "A write drops what it can have changed",
        "cache_gc": "The cache is bounded by itself",
        "cache_prune_to_limit": "Write CacheConfig(max_entries=…)",
        "history_add": "Write state.history.add(command)",
        "history_list": "Write state.history.list(limit)",
        "history_count": "Write len(state.history.list(10_000))",
        "history_clear": "Write state.history.clear()",
        "history_suggest": "Write state.history.suggest(prefix)",
        "history_prune_to_limit": "The history needs no pruning",
        "registration_upsert": "Write RegistrationWorkflow(state, target=…).mark_…(record, …)",
        "registration_get": "Write state.registrations.get(key)",
        "registration_list": "Write state.registrations.list(status=…)",
    },
    "a registration workflow": {
        "list_candidates": "Write discover(client.inventory.list_vmcloudspaces()), then list()",
        "mark_discovered": "Write discover(client.inventory.list_vmcloudspaces())",
        "get_record": "Write get(key)",
        "registration_key": "A record has .key, and .idempotency_key for your orchestrator",
    },
    "a registration": {
        "registration_key": "Write .key, or .idempotency_key for your orchestrator",
        "vm_uid": "Write .server",
        "vm_name": "Write .payload['display_name']",
        "org_id": "Write .namespace",
        "vmcloudspace": "Write .vm_cloudspace",
        "vmpool": "Write .pool",
        "omni_cluster": "Write .target",
    },
}
"""Attributes and methods, by what has them."""
