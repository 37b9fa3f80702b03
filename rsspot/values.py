"""Frozen classes of values that are declared as with attrs, and made without importing it.

The import of attrs takes a fifth of the time until a first result, so the few classes that every
first call needs are made here. To attrs and to type checkers they are classes of attrs, with which
`attrs.evolve`, `attrs.asdict` and `attrs.fields` work; only then is attrs imported.
"""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeVar

from rsspot.lazy import lazy_property

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from attrs import Attribute

__all__ = ["evolve", "field", "fields", "frozen"]

C = TypeVar("C", bound=type)
V = TypeVar("V")


class _Nothing:
    """The default of a field that has none."""

    def __repr__(self) -> str:
        return "NOTHING"


NOTHING = _Nothing()


class _Field:
    """One field of a class. The arguments are those of `attrs.field`."""

    name: str

    def __init__(
        self,
        *,
        default: Any = NOTHING,
        factory: Callable[[], Any] | None = None,
        converter: Callable[[Any], Any] | None = None,
        validator: Callable[[Any, Any, Any], None] | None = None,
        repr: bool | Callable[[Any], str] = True,  # noqa: A002 - as in attrs
        eq: bool = True,
        hash: bool | None = None,  # noqa: A002 - as in attrs
        kw_only: bool = False,
        metadata: Mapping[Any, Any] | None = None,
    ) -> None:
        self.default = default
        self.factory = factory
        self.converter = converter
        self.validator = validator
        self.repr = repr
        self.eq = eq
        self.hash = hash
        self.kw_only = kw_only
        self.metadata: Mapping[Any, Any] = metadata or {}

    @property
    def is_optional(self) -> bool:
        return self.default is not NOTHING or self.factory is not None


def _frozen(*, kw_only: bool = False) -> Callable[[C], C]:
    """Return a decorator as `attrs.frozen` is, for classes without bases.

    kw_only: whether all arguments of the constructor are passed by name.
    """

    def decorate(kind: C) -> C:
        made: Any = kind
        own = tuple(_declared(made, name, kw_only=kw_only) for name in made.__annotations__)
        positional = tuple(each.name for each in own if not each.kw_only)
        setattr(kind, "__match_args__", positional)  # noqa: B010 - mypy refuses the plain form
        made.__init__ = _constructor(made, own)
        made.__eq__, made.__hash__ = _comparing(own)
        made.__setattr__ = made.__delattr__ = _refuse
        made.__repr__ = _shown_by(own)
        made.__replace__ = _evolve
        made.__fields__ = own
        made.__attrs_attrs__ = _AttrsFields(made, own)
        return kind

    return decorate


def fields(kind: Any) -> tuple[_Field, ...]:
    """Return the fields of such a class, without importing attrs; none of any other."""
    return getattr(kind, "__fields__", ())


def _declared(kind: Any, name: str, *, kw_only: bool) -> _Field:
    value: object = kind.__dict__.get(name, NOTHING)
    found = value if isinstance(value, _Field) else _Field(default=value)
    if value is not NOTHING:
        delattr(kind, name)
    found.name = name
    found.kw_only = found.kw_only or kw_only
    return found


def _constructor(kind: Any, fields: tuple[_Field, ...]) -> Any:
    """Return the constructor, which Python compiles from text.

    So it takes no longer than if it were written by hand, and reports wrong arguments alike.
    """
    text = f"""
def __init__(self, {_parameters(fields)}):
    {_body(fields, is_checked=hasattr(kind, "__attrs_post_init__"))}
"""
    known: dict[str, Any] = {"NOTHING": NOTHING, "__name__": kind.__module__}
    for each in fields:
        known[f"default_{each.name}"] = each.default
        known[f"make_{each.name}"] = each.factory
        known[f"convert_{each.name}"] = each.converter
        known[f"check_{each.name}"] = each.validator
        known[f"field_{each.name}"] = each
    exec(compile(text, f"<constructor of {kind.__qualname__}>", "exec"), known)  # noqa: S102 - own text
    made: Any = known["__init__"]
    made.__annotations__ = {**kind.__annotations__, "return": None}
    made.__qualname__ = f"{kind.__qualname__}.__init__"
    return made


