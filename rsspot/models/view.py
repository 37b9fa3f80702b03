"""Views: flat, frozen, typed objects over the decoded JSON of a response.

A field is read on first access, and tolerantly: null is absent, an unknown value of an open set is
kept, and a value that cannot be read is logged and absent. So a list of ten thousand objects costs
little more than its JSON, and one bad value never hides the others.

Most code reads one field of each of many objects, or most fields of a few. The first two plain
values (text, numbers, what is absent) are therefore read one by one and not stored: an object of
which only the name is read has no dict of its own. With the third, all plain values are read at
once, which costs about as much as three. Lists, times and money are read on first access.
"""

from __future__ import annotations

from collections import deque
from itertools import repeat
from typing import (
    TYPE_CHECKING,
    Any,
    ClassVar,
    Generic,
    NoReturn,
    TypeAlias,
    TypeVar,
    cast,
    overload,
)

from rsspot.models.display import html_table, one_line
from rsspot.shapes import at, is_object

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import Never, Self

__all__ = ["Field", "View", "json_of", "make_raw"]

T = TypeVar("T")

RawT_co = TypeVar("RawT_co", covariant=True)


class Field(Generic[T]):
    """One attribute of a view: its path in the JSON, and the function that reads it."""

    name: str = "?"

    def __init__(
        self,
        read: Callable[[Any], T],
        path: tuple[str, ...],
        default: T,
        *,
        kept: type | None = None,
    ) -> None:
        self.read = read
        self.path = path
        self.default = default
        self.kept = kept
        """The type whose values `read` returns as they are, so that it need not be called."""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, view: None, owner: type) -> Self: ...
    @overload
    def __get__(self, view: View[Any], owner: type) -> T: ...
    def __get__(self, view: View[Any] | None, owner: type) -> Self | T:
        if view is None:
            return self
        value: Any = view._data  # noqa: SLF001 - a field is a part of its view
        try:
            for key in self.path:
                value = value[key]
        except (KeyError, TypeError):
            value = None  # it is absent, or its parent is absent, null or no object
        if value is None:
            value = self.default
        elif value.__class__ is not self.kept:
            value = view.__dict__[self.name] = self._read(view, value)
            return value  # type: ignore[no-any-return]
        reads = view._reads  # noqa: SLF001
        if reads == SINGLE_READS:
            _read_plain_values(view)
        else:
            _set(view, "_reads", reads + 1)
        return value  # type: ignore[no-any-return]

    if TYPE_CHECKING:
        # Views are read-only for type checkers too. At run time a field must not have this method:
        # it would take precedence over the stored value.
        def __set__(self, view: View[Any], value: Never) -> None: ...

    def _read(self, view: View[Any], value: Any) -> T:
        try:
            return self.read(value)
        except (ValueError, TypeError, ArithmeticError) as error:
            import logging  # only when something is logged

            logging.getLogger("rsspot.models").warning(
                "%s.%s is absent: %s", type(view).__name__, self.name, str(error)[:200]
            )
            return self.default


