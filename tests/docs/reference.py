"""Walk the public surface, and say of each part what its documentation lacks.

What a class or function must say is read from what it is: its signature, and the errors that its
source raises. Docstrings are parsed as the documentation site does, in the style of Google.
"""

from __future__ import annotations

import ast
import builtins
import enum
import inspect
import re
import textwrap
from importlib import import_module
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import attrs
import griffe

import rsspot.errors
from rsspot.base_client import BaseClient
from rsspot.resources.groups import BoundGroup, Groups
from rsspot.senders.sender import Sender
from rsspot.wire.bind import Group, operation, stream

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["errors_of_every_call", "public_surface", "shortcomings"]

MODULES = (
    "rsspot",
    "rsspot.errors",
    "rsspot.market",
    "rsspot.models",
    "rsspot.preemption",
    "rsspot.pytest_plugin",
    "rsspot.quantities",
    "rsspot.registration",
    "rsspot.sandbox",
    "rsspot.senders",
    "rsspot.state",
)
OPERATIONS = (operation, stream)
UNIT = re.compile(
    r"\b(seconds?|minutes?|hours?|days?|bytes|characters|USD|percent|share|percentage|per cent|"
    r"CPUs?|vCPUs?|GPUs?|times|tries|attempts|number of|count of|maximum|minimum|how many|"
    r"factor|status|version|port|seed|pixels|index|from \d|between \d)\b",
    re.IGNORECASE,
)
"""What a number is a number of."""


def public_surface() -> Iterator[tuple[str, Any]]:
    """Yield the name and object of each public class, function and method of rsspot."""
    seen: set[int] = set()
    for module in MODULES:
        found = import_module(module)
        for name in found.__all__:
            item = getattr(found, name)
            home = str(getattr(item, "__module__", ""))
            if id(item) not in seen and home.startswith("rsspot") and callable(item):
                seen.add(id(item))
                yield f"{module}.{name}", item
                if inspect.isclass(item):
                    yield from _methods(f"{module}.{name}", item)
    for name, group in vars(Groups).items():
        if isinstance(group, BoundGroup) and not name.startswith("_"):
            resources = import_module(f"rsspot.resources.{group.module}")
            kind = getattr(resources, resources.__all__[0])
            yield f"client.{name}", kind
            yield from _methods(f"client.{name}", kind)


def _methods(full: str, kind: type) -> Iterator[tuple[str, Any]]:
    for name in dir(kind):
        item: Any = inspect.getattr_static(kind, name)
        owner = next((base for base in kind.__mro__ if name in vars(base)), kind)
        if name.startswith("_") or not owner.__module__.startswith("rsspot."):
            continue
        item = getattr(item, "__func__", item)  # of a static or class method
        if isinstance(item, (property, *OPERATIONS)) or inspect.isfunction(item):
            yield f"{full}.{name}", item


def shortcomings(item: Any) -> Iterator[str]:
    """Yield what the docstring of a class, function, property or operation lacks."""
    text = inspect.getdoc(item)
    if not text or (inspect.isclass(item) and not item.__dict__.get("__doc__")):
        yield "has no docstring"
        return
    first = text.partition("\n")[0]
    if len(first.split()) < 2 or not first.endswith("."):
        yield f"has no summary that is a sentence on one line: {first!r}"
    if isinstance(item, property) or (inspect.isclass(item) and issubclass(item, enum.Enum)):
        return
    sections = _sections(text)
    if inspect.isclass(item) and str(getattr(item.__init__, "__module__", "")).startswith("rsspot"):
        sections = _sections(inspect.getdoc(item.__init__) or "") | sections
    yield from _parameters(item, sections)
    if inspect.isclass(item):
        return
    result = str(_signature(item).return_annotation).replace("'", "")
    told = first.startswith(("Return ", "Yield ")) or sections.keys() & {"returns", "yields"}
    if result not in {"None", "Flow[None]"} and not told:
        yield f"does not say what it returns, as `Returns:` or `Yields:` ({result})"
    for part in (*sections.get("returns", ()), *sections.get("yields", ())):
        if part.name or part.annotation:
            yield f"has a colon in `Returns:`, before which a type is read: {part!r}"
    yield from _errors(item, sections)


def _signature(item: Any) -> inspect.Signature:
    return item.__signature__ if isinstance(item, OPERATIONS) else inspect.signature(item)


def _sections(text: str) -> dict[str, list[Any]]:
    parsed = griffe.Docstring(text).parse("google", warnings=False)
    return {part.kind.value: part.value for part in parsed if part.kind.value != "text"}


