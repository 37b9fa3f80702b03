"""Names of rsspot 0.3.0 that have changed: one table, for errors and for docs/upgrading.md.

The table is imported only when a name is looked up that does not exist.

It imports no other package of rsspot.
"""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = [
    "argument_hint",
    "explain_arguments",
    "explain_class",
    "missing_attribute",
    "missing_import",
    "missing_name",
    "name_hint",
    "not_subscriptable",
]


P = ParamSpec("P")
T = TypeVar("T")


def name_hint(full: str) -> str | None:
    """Return the replacement of a module, or of a name in one, of 0.3.0; None for any other."""
    from rsspot.renamed.names import NAMES

    found = NAMES.get(full)
    if found is None:
        module = next((name for name in NAMES if full.startswith(f"{name}.")), None)
        found = None if module is None else NAMES[module]
    return None if found is None else f"{full} is a name of rsspot 0.3.0. {found}"


class _Missing(AttributeError):
    """An error that searches the table only when it is shown, so that `hasattr` stays fast."""

    def __init__(self, text: str, name: str, hint: Callable[[], str | None], **more: Any) -> None:
        super().__init__(text, name=name, **more)
        self._hint = hint

    def __str__(self) -> str:
        hint = self._hint()
        text = str(self.args[0])
        return f"{text}. {hint}" if hint else text

    def __reduce__(self) -> tuple[Any, ...]:
        return (AttributeError, (str(self),))


# A traceback shows what a caller catches.
_Missing.__module__ = "builtins"
_Missing.__name__ = _Missing.__qualname__ = "AttributeError"


def missing_name(module: str, name: str) -> AttributeError:
    """Return the error for a name that `module` does not have."""
    text = f"module {module!r} has no attribute {name!r}"
    return _Missing(text, name, lambda: name_hint(f"{module}.{name}"))


def missing_import(module: str, name: str) -> Exception:
    """Return the error for a name that `module`, which is no package, does not have.

    `from module import name` hides the text of an `AttributeError`.
    """
    hint = name_hint(f"{module}.{name}")
    if hint is None:
        return missing_name(module, name)
    return ImportError(hint, name=f"{module}.{name}")


def missing_attribute(owner: object, name: str, kinds: Iterable[str]) -> AttributeError:
    """Return the error for an attribute that `owner` does not have.

    kinds: the rows of the table in which `name` is looked up, in this order. The error names the
    attribute, too, whose name in JSON is `name`.
    """
    kind = type(owner).__name__
    kind = "list" if kind == "Results" else kind
    text = f"{kind!r} object has no attribute {name!r}"
    return _Missing(
        text,
        name,
        lambda: (
            _attribute_hint(name, kinds)
            or argument_hint(kind, (name,))
            or _field_hint(type(owner), name)
        ),
        obj=owner,
    )


def _attribute_hint(name: str, kinds: Iterable[str]) -> str | None:
    from rsspot.renamed.attributes import ATTRIBUTES

    rows = [ATTRIBUTES.get(row, {}) for row in kinds]
    found = next((row[name] for row in rows if name in row), None)
    return None if found is None else f"It existed in rsspot 0.3.0. {found}"


def _field_hint(kind: type, name: str) -> str | None:
    for attribute in dir(kind):
        path: object = getattr(getattr(kind, attribute, None), "path", None)
        if isinstance(path, tuple) and path[-1:] == (name,):
            return f"Write .{attribute}"
    return None


def argument_hint(name: str, arguments: Iterable[str]) -> str | None:
    """Return the replacement of the first of `arguments` that 0.3.0 had; None if it had none.

    name: what is called, as `SpotClient` or `cloudspaces.create`. arguments: their names, and
    ``*`` for a positional argument.
    """
    from rsspot.renamed.arguments import ARGUMENTS

    for argument in arguments:
        for kind in (name, f"*.{name.rpartition('.')[2]}", "*"):
            found = ARGUMENTS.get(kind, {}).get(argument)
            if found is not None and (kind != "*" or "." in name):
                what = "A positional argument" if argument == "*" else f"{argument}="
                return f"{what} is an argument of rsspot 0.3.0. {found}"
    return None


def _required_hint(name: str, said: str) -> str | None:
    from rsspot.renamed.arguments import REQUIRED

    rows = REQUIRED.get(name, {})
    found = next((rows[each] for each in rows if f"argument: {each!r}" in said), None)
    return None if found is None else f"rsspot 0.3.0 did not need it. {found}"


def explain_class(kind: type[T]) -> type[T]:
    """Make a class of values name the replacement of an argument or attribute of 0.3.0."""
    made: Any = kind
    made.__init__ = explain_arguments(kind.__name__)(made.__init__)
    if not hasattr(made, "__getattr__"):
        made.__getattr__ = _explain_option
    return kind


def _explain_option(owner: object, name: str) -> object:
    raise missing_attribute(owner, name, ("a configuration",))


def not_subscriptable(owner: object, name: object) -> TypeError:
    """Return the error for ``owner[name]``, where `owner` has its fields as attributes."""
    text = f"{type(owner).__name__!r} object is not subscriptable"
    if not isinstance(name, str):
        return TypeError(text)
    kind = type(owner)
    field = f"Write .{name}" if hasattr(kind, name) else _field_hint(kind, name)
    return TypeError(f"{text}. {field or 'to_dict() is its JSON as a dict'}")


def explain_arguments(name: str) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Return a decorator: a call with an argument of 0.3.0 names its replacement.

    name: what is called, in the table of arguments.
    """

    def decorate(call: Callable[P, T]) -> Callable[P, T]:
        @wraps(call)
        def explained(*arguments: P.args, **options: P.kwargs) -> T:
            try:
                return call(*arguments, **options)
            except TypeError as error:
                said = str(error)
                refused = [each for each in options if f"keyword argument {each!r}" in said]
                if "positional argument" in said and " given" in said:
                    refused.append("*")
                hint = argument_hint(name, refused) or _required_hint(name, said)
                if hint is None:
                    del arguments, options  # error reporters show locals: a token, perhaps
                    raise
                text = f"{said}. {hint}"
            except BaseException:
                del arguments, options
                raise
            del arguments, options
            raise TypeError(text)

        return explained

    return decorate
