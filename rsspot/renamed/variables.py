"""Environment variables that rsspot 0.3.0 and other Spot tools read, and this version does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["VARIABLES"]

VARIABLES: Mapping[str, tuple[str, str]] = {
    "RACKSPACE_ORG": ("org", "RSSPOT_ORG"),
    "RSSPOT_ORGID": ("org_id", "RSSPOT_ORG_ID"),
    "RACKSPACE_NAMESPACE": ("org_id", "RSSPOT_ORG_ID"),
    "RACKSPACE_ORG_ID": ("org_id", "RSSPOT_ORG_ID"),
    "SPOT_ORG_ID": ("org_id", "RSSPOT_ORG_ID"),
    "RACKSPACE_SPOT_ORG_ID": ("org_id", "RSSPOT_ORG_ID"),
    "RACKSPACE_REGION": ("region", "RSSPOT_REGION"),
    "RACKSPACE_SPOT_REGION": ("region", "RSSPOT_REGION"),
    "SPOTCTL_REGION": ("region", "RSSPOT_REGION"),
    "SPOTCTL_REFRESH_TOKEN": ("refresh_token", "RSSPOT_REFRESH_TOKEN"),
    "RXTSPOT_REFRESH_TOKEN": ("refresh_token", "RSSPOT_REFRESH_TOKEN"),
    "RACKSPACE_SPOT_API_TOKEN": ("refresh_token", "RSSPOT_REFRESH_TOKEN"),
    "RACKSPACE_SPOT_PROFILES": ("profile", "RSSPOT_PROFILE, and put profiles into a file"),
    "RACKSPACE_SPOT_READ_ONLY": ("read_only", "RSSPOT_READ_ONLY"),
    "RACKSPACE_CLIENT_ID": ("client_id", "RSSPOT_CLIENT_ID"),
    "SPOT_CLIENT_ID": ("client_id", "RSSPOT_CLIENT_ID"),
    "RACKSPACE_ACCESS_TOKEN": ("access_token", "RSSPOT_ACCESS_TOKEN"),
    "NGPC_AUTH_TOKEN": ("access_token", "RSSPOT_ACCESS_TOKEN"),
    "NGPC_PRICE_DETAILS_URL": ("public_data_url", "RSSPOT_PUBLIC_DATA_URL"),
    "RACKSPACE_API_URL": ("base_url", "RSSPOT_BASE_URL"),
    "RACKSPACE_AUTH_URL": ("oauth_url", "RSSPOT_OAUTH_URL"),
    "RACKSPACE_BASE_URL": ("base_url", "RSSPOT_BASE_URL"),
    "RACKSPACE_SPOT_BASE_URL": ("base_url", "RSSPOT_BASE_URL"),
    "RACKSPACE_OAUTH_URL": ("oauth_url", "RSSPOT_OAUTH_URL"),
    "RACKSPACE_SPOT_AUTH_URL": ("oauth_url", "RSSPOT_OAUTH_URL"),
    "RSSPOT_REQUEST_TIMEOUT_SECONDS": ("timeout", "RSSPOT_TIMEOUT"),
    "SPOTCTL_TIMEOUT": ("timeout", "RSSPOT_TIMEOUT"),
    "SPOT_REQUEST_TIMEOUT": ("timeout", "RSSPOT_TIMEOUT"),
    "SPOT_VERIFY_SSL": ("verify_ssl", "RSSPOT_VERIFY_SSL"),
    "RSSPOT_MAX_RETRIES": ("retry", "retry.max_attempts in the configuration file"),
    "SPOT_MAX_RETRIES": ("retry", "retry.max_attempts in the configuration file"),
    "RSSPOT_RETRY_BACKOFF_FACTOR": ("retry", "retry.base_delay in the configuration file"),
    "SPOT_RETRY_BACKOFF_FACTOR": ("retry", "retry.base_delay in the configuration file"),
}
"""The option of each, and what to set instead."""
