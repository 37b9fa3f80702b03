"""Recognize secrets: by the name beside them, by what they look like, and in URLs."""

from __future__ import annotations

import re

__all__ = [
    "JWT",
    "KEPT_FLAGS",
    "KEPT_PARAMETERS",
    "KEPT_VARIABLES",
    "OWN_FLAGS",
    "PEM",
    "SWITCHES",
    "is_secret_name",
    "looks_secret",
    "redact_urls",
]

# Bounds and possessive quantifiers keep long texts from taking quadratic time.
JWT = re.compile(r"(?<![\w-])[\w-]{8,}+\.[\w-]{8,}+\.[\w-]{8,}+")
PEM = re.compile(
    r"-----BEGIN [A-Z0-9 ]{1,40}-----.*?(?:-----END [A-Z0-9 ]{1,40}-----|\Z)", re.DOTALL
)

_KNOWN = re.compile(
    r"\b(?:gh[opsur]_|github_pat_|glpat-|xox[a-z]-|sk-|pk_|rk_|AKIA|ASIA|AIza|hf_|npm_|ya29\.|eyJ)"
    r"[\w.-]{6,}"
)
_NAMES = re.compile(
    r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|org[-_][A-Za-z0-9]{6,24}"
)
"""UUIDs and ids of organizations: long, and no secrets."""
_RUN = re.compile(r"\w+", re.ASCII)
_SPREAD = re.compile(r"[\w.+=~-]{30,}", re.ASCII)


def looks_secret(text: str) -> bool:
    """Return whether `text` has a token: of a known kind, or long with letters and digits."""
    if _KNOWN.search(text) or JWT.search(text):
        return True
    rest = _NAMES.sub("", text)
    return any(_is_mixed(run, 20, 16) for run in _RUN.findall(rest)) or any(
        _is_mixed(run, 1000, 30) for run in _SPREAD.findall(rest)
    )


def _is_mixed(run: str, length: int, mixed_length: int) -> bool:
    """Return whether it mixes letters and digits, and both cases if under `length` characters."""
    if len(run) < mixed_length or not any(character.isdigit() for character in run):
        return False
    has_lower = any(character.islower() for character in run)
    has_upper = any(character.isupper() for character in run)
    return (has_lower and has_upper) or (len(run) >= length and (has_lower or has_upper))


_FLAGS = """
accepted availability backtest base-url bid budget category class cloudspace cni columns config
context count cpus file image interval kubeconfig kubernetes label limit margin max max-price
memory min min-cpu min-memory name namespace nodes oauth-url org output percentile poll pools port
price profile public-data-url region regions replicas seed server-class since sort sort-by speed
state strategy taint target timeout to vcpus f n o
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

_OWN_FLAGS = """
base-delay concurrency deadline host html key kind max-attempts max-delay older-than pool server
ssh-key status step-timeout svg ttl verify-every verify-timeout vm-cloudspace
"""

KEPT_FLAGS = frozenset(_FLAGS.split())
"""Flags whose value is kept, when it does not look like a secret."""

OWN_FLAGS = frozenset(_OWN_FLAGS.split())
"""Flags of `rsspot` itself whose value is kept, too: a `--key` is the name of a pool."""

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
    """Return whether a flag, variable, key or header of this name usually holds a secret."""
    return _SECRET.search(name) is not None


_URL = re.compile(r"\b([A-Za-z][A-Za-z0-9+.-]{0,20}://)([^\s'\"<>]*)")


def redact_urls(text: str, mask: str) -> str:
    """Return `text` with each URL in it redacted."""
    return _URL.sub(lambda match: match[1] + _rest(match[2], mask), text)


def _rest(rest: str, mask: str) -> str:
    place, mark, query = rest.partition("?")
    if not mark:
        place, hash_mark, fragment = place.partition("#")
        query = ""
    else:
        query, hash_mark, fragment = query.partition("#")
    if "@" in place:  # the last one: a password may have a slash or an @
        place = f"{mask}@{place.rpartition('@')[2]}"
    place = "/".join(mask if looks_secret(part) else part for part in place.split("/"))
    pairs = [_parameter(pair, mask) for pair in query.split("&")] if query else []
    return place + mark + "&".join(pairs) + hash_mark + (mask if fragment else "")


def _parameter(pair: str, mask: str) -> str:
    name, sign, value = pair.partition("=")
    if name in KEPT_PARAMETERS and not looks_secret(value):
        return pair
    return f"{name}={mask}" if sign else mask
