"""Modules of rsspot 0.3.0, and names in modules, with what to write instead."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["NAMES"]

_CONFIG = "Pass config_path= or config= to SpotClient; rsspot.config.files.load reads a file"
_LISTS = "A list of objects is a list: for item in client.cloudspaces.list()"
_MODELS = "Calls return views with flat fields: rsspot.models.{}"
_UPSERT = "Pass the fields as keywords: client.{0}.create(cloudspace, server_class=…, …)"

_PROGRAM = "rsspot.cli.main([…]) runs a command; each command calls methods of a client"
_FUNCTIONS: Mapping[str, str] = {
    **{
        f"{name}_{verb}": f"Write client.{group}.{verb}(…)"
        for name, group, verbs in (
            ("organizations", "organizations", "list get"),
            ("regions", "regions", "list get"),
            ("server_classes", "server_classes", "list get"),
            ("cloudspaces", "cloudspaces", "list get create delete"),
            ("spot_pools", "spot_nodepools", "list get create update delete"),
            ("ondemand_pools", "ondemand_nodepools", "list get create update delete"),
        )
        for verb in verbs.split()
    },
    "cloudspaces_get_config": "Write client.cloudspaces.kubeconfig(name)",
    "pricing_list": "Write client.pricing.list(…)",
    "pricing_get": "Write client.server_classes.get(name)",
    "pricing_build": "Write client.pricing.plan(…)",
    "inventory_vmcloudspaces": "Write client.inventory.list_vmcloudspaces()",
    "inventory_vmpools": "Write client.inventory.list_vmpools(…)",
    "inventory_events": "Write client.inventory.list_organization_events(…)",
    "profiles_list": "Write list_profiles()",
    "profiles_show": "`rsspot config show --profile NAME` shows a profile",
    "profiles_use": "Write set_active_profile(name)",
    "profiles_delete": "Remove the profile from the file that `rsspot config path` names",
    "config_info": "Write client.settings.explain()",
    "config_set_default_profile": "Write set_default_profile(name)",
    "config_set_default_org": "Write set_default_org(name)",
    "config_set_default_region": "Write set_default_region(name)",
    "config_history_info": "Write StateStore.own().history.list()",
    "config_history_clear": "Write StateStore.own().history.clear()",
    "configure": "Write configure(…), from rsspot, or run `rsspot config add`",
    "raw": "Write client.request(method, path)",
    **{
        f"{name}_app": _PROGRAM
        for name in (
            "profiles",
            "organizations",
            "regions",
            "server_classes",
            "pricing",
            "cloudspaces",
            "inventory",
            "nodepools",
            "spot_pools",
            "ondemand_pools",
            "config",
            "config_history",
        )
    },
    "app": _PROGRAM,
    "run": _PROGRAM,
    "CLIState": _PROGRAM,
}
"""What `rsspot.cli` had, a module with the whole command line."""

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
    "rsspot.config.legacy_config_path": "Use the path ~/.spot_config",
    "rsspot.config.ensure_default_config_exists": "`rsspot login` creates the file",
    "rsspot.config.save_config": "Write rsspot.config.writing.update_profile(path, name, {…})",
    "rsspot.config.dump_config": "Write rsspot.config.writing.update_profile(path, name, {…})",
    "rsspot.config.manager": "Write list_profiles(), set_active_profile(name), or use "
    "rsspot.config.writing",
    "rsspot.config.ProfileManager": "Write list_profiles(), set_active_profile(name), or use "
    "rsspot.config.writing",
    "rsspot.state.default_state_path": "StateStore.own() is your own state file",
    "rsspot.state.store.default_state_path": "StateStore.own() is your own state file",
    **{f"rsspot.cli.{name}": now for name, now in _FUNCTIONS.items()},
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
    "rsspot.models.events.OrganizationEventsResponse": _LISTS,
    "rsspot.models.events.SpotModel": _MODELS.format("OrganizationEvent"),
    "rsspot.models.cloudspaces": "Import Cloudspace from rsspot.models",
    "rsspot.models.nodepools": "Pass min_nodes= and max_nodes= to create; the views are in "
    "rsspot.models",
    "rsspot.models.organizations": "Import Organization from rsspot.models",
    "rsspot.models.regions": "Import Region from rsspot.models",
    "rsspot.models.server_classes": "Import ServerClass from rsspot.models",
    "rsspot.models.pricing": "Import ServerClass from rsspot.models",
    "rsspot.models.common": "Results have flat fields: name, namespace, uid, labels, created_at",
}
