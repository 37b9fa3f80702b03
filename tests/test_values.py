"""The frozen classes that are made without attrs behave as those of attrs do."""

from __future__ import annotations

import copy
import inspect
import pickle
import weakref
from typing import Any

import attrs
import pytest

from rsspot import CacheConfig, ProfileConfig, RetryConfig, SDKConfig, Timeouts, values
from rsspot.senders import Request
from rsspot.senders.messages import Options
from rsspot.validators import InvalidValue, at_least, required


def _declare(frozen: Any, field: Any) -> Any:
    @frozen(kw_only=False)
    class Point:
        """A point."""

        x: int = field(validator=required(int))
        y: float = field(default=1.0, converter=float, validator=at_least(0))
        tags: list[str] = field(factory=list, hash=False)
        name: str = field(default="p", repr=str.upper, eq=False, kw_only=True)
        secret: str | None = field(default=None, repr=False, kw_only=True, metadata={"a": 1})

        def __attrs_post_init__(self) -> None:
            if self.x == self.y + 1:
                raise InvalidValue("x", "is one more than y")

        @property
        def twice(self) -> int:
            return 2 * self.x

    return Point


Theirs = _declare(attrs.frozen, attrs.field)
Ours = _declare(values.frozen, values.field)

CALLS: list[tuple[tuple[Any, ...], dict[str, Any]]] = [
    ((1,), {}),
    ((1, "2"), {"tags": ["a"], "name": "q", "secret": "s"}),
    ((), {"x": 3, "y": 0}),
    ((), {}),
    ((1, 2, [], "name"), {}),
    ((1,), {"z": 1}),
    ((1,), {"x": 1}),
    (("1",), {}),
    ((1, -1), {}),
    ((1, "text"), {}),
    ((3, 2), {}),
]


@pytest.mark.parametrize(("args", "options"), CALLS)
def test_the_constructor_takes_and_refuses_what_that_of_attrs_does(
    args: tuple[Any, ...], options: dict[str, Any]
) -> None:
    made: list[Any] = []
    for kind in (Theirs, Ours):
        try:
            made.append(attrs.asdict(kind(*args, **options)))
        except (TypeError, ValueError) as error:
            made.append((type(error), str(error)))
    assert made[0] == made[1]


def test_values_show_and_compare_as_those_of_attrs() -> None:
    for kind in (Theirs, Ours):
        point = kind(1, name="q", secret="hidden")
        assert repr(point) == "Point(x=1, y=1.0, tags=[], name=Q)"
        assert point == kind(1, name="other", secret="hidden") != kind(1)
        assert hash(point) == hash(kind(1, tags=["a"], secret="hidden"))
        assert point != Theirs(1) or kind is Theirs
        assert (point == 1) is False
        assert kind.__match_args__ == ("x", "y", "tags")
        assert kind.__doc__ == "A point."
        assert point.twice == 2
        assert not hasattr(kind, "y") or kind is Theirs


def test_each_object_has_a_list_of_its_own() -> None:
    assert Ours(1).tags is not Ours(1).tags


def test_the_signature_is_that_of_attrs() -> None:
    ours, theirs = (inspect.signature(kind) for kind in (Ours, Theirs))
    assert [*ours.parameters] == [*theirs.parameters]
    for name, parameter in ours.parameters.items():
        assert parameter.kind is theirs.parameters[name].kind
        required_by = [
            each.default is inspect.Parameter.empty for each in (parameter, theirs.parameters[name])
        ]
        assert required_by[0] == required_by[1]
    assert str(inspect.signature(Timeouts)).startswith("(*, connect: 'float | None' = 10.0, ")


@pytest.mark.parametrize(
    "value",
    [
        Ours(1),
        Timeouts(),
        RetryConfig(),
        CacheConfig(ttl={"/a": 1}),
        Options(),
        Request("GET", "https://spot.example/"),
    ],
    ids=lambda it: type(it).__name__,
)
def test_no_attribute_can_be_set_or_deleted(value: Any) -> None:
    kind: Any = value.__class__
    name = attrs.fields(kind)[0].name
    before = getattr(value, name)
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        setattr(value, name, 1)
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        value.other = 1
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        delattr(value, name)
    assert getattr(value, name) is before
    assert weakref.ref(value)() is value


@pytest.mark.parametrize(
    "value",
    [
        Timeouts(total=3),
        RetryConfig(retry_statuses=[500]),
        CacheConfig(ttl={"/a": 1.0}),
        Options(),
        SDKConfig(profiles={"a": ProfileConfig(org="b", refresh_token="c", timeout=3)}),
    ],
    ids=lambda it: type(it).__name__,
)
def test_copies_are_equal(value: Any) -> None:
    assert pickle.loads(pickle.dumps(value)) == value  # noqa: S301 - made here
    assert copy.copy(value) == copy.deepcopy(value) == value
    assert attrs.evolve(value) == values.evolve(value) == value
    assert attrs.asdict(value, recurse=False) == vars(value)
    kind: Any = value.__class__
    assert attrs.has(kind)


def test_attrs_copies_with_other_values_and_checks_them() -> None:
    changed = attrs.evolve(RetryConfig(), max_attempts=2, base_delay=1.5)
    assert changed == RetryConfig(max_attempts=2, base_delay=1.5)
    assert values.evolve(RetryConfig(), max_attempts=2).max_attempts == 2
    for evolve in (attrs.evolve, values.evolve):
        with pytest.raises(InvalidValue, match="max_attempts must be a finite number, 1 or more"):
            evolve(changed, max_attempts=0)
        with pytest.raises(TypeError, match="attempts"):
            evolve(changed, attempts=1)


def test_attrs_knows_the_fields() -> None:
    for ours, theirs in zip(attrs.fields(Ours), attrs.fields(Theirs), strict=True):
        for name in (
            "name",
            "default",
            "validator",
            "repr",
            "eq",
            "hash",
            "kw_only",
            "type",
            "alias",
            "metadata",
        ):
            both = [getattr(each, name) for each in (ours, theirs)]
            assert name == "validator" or both[0] == both[1], (ours.name, name)
    assert attrs.fields(Ours).x.validator is not None
    assert attrs.fields(Ours) is attrs.fields(Ours)
    assert [each.name for each in values.fields(Ours)] == [each.name for each in attrs.fields(Ours)]
    assert values.fields(Theirs) == values.fields(int) == ()


def test_a_class_of_attrs_can_extend_one() -> None:
    @attrs.frozen(kw_only=True)
    class Own(Timeouts):
        more: int = 1

    assert Own(total=3, more=2) == attrs.evolve(Own(total=3), more=2)
    assert Own().total == 60


def test_a_plain_class_can_extend_one() -> None:
    class Own(RetryConfig):
        """Has another name."""

    assert repr(Own(max_attempts=2)).startswith("Own(max_attempts=2, ")
    assert Own() == Own() != RetryConfig()
    assert attrs.evolve(Own(), max_attempts=2).max_attempts == 2
