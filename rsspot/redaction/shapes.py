"""What looks like a secret wherever it stands."""

from __future__ import annotations

import re

__all__ = ["JWT", "PEM", "looks_secret"]

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
    """Whether there is a token in `text`: a known kind, or a long one with letters and digits."""
    if _KNOWN.search(text) or JWT.search(text):
        return True
    rest = _NAMES.sub("", text)
    return any(_is_mixed(run, 20, 16) for run in _RUN.findall(rest)) or any(
        _is_mixed(run, 1000, 30) for run in _SPREAD.findall(rest)
    )


def _is_mixed(run: str, length: int, mixed_length: int) -> bool:
    """Letters and digits from `length` on; with both cases of letters from `mixed_length` on."""
    if len(run) < mixed_length or not any(character.isdigit() for character in run):
        return False
    has_lower = any(character.islower() for character in run)
    has_upper = any(character.isupper() for character in run)
    return (has_lower and has_upper) or (len(run) >= length and (has_lower or has_upper))