def _comparing(fields: tuple[_Field, ...]) -> tuple[Callable[..., Any], Callable[[Any], int]]:
    """Return the methods that compare values."""
    compared = attrgetter(*(each.name for each in fields if each.eq))
    hashed = attrgetter(
        *(each.name for each in fields if (each.eq if each.hash is None else each.hash))
    )

    def __eq__(self: Any, other: Any) -> Any:  # noqa: N807
        if other.__class__ is not self.__class__:
            return NotImplemented
        return compared(self) == compared(other)

    def __hash__(self: Any) -> int:  # noqa: N807
        return hash((self.__class__, hashed(self)))

    return __eq__, __hash__


def _parameters(fields: tuple[_Field, ...]) -> str:
    positional = [_parameter(each) for each in fields if not each.kw_only]
    named = [_parameter(each) for each in fields if each.kw_only]
    return ", ".join((*positional, *(("*", *named) if named else ())))


def _parameter(each: _Field) -> str:
    return f"{each.name}=default_{each.name}" if each.is_optional else each.name


def _body(fields: tuple[_Field, ...], *, is_checked: bool) -> str:
    lines: list[str] = []
    for name, each in ((each.name, each) for each in fields):
        if each.factory:
            lines.append(f"if {name} is NOTHING: {name} = make_{name}()")
        if each.converter:
            lines.append(f"{name} = convert_{name}({name})")
    # In one call: attributes of a dict that is filled one by one take longer to read.
    lines.append(f"self.__dict__.update({', '.join(f'{it.name}={it.name}' for it in fields)})")
    checked = (each.name for each in fields if each.validator)
    lines += [f"check_{name}(self, field_{name}, {name})" for name in checked]
    if is_checked:
        lines.append("self.__attrs_post_init__()")
    return "\n    ".join(lines)


def _refuse(*_: object) -> None:
    from attrs.exceptions import FrozenInstanceError

    raise FrozenInstanceError


def _shown_by(fields: tuple[_Field, ...]) -> Callable[[Any], str]:
    shown = [
        (each.name, each.repr if callable(each.repr) else repr) for each in fields if each.repr
    ]

    def __repr__(self: Any) -> str:  # noqa: N807
        values = ", ".join(f"{name}={show(getattr(self, name))}" for name, show in shown)
        return f"{type(self).__qualname__.rsplit('>.', 1)[-1]}({values})"

    return __repr__


class _AttrsFields:
    """What attrs knows of a class, made when something asks for it."""

    def __init__(self, kind: Any, fields: tuple[_Field, ...]) -> None:
        self._kind = kind
        self._fields = fields

    def __get__(self, _instance: object, _owner: type) -> tuple[Attribute[Any], ...]:
        return self._made

    @lazy_property
    def _made(self) -> tuple[Attribute[Any], ...]:
        import attrs

        types = self._kind.__annotations__
        made = attrs.make_class(
            self._kind.__name__,
            {
                each.name: attrs.field(
                    default=attrs.NOTHING if each.default is NOTHING else each.default,
                    factory=each.factory,
                    converter=each.converter,
                    validator=each.validator,
                    repr=each.repr,
                    eq=each.eq,
                    hash=each.hash,
                    kw_only=each.kw_only,
                    metadata=each.metadata,
                    type=types[each.name],
                )
                for each in self._fields
            },
        )
        found: tuple[Attribute[Any], ...] = attrs.fields(made)
        return found


def _evolve(value: V, /, **changes: Any) -> V:
    """Return a copy of a value of such a class with other values in some of its fields."""
    return type(value)(**{**vars(value), **changes})


if TYPE_CHECKING:  # to them, these are classes of attrs
    from attrs import evolve, field, frozen
else:
    evolve, field, frozen = _evolve, _Field, _frozen