class View(Generic[RawT_co]):
    """The base of all views. Views are equal when their class and identity fields are equal."""

    identity: ClassVar[tuple[str, ...]] = ()
    """The fields that identify the object; empty: all of the JSON."""
    shown: ClassVar[tuple[str, ...]] = ()
    """The fields that `repr` shows."""
    secret: ClassVar[tuple[str, ...]] = ()
    """The fields that are never shown."""
    model: ClassVar[str] = ""
    """The name of the generated model that `raw` is."""
    fields: ClassVar[Mapping[str, Field[Any]]] = {}
    __slots__ = ("__dict__", "__weakref__", "_data")
    _data: dict[str, Any]
    """The JSON object. Not in `__dict__`, so that a list of objects makes no dicts of its own."""
    _reads: int = 0
    """How many plain values were read one by one."""
    _plain: ClassVar[_Plain]

    def __init_subclass__(cls, *, model: str = "", **more: Any) -> None:
        super().__init_subclass__(**more)
        cls.model = model or cls.model
        own: dict[str, Field[Any]] = {
            name: item for name, item in vars(cls).items() if isinstance(item, Field)
        }
        cls.fields = {**cls.fields, **own}
        cls._plain = _plain_values(cls)

    def __init__(self, data: dict[str, Any]) -> None:
        if not isinstance(data, dict):  # pyright: ignore[reportUnnecessaryIsInstance] - JSON
            raise ValueError(f"not an object: {type(data).__name__}")  # noqa: TRY004 - as fields do
        _put(self, data)

    @classmethod
    def each_of(cls, items: list[dict[str, Any]]) -> list[Self]:
        """Return a view of each of several objects: one call for all of them.

        Args:
            items: JSON objects.
        """
        # No loop of ours: a list may have ten thousand objects.
        made: list[Self] = [*map(_new, repeat(cls, len(items)))]
        _consume(map(_put, made, items))
        return made

    @property
    def raw(self) -> RawT_co:
        """The generated model of this object: every field of the document, and unknown ones."""
        return cast("RawT_co", make_raw(type(self).model, self._data))

    def to_dict(self) -> dict[str, Any]:
        """Return a copy of the JSON object that this is a view of."""
        from copy import deepcopy

        return deepcopy(self._data)

    if not TYPE_CHECKING:  # a type checker would accept any name

        def __getattr__(self, name: str) -> object:
            from rsspot.renamed import missing_attribute

            raise missing_attribute(self, name, ("a result",))

        def __getitem__(self, name: object) -> object:
            from rsspot.renamed import not_subscriptable

            raise not_subscriptable(self, name)

        __iter__ = None  # `__getitem__` alone would make it iterable

    def __setattr__(self, name: str, value: Any) -> NoReturn:
        raise AttributeError(f"{type(self).__name__} is read-only; `update` changes the object")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"{type(self).__name__} is read-only")

    def _key(self) -> tuple[Any, ...]:
        return tuple(getattr(self, name) for name in self.identity)

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        if not self.identity:
            return bool(self._data == other._data)
        return self._key() == other._key()

    def __hash__(self) -> int:
        key = self._key() if self.identity else tuple(sorted(self._data))
        return hash((type(self), key))

    def __repr__(self) -> str:
        return one_line(type(self), ((name, getattr(self, name)) for name in self.shown))

    def _repr_html_(self) -> str:
        names = [name for name in self.fields if name not in self.secret]
        return html_table(type(self), ((name, getattr(self, name)) for name in names))

    def __reduce__(self) -> tuple[Any, ...]:
        return (type(self), (self._data,))


_new = object.__new__
_set = object.__setattr__
_consume: Callable[[Iterable[None]], None] = deque[None](maxlen=0).extend
_put: Callable[[View[Any], dict[str, Any]], None] = View.__dict__["_data"].__set__
_put_dict: Callable[[View[Any], dict[str, Any]], None] = View.__dict__["__dict__"].__set__
SINGLE_READS = 2
"""Plain values of a view that are read one by one."""
_Plain: TypeAlias = "tuple[dict[str, Any], list[tuple[tuple[str, ...], _Fields]]]"
"""The defaults of fields, and by parent those that are read from it."""
_Fields: TypeAlias = "dict[str, tuple[str, type | None]]"
"""By key: the name of the field, and the type of the values that it returns as they are."""


def _plain_values(kind: type[View[Any]]) -> _Plain:
    parents: dict[tuple[str, ...], _Fields] = {}
    defaults: dict[str, Any] = {}
    for name, field in kind.fields.items():
        *path, key = field.path
        fields = parents.setdefault(tuple(path), {})
        # Of two fields with one key, the second is read by itself, as is one that is overridden.
        if key not in fields and getattr(kind, name) is field:
            fields[key] = name, field.kept
            defaults[name] = field.default
    return defaults, [*parents.items()]


def _read_plain_values(view: View[Any]) -> None:
    """Store the fields that are absent, or whose values are returned as they are."""
    defaults, parents = view._plain  # noqa: SLF001
    values = defaults.copy()
    for path, fields in parents:
        parent: Any = view._data  # noqa: SLF001
        if path:
            parent = at(parent, path)
        if not is_object(parent):
            continue  # it is absent, or null: so are its fields
        find = fields.get
        for key, value in parent.items():
            field = find(key)
            if field is not None and value is not None:
                name, kept = field
                if type(value) is kept:
                    values[name] = value
                else:
                    del values[name]  # it is read when it is asked for
    values.update(view.__dict__)
    _put_dict(view, values)


def json_of(view: View[Any]) -> dict[str, Any]:
    """Return the JSON object of a view, not a copy: it must not be changed."""
    return view._data  # noqa: SLF001 - for code that reads many large objects


def make_raw(model: str, data: dict[str, Any]) -> Any:
    """Return the generated model called `model` of the JSON object `data`.

    Raises `UnexpectedResponseError` when the object lacks what the document requires.
    """
    from importlib import import_module

    from rsspot.errors import UnexpectedResponseError

    models = import_module("rsspot_api.models")  # slow, and only `raw` needs it
    try:
        return getattr(models, model).from_dict(data)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UnexpectedResponseError(
            f"The object does not have what the document requires of a {model}: {error!r}",
            hint="Read its JSON with to_dict()",
        ) from error
