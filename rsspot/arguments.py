"""Checks of the arguments of public calls against the annotations of their parameters."""

from __future__ import annotations

import ast
import os
from collections.abc import Collection, Iterable
from datetime import date
from functools import wraps
from types import FunctionType, NoneType
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, cast

from rsspot.errors import InvalidInput
from rsspot.shapes import is_mapping, is_sequence, is_unawaited, type_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

__all__ = [
    "KINDS",
    "ArgumentChecks",
    "ArgumentKind",
    "check_arguments",
    "check_fields",
    "check_whole",
    "instance",
    "of_class",
    "one_of",
]

C = TypeVar("C", bound=type)

BITS = 63
"""A whole number that has more is beyond what databases and APIs hold."""


class ArgumentKind(NamedTuple):
    """What an annotation allows: a check, the words for it, and types that need no check.

    is_of_type: whether all objects of one type fit, or none.
    """

    fits: Callable[[Any], bool]
    words: str
    types: tuple[type, ...] = ()
    is_of_type: bool = False


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value.bit_length() <= BITS


def _is_number(value: Any) -> bool:
    return isinstance(value, float) or _is_whole(value)


def one_of(values: Collection[str]) -> ArgumentKind:
    """The kind of some words."""
    return ArgumentKind(values.__contains__, " or ".join(map(repr, values)))


def instance(kind: type | tuple[type, ...], words: str) -> ArgumentKind:
    """The kind of the instances of a class, or of some."""

    def fits(value: Any) -> bool:
        return isinstance(value, kind)

    return ArgumentKind(fits, words, kind if isinstance(kind, tuple) else (kind,))


def of_class(name: str, words: str) -> ArgumentKind:
    """The kind of the instances of a class of this name, which need not be imported."""

    def fits(value: Any) -> bool:
        return any(base.__name__ == name for base in type(value).__mro__)

    return ArgumentKind(fits, words, is_of_type=True)


KINDS: Mapping[str, ArgumentKind] = {
    "str": instance(str, "text"),
    "bytes": instance(bytes, "bytes"),
    "bool": instance(bool, "True or False"),
    "int": ArgumentKind(_is_whole, "a whole number"),
    "float": ArgumentKind(_is_number, "a number", (float,)),
    "datetime": instance(date, "a datetime"),
    "date": instance(date, "a date"),
    "dict": ArgumentKind(is_mapping, "a mapping", (dict,)),
    "Mapping": ArgumentKind(is_mapping, "a mapping", (dict,)),
    "Iterable": instance(Iterable, "a list"),
    "Sequence": instance(Collection, "a list"),
    "Collection": instance(Collection, "a list"),
    "Callable": ArgumentKind(callable, "a function", (FunctionType,)),
    "PathLike": instance(os.PathLike, "a path"),
    "BaseException": instance(BaseException, "an exception"),
    "None": instance(NoneType, ""),
}
"""By the name in an annotation. One with any other name is checked where the argument is used."""


class ArgumentChecks:
    """The checks of the arguments of one function, read from its annotations once.

    An argument whose type is one that its annotation names costs two look-ups.

    function: a function whose first parameter is its object.
    kinds: what the names in its annotations stand for.
    """

    def __init__(
        self, function: Callable[..., Any], kinds: Mapping[str, ArgumentKind] = KINDS
    ) -> None:
        plain: Any = function
        while hasattr(plain, "__wrapped__"):  # not `inspect.unwrap`, whose import takes 6 ms
            plain = plain.__wrapped__
        code = plain.__code__
        self._positional = code.co_varnames[1 : code.co_argcount]
        self._kinds: dict[str, list[ArgumentKind]] = {}
        self._types: dict[str, set[type]] = {}
        for name, annotation in function.__annotations__.items():
            if not isinstance(annotation, str):  # of the result, in a constructor by attrs
                continue
            parts = _parts(ast.parse(annotation, mode="eval").body)
            found = [_kind(part, kinds) for part in parts]
            known = [kind for kind in found if kind is not None]
            if len(known) == len(found):
                self._kinds[name] = known
                self._types[name] = {each for kind in known for each in kind.types}

    def check(self, arguments: tuple[Any, ...], options: dict[str, Any]) -> None:
        """Refuse arguments (those after `self`) of another type. Raises `InvalidInput`.

        Names that the function does not have are passed over: the call itself refuses them.
        """
        types = self._types
        if arguments:
            options = {**dict(zip(self._positional, arguments, strict=False)), **options}
        for name, value in options.items():
            if type(value) not in types.get(name, ()):
                self._check_closely(name, value)

    def _check_closely(self, name: str, value: Any) -> None:
        found = self.problem(name, value)
        if found is not None:
            problem, hint = found
            raise InvalidInput(f"{name} {problem}", argument=name, hint=hint)
        # The elements of a list are checked each time.
        kinds = () if is_sequence(value) else self._kinds.get(name, ())
        if any(kind.is_of_type and kind.fits(value) for kind in kinds):
            self._types[name].add(cast("type", type(value)))

    def problem(self, name: str, value: Any) -> tuple[str, str | None] | None:
        """Return why the argument `name` cannot be `value`, and a hint; None where it can."""
        allowed = self._kinds.get(name, [])
        if not allowed:
            return (f"cannot be a {type_name(value)}", None) if is_unawaited(value) else None
        for each in value if is_sequence(value) else ():
            if is_unawaited(each):
                return f"has a {type_name(each)}", None
        for kind in allowed:  # a generator that is left early would swallow an interrupt
            if kind.fits(value):
                return None
        words = [kind.words for kind in allowed if kind.words]
        what = " or ".join([", ".join(words[:-1]), words[-1]] if words[1:] else words)
        return f"must be {what}, not {_shown(value, what)}", _hint(value, what)


