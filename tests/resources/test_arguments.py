"""Arguments of wrong types, names and times are refused clearly, before anything is sent."""

from __future__ import annotations

import importlib
import pickle
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest

from rsspot import AsyncSpotClient, SpotClient, errors
from rsspot.models import next_rung

if TYPE_CHECKING:
    from rsspot.sandbox import SpotSandbox

CLASS = "gp.vs2.medium-dfw2"
SPOT: dict[str, Any] = {"server_class": CLASS, "bid_price": "0.05"}

WRONG: list[tuple[str, tuple[Any, ...], dict[str, Any], str]] = [
    ("pricing.suggest_bid", (CLASS,), {"percentile": "80"}, "a number, not str. Write"),
    ("pricing.suggest_bid", (CLASS,), {"percentile": True}, "a number, not bool"),
    ("pricing.suggest_bid", (CLASS,), {"percentile": None}, "must be a number, not None"),
    ("pricing.suggest_bid", (CLASS,), {"percentile": Fraction(1, 2)}, "not Fraction"),
    ("pricing.suggest_bid", (CLASS,), {"margin": b"0.1"}, "margin must be .*, not bytes"),
    ("pricing.suggest_bid", (CLASS,), {"ladder": "no"}, "ladder must be True or False, not str"),
    ("pricing.suggest_bid", ([CLASS],), {}, "server_class must be text, not list"),
    ("pricing.list", (), {"region": ["a"]}, "region must be text, not list"),
    ("pricing.list", (), {"min_cpu": "2"}, "min_cpu must be a number, not str"),
    ("pricing.list", (), {"min_memory": "8"}, "min_memory is '8', which has no unit"),
    ("pricing.list", (), {"min_memory": 8e9}, "min_memory must be .*, not float"),
    ("pricing.list", (), {"max_price": [1]}, "max_price must be a Decimal, text or a whole number"),
    ("pricing.list", (), {"max_price": Decimal("NaN")}, "max_price is .*NaN"),
    ("pricing.list", (), {"max_price": Decimal("Infinity")}, "max_price is .*Infinity"),
    ("pricing.list", (), {"min_cpu": float("nan")}, "min_cpu is nan"),
    ("pricing.list", (), {"min_cpu": float("inf")}, "min_cpu is inf"),
    ("pricing.list", (), {"min_cpu": -1}, "min_cpu is -1"),
    ("pricing.list", (), {"min_memory": -1}, "min_memory is -1, which is not a size"),
    ("pricing.history", (CLASS,), {"since": 5}, "since is 5, which is not a time"),
    ("pricing.history", (CLASS,), {"since": timedelta(-1)}, "since is .*, which is negative"),
    ("pricing.history", (b"x",), {}, "server_class must be text, not bytes. Decode"),
    ("regions.list", (), {"label_selector": 5}, "label_selector must be text, not int"),
    ("regions.each", (), {"page_size": "5"}, "page_size must be a whole number, not str"),
    ("regions.each", (), {"page_size": 0}, "page_size must be a whole number, 1 or more"),
    ("cloudspaces.each", (), {"page_size": -1}, "page_size must be a whole number, 1 or more"),
    ("organizations.each", (), {"page_size": 0}, "page_size must be a whole number, 1 or more"),
    ("organizations.get", (None,), {}, "name must be text, not None"),
    ("cloudspaces.create", ("x",), {"region": b"r"}, "region must be text, not bytes"),
    ("cloudspaces.create", ("x",), {"cni": ["calico"]}, "cni must be text, not list"),
    ("cloudspaces.create", ("x",), {"ha_control_plane": 1}, "must be True or False, not int"),
    ("cloudspaces.create", ("x",), {"if_exists": "replace"}, "'error' or 'return', not 'replace'"),
    ("cloudspaces.create", ("x",), {"if_exists": None}, "if_exists must be .*, not None"),
    ("cloudspaces.delete", ("x",), {"cascade": "no"}, "cascade must be True or False, not str"),
    ("cloudspaces.replace", (5,), {}, "cloudspace must be a view or a mapping, not int"),
    ("spot_nodepools.create", ("x",), {**SPOT, "bid_price": Decimal("NaN")}, "bid_price is"),
    ("spot_nodepools.create", ("x",), {**SPOT, "bid_price": None}, "bid_price must be .*not None"),
    ("spot_nodepools.create", ("x",), {**SPOT, "bid_price": True}, "bid_price .*not .*"),
    ("spot_nodepools.create", ("x",), {**SPOT, "desired": "2"}, "desired must be a whole number"),
    ("spot_nodepools.create", ("x",), {**SPOT, "desired": 2.0}, "desired must be a whole number"),
    ("spot_nodepools.create", ("x",), {**SPOT, "labels": ["a"]}, "labels must be a mapping"),
    ("spot_nodepools.create", ("x",), {**SPOT, "taints": "a:NoSchedule"}, "taints is the text"),
    ("spot_nodepools.create", ("x",), {**SPOT, "if_exists": 1}, "if_exists must be"),
    ("spot_nodepools.wait_until_ready", ("x",), {"on_progress": 5}, "must be a function"),
    ("vm_pools.create", ("x",), {**SPOT, "pool_type": "cheap"}, "or 'ondemand', not 'cheap'"),
    ("vm_ssh_keys.create", ("x",), {"public_key": b"ssh-rsa A"}, "public_key must be text"),
    ("inventory.list_organization_events", (), {"limit": "5"}, "limit must be a whole number"),
]  # fmt: skip


