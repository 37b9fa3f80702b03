"""Label and field selectors."""

from __future__ import annotations

import re
from typing import Any

from rsspot.sandbox.api.status import Refused

__all__ = ["field_matches", "label_matches"]

_SET = re.compile(r"\s*(\S+)\s+(in|notin)\s+\(([^)]*)\)\s*")
_PAIR = re.compile(r"\s*([^!=\s]+)\s*(==|=|!=)\s*([^!=\s]*)\s*")
_NAME = re.compile(r"\s*(!?)\s*([A-Za-z0-9][-A-Za-z0-9_./]*)\s*")


def label_matches(item: dict[str, Any], selector: str) -> bool:
    """Whether the labels match: equality, set and existence terms, all of them."""
    labels: dict[str, str] = item["metadata"].get("labels") or {}
    return all(_term(labels, term) for term in _terms(selector))


def field_matches(item: dict[str, Any], selector: str) -> bool:
    """Whether the fields match; custom resources know two of them."""
    for term in _terms(selector):
        match = _PAIR.fullmatch(term)
        if match is None or match[1] not in {"metadata.name", "metadata.namespace"}:
            raise Refused(400, f"field label not supported: {term.strip()}")
        value = item["metadata"].get(match[1].removeprefix("metadata."), "")
        if (value == match[3]) is (match[2] == "!="):
            return False
    return True


def _terms(selector: str) -> list[str]:
    # Commas inside parentheses belong to a set.
    return [term for term in re.split(r",(?![^(]*\))", selector) if term.strip()]


def _term(labels: dict[str, str], term: str) -> bool:
    if match := _SET.fullmatch(term):
        values = {value.strip() for value in match[3].split(",")}
        inside = match[1] in labels and labels[match[1]] in values
        return inside if match[2] == "in" else not inside
    if match := _PAIR.fullmatch(term):
        same = labels.get(match[1]) == match[3]
        return not same if match[2] == "!=" else same
    if match := _NAME.fullmatch(term):
        return (match[2] in labels) is not bool(match[1])
    raise Refused(400, f"unable to parse requirement: {term.strip()}")