def _parameters(item: Any, sections: dict[str, list[Any]]) -> Iterator[str]:
    parts = [*sections.get("parameters", ()), *sections.get("attributes", ())]
    told = {part.name.lstrip("*"): part.description for part in parts}
    below = dict(_below_attributes(item)) if inspect.isclass(item) else {}
    told = below | told
    attributes = below.keys() | {part.name for part in sections.get("attributes", ())}
    try:
        parameters = _signature(item).parameters
    except ValueError:  # what Python makes has no signature
        return
    if inspect.isclass(item) and not _makes(item):
        return
    for name, parameter in parameters.items():
        if name in {"self", "cls"}:
            continue
        default: Any = parameter.default
        if name in attributes and (not default or default is attrs.NOTHING):
            default = inspect.Parameter.empty  # an empty attribute of a result needs no word
        problem = _problem(told.get(name), default)
        if problem:
            yield f"does not describe `{name}`{problem}"
    if not inspect.isclass(item):
        for name in told.keys() - parameters.keys():
            yield f"describes `{name}`, which it does not take"


def _below_attributes(kind: type) -> Iterator[tuple[str, str]]:
    """Yield the attributes of a class that have a string below them, and that string."""
    for base in reversed(kind.__mro__):
        if base.__module__.startswith("rsspot."):
            for part, after in pairwise(_body(base)):
                match part, after:
                    case (
                        ast.AnnAssign(target=ast.Name(id=name)),
                        ast.Expr(value=ast.Constant(value=str(text))),
                    ):
                        yield name.lstrip("_"), text
                    case _:
                        pass


def _body(kind: type) -> list[ast.stmt]:
    defined = _tree(kind).body
    return defined[0].body if defined and isinstance(defined[0], ast.ClassDef) else []


def _makes(kind: type) -> bool:
    """Return whether callers make objects of a class, or only get them."""
    if attrs.has(kind) or "__init__" in vars(kind):
        return True
    return issubclass(kind, BaseClient | Sender) and kind.__init__ is not object.__init__


def _problem(told: str | None, default: Any) -> str | None:
    """Return what the description of a parameter lacks, or None."""
    is_number = isinstance(default, int | float) and not isinstance(default, bool)
    value = f"{default:g}|{default:,.10g}" if is_number else ""
    names_default = re.compile(rf"\b(?:default|None)\b.*(?:{value})", re.IGNORECASE | re.DOTALL)
    problem = None
    if told is None:
        problem = " in `Args:`"
    elif len(told.split()) < 2:
        problem = f" in words: {told!r}"
    elif default is inspect.Parameter.empty or isinstance(default, bool):
        pass  # a question of yes or no has its default in the signature
    elif not names_default.search(told):
        problem = f" with its default, {default!r}: {told!r}"
    elif is_number and not UNIT.search(told):
        problem = f" with a unit: {told!r}"
    return problem


def _errors(item: Any, sections: dict[str, list[Any]]) -> Iterator[str]:
    told = [str(part.annotation) for part in sections.get("raises", ())]
    for name in told:
        if not (hasattr(rsspot.errors, name) or hasattr(builtins, name)):
            yield f"raises `{name}`, which is no error of rsspot.errors or Python"
    function = getattr(item, "flow", item)
    if isinstance(item, OPERATIONS):
        # What every call raises is told once, by the base class of all groups.
        if _signature(item).parameters and not told:
            yield "does not say what it raises, as `Raises:`"
    elif not told and _raises(inspect.unwrap(function)):
        yield "does not say what it raises, as `Raises:`"


def _raises(function: Any) -> bool:
    """Return whether a function, or one that it calls by name, raises an error of its own."""
    return any(_raises_itself(part) for part in (function, *_called(function)))


def _tree(function: Any) -> ast.Module:
    try:
        return ast.parse(textwrap.dedent(inspect.getsource(function)))
    except (OSError, TypeError):  # what attrs makes has no source
        return ast.Module([], [])


def _raises_itself(function: Any) -> bool:
    return any(isinstance(part, ast.Raise) and part.exc for part in ast.walk(_tree(function)))


def _called(function: Any) -> Iterator[Any]:
    for part in ast.walk(_tree(function)):
        if isinstance(part, ast.Call) and isinstance(part.func, ast.Name):
            called = getattr(function, "__globals__", {}).get(part.func.id)
            # Not its `__module__`: on Python 3.13, attrs gives its `evolve` that of a class.
            if inspect.isfunction(called) and called.__globals__["__name__"].startswith("rsspot"):
                yield called


def errors_of_every_call() -> set[str]:
    """Return the names of the errors that the base class of all groups lists for every call."""
    return {str(part.annotation) for part in _sections(inspect.getdoc(Group) or "")["raises"]}
