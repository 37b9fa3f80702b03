"""Price files, server classes and bids share one market."""

from __future__ import annotations

import itertools
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from rsspot.sandbox.world.catalogue import CLASSES, REGIONS
from rsspot.sandbox.world.market import AUCTION_INTERVAL as INTERVAL
from rsspot.sandbox.world.market import Market

if TYPE_CHECKING:
    from rsspot.sandbox import SpotSandbox

CLASS = "gp.vs2.medium-dfw2"


def test_all_price_sources_share_one_market(http: Any, sandbox: SpotSandbox) -> None:
    for _ in range(5):
        sandbox.advance(minutes=7)
        item = http.get(f"/apis/ngpc.rxt.io/v1/serverclasses/{CLASS}")
        price = Decimal(item["status"]["spotPricing"]["marketPricePerHour"])
        history = http.get(f"/history/{CLASS}")
        last = history["history"][-1]
        file = http.get("/percentiles.json")["regions"][item["spec"]["region"]]
        entry = file["serverclasses"][CLASS]
        assert history["auction"] == CLASS
        assert Decimal(str(last["hammer_price"])) == price == Decimal(entry["market_price"])
        assert last["run_at"] == item["status"]["lastAuction"] <= sandbox.clock.now()
        assert (len(entry["market_price"].split(".")[1]), entry["market_price"][0]) == (6, "0")
        runs = [run["run_at"] for run in history["history"]]
        assert {b - a for a, b in itertools.pairwise(runs)} == {INTERVAL}
        day = sorted(run["hammer_price"] for run in history["history"])
        shares = [entry[f"{share}_percentile"] for share in (20, 50, 80)]
        assert shares == sorted(shares)
        assert day[0] <= shares[0] <= shares[2] <= day[-1]


def test_prices_stay_above_the_floor_move_and_jump() -> None:
    market = Market(seed=3, epoch=0)
    entry = CLASSES[CLASS]
    prices = [market.price(entry, slot * INTERVAL) for slot in range(2000)]
    assert min(prices) >= entry.floor
    assert len(set(prices)) > 5
    assert max(prices) > 2 * entry.floor


def test_prices_follow_from_the_seed_and_the_time_since_the_start() -> None:
    entry = CLASSES[CLASS]
    runs = [
        [str(Market(seed, start).price(entry, start + slot * INTERVAL)) for slot in range(50)]
        for seed, start in ((1, 0), (1, 1_767_225_600), (2, 0))
    ]
    assert runs[0] == runs[1] != runs[2]


def test_floors_and_regions_are_those_that_are_known(http: Any) -> None:
    known = {"medium": "0.01", "large": "0.04", "xlarge": "0.08", "2xlarge": "0.15"}
    for size, floor in known.items():
        item = http.get(f"/apis/ngpc.rxt.io/v1/serverclasses/gp.vs2.{size}-dfw2")
        assert Decimal(item["spec"]["minBidPricePerHour"]) == Decimal(floor)
    regions = http.get("/apis/ngpc.rxt.io/v1/regions")["items"]
    assert {item["metadata"]["name"] for item in regions} == set(REGIONS)
    assert len(regions) == 8
    assert all(len(item["spec"]["country"]) == 3 for item in regions)


def test_price_files_have_etags(http: Any, sandbox: SpotSandbox) -> None:
    tag: dict[str, str] = {}
    for path in ("/percentiles.json", "/comparable_prices.json", f"/history/{CLASS}"):
        first = http("GET", path, headers={"Authorization": ""})
        tag = {"If-None-Match": first.headers["etag"]}
        again = http("GET", path, headers=tag)
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == first.headers["etag"]
    sandbox.advance(minutes=60)
    assert http("GET", f"/history/{CLASS}", headers=tag).status_code == 200


def test_a_missing_history_is_a_403_in_xml(http: Any) -> None:
    response = http("GET", "/history/none")
    assert (response.status_code, response.headers["content-type"]) == (403, "application/xml")
    assert "AccessDenied" in response.text


def test_comparable_prices_are_in_dollars(http: Any) -> None:
    entry = http.get("/comparable_prices.json")["regions"]["us-central-dfw-2"][CLASS]
    assert entry["hyperscaler_average_price"].startswith("$")
    assert [item["price"][0] for item in entry["comparables"]] == ["$", "$"]
