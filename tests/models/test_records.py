"""Records have the manners of views, and show all that the document says of their part."""

from __future__ import annotations

import copy
import pickle
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

import pytest
import rsspot_api.models
from attrs.exceptions import FrozenInstanceError

from rsspot import models
from rsspot.models import (
    BidSuggestion,
    Cloudspace,
    Comparable,
    ComparablePrice,
    OrganizationEvent,
    PreemptionNotice,
    PricePercentiles,
    PricePoint,
    VMCloudspace,
)
from rsspot.models.events import read_events
from rsspot.models.price import read_comparable, read_history, read_percentiles
from rsspot.models.record import Record
from tests.models.test_fields import SCHEMAS

if TYPE_CHECKING:
    from collections.abc import Callable

JSON = dict[str, Any]


def owned(part: JSON) -> JSON:
    return {"metadata": {"name": "demo"}, "status": {"assignedServers": {"pool-1": part}}}


def comparables(part: JSON) -> JSON:
    return {"regions": {"r": {"c": part}}}


@dataclass(frozen=True)
class Case:
    """A kind of record: how it is read, a part with all that the document has, what is left out."""

    read: Callable[[JSON], Record[Any]]
    model: str
    part: JSON
    context: frozenset[str] = frozenset()
    """Fields that come from where the part stands, not from the part."""
    left_to_raw: frozenset[str] = frozenset()


CASES: Final = {
    "server": Case(
        lambda part: Cloudspace(owned(part)).servers[0],
        "AssignedServer",
        {
            "serverName": "s",
            "serverClassName": "gp.vs1.small-lon",
            "serverType": "spot",
            "clusterRole": "worker",
            "state": "Ready",
            "error": "none",
            "IP": "192.0.2.1",
        },
        frozenset(
            # What a cloudspace's servers do not say, beside where they are.
            {"pool", "cloudspace", "kind", "namespace", "key", "display_name", "cpu", "memory"}
        ),
    ),
    "machine": Case(
        lambda part: VMCloudspace(owned(part)).servers[0],
        "VMAssignedServer",
        {
            "serverName": "s",
            "displayName": "S",
            "serverClassName": "gp.vs1.small-lon",
            "serverType": "spot",
            "nodePoolName": "pool",
            "ipAddress": "192.0.2.1",
            "cpu": "2",
            "memory": "4GB",
            "state": "Ready",
            "error": "none",
        },
        frozenset({"cloudspace", "kind", "namespace", "key", "role"}),
    ),
    "percentiles": Case(
        lambda part: read_percentiles({"regions": {"r": {"serverclasses": {"c": part}}}})[0],
        "PercentileServerClass",
        {
            "display_name": "C",
            "category": "General",
            "description": "of the region",
            "cpu": "2",
            "memory": "3.75GB",
            "market_price": "0.001000",
            "20_percentile": 0.002,
            "50_percentile": 0.003,
            "80_percentile": 0.036000000000000004,
        },
        frozenset({"region", "server_class"}),
        frozenset({"description"}),  # the region's, in spite of the name
    ),
    "comparable price": Case(
        lambda part: read_comparable(comparables(part))[0],
        "ComparableServerClass",
        {
            "hyperscaler_average_price": "$0.009",
            "comparables": [{"cloud": "aws", "class": "t3", "price": "$0.01"}],
        },
        frozenset({"region", "server_class"}),
    ),
    "comparable": Case(
        lambda part: read_comparable(comparables({"comparables": [part]}))[0].comparables[0],
        "Comparable",
        {"cloud": "aws", "class": "t3.medium", "price": "$0.0104"},
    ),
    "event": Case(
        lambda part: read_events(part)[0],
        "OrganizationEvents",
        {
            "org_id": "org_1",
            "cloudspace_id": None,
            "type": None,
            "events": [["2026-01-01T00:00:00Z", "made"]],
        },
        left_to_raw=frozenset({"org_id", "cloudspace_id", "type", "events"}),
    ),
    "point": Case(
        lambda part: read_history({"history": [part]})[0],
        "PricePoint",
        {"run_at": 1767225600, "hammer_price": 0.0125},
        left_to_raw=frozenset({"run_at", "hammer_price"}),  # without them there is no point
    ),
    "notice": Case(
        PreemptionNotice.parse,
        "ServerReleased",
        {
            "cloudspace": "demo",
            "Server": "u-1",
            "IP": "192.0.2.1",
            "Time": "2026-01-01T00:00:00Z",
        },
        left_to_raw=frozenset({"cloudspace", "Server"}),  # without them there is no notice
    ),
}

every_kind = pytest.mark.parametrize("case", CASES.values(), ids=CASES)


def fields_of(item: Record[Any]) -> dict[str, Any]:
    kind: Any = type(item)
    names = [field.name for field in kind.__attrs_attrs__ if field.name != "_wire"]
    return {name: getattr(item, name) for name in names}


