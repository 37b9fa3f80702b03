"""Attributes and methods of rsspot 0.3.0, by what had them, with what to write instead."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["ATTRIBUTES"]

_RAW = "to_dict() returns the object as the API sent it; .raw is the generated model"
_FLAT = f"Its fields are on the object itself, such as .name and .region; {_RAW}"
_SETTINGS = "Write client.settings.{}"
_REQUEST = "Write client.request(method, path, params=…, json=…).content"
_WHOLE = "The result is the list itself"
_TO_DICT = "Write to_dict()"
_AS_DICT = "Write attrs.asdict(it), in which secrets are not masked"
_EVOLVE = "Write attrs.evolve(it, name=value): it is never changed itself"

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
        "model_extra": _TO_DICT,
        "model_fields": _TO_DICT,
        "model_fields_set": _TO_DICT,
        "copy": _TO_DICT,
        "dict": _TO_DICT,
        "json": "Write json.dumps(item.to_dict())",
        "market_price_per_hour": "Write .market_price, a Decimal",
        "min_bid_price_per_hour": "Write .min_bid_price, a Decimal",
        "on_demand_price_per_hour": "Write .on_demand_price, a Decimal",
        "server_class_name": "Write .name",
        "assignedServers": "Write client.cloudspaces.servers(name)",
        "items": "It is one object, not a list",
    },
    "a list": {
        "organizations": _WHOLE,
        "items": _WHOLE,
        "events": f"{_WHOLE}: each event has .time and .text",
        "org_id": "Write client.organizations.current().id",
        "cloudspace_id": "It is in to_dict() of each event",
        "type": _WHOLE,
        "metadata": _WHOLE,
        "model_dump": "Write [item.to_dict() for item in found]",
        "model_dump_json": "Write json.dumps([item.to_dict() for item in found])",
        "dict": "Write [item.to_dict() for item in found]",
    },
    "a configuration": {
        "model_dump": _AS_DICT,
        "model_dump_json": f"{_AS_DICT}, and json.dumps()",
        "model_copy": _EVOLVE,
        "model_fields_set": _AS_DICT,
        "model_extra": "Unknown keys are refused",
        "copy": _EVOLVE,
        "dict": _AS_DICT,
        "json": f"{_AS_DICT}, and json.dumps()",
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
        "cache_get": "The cache belongs to the client; configure it with CacheConfig",
        "cache_set": "The cache belongs to the client; configure it with CacheConfig",
        "cache_invalidate_prefixes": "Leave it out: a write invalidates what it may have changed",
        "cache_gc": "Leave it out: the cache limits its own size",
        "cache_prune_to_limit": "Write CacheConfig(max_entries=…)",
        "history_add": "Write state.history.add(command)",
        "history_list": "Write state.history.list(limit)",
        "history_count": "Write len(state.history.list(10_000))",
        "history_clear": "Write state.history.clear()",
        "history_suggest": "Write state.history.suggest(prefix)",
        "history_prune_to_limit": "Leave it out: the history limits its own size",
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
