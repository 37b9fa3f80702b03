"""What programs of rsspot 0.3.0 write: statements, and what each meets in this version.

None: it runs. Text: the error says it. Statements see what those before them have defined.
"""

from __future__ import annotations

__all__ = ["STATEMENTS"]

ORG = "SpotClient(org=…)"
FLAT = "on the object itself"
ITSELF = "The result is the list itself"

STATEMENTS: tuple[tuple[str, str | None], ...] = (
    ("import rsspot", None),
    ("from rsspot import SpotClient, AsyncSpotClient", None),
    ("from rsspot import get_client, get_async_client, aclose_all_clients, configure", None),
    ("from rsspot import get_sync_client", "Write get_client"),
    ("from rsspot import clear_client_cache", "Write close_all_clients()"),
    ("from rsspot import use_profile, use_org, use_region", None),
    ("from rsspot import set_default_profile, set_default_org, set_default_region", None),
    ("from rsspot import list_profiles, set_active_profile", None),
    ("from rsspot import RetryConfig, CacheConfig, ProfileConfig, Preferences, SDKConfig", None),
    ("from rsspot import StateStore, RegistrationWorkflow, RegistrationStatus", None),
    ("from rsspot import RegistrationLedgerRecord", "Write RegistrationRecord"),
    ("from rsspot.errors import RSSpotError, ConfigError, AuthError, RequestError, APIError", None),
    ("from rsspot.workflows import RegistrationWorkflow", "from rsspot or rsspot.registration"),
    ("from rsspot.models import CloudspaceCreateSpec", "client.cloudspaces.create(name, region=…"),
    ("from rsspot.models import SpotNodePoolUpsert", "client.spot_nodepools.create(cloudspace"),
    ("from rsspot.models.nodepools import Autoscaling", "min_nodes= and max_nodes="),
    ("from rsspot.config import load_config", "config_path="),
    ("from rsspot.config.manager import ProfileManager", "list_profiles()"),
    ("from rsspot.state import default_state_path", "StateStore.own()"),
    ("from rsspot.client import get_client", "Import get_client from rsspot"),
    ("client = SpotClient()", None),
    ("SpotClient(request_timeout_seconds=30)", "Write timeout="),
    ("SpotClient(max_retries=3)", "retry=RetryConfig(max_attempts=…)"),
    ("SpotClient(retries=RetryConfig(max_attempts=2))", "retry=RetryConfig(…)"),
    ("SpotClient(state_path='spot.db')", "Write state="),
    ("SpotClient(http_client=object())", "sender=SyncSender(client)"),
    ("configure(state_path='spot.db')", "Write state="),
    ("client.authenticate(force_refresh=True)", None),
    ("orgs = client.organizations.list()", None),
    ("[org.name for org in orgs.organizations]", ITSELF),
    ("client.organizations.get('acme')", None),
    ("[region.name for region in client.regions.list()]", None),
    ("client.regions.get('uk-lon-1').description", None),
    ("classes = client.server_classes.list()", None),
    ("client.server_classes.list(region='uk-lon-1', only_available=True)", "client.pricing.list("),
    ("[(c.name, c.category, c.cpu) for c in classes]", None),
    ("classes[0].market_price_per_hour", "Write .market_price"),
    ("client.pricing.list(region='us-central-dfw-2').items", ITSELF),
    ("client.pricing.for_server_class(classes[0].name)", "client.server_classes.get(name)"),
    ("spaces = client.cloudspaces.list()", None),
    ("client.cloudspaces.list(org='acme')", ORG),
    ("[item.metadata.name for item in spaces.items]", ITSELF),
    ("client.regions.list()[0].metadata", FLAT),
    ("classes[0].spec", FLAT),
    ("classes[0].model_dump()", "Write to_dict()"),
    ("classes[0].model_dump_json()", "to_dict()"),
    ("client.cloudspaces.get('demo', org='acme')", ORG),
    ("client.cloudspaces.create(spec='demo')", "Pass the fields as keywords"),
    ("client.cloudspaces.generate_kubeconfig('demo')", "Write kubeconfig(name)"),
    ("client.spot_nodepools.list(cloudspace='demo', org='acme')", ORG),
    ("client.spot_nodepools.list().items", ITSELF),
    ("client.spot_nodepools.update(spec=None)", "update(name, desired=…)"),
    ("client.inventory.list_vmcloudspaces()", None),
    ("client.inventory.list_organization_events(limit=5).events", ".time and .text"),
    ("client.request_json('GET', '/apis/ngpc.rxt.io/v1/regions')", "client.request(method, path"),
    ("client.resolve_org_id()", "organizations.current().namespace"),
    ("client.profile_name", "client.settings.profile"),
    ("client.state.set_preference('a', 'b')", "state.preferences.set(name, value)"),
    ("client.state.registration_list(status='failed')", "state.registrations.list("),
    (
        "RegistrationWorkflow(':memory:', target='prod').list_candidates([])",
        "discover(",
    ),
    ("regions = await client.aregions.list()", None),
    ("client.close()", None),
    ("await aclose_all_clients()", None),
)
