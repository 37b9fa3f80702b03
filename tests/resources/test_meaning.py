"""What cannot be meant is refused: bids, places, filters, and what exists already as another."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from rsspot import errors

if TYPE_CHECKING:
    from collections.abc import Callable

    from rsspot.sandbox import SpotSandbox

REGION, CLASS, LARGE = "us-central-dfw-2", "gp.vs2.medium-dfw2", "gp.vs2.large-dfw2"
ABROAD, THEIRS = "uk-lon-1", "gp.vs1.medium-lon"
CATALOGUE = "/regions$|/serverclasses"


@pytest.fixture
def demo(spot: Any) -> Any:
    spot.cloudspaces.create("demo", region=REGION)
    spot.vm_cloudspaces.create("vms", region=REGION)
    return spot


def _above(spot: Any) -> tuple[Decimal, Decimal]:
    """The on-demand price, and the next one that is too much."""
    price = spot.server_classes.get(CLASS).on_demand_price
    return price, price + Decimal("0.001")


def _writes(sandbox: SpotSandbox) -> list[str]:
    return [item.path for item in sandbox.requests if item.method in {"POST", "PATCH", "PUT"}]


def test_a_bid_above_the_on_demand_price_is_refused_wherever_it_is_given(
    demo: Any, sandbox: SpotSandbox
) -> None:
    price, above = _above(demo)
    pool = {"server_class": CLASS, "bid_price": price}
    spot = demo.spot_nodepools.create("demo", **pool)
    vms = demo.vm_pools.create("vms", **pool)
    pilot = demo.autopilot_nodepools.create(
        "demo", region=REGION, vcpu_total=8, budget_per_hour="0.5", name="pilot"
    )
    whole = demo.spot_nodepools.get(spot.name).to_dict()
    dear = {**whole, "spec": {**whole["spec"], "bidPrice": str(above)}}
    pilots = pilot.to_dict()
    lavish = {**pilots, "spec": {**pilots["spec"], "budgetPerHour": "500"}}
    at_most = {"server_class": CLASS, "bid_price": above}
    calls: list[tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]]] = [
        (demo.spot_nodepools.create, ("demo",), at_most),
        (demo.spot_nodepools.create, ("demo",), {**at_most, "bid_price": 500}),
        (demo.spot_nodepools.update, (spot.name,), {"bid_price": above}),
        (demo.spot_nodepools.update, (spot.name,), {"bid_price": "500", "desired": 3}),
        (demo.spot_nodepools.replace, (dear,), {}),
        (demo.vm_pools.create, ("vms",), at_most),
        (demo.vm_pools.update, (vms.name,), {"bid_price": above}),
        (
            demo.autopilot_nodepools.create,
            ("demo",),
            {"region": REGION, "vcpu_total": 8, "budget_per_hour": 500, "name": "rich"},
        ),
        (demo.autopilot_nodepools.update, ("pilot",), {"budget_per_hour": 500}),
        (demo.autopilot_nodepools.replace, (lavish,), {}),
    ]
    before = len(_writes(sandbox))
    for call, arguments, options in calls:
        with pytest.raises(
            errors.InvalidInput, match=r"on.demand.*allow_above_on_demand=True"
        ) as e:
            call(*arguments, **options)
        assert e.value.argument in {"bid_price", "budget_per_hour"}
        assert e.value.on_demand_price is not None
        assert e.value.on_demand_price >= price
    assert len(_writes(sandbox)) == before
    for group, item in ((demo.spot_nodepools, dear), (demo.autopilot_nodepools, lavish)):
        assert group.replace(item, allow_above_on_demand=True)
    for call, arguments, options in calls:
        if arguments[0] not in (dear, lavish):
            assert call(*arguments, **options, allow_above_on_demand=True)


def test_a_catalogue_that_cannot_be_read_stops_no_bid(
    demo: Any, sandbox: SpotSandbox, connect: Any
) -> None:
    sandbox.faults.add("status", path=CATALOGUE, status=403)
    fresh = connect(**sandbox.client_options())
    made = fresh.spot_nodepools.create("demo", server_class=CLASS, bid_price=500)
    assert fresh.spot_nodepools.update(made.name, bid_price=501).bid_price == 501
    assert fresh.vm_pools.create("vms", server_class=CLASS, bid_price=500).bid_price == 500
    assert fresh.pricing.percentiles(region=REGION)


def test_the_catalogue_is_read_through_the_cache(demo: Any, sandbox: SpotSandbox) -> None:
    for number in range(4):
        demo.spot_nodepools.create("demo", server_class=CLASS, bid_price="0.03", key=f"k{number}")
    listed = [item.path for item in sandbox.requests if item.path.endswith("/serverclasses")]
    assert len(listed) == 1


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"percentile": 0.8}, r"percentile is 0.8.*Did you mean 80\?"),
        ({"percentile": 0.955}, r"Did you mean 95.5\?"),
        ({"percentile": 1e-9}, "Did you mean"),
        ({"percentile": 0}, "more than 0 and at most 100"),
        ({"percentile": 101}, "more than 0 and at most 100"),
        ({"percentile": float("nan")}, "more than 0 and at most 100"),
        ({"margin": 10}, r"adds 1000 percent.*Did you mean 0.1, which is 10 percent\?"),
        ({"margin": 1}, r"Did you mean 0.01, which is 1 percent\?"),
        ({"margin": "25"}, r"Did you mean 0.25"),
        ({"margin": Decimal(500)}, "It is a fraction"),
    ],
)
def test_a_suggestion_that_cannot_be_meant_says_what_may_be(
    spot: Any, sandbox: SpotSandbox, options: dict[str, Any], message: str
) -> None:
    with pytest.raises(errors.InvalidInput, match=message):
        spot.pricing.suggest_bid(CLASS, **options)
    assert sandbox.requests == []


def test_the_first_percentile_and_a_margin_of_almost_all_can_be_meant(spot: Any) -> None:
    assert spot.pricing.suggest_bid(CLASS, percentile=1, margin="0.99").margin == Decimal("0.99")


def test_a_pool_is_where_its_owner_is(demo: Any, sandbox: SpotSandbox) -> None:
    before = len(_writes(sandbox))
    bid = {"bid_price": "0.03"}
    for group, owner, options in (
        (demo.spot_nodepools, "demo", bid),
        (demo.ondemand_nodepools, "demo", {}),
        (demo.vm_pools, "vms", bid),
    ):
        with pytest.raises(errors.InvalidInput, match=f"{THEIRS} is a class of {ABROAD}, but") as e:
            group.create(owner, server_class=THEIRS, **options)
        assert e.value.argument == "server_class"
    with pytest.raises(errors.InvalidInput, match=f"region is {ABROAD}, but demo is in {REGION}"):
        demo.autopilot_nodepools.create(
            "demo", region=ABROAD, vcpu_total=8, budget_per_hour="0.1", name="pilot"
        )
    assert len(_writes(sandbox)) == before
    with pytest.raises(errors.UnprocessableError, match="not found"):  # the server's to say
        demo.spot_nodepools.create("none", server_class=CLASS, bid_price="0.03")


def test_what_exists_is_returned_only_when_it_can_become_what_was_asked_for(demo: Any) -> None:
    assert demo.cloudspaces.create("demo", region=REGION, if_exists="return").name == "demo"
    higher = demo.cloudspaces.create(
        "demo", region=REGION, kubernetes_version="1.33.0", if_exists="return"
    )
    assert higher.kubernetes_version == "1.31.1"
    for options, fields in (
        ({"region": ABROAD}, {"region"}),
        ({"region": REGION, "cni": "cilium"}, {"cni"}),
        ({"region": REGION, "kubernetes_version": "1.29.6"}, {"kubernetes_version"}),
        ({"region": ABROAD, "cni": "byocni"}, {"region", "cni"}),
        ({"region": REGION, "ha_control_plane": True}, {"ha_control_plane"}),
        ({"region": REGION, "gpu_enabled": True, "cni": "cilium"}, {"gpu_enabled", "cni"}),
    ):
        with pytest.raises(errors.ConflictError, match="differs") as caught:
            demo.cloudspaces.create("demo", **options, if_exists="return", wait=True)
        assert set(caught.value.causes) == fields
        assert (caught.value.status, caught.value.reason) == (409, "AlreadyExists")
        region = f"region is '{REGION}', not '{ABROAD}'"
        assert (region in str(caught.value)) is (options["region"] == ABROAD)
    for off in (None, False):
        demo.cloudspaces.create("demo", region=REGION, ha_control_plane=off, if_exists="return")
    demo.cloudspaces.create("costly", region=REGION, ha_control_plane=True)
    assert demo.cloudspaces.create("costly", region=REGION, if_exists="return").ha_control_plane
    with pytest.raises(errors.ConflictError, match="Update it, choose another name, or use"):
        demo.cloudspaces.create("costly", region=REGION, ha_control_plane=False, if_exists="return")
    demo.vm_ssh_keys.create("laptop", public_key="ssh-ed25519 AAAA me@home")
    with pytest.raises(errors.ConflictError, match="region is"):
        demo.vm_cloudspaces.create("vms", region=ABROAD, if_exists="return")
    demo.vm_cloudspaces.create("keyed", region=REGION, ssh_key="laptop")
    with pytest.raises(errors.ConflictError, match="ssh_key is"):
        demo.vm_cloudspaces.create("keyed", region=REGION, ssh_key="other", if_exists="return")
    same = demo.vm_ssh_keys.create(
        "laptop", public_key="ssh-ed25519 AAAA me@work", if_exists="return"
    )
    assert same.name == "laptop"
    with pytest.raises(errors.ConflictError, match="public_key is"):
        demo.vm_ssh_keys.create("laptop", public_key="ssh-ed25519 BBBB", if_exists="return")


def test_a_pool_that_exists_is_of_the_same_class(demo: Any) -> None:
    bid: dict[str, Any] = {"bid_price": "0.05", "key": "k", "if_exists": "return"}
    demo.spot_nodepools.create("demo", server_class=CLASS, **bid)
    with pytest.raises(errors.ConflictError, match=f"server_class is '{CLASS}', not '{LARGE}'"):
        demo.spot_nodepools.create("demo", server_class=LARGE, **bid)
    low = {**bid, "bid_price": "0.001"}  # which the server refuses before it looks at the name
    with pytest.raises(errors.ConflictError, match=f"server_class is '{CLASS}', not '{LARGE}'"):
        demo.spot_nodepools.create("demo", server_class=LARGE, **low)
    with pytest.raises(errors.BidTooLowError):
        demo.spot_nodepools.create("demo", server_class=CLASS, **low)
    more = demo.spot_nodepools.create("demo", server_class=CLASS, **{**bid, "bid_price": "0.06"})
    assert more.bid_price == Decimal("0.05")
    fixed = {"key": "k", "if_exists": "return"}
    demo.ondemand_nodepools.create("demo", server_class=CLASS, **fixed)
    with pytest.raises(errors.ConflictError, match="server_class is"):
        demo.ondemand_nodepools.create("demo", server_class=LARGE, **fixed)
    demo.vm_pools.create("vms", server_class=CLASS, **bid, user_data="secret-1")
    for change in ({"pool_type": "ondemand"}, {"image": "debian12"}, {"user_data": "secret-2"}):
        options = {"server_class": CLASS, **bid, "user_data": "secret-1", **change}
        with pytest.raises(errors.ConflictError, match=next(iter(change))) as caught:
            demo.vm_pools.create("vms", **options)
        assert "secret" not in str(caught.value)
        assert "c2VjcmV0" not in str(caught.value)
    pilot = {"vcpu_total": 8, "budget_per_hour": "0.1", "name": "pilot", "if_exists": "return"}
    demo.autopilot_nodepools.create("demo", region=REGION, **pilot)
    demo.cloudspaces.create("other", region=REGION)
    with pytest.raises(errors.ConflictError, match="cloudspace is 'demo', not 'other'"):
        demo.autopilot_nodepools.create("other", region=REGION, **pilot)


def test_what_is_being_deleted_does_not_exist_any_more(demo: Any) -> None:
    demo.cloudspaces.delete("demo")
    with pytest.raises(errors.ConflictError, match="is being deleted"):
        demo.cloudspaces.create("demo", region=REGION, if_exists="return")


@pytest.mark.parametrize("verb", ["list", "percentiles", "comparable"])
def test_a_region_that_there_is_not_is_no_empty_list(spot: Any, verb: str) -> None:
    call = getattr(spot.pricing, verb)
    assert call(region=REGION)
    for wrong, hint in (
        ("us-central-dfw2", f"Did you mean '{REGION}'"),
        (REGION.upper(), f"Did you mean '{REGION}'"),
        ("mars", "Known names: aus-syd-1"),
        ("", "Known names"),
    ):
        with pytest.raises(errors.InvalidInput, match=hint) as caught:
            call(region=wrong)
        assert caught.value.argument == "region"


def test_a_category_that_there_is_not_is_no_empty_list(spot: Any) -> None:
    assert spot.pricing.list(category="gpu")
    with pytest.raises(errors.InvalidInput, match=r"category is 'gpus'.*Did you mean 'GPU'"):
        spot.pricing.list(category="gpus")
    with pytest.raises(errors.InvalidInput, match="Known names: Bare Metal"):
        spot.pricing.list(category="zzz")
    assert spot.pricing.list(category="gpu", region=REGION) == []  # right, and there is none


def test_pools_of_nobody_are_no_empty_list(demo: Any) -> None:
    for group in ("spot_nodepools", "ondemand_nodepools", "autopilot_nodepools"):
        assert getattr(demo, group).list(cloudspace="demo") == []
        assert list(getattr(demo, group).each(cloudspace="demo")) == []
        for verb in ("list", "each"):
            with pytest.raises(errors.NotFoundError, match=r"'dmo'. Did you mean 'demo'"):
                list(getattr(getattr(demo, group), verb)(cloudspace="dmo"))
    assert demo.vm_pools.list(vm_cloudspace="vms") == []
    for call in (
        lambda: demo.vm_pools.list(vm_cloudspace="vm"),
        lambda: list(demo.vm_pools.each(vm_cloudspace="vm")),
        lambda: demo.inventory.list_vmpools(vmcloudspace="vm"),
    ):
        with pytest.raises(errors.NotFoundError, match="no VM cloudspace 'vm'"):
            call()


def test_pools_that_a_deleted_cloudspace_left_are_listed(demo: Any, sandbox: SpotSandbox) -> None:
    left = demo.spot_nodepools.create("demo", server_class=CLASS, bid_price="0.05")
    demo.cloudspaces.delete("demo")
    sandbox.advance(minutes=5)
    assert demo.spot_nodepools.list(cloudspace="demo") == [left]
