"""Organizations, regions, server classes and prices against the sandbox, in both modes.

Rules: docs/rules.md#suggested-bids.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from rsspot import errors

if TYPE_CHECKING:
    from rsspot.sandbox import SpotSandbox


def test_regions_are_listed_streamed_and_read(spot: Any) -> None:
    names = [region.name for region in spot.regions.list()]
    assert len(names) == 8
    assert [region.name for region in spot.regions.each(page_size=3)] == names
    assert spot.regions.get("uk-lon-1").country == "GBR"
    with pytest.raises(errors.NotFoundError, match="mars"):
        spot.regions.get("mars-1")


def test_server_classes_have_numbers_and_their_text(spot: Any) -> None:
    found = spot.server_classes.get("gp.vs2.medium-dfw2")
    assert (found.cpu, found.memory, found.memory_text) == (2, 3_750_000_000, "3.75GB")
    assert found.min_bid_price == Decimal("0.01")
    assert isinstance(found.market_price, Decimal)
    assert found.last_auction.tzinfo is not None


def test_an_organization_is_found_by_name_id_and_namespace(spot: Any, sandbox: SpotSandbox) -> None:
    wanted = spot.organizations.get(sandbox.organization)
    for name in (sandbox.organization_id, sandbox.namespace, "Acme Corporation"):
        assert spot.organizations.get(name) == wanted
    assert spot.organizations.current() == wanted
    with pytest.raises(errors.NotFoundError, match=r"Known names: acme, umbrella"):
        spot.organizations.get("nobody")
    assert len(list(spot.organizations.each(page_size=1))) == 2


def test_the_organization_is_the_tokens_own_or_the_one_that_is_named(
    sandbox: SpotSandbox, connect: Any
) -> None:
    connect(**sandbox.client_options()).cloudspaces.list()
    assert sandbox.requests[-1].path.split("/")[5] == sandbox.namespace
    connect(**sandbox.client_options(), org=sandbox.organization).cloudspaces.list()
    assert sandbox.requests[-1].path.split("/")[5] == sandbox.namespace
    other = connect(**sandbox.client_options(), org="umbrella")
    with pytest.raises(errors.ForbiddenError, match="for one organization only"):
        other.cloudspaces.list()


def test_prices_are_listed_cheapest_first_and_filtered(spot: Any) -> None:
    found = spot.pricing.list(region="us-central-dfw-2", min_cpu=4, max_price="0.2")
    prices = [item.market_price for item in found]
    assert prices == sorted(prices)
    assert prices
    assert all(item.cpu >= 4 and item.region == "us-central-dfw-2" for item in found)


@pytest.mark.parametrize("value", ["cheap", -1, "NaN"])
def test_an_amount_that_is_none_is_said_before_anything_is_sent(
    spot: Any, sandbox: SpotSandbox, value: Any
) -> None:
    with pytest.raises(errors.InvalidInput, match="max_price is"):
        spot.pricing.list(max_price=value)
    with pytest.raises(errors.InvalidInput, match="margin is"):
        spot.pricing.suggest_bid("gp.vs2.large-dfw2", margin=value)
    assert sandbox.requests == []


def test_a_history_begins_where_it_is_asked_to(spot: Any, sandbox: SpotSandbox) -> None:
    whole = spot.pricing.history("gp.vs2.medium-dfw2")
    assert len(whole) == 289
    since = whole[100].time
    assert spot.pricing.history("gp.vs2.medium-dfw2", since=since) == whole[100:]
    assert spot.pricing.history("gp.vs2.medium-dfw2", since=since.isoformat()) == whole[100:]
    with pytest.raises(errors.NotFoundError, match=r"no price history for x. Check the name"):
        spot.pricing.history("x")
    with pytest.raises(errors.InvalidInput, match="since is 'soon'"):
        spot.pricing.history("x", since="soon")
    assert "authorization" not in sandbox.requests[-1].headers


def test_a_suggested_bid_explains_itself_and_stands_on_the_ladder(spot: Any) -> None:
    bid = spot.pricing.suggest_bid("gp.vs2.large-dfw2", percentile=80, margin="0.1")
    assert bid.price >= max(bid.percentile_price, bid.market_price, bid.floor)
    assert bid.price in {Decimal(text) for text in ("0.06", "0.08", "0.10", "0.13")}
    assert "80th percentile" in str(bid)
    odd = spot.pricing.suggest_bid("gp.vs2.large-dfw2", percentile=95, ladder=False)
    points = sorted(point.price for point in spot.pricing.history("gp.vs2.large-dfw2"))
    assert odd.percentile_price == points[274]
    with pytest.raises(errors.InvalidInput, match="percentile"):
        spot.pricing.suggest_bid("gp.vs2.large-dfw2", percentile=0)


def test_percentiles_are_of_all_classes_or_of_one_region(spot: Any) -> None:
    found = spot.pricing.percentiles()
    here = spot.pricing.percentiles(region="uk-lon-1")
    assert len(here) == sum(item.region == "uk-lon-1" for item in found) > 0
    assert len(found) > len(here)
    for item in here:
        assert item.percentile_20 <= item.percentile_50 <= item.percentile_80
    with pytest.raises(errors.InvalidInput, match="region is 'mars-1'"):
        spot.pricing.percentiles(region="mars-1")


def test_comparable_prices_lose_their_dollar_sign(spot: Any) -> None:
    found = spot.pricing.comparable(region="uk-lon-1")
    assert all(isinstance(item.hyperscaler_average, Decimal) for item in found)
    assert found[0].comparables[0].cloud == "cloud-a"
