"""Checks of the arguments of public calls, by their annotations, before anything is done."""

from __future__ import annotations

import ast
import inspect
from datetime import date
from decimal import Decimal
from functools import cache, wraps
from types import NoneType
from typing import TYPE_CHECKING, Any, Concatenate, NamedTuple, ParamSpec, TypeVar

from rsspot.errors import InvalidInput
from rsspot.models.names import did_you_mean
from rsspot.models.view import View
from rsspot.shapes import is_mapping

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["check_types", "named", "wrong_call"]

P = ParamSpec("P")
T = TypeVar("T")


class _Kind(NamedTuple):
    """What an annotation allows: a check, and the words for it."""

    fits: Callable[[Any], bool]
    words: str


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _one_of(values: tuple[str, ...]) -> _Kind:
    return _Kind(values.__contains__, " or ".join(map(repr, values)))


def _is_clear(value: Any) -> bool:
    return repr(value) == "rsspot.CLEAR"


def _instance(kind: type | tuple[type, ...], words: str) -> _Kind:
    def fits(value: Any) -> bool:
        return isinstance(value, kind)

    return _Kind(fits, words)


_KINDS = {
    "str": _instance(str, "text"),
    "bytes": _instance(bytes, "bytes"),
    "bool": _instance(bool, "True or False"),
    "int": _Kind(_is_whole, "a whole number"),
    "float": _Kind(_is_number, "a number"),
    # That a float is no exact price is for whoever reads the amount to say.
    "Decimal": _instance((Decimal, float), "a Decimal"),
    "datetime": _instance(date, "a datetime"),
    "date": _instance(date, "a date"),
    "dict": _Kind(is_mapping, "a mapping"),
    "Mapping": _Kind(is_mapping, "a mapping of text to text"),
    "Cloudspace": _instance(View, "a view"),
    "V": _instance(View, "a view"),
    "IfExists": _one_of(("error", "return")),
    "Progress": _Kind(callable, "a function"),
    "Clear": _Kind(_is_clear, ""),
    "None": _instance(NoneType, ""),
}
"""By the name in an annotation. One with any other name is checked where the argument is used."""


def check_types(
    flow: Callable[..., Any], arguments: tuple[Any, ...], options: dict[str, Any]
) -> None:
    """Refuse arguments that are not what the annotations of `flow` say. Raises `InvalidInput`.

    `arguments` are those behind `self`; all of them fit the signature. A value is never quoted,
    since it may be a secret in the wrong place.
    """
    names, kinds = _kinds_of(flow)
    for name, value in (*zip(names, arguments, strict=False), *options.items()):
        allowed = kinds.get(name)
        if allowed is not None and not any(kind.fits(value) for kind in allowed):
            words = [kind.words for kind in allowed if kind.words]
            what = " or ".join([", ".join(words[:-1]), words[-1]] if words[1:] else words)
            given = "None" if value is None else type(value).__name__
            if what.startswith("'") and isinstance(value, str):  # one of some words
                given = f"{value[:80]!r}"
            raise InvalidInput(
                f"{name} must be {what}, not {given}", argument=name, hint=_hint(value, what)
            )


def wrong_call(
    name: str, function: Callable[..., Any], arguments: tuple[Any, ...], options: dict[str, Any]
) -> TypeError:
    """What to raise for a call that does not fit the signature of `function`.

    `name` is what the caller knows it by; `arguments` are those behind `self`.
    """
    signature = inspect.signature(function)
    try:
        signature.bind(None, *arguments, **options)
    except TypeError as error:
        problem = str(error)
    else:
        problem = "got arguments that it does not take"
    known = [*signature.parameters][1:]
    unknown = [option for option in options if option not in known]
    hint = did_you_mean(unknown[0], known) if unknown else None
    return TypeError(f"{name}() {problem}{f'. {hint}' if hint else ''}")


def named(function: Callable[Concatenate[Any, P], T]) -> Callable[Concatenate[Any, P], T]:
    """A method that says the name of its object's class, not its own, when it is called wrongly."""

    @wraps(function)
    def call(self: Any, /, *arguments: P.args, **options: P.kwargs) -> T:
        try:
            return function(self, *arguments, **options)
        except TypeError as error:
            # Python refuses a call before the function has a frame of its own.
            if error.__traceback__ is None or error.__traceback__.tb_next is not None:
                raise
            what = "" if function.__name__ == "__init__" else f".{function.__name__}"
            name = f"{type(self).__name__}{what}"
            raise wrong_call(name, function, arguments, options) from None
        except BaseException:
            # A reporter of errors shows the locals of frames: here the tokens of a client.
            del arguments, options
            raise

    return call


@cache
def _kinds_of(flow: Callable[..., Any]) -> tuple[tuple[str, ...], dict[str, list[_Kind]]]:
    found: dict[str, list[_Kind]] = {}
    for name, annotation in flow.__annotations__.items():
        kinds = [_kind(part) for part in _parts(ast.parse(annotation, mode="eval").body)]
        if None not in kinds:
            found[name] = [kind for kind in kinds if kind is not None]
    code = flow.__code__
    return code.co_varnames[1 : code.co_argcount], found


def _parts(node: ast.expr) -> Iterator[ast.expr]:
    if isinstance(node, ast.BinOp):
        yield from _parts(node.left)
        yield from _parts(node.right)
    else:
        yield node


def _kind(node: ast.expr) -> _Kind | None:
    if isinstance(node, ast.Subscript):
        if isinstance(node.value, ast.Name) and node.value.id == "Literal":
            values = ast.literal_eval(node.slice)
            return _one_of(values)
        node = node.value
    return _KINDS.get("None" if isinstance(node, ast.Constant) else getattr(node, "id", ""))


def _hint(value: object, what: str) -> str | None:
    if isinstance(value, str) and "number" in what:
        return "Write the number without quotes"
    if isinstance(value, bytes) and "text" in what:
        return "Decode the bytes to text"
    return None
