"""What is kept of flags, variables and parameters, and which names are those of secrets."""

from __future__ import annotations

import re

__all__ = ["KEPT_FLAGS", "KEPT_PARAMETERS", "KEPT_VARIABLES", "SWITCHES", "is_secret_name"]

_FLAGS = """
bid budget category class cloudspace cni config context count image kubeconfig kubernetes limit
margin max max-price min min-cpu min-memory namespace name org output percentile poll port price
profile region replicas seed server-class since sort-by speed timeout to vcpus n o
"""
_SWITCHES = """
all all-namespaces build cascade debug deleted dry-run force ha help json keep keep-context
keep-pools no-color no-wait plot quiet read-only table verbose version wait watch yaml yes
A h v w y
"""
_VARIABLES = """
KUBECONFIG LANG LC_ALL NO_COLOR RSSPOT_BASE_URL RSSPOT_CONFIG RSSPOT_ORG RSSPOT_PROFILE
RSSPOT_READ_ONLY RSSPOT_REGION TERM TZ
"""
_PARAMETERS = """
fieldSelector labelSelector limit offset page pretty size start timeoutSeconds watch
"""

KEPT_FLAGS = frozenset(_FLAGS.split())
"""Flags whose value is kept, when it does not look like a secret."""

SWITCHES = frozenset(_SWITCHES.split())
"""Flags without a value."""

KEPT_VARIABLES = frozenset(_VARIABLES.split())
"""Variables whose value is kept, when it does not look like a secret."""

KEPT_PARAMETERS = frozenset(_PARAMETERS.split())
"""Parameters of URLs whose value is kept, when it does not look like a secret."""

_SECRET = re.compile(
    r"token|secret|passw|passphrase|pwd|credential|authori[sz]|cookie|session|bearer|jwt|signature"
    r"|private|api[-_.]?key|access[-_.]?key|(?:^|[-_.])(?:key|auth|pass|pin|otp|sig|pat|sas)s?$",
    re.IGNORECASE,
)


def is_secret_name(name: str) -> bool:
    """Whether a flag, variable, key or header of this name holds a secret as a rule."""
    return _SECRET.search(name) is not None
