"""List requests: label selectors, field selectors and pages."""

from __future__ import annotations

import base64
import json
import re
from typing import TYPE_CHECKING, Any

from rsspot.sandbox.world.errors import ApiError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["GROUP", "field_matches", "label_matches", "list_objects"]

GROUP = "ngpc.rxt.io"
"""The API group of all objects."""
MAX_LIMIT = 2**63 - 1
TOKEN_LIFETIME = 300.0
"""Seconds that a continue token is valid: etcd compacts its history after 5 minutes by default."""
_SET = re.compile(r"\s*(\S+)\s+(in|notin)\s+\(([^)]*)\)\s*")
_PAIR = re.compile(r"\s*([^!=\s]+)\s*(==|=|!=)\s*([^!=\s]*)\s*")
_NAME = re.compile(r"\s*(!?)\s*([A-Za-z0-9][-A-Za-z0-9_./]*)\s*")


def list_objects(
    kind: str,
    items: Iterable[dict[str, Any]],
    query: Mapping[str, str],
    *,
    version: int,
    oldest_version: int,
    now: float,
) -> dict[str, Any]:
    """Return a list object: one page of the `items` that `query` selects, sorted by name.

    `version` is the current version of the store. Continue tokens of a version before
    `oldest_version`, or issued too long before `now`, have expired.
    """
    wanted = query.get("resourceVersion", "")
    if wanted and not (wanted.isascii() and wanted.isdecimal()):
        raise ApiError("BadRequest", f'resourceVersion: Invalid value: "{wanted}"')
    found = [
        item
        for item in items
        if label_matches(item, query.get("labelSelector", ""))
        and field_matches(item, query.get("fieldSelector", ""))
    ]
    found.sort(key=lambda item: item["metadata"]["name"])
    limit = _limit(query.get("limit"))
    after = _decode(query.get("continue", ""), oldest_version, now)
    page = [item for item in found if after is None or item["metadata"]["name"] > after]
    metadata: dict[str, Any] = {"resourceVersion": str(version)}
    if limit and len(page) > limit:
        metadata["continue"] = _encode(page[limit - 1]["metadata"]["name"], version, now)
        metadata["remainingItemCount"] = len(page) - limit
        page = page[:limit]
    return {
        "apiVersion": f"{GROUP}/v1",
        "kind": f"{kind}List",
        "metadata": metadata,
        "items": page,
    }


def label_matches(item: dict[str, Any], selector: str) -> bool:
    """Return whether the labels match all requirements: equality, set and existence."""
    labels: dict[str, str] = item["metadata"].get("labels") or {}
    return all(_requirement(labels, text) for text in _requirements(selector))


def field_matches(item: dict[str, Any], selector: str) -> bool:
    """Return whether the fields match. Custom resources support name and namespace only."""
    for text in _requirements(selector):
        match = _PAIR.fullmatch(text)
        if match is None or match[1] not in {"metadata.name", "metadata.namespace"}:
            raise ApiError("BadRequest", f"field label not supported: {text.strip()}")
        value = item["metadata"].get(match[1].removeprefix("metadata."), "")
        if (value == match[3]) is (match[2] == "!="):
            return False
    return True


def _requirements(selector: str) -> list[str]:
    # Commas inside parentheses belong to a set.
    return [text for text in re.split(r",(?![^(]*\))", selector) if text.strip()]


def _requirement(labels: dict[str, str], text: str) -> bool:
    if match := _SET.fullmatch(text):
        values = {value.strip() for value in match[3].split(",")}
        inside = match[1] in labels and labels[match[1]] in values
        return inside if match[2] == "in" else not inside
    if match := _PAIR.fullmatch(text):
        same = labels.get(match[1]) == match[3]
        return not same if match[2] == "!=" else same
    if match := _NAME.fullmatch(text):
        return (match[2] in labels) is not bool(match[1])
    raise ApiError("BadRequest", f"unable to parse requirement: {text.strip()}")


def _limit(text: str | None) -> int:
    if text is None:
        return 0
    if not (text.isascii() and text.isdecimal()) or int(text) > MAX_LIMIT:
        raise ApiError("BadRequest", f'strconv.ParseInt: parsing "{text}": invalid syntax')
    return int(text)


def _encode(name: str, version: int, now: float) -> str:
    content = json.dumps({"v": version, "at": now, "after": name})
    return base64.urlsafe_b64encode(content.encode()).decode()


def _decode(token: str, oldest_version: int, now: float) -> str | None:
    """Return the name after which the page of a continue token starts."""
    if not token:
        return None
    try:
        content = json.loads(base64.urlsafe_b64decode(token))
        version, at, after = int(content["v"]), float(content["at"]), str(content["after"])
    except (ValueError, KeyError, TypeError):
        raise ApiError("BadRequest", "continue key is not valid") from None
    if version < oldest_version or now - at > TOKEN_LIFETIME:
        raise ApiError("Expired", "The provided continue parameter is too old")
    return after
