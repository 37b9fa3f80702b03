"""Measure what a call costs above its sender, against the same work written by hand."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from bench_engines import plainly
from measuring import ratio, turns

from rsspot import CacheConfig, SpotClient
from rsspot.models import Region
from rsspot.senders import Response, Sender

if TYPE_CHECKING:
    from collections.abc import Iterator

    from measuring import Row

    from rsspot.senders import Request

__all__ = ["canned"]

BASE = "https://spot.rackspace.com"
ITEM = {
    "apiVersion": "ngpc.rxt.io/v1",
    "kind": "Region",
    "metadata": {
        "name": "uk-lon-1",
        "resourceVersion": "48120090",
        "uid": "5b1f4c1e-58a4-4f0a-9a3a-6d1f2f8c0a11",
    },
    "spec": {"country": "GBR", "description": "London", "provider": {"providerType": "ospc"}},
}
BODY = json.dumps({"kind": "RegionList", "items": [ITEM] * 8}).encode()
TIMES = 3_500


class _Canned(Sender):
    @property
    def is_async(self) -> bool:
        return False

    def send(self, request: Request) -> Response:
        return Response(request.url, body=BODY)


def _respond(_url: str) -> bytes:
    return BODY


def _by_hand() -> list[Region]:
    body = _respond(f"{BASE}/apis/ngpc.rxt.io/v1/regions")
    return [Region(item) for item in json.loads(body)["items"]]


def canned() -> Iterator[Row]:
    """Measure a list of eight regions from bytes that a sender has at hand."""
    with SpotClient(
        access_token="x",  # noqa: S106 - no secret
        sender=_Canned(),
        state=":memory:",
        cache=CacheConfig(enabled=False),
    ) as client:
        regions = client.regions.list
        plain, fast, hand, parsed = turns(
            TIMES, plainly(regions), regions, _by_hand,
            lambda: json.loads(BODY),
        )  # fmt: skip
    ours = [one - read for one, read in zip(plain, parsed, strict=True)]
    theirs = [one - read for one, read in zip(hand, parsed, strict=True)]
    yield ratio("canned bytes to a typed list / by hand, fast", fast, hand, 1.1)
    yield ratio("the same without json.loads, plain", ours, theirs, 4.1)