def test_all_records_are_proved_here() -> None:
    kinds: set[type[Any]] = {
        kind
        for name in models.__all__
        if isinstance(kind := getattr(models, name), type) and issubclass(kind, Record)
    }
    assert kinds == {type(case.read(case.part)) for case in CASES.values()}
    assert len(kinds) == 7


@every_kind
def test_raw_is_the_generated_model_and_the_wire_form_is_a_copy(case: Case) -> None:
    part = {**case.part, "new": ["x"]}
    item = case.read(part)
    assert item.raw == getattr(rsspot_api.models, case.model).from_dict(part)
    assert item.raw.additional_properties == {"new": ["x"]}
    assert item.to_dict() == part
    item.to_dict()["new"].append("y")
    assert item.to_dict() == part


@every_kind
def test_records_are_frozen_equal_by_what_they_show_and_can_be_copied(case: Case) -> None:
    item = case.read(case.part)
    newer = case.read({**case.part, "new": 1})
    assert item == newer
    assert len({item, newer}) == 1
    with pytest.raises(FrozenInstanceError):
        setattr(item, next(iter(fields_of(item))), "other")
    for twin in (
        copy.copy(item),
        copy.deepcopy(item),
        pickle.loads(pickle.dumps(item)),  # noqa: S301 - our own
    ):
        assert twin == item
        assert twin.to_dict() == case.part


@every_kind
def test_records_are_described_to_people(case: Case) -> None:
    item = case.read({**case.part, "new": "<unseen>"})
    table = item._repr_html_()
    assert repr(item).startswith(f"<{type(item).__name__} ")
    assert f"<caption>{type(item).__name__}</caption>" in table
    for text in (repr(item), table):
        assert "_wire" not in text
        assert "unseen" not in text


@every_kind
def test_all_that_the_document_says_of_a_part_is_shown_or_left_out_for_a_reason(
    case: Case,
) -> None:
    whole = case.read(case.part)
    assert set(case.part) == set(SCHEMAS[case.model]["properties"])
    told: set[str] = set()
    for name in set(case.part) - case.left_to_raw:
        other = case.read({key: value for key, value in case.part.items() if key != name})
        changed = {
            field for field, value in fields_of(whole).items() if value != getattr(other, field)
        }
        assert changed, f"{case.model}.{name} is nowhere"
        told |= changed
    if case.left_to_raw <= {"description"}:
        assert told == set(fields_of(whole)) - case.context


def test_what_is_read_has_its_type() -> None:
    assert CASES["point"].read(CASES["point"].part) == PricePoint(
        datetime(2026, 1, 1, tzinfo=UTC), Decimal("0.0125")
    )
    found = CASES["percentiles"].read(CASES["percentiles"].part)
    assert isinstance(found, PricePercentiles)
    assert (found.percentile_80, found.memory) == (Decimal("0.036"), 3_750_000_000)
    assert repr(CASES["comparable"].read(CASES["comparable"].part)) == (
        "<Comparable cloud=aws server_class=t3.medium price=0.0104>"
    )


def test_an_event_is_the_feed_with_this_event_alone() -> None:
    feed = {"org_id": "org_1", "events": [["a", "b"], ["c"], ["d", "e"]]}
    events = read_events(feed)
    assert events == [OrganizationEvent("a", "b"), OrganizationEvent("d", "e")]
    assert events[1].to_dict() == {"org_id": "org_1", "events": [["d", "e"]]}
    assert events[1].raw.events == [["d", "e"]]


def test_a_record_that_was_made_by_hand_has_an_empty_wire_form() -> None:
    made = Comparable("aws", "t3", None)
    assert made.to_dict() == {}
    assert made.raw.to_dict() == {}
    assert repr(ComparablePrice("r", "c", None, (made,))) == (
        "<ComparablePrice region=r server_class=c comparables=(<Comparable cloud=aws "
        "server_class=t3>,)>"
    )


def test_a_bid_is_described_in_a_line_a_sentence_and_a_table() -> None:
    bid = BidSuggestion(
        server_class="gp.vs1.small-lon",
        price=Decimal("0.02"),
        percentile=80,
        percentile_price=Decimal("1.7E-2"),
        market_price=None,
        floor=Decimal("0.01"),
        margin=Decimal(0),
        on_ladder=True,
    )
    assert repr(bid) == (
        "<BidSuggestion server_class=gp.vs1.small-lon price=0.02 percentile=80 "
        "percentile_price=0.017 floor=0.01 margin=0 on_ladder=True>"
    )
    assert str(bid).startswith("bid 0.02 USD an hour for gp.vs1.small-lon: the 80th percentile")
    assert "<td style='text-align:left'>0.017</td>" in bid._repr_html_()
