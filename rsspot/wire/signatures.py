"""The signatures of public calls, and errors of calls that do not match them."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from rsspot.arguments import KINDS as BASIC_KINDS
from rsspot.arguments import ArgumentKind, instance, one_of
from rsspot.errors import RSSpotError
from rsspot.models.names import did_you_mean
from rsspot.models.view import View
from rsspot.senders.transport.arguments import UnknownOption
from rsspot.shapes import is_mapping

if TYPE_CHECKING:
    import inspect
    from collections.abc import Callable, Mapping

__all__ = ["KINDS", "named", "public_signature", "wrong_call"]

P = ParamSpec("P")
T = TypeVar("T")


def _is_clear(value: Any) -> bool:
    return repr(value) == "rsspot.CLEAR"


KINDS: Mapping[str, ArgumentKind] = {
    **BASIC_KINDS,
    # A float is not an exact price; the function that reads the amount reports it.
    "Decimal": instance((Decimal, float), "a Decimal"),
    "Mapping": ArgumentKind(is_mapping, "a mapping of text to text", (dict,)),
    "Cloudspace": instance(View, "a view"),
    "V": instance(View, "a view"),
    "IfExists": one_of(("error", "return")),
    "Progress": ArgumentKind(callable, "a function"),
    "Clear": ArgumentKind(_is_clear, ""),
}
"""The names in the annotations of operations."""


class _Annotation(str):
    """An annotation that is shown as it is written, without quotes."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


_FLOW = r"(?:Flow|Stream)\[(.*)\]"


def public_signature(
    flow: Callable[..., Any], returns: str, *, is_async: bool = False, kind: type | None = None
) -> inspect.Signature:
    """Return the signature of a call of `flow`: its parameters and its result.

    returns: the form of the result, in which ``{}`` stands for what the flow returns or emits.
    kind: the class of the objects, if known.
    """
    import inspect  # it takes 6 ms

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
    result = re.sub(_FLOW, lambda match: returns.format(match[1]), str(signature.return_annotation))
    if is_async and returns != "{}":
        result = f"Async{result}"
    return inspect.Signature(parameters, return_annotation=shown(result))


def wrong_call(
    name: str, function: Callable[..., Any], arguments: tuple[Any, ...], options: dict[str, Any]
) -> TypeError:
    """Return the error for a call that does not match the signature of `function`.

    name: the public name of the call. arguments: those after `self`.
    """
    import inspect

    signature = inspect.signature(function)
    known = [*signature.parameters][1:]
    unknown = [option for option in options if option not in known]
    try:
        # A misspelled argument is missing, too; the name that was written says more.
        bind = signature.bind_partial if unknown else signature.bind
        bind(None, *arguments, **options)
    except TypeError as error:
        problem = str(error)
    else:
        problem = "got arguments that it does not take"
    from rsspot.renamed import argument_hint

    surplus = ["*"] if problem.startswith("too many positional") else []
    hint = argument_hint(name, [*unknown, *surplus])
    if hint is None and "timeout" in unknown:
        hint = "Time-outs are options of a client: client.with_options(timeout=5)"
    if hint is None and unknown:
        hint = did_you_mean(unknown[0], known)
    return TypeError(f"{name}() {problem}{f'. {hint}' if hint else ''}")


def named(function: Callable[Concatenate[Any, P], T]) -> Callable[Concatenate[Any, P], T]:
    """Make a method name the class of its object in errors of wrong calls."""

    @wraps(function)
    def call(self: Any, /, *arguments: P.args, **options: P.kwargs) -> T:
        failure: Exception
        try:
            return function(self, *arguments, **options)
        except (RSSpotError, UnknownOption) as error:
            if function.__name__ != "__init__":
                raise
            failure = error
        except TypeError as error:
            # Python refuses a call before the function has a frame.
            if error.__traceback__ is None or error.__traceback__.tb_next is not None:
                raise
            what = "" if function.__name__ == "__init__" else f".{function.__name__}"
            name = f"{type(self).__name__}{what}"
            failure = wrong_call(name, function, arguments, options)
        except BaseException:
            # Error reporters show the local variables of frames: here the tokens of a client.
            del arguments, options
            raise
        # So raise it from here, without the frames that held the arguments of a client.
        del arguments, options
        failure.__context__ = failure.__cause__ = None
        raise failure.with_traceback(None)

    return call
