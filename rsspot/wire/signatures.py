"""The signatures of public calls: what they show, and checks of arguments against them."""

from __future__ import annotations

import ast
import inspect
import re
from datetime import date
from decimal import Decimal
from functools import wraps
from types import NoneType
from typing import TYPE_CHECKING, Any, Concatenate, NamedTuple, ParamSpec, TypeVar

from rsspot.errors import InvalidInput
from rsspot.models.names import did_you_mean
from rsspot.models.view import View
from rsspot.shapes import is_mapping

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["ArgumentChecks", "named", "public_signature", "wrong_call"]

P = ParamSpec("P")
T = TypeVar("T")


class _Kind(NamedTuple):
    """What an annotation allows: a check, the words for it, and types that need no check."""

    fits: Callable[[Any], bool]
    words: str
    types: tuple[type, ...] = ()


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

    return _Kind(fits, words, kind if isinstance(kind, tuple) else (kind,))


_KINDS = {
    "str": _instance(str, "text"),
    "bytes": _instance(bytes, "bytes"),
    "bool": _instance(bool, "True or False"),
    "int": _Kind(_is_whole, "a whole number", (int,)),
    "float": _Kind(_is_number, "a number", (int, float)),
    # That a float is no exact price is for whoever reads the amount to say.
    "Decimal": _instance((Decimal, float), "a Decimal"),
    "datetime": _instance(date, "a datetime"),
    "date": _instance(date, "a date"),
    "dict": _Kind(is_mapping, "a mapping", (dict,)),
    "Mapping": _Kind(is_mapping, "a mapping of text to text", (dict,)),
    "Cloudspace": _instance(View, "a view"),
    "V": _instance(View, "a view"),
    "IfExists": _one_of(("error", "return")),
    "Progress": _Kind(callable, "a function"),
    "Clear": _Kind(_is_clear, ""),
    "None": _instance(NoneType, ""),
}
"""By the name in an annotation. One with any other name is checked where the argument is used."""


class ArgumentChecks:
    """The checks of the arguments of one flow, read from its annotations once.

    An argument whose type is one that its annotation names costs two look-ups.
    """

    def __init__(self, flow: Callable[..., Any]) -> None:
        code = flow.__code__
        self._positional = code.co_varnames[1 : code.co_argcount]
        self._kinds: dict[str, list[_Kind]] = {}
        self._types: dict[str, frozenset[type]] = {}
        for name, annotation in flow.__annotations__.items():
            kinds = [_kind(part) for part in _parts(ast.parse(annotation, mode="eval").body)]
            known = [kind for kind in kinds if kind is not None]
            if len(known) == len(kinds):
                self._kinds[name] = known
                self._types[name] = frozenset(each for kind in known for each in kind.types)

    def check(self, arguments: tuple[Any, ...], options: dict[str, Any]) -> None:
        """Refuse arguments (those after `self`) of another type. Raises `InvalidInput`.

        Names that the flow does not have are passed over: the call itself refuses them.
        """
        types = self._types
        if arguments:
            options = {**dict(zip(self._positional, arguments, strict=False)), **options}
        for name, value in options.items():
            quick = types.get(name)
            if quick is not None and type(value) not in quick:
                self._check_closely(name, value)

    def _check_closely(self, name: str, value: Any) -> None:
        allowed = self._kinds[name]
        if any(kind.fits(value) for kind in allowed):
            return
        words = [kind.words for kind in allowed if kind.words]
        what = " or ".join([", ".join(words[:-1]), words[-1]] if words[1:] else words)
        # A value is never quoted, since it may be a secret in the wrong place.
        got = "None" if value is None else type(value).__name__
        if what.startswith("'") and isinstance(value, str):  # one of some words
            got = f"{value[:80]!r}"
        raise InvalidInput(
            f"{name} must be {what}, not {got}", argument=name, hint=_hint(value, what)
        )


class _Annotation(str):
    """An annotation that is shown as it is written, without quotes."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


_FLOW = re.compile(r"(?:Flow|Stream)\[(.*)\]")


def public_signature(
    flow: Callable[..., Any], returns: str, *, is_async: bool = False, kind: type | None = None
) -> inspect.Signature:
    """Return the signature of a call of `flow`: what a caller passes, and gets.

    `returns` is the form of the result, ``{}`` in it what the flow returns or emits; `kind` is the
    class of the objects, where it is known.
    """

    def shown(annotation: Any) -> Any:
        if annotation is inspect.Parameter.empty:
            return annotation
        text = str(annotation).replace("builtins.", "")
        return _Annotation(text if kind is None else re.sub(r"\bV\b", kind.__name__, text))

    signature = inspect.signature(flow)
    parameters = [
        item.replace(annotation=shown(item.annotation))
        for item in [*signature.parameters.values()][1:]
    ]
    result = _FLOW.sub(lambda match: returns.format(match[1]), str(signature.return_annotation))
    if is_async and returns != "{}":
        result = f"Async{result}"
    return inspect.Signature(parameters, return_annotation=shown(result))


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
            wrong = wrong_call(name, function, arguments, options)
            del arguments, options
            raise wrong from None
        except BaseException:
            # A reporter of errors shows the locals of frames: here the tokens of a client.
            del arguments, options
            raise

    return call


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