@pytest.mark.parametrize(("call", "arguments", "options", "message"), WRONG)
def test_a_value_of_a_wrong_type_is_refused_before_anything_is_sent(  # noqa: PLR0917 - a table's columns
    spot: Any,
    sandbox: SpotSandbox,
    call: str,
    arguments: tuple[Any, ...],
    options: dict[str, Any],
    message: str,
) -> None:
    group, verb = call.split(".")
    with pytest.raises(errors.InvalidInput, match=message) as caught:
        list(getattr(getattr(spot, group), verb)(*arguments, **options))
    assert caught.value.argument in {*options, "name", "server_class", "cloudspace"}
    assert sandbox.requests == []


BAD_TIMES = [float("inf"), float("-inf"), float("nan"), -1, -0.001, 1e300, 10**400, "5", True]


@pytest.mark.parametrize("bad", BAD_TIMES, ids=lambda value: repr(value)[:12])
def test_a_time_that_cannot_be_waited_for_is_refused(
    spot: Any, sandbox: SpotSandbox, bad: Any
) -> None:
    for group in ("cloudspaces", "vm_cloudspaces", "spot_nodepools", "vm_pools"):
        for verb in ("wait_until_ready", "wait_until_deleted"):
            for name in ("timeout", "poll"):
                with pytest.raises(errors.InvalidInput, match=f"{name} must be seconds"):
                    getattr(getattr(spot, group), verb)("x", **{name: bad})
    for name in ("timeout", "poll"):
        with pytest.raises(errors.InvalidInput, match=f"{name} must be seconds"):
            spot.cloudspaces.delete("x", cascade=True, **{name: bad})
    if bad is not True:  # which waits for the usual time
        with pytest.raises(errors.InvalidInput, match="wait must be seconds"):
            spot.spot_nodepools.create("x", **SPOT, wait=bad)
        with pytest.raises(errors.InvalidInput, match="wait must be seconds"):
            spot.cloudspaces.create("x", region="uk-lon-1", wait=bad)
    assert sandbox.requests == []


@pytest.mark.parametrize("pause", [float("inf"), float("nan"), -1, "5", None])
def test_a_pause_that_a_function_chooses_is_checked_too(spot: Any, pause: Any) -> None:
    def chosen(_looks: int) -> Any:
        return pause

    spot.cloudspaces.create("demo", region="uk-lon-1")
    with pytest.raises(errors.InvalidInput, match="poll must be seconds"):
        spot.cloudspaces.wait_until_ready("demo", poll=chosen)


@pytest.mark.parametrize("since", ["inf", "nan", "1e400", "", "0000-01-01", "9" * 5000])
def test_a_text_that_is_no_time_is_refused(spot: Any, sandbox: SpotSandbox, since: str) -> None:
    with pytest.raises(errors.InvalidInput, match="since is"):
        spot.pricing.history(CLASS, since=since)
    assert sandbox.requests == []