def check_arguments(
    kinds: Mapping[str, ArgumentKind] = KINDS,
    *,
    unchecked: Collection[str] = (),
    methods: bool = True,
) -> Callable[[C], C]:
    """Let the public methods of a class, and its constructor, refuse arguments of another type.

    They raise `InvalidInput`, which names the argument and says what it takes. `unchecked` names
    methods that are called too often for it; without `methods` it is the constructor alone.
    """

    def decorate(cls: C) -> C:
        for name, item in [*vars(cls).items()]:
            public = name == "__init__" or (methods and name[0] != "_")
            if public and isinstance(item, FunctionType) and name not in unchecked:
                setattr(cls, name, _checked(item, kinds))
        return cls

    return decorate


def _checked(function: FunctionType, kinds: Mapping[str, ArgumentKind]) -> Callable[..., Any]:
    checks: list[ArgumentChecks] = []

    @wraps(function)
    def call(self: Any, /, *arguments: Any, **options: Any) -> Any:
        if arguments or options:
            if not checks:
                checks.append(ArgumentChecks(function, kinds))
            checks[0].check(arguments, options)
        return function(self, *arguments, **options)

    return call


def check_fields(argument: str, value: object, kinds: Mapping[str, ArgumentKind]) -> None:
    """Refuse an object one of whose attributes has another kind. Raises `InvalidInput`.

    kinds: the kinds by the name of the attribute.
    """
    for name, kind in kinds.items():
        found = getattr(value, name)
        if not kind.fits(found):
            raise InvalidInput(
                f"{argument}.{name} must be {kind.words}, not {_shown(found, kind.words)}",
                argument=argument,
                hint=_hint(found, kind.words),
            )


def check_whole(argument: str, value: Any, minimum: int = 0) -> int:
    """Return a whole number, `minimum` or more, that 64 bits can hold. Raises `InvalidInput`."""
    if not _is_whole(value) or value < minimum:
        shown = value if _is_whole(value) else _shown(value, "a number")
        raise InvalidInput(
            f"{argument} must be a whole number, {minimum} or more, not {shown}", argument=argument
        )
    return int(value)


def _shown(value: object, what: str) -> str:
    # A value is never quoted, since it may be a secret in the wrong place.
    if value is None:
        return "None"
    if what.startswith("'") and isinstance(value, str):  # one of some words
        return f"{value[:80]!r}"
    if isinstance(value, int) and value.bit_length() > BITS:
        return "one beyond 64 bits" if "number" in what else "int"
    return type_name(value)


def _parts(node: ast.expr) -> Iterator[ast.expr]:
    if isinstance(node, ast.BinOp):
        yield from _parts(node.left)
        yield from _parts(node.right)
    else:
        yield node


def _kind(node: ast.expr, kinds: Mapping[str, ArgumentKind]) -> ArgumentKind | None:
    if isinstance(node, ast.Constant):
        return kinds["None"]
    if not isinstance(node, ast.Subscript):
        return kinds.get(node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", ""))
    name = getattr(node.value, "id", "")
    if name == "Literal":
        return one_of(ast.literal_eval(node.slice))
    item = _kind(node.slice, kinds) if name in {"Sequence", "Collection"} else None
    return _kind(node.value, kinds) if item is None else _list_of(item)


def _is_list(value: Any) -> bool:
    return isinstance(value, Collection) and not isinstance(value, str | bytes)


def _list_of(item: ArgumentKind) -> ArgumentKind:
    def fits(value: Any) -> bool:
        return _is_list(value) and all(item.fits(each) for each in value)

    return ArgumentKind(fits, f"a list, each {item.words}")


def _hint(value: object, what: str) -> str | None:
    if isinstance(value, str) and "number" in what:
        return "Write the number without quotes"
    if isinstance(value, bytes) and "text" in what:
        return "Decode the bytes to text"
    return None
