"""Convert plain values into frozen classes, by the types of their fields, and note all problems.

This module knows no class by name.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import PurePath
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, get_args, get_origin, get_type_hints

from rsspot.config.kinds import NOT_IN_FILES
from rsspot.redaction.quoting import quoted_keys
from rsspot.shapes import is_mapping
from rsspot.validators import KINDS as NAMES
from rsspot.validators import InvalidValue, is_a, kind_of
from rsspot.values import fields

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Advise = Callable[[str, Any], str | None]

__all__ = ["Keys", "Problem", "convert", "convert_part"]

Keys = tuple[Any, ...]

SCALARS = frozenset({str, int, float, bool})
"""The scalars that files contain."""


class Problem(NamedTuple):
    """What is wrong at a path of keys, and what to do."""

    keys: Keys
    text: str
    hint: str | None = None


def convert(
    value: Any, kind: Any, advise: Advise = lambda _key, _model: None
) -> tuple[Any, list[Problem]]:
    """Return `value` as `kind`, and its problems. If there are any, do not use what is returned.

    kind: a class of `rsspot.values`, or a mapping of names to instances of one.
    advise: returns the fix for an unknown key of a class, or None for a similar or the known keys.
    """
    conversion = _Conversion(advise)
    return conversion.read(value, kind, ()), conversion.problems


def convert_part(value: Mapping[Any, Any], kind: Any, name: str) -> Any:
    """Return `value`, a mapping that code has passed for the attribute `name`, as `kind`.

    Raises `InvalidValue`, which has the first problem.
    """
    made, problems = convert(value, kind)
    if not problems:
        return made
    keys, text, hint = problems[0]
    raise InvalidValue(quoted_keys((name, *keys)), text, hint)


class _Conversion:
    def __init__(self, advise: Advise) -> None:
        self.problems: list[Problem] = []
        self._advise = advise

    def read(self, value: Any, kind: Any, keys: Keys) -> Any:
        origin, members = get_origin(kind), get_args(kind)
        if origin is UnionType:
            return None if value is None else self.read(value, _member(value, members), keys)
        if fields(kind):
            return self._object(value, kind, keys)
        if origin is Mapping:
            return self._entries(value, members[1], keys)
        if origin is Literal and not any(value == member for member in members):
            self._note(keys, f"must be {' or '.join(map(str, members))}")
        elif kind in SCALARS and not is_a(kind, value):
            self._note(keys, f"must be {NAMES[kind]}, not {kind_of(value)}")
        # Anything else is checked by its validator.
        return str(value) if isinstance(value, PurePath) else value

    def _object(self, value: Any, kind: Any, keys: Keys) -> Any:
        if isinstance(value, kind):  # made in code
            return value
        types = _types(kind)
        given: dict[str, Any] = {}
        for name, item in self._items(value, keys):
            before = len(self.problems)
            if name in types:
                made = self.read(item, types[name], (*keys, name))
                if len(self.problems) == before:
                    given[name] = made
            elif isinstance(name, str):
                self._note((*keys, name), "is not a known key", self._fix(name, kind))
        try:
            return kind(**given)
        except InvalidValue as error:
            first = error
        # The constructor stops at the first.
        for refused in [*_refused(kind, given)] or [first]:
            place = (*keys, *refused.attribute.split(".", 1))
            self._note(place, refused.problem, refused.hint)
        return None

    def _entries(self, value: Any, kind: Any, keys: Keys) -> dict[Any, Any]:
        return {
            name: self.read(item, kind, (*keys, name)) for name, item in self._items(value, keys)
        }

    def _items(self, value: Any, keys: Keys) -> Iterator[tuple[Any, Any]]:
        """Yield the entries of a mapping, whose keys must be text.

        YAML reads a key whose entries are all commented out as null, which means no entries.
        """
        if value is not None and not is_mapping(value):
            self._note(keys, f"must be a mapping, not {kind_of(value)}")
            value = None
        for name, item in (value or {}).items():
            if not isinstance(name, str):
                problem = f"must be text, not {kind_of(name)}"
                self._note((*keys, name), problem, "Put it into quotes")
            yield name, item

    def _note(self, keys: Keys, text: str, hint: str | None = None) -> None:
        self.problems.append(Problem(keys, text, hint))

    def _fix(self, unknown: str, kind: Any) -> str:
        from difflib import get_close_matches

        known = [*_types(kind)]
        close = get_close_matches(unknown, known, 1)
        meant = f"Did you mean `{close[0]}`?" if close else f"Known keys: {', '.join(known)}"
        return self._advise(unknown, kind) or meant


@cache
def _types(kind: Any) -> Mapping[str, Any]:
    """Return the types of the fields that a file can set."""
    # Annotations are text, and name types that are imported for type checkers only.
    types = get_type_hints(kind, localns={"Literal": Literal, "Mapping": Mapping})
    return {
        each.name: types[each.name] for each in fields(kind) if NOT_IN_FILES not in each.metadata
    }


def _member(value: Any, members: tuple[Any, ...]) -> Any:
    """Return the member of a union that `value` should be; `object` if there are several."""
    classes = [member for member in members if fields(member)]
    others = [member for member in members if member is not NoneType and member not in classes]
    if classes and (not others or isinstance(value, (Mapping, *classes))):
        return classes[0]
    return others[0] if len(others) == 1 else object


def _refused(kind: Any, given: Mapping[str, Any]) -> Iterator[InvalidValue]:
    """Yield all errors of the validators of a class."""
    for each in fields(kind):
        if each.name in given and each.validator is not None:
            value = given[each.name]
            try:
                each.validator(None, each, each.converter(value) if each.converter else value)
            except InvalidValue as error:
                yield error
