"""However many fields of an object are read, and in whatever order, each is what it is alone."""

from __future__ import annotations

import gc
import logging
import pickle
from typing import TYPE_CHECKING, Any, ClassVar

from hypothesis import given
from hypothesis import strategies as st

from rsspot.models import Cloudspace, Region, ServerClass
from rsspot.models import fields as field
from rsspot.models.view import View
from rsspot.shapes import is_object

if TYPE_CHECKING:
    import pytest

    from rsspot.models.view import Field

KINDS: list[type[View[Any]]] = [Cloudspace, ServerClass, Region]
STRANGE: st.SearchStrategy[Any] = st.one_of(
    st.none(), st.booleans(), st.integers(), st.text(max_size=3), st.sampled_from(["[]", "{}"])
)


def strange(draw: st.DrawFn) -> Any:
    """A value that may be none that the field expects."""
    value = draw(STRANGE)
    made: dict[Any, Any] = {"[]": [], "{}": {}}
    return made.get(value, value) if isinstance(value, str) else value


@st.composite
def objects(draw: st.DrawFn) -> tuple[type[View[Any]], dict[str, Any], list[str]]:
    """A kind, JSON that may lack or spoil any part of it, and an order of its fields."""
    kind = draw(st.sampled_from(KINDS))
    data: dict[str, Any] = {}
    for each in kind.fields.values():
        parent: Any = data
        for key in each.path[:-1]:
            parent = parent.setdefault(key, strange(draw) if draw(st.booleans()) else {})
            if not is_object(parent):
                break
        else:
            if draw(st.booleans()):
                parent[each.path[-1]] = strange(draw)
    return kind, data, draw(st.permutations([*kind.fields]))


@given(objects())
def test_a_field_has_the_same_value_alone_and_after_others(
    drawn: tuple[type[View[Any]], dict[str, Any], list[str]],
) -> None:
    kind, data, order = drawn
    alone = {name: getattr(kind(data), name) for name in order}
    whole, (listed,) = kind(data), kind.each_of([data])
    for view in (whole, listed):
        for _ in range(2):
            assert {name: getattr(view, name) for name in order} == alone
    assert whole == listed == kind(data)
    assert whole.to_dict() == data
    assert repr(whole) == repr(kind(data))
    assert getattr(pickle.loads(pickle.dumps(whole)), order[0]) == alone[order[0]]  # noqa: S301


class Cell(View[Any]):
    """A view with two fields of one key, one that is overridden, and one that is not text."""

    shown: ClassVar[tuple[str, ...]] = ("a",)

    a: Field[str] = field.text("a")
    b: Field[str] = field.text("b")
    c: Field[str] = field.text("c")
    number: Field[int | None] = field.integer("c")


class Loud(Cell):
    """One whose field is something else."""

    @property
    def b(self) -> str:  # type: ignore[override] # pyright: ignore[reportIncompatibleVariableOverride]
        return "mine"


def test_two_fields_of_one_key_and_a_field_that_is_overridden_keep_their_meaning() -> None:
    view = Loud({"a": "1", "b": "2", "c": "3"})
    for _ in range(3):
        assert (view.a, view.b, view.c, view.number) == ("1", "mine", "3", 3)


def test_a_value_that_cannot_be_read_is_reported_once_however_much_is_read(
    caplog: pytest.LogCaptureFixture,
) -> None:
    view = Cell({"a": "1", "b": [], "c": "x"})
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            assert (view.a, view.b, view.c, view.number) == ("1", "", "x", None)
    assert [record.message.split(" is absent")[0] for record in caplog.records] == [
        "Cell.b",
        "Cell.number",
    ]


def test_an_object_of_which_little_is_read_has_no_dict_of_its_own() -> None:
    view = Cloudspace({"metadata": {"name": "a", "namespace": "b"}})
    assert (view.name, view.namespace) == ("a", "b")
    # What it refers to; reading `__dict__` would create one.
    assert [each for each in gc.get_referents(view) if isinstance(each, dict)] == [view.to_dict()]
    assert view.uid == ""
    assert view.__dict__["name"] == "a"
