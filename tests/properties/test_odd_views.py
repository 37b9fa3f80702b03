"""Whatever the API answers, no view raises, and nothing of the generated code shows."""

from __future__ import annotations

import copy
import json
import pickle
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rsspot_api.types import Unset

from rsspot import models
from rsspot.models.price import read_comparable, read_history, read_percentiles
from rsspot.models.view import View
from rsspot.shapes import is_object

if TYPE_CHECKING:
    from collections.abc import Callable

VIEWS: Final[list[type[View[Any]]]] = [
    kind
    for name in models.__all__
    if isinstance(kind := getattr(models, name), type) and issubclass(kind, View) and kind.model
]

JSON: Final = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.sampled_from(["", "0.05", "3.75GB", "2026-01-01T00:00:00Z", "Ready", "1e99999999", "?"])
    | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)


@st.composite
def answers(draw: st.DrawFn, kind: type[View[Any]]) -> dict[str, Any]:
    """An object with something, or nothing, at each place that a field of `kind` looks at."""
    data: dict[str, Any] = {}
    for field in kind.fields.values():
        if not draw(st.booleans()):
            continue
        at: Any = data
        for key in field.path[:-1]:
            at = at.setdefault(key, {}) if is_object(at) else None
        if is_object(at):
            at[field.path[-1]] = draw(JSON)
    if draw(st.booleans()):
        data.setdefault("status", {"assignedServers": {"pool-1": draw(JSON), "": draw(JSON)}})
    return data


def everything(view: View[Any]) -> dict[str, Any]:
    """All public attributes but `raw`, which may refuse, and what has to be called."""
    names = [name for name in dir(type(view)) if not name.startswith("_")]
    values = {name: getattr(view, name) for name in names if name != "raw"}
    return {name: value for name, value in values.items() if not callable(value)}


def plain(value: Any) -> None:
    assert not isinstance(value, Unset)
    if isinstance(value, datetime):
        assert value.tzinfo is not None
    inner: Any = value
    parts: list[Any] = [*inner] if isinstance(value, tuple) else []
    if isinstance(value, View):
        parts = [*everything(inner).values()]
    for part in parts:
        plain(part)


@pytest.mark.parametrize("kind", VIEWS, ids=lambda kind: kind.__name__)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_odd_answers_never_raise(kind: type[View[Any]], data: st.DataObject) -> None:
    answer = data.draw(answers(kind))
    view = kind(answer)
    for value in everything(view).values():
        plain(value)
    assert view.to_dict() == answer
    for item in (view, *getattr(view, "servers", ())):
        assert type(item).__name__ in repr(item)
        assert "<table" in item._repr_html_()
    same = kind(copy.deepcopy(answer))
    assert view == same
    assert hash(view) == hash(same)
    assert pickle.loads(pickle.dumps(view)) == view  # noqa: S301 - our own
    for twin in (copy.copy(view), copy.deepcopy(view)):
        assert twin == view
        assert twin.to_dict() == answer


@pytest.mark.parametrize("read", [read_history, read_percentiles, read_comparable])
@settings(max_examples=50, deadline=None)
@given(JSON, JSON)
def test_odd_price_files_never_raise(
    read: Callable[[dict[str, Any]], list[Any]], inner: Any, item: Any
) -> None:
    for answer in (
        {"history": [inner, {"run_at": item, "hammer_price": inner}], "regions": inner},
        {"regions": {"r": {"serverclasses": {"c": item}, "c": {"comparables": inner}}}},
    ):
        assert isinstance(read(answer), list)


def test_what_a_newer_api_adds_is_in_the_wire_form_and_in_raw() -> None:
    data = {
        "metadata": {"name": "demo"},
        "spec": {"region": "r", "kubernetesVersion": "2.0", "cni": "new", "colour": "blue"},
    }
    view = models.Cloudspace(json.loads(json.dumps(data)))
    assert (view.cni, view.to_dict()) == ("new", data)
    assert view.raw.spec.additional_properties["colour"] == "blue"