def test_a_naive_time_is_utc(spot: Any) -> None:
    whole = spot.pricing.history(CLASS)
    naive = whole[10].time.replace(tzinfo=None)
    assert spot.pricing.history(CLASS, since=naive) == whole[10:]
    assert spot.pricing.history(CLASS, since=datetime.min) == whole  # noqa: DTZ901 - naive on purpose
    assert spot.pricing.history(CLASS, since=datetime.max) == []  # noqa: DTZ901 - as above


@pytest.mark.parametrize(
    ("call", "arguments", "options", "message"),
    [
        ("pricing.list", (), {"catgory": "GPU"}, r"^pricing.list\(\) .*mean 'category'"),
        ("cloudspaces.get", (), {}, r"cloudspaces.get\(\) missing a required argument: 'name'"),
        ("cloudspaces.get", ("a", "b"), {}, r"cloudspaces.get\(\) too many positional arguments"),
        ("cloudspaces.get", ("a",), {"name": "b"}, r"cloudspaces.get\(\) multiple values"),
        ("spot_nodepools.create", ("x",), {"bid": 1}, r"spot_nodepools.create"),
        ("spot_nodepools.create", ("x",), {"serverclass": "a"}, r"'serverclass'. .*'server_class'"),
        ("regions.list", (), {"timeout": 5}, r"'timeout'. .*client.with_options\(timeout=5\)$"),
        ("regions.each", (), {"pagesize": 5}, r"regions.each\(\) .*Did you mean 'page_size'\?"),
        ("vm_ssh_keys.delete", ("x",), {"force": True}, r"vm_ssh_keys.delete\(\) got"),
    ],
)  # fmt: skip
def test_a_wrong_call_names_what_the_caller_wrote(
    spot: Any, call: str, arguments: tuple[Any, ...], options: dict[str, Any], message: str
) -> None:
    group, verb = call.split(".")
    with pytest.raises(TypeError, match=message) as caught:
        list(getattr(getattr(spot, group), verb)(*arguments, **options))
    assert "_Client" not in str(caught.value)
    assert "self" not in str(caught.value)


@pytest.mark.parametrize("kind", [SpotClient, AsyncSpotClient])
def test_a_wrong_option_of_a_client_names_its_class(kind: Any, sandbox: SpotSandbox) -> None:
    message = rf"^{kind.__name__}\(\) got an unexpected keyword argument 'regoin'. Did you mean"
    with pytest.raises(TypeError, match=message):
        kind(**sandbox.client_options(), regoin="x")
    with pytest.raises(TypeError, match=rf"^{kind.__name__}\(\) too many positional arguments"):
        kind("prod")
    client = kind(**sandbox.client_options())
    message = rf"^{kind.__name__}.with_options\(\) got .*'time_out'. Did you mean 'timeout'\?"
    with pytest.raises(TypeError, match=message):
        client.with_options(time_out=5)


def test_an_error_of_types_from_further_inside_stays_as_it_is(sandbox: SpotSandbox) -> None:
    with pytest.raises(TypeError, match=r"takes the arguments of httpx\.Client"):
        SpotClient(**sandbox.client_options(), httpx_options={"verfy": False})


@pytest.mark.parametrize("price", ["much", Decimal("NaN"), float("inf"), -1, None])
def test_a_rung_is_that_of_an_amount(price: Any) -> None:
    with pytest.raises(errors.InvalidInput, match="price is"):
        next_rung(price)
    assert next_rung("0.05") == Decimal("0.06")


@pytest.mark.parametrize("name", ["", ".models", ".senders", ".sandbox", ".state", ".registration"])
def test_a_module_lists_what_it_exports_before_it_is_loaded(name: str) -> None:
    module = importlib.import_module(f"rsspot{name}")
    assert set(module.__all__) <= set(dir(module))
    assert {"__all__", "__doc__"} <= set(dir(module))


def test_what_is_refused_can_be_pickled(spot: Any) -> None:
    with pytest.raises(errors.InvalidInput) as caught:
        spot.cloudspaces.get(5)
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)  # noqa: S301


def test_sizes_and_spans_may_be_text(spot: Any) -> None:
    large = spot.pricing.list(min_memory="60GB")
    assert large == spot.pricing.list(min_memory=60 * 1000**3)
    assert 0 < len(large) < len(spot.pricing.list())
    last = spot.pricing.history(CLASS, since="2h")
    assert last == spot.pricing.history(CLASS, since=timedelta(hours=2))
    assert 0 < len(last) < len(spot.pricing.history(CLASS, since="1d"))
