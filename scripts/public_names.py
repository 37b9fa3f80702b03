"""Write the list of public names and signatures: `python scripts/public_names.py`.

A test compares the list with the packages, so that each change of the public surface is seen in
the commit that makes it.
"""

from __future__ import annotations

import enum
import inspect
import re
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["LIST", "MODULES", "all_lines"]

LIST = Path(__file__).parents[1] / "docs" / "public-names.txt"
MODULES = (
    "rsspot",
    "rsspot.errors",
    "rsspot.models",
    "rsspot.registration",
    "rsspot.sandbox",
    "rsspot.senders",
    "rsspot.state",
)
"""Modules with public names, `rsspot` first. A name is described at its first place only."""


def _lines() -> Iterator[str]:
    """Yield each public name, with its signature or fields, in order."""
    described: set[int] = set()
    for module in MODULES:
        found = import_module(module)
        names: list[str] = sorted(found.__all__)
        for name in names:
            item = getattr(found, name)
            full = f"{module}.{name}"
            if id(item) in described and (inspect.isclass(item) or inspect.isroutine(item)):
                yield f"{full} = {item.__module__.partition('.')[0]} {item.__qualname__}"
                continue
            described.add(id(item))
            yield from _described(full, item)


def _described(full: str, item: Any) -> Iterator[str]:
    kind: Any = item  # a checker would take it for a class of nothing known
    if isinstance(item, type):
        bases = ", ".join(base.__name__ for base in kind.__bases__ if base is not object)
        yield f"class {full}({bases})" if bases else f"class {full}"
        if issubclass(kind, enum.Enum):
            yield from (f"{full}.{member} = {kind[member].value!r}" for member in kind.__members__)
        elif not issubclass(kind, BaseException):
            yield f"{full}{_signature(kind)}"
        yield from _members(full, kind)
    elif callable(item):
        yield f"{full}{_signature(kind)}"
    elif isinstance(item, str) and not full.endswith("__version__"):
        yield f"{full}: {item!r}"
    else:
        yield f"{full}: {type(item).__name__}"


def _members(full: str, kind: Any) -> Iterator[str]:
    if issubclass(kind, enum.Enum):
        return
    names: list[str] = [name for name in dir(kind) if not name.startswith("_")]
    for name in names:
        item: Any = inspect.getattr_static(kind, name)
        owner: Any = next((base for base in kind.__mro__ if name in vars(base)), kind)
        if owner.__module__.partition(".")[0] != "rsspot":
            continue
        group: Any = getattr(item, "module", None)
        wrapped: Any = getattr(item, "__func__", None)  # of a static or class method
        called: Any = item if wrapped is None else wrapped
        if inspect.isfunction(called) or hasattr(item, "flow"):
            yield f"{full}.{name}{_signature(called)}"
        elif type(group) is str:
            yield f"{full}.{name}: rsspot.resources.{group}"
        else:
            yield f"{full}.{name}"


def _signature(item: Any) -> str:
    try:
        own: Any = getattr(item, "__signature__", None) if hasattr(item, "flow") else None
        text = str(own or inspect.signature(item)).replace("rsspot.", "").replace("'", "")
        # Sets of numbers have no order that is the same everywhere.
        text = re.sub(r"\{([\d, ]+)\}", lambda found: f"{{{_in_order(found[1])}}}", text)
        return re.sub(r" at 0x\w+>", ">", text)
    except (TypeError, ValueError):
        return "(…)"


def _in_order(numbers: str) -> str:
    return ", ".join(sorted(numbers.split(", ")))


def _groups() -> Iterator[str]:
    """Yield the operations of each group of a client."""
    from rsspot import SpotClient

    for name in dir(SpotClient):
        holder = inspect.getattr_static(SpotClient, name)
        module = getattr(holder, "module", None)
        if name.startswith(("_", "a")) or not isinstance(module, str):
            continue
        resources = import_module(f"rsspot.resources.{module}")
        group = getattr(resources, resources.__all__[0])
        yield from _members(f"SpotClient.{name}", group)


def all_lines() -> list[str]:
    """Return the whole list."""
    return [*_lines(), *_groups()]


def main() -> int:
    """Write the list."""
    LIST.write_text("\n".join(all_lines()) + "\n", encoding="utf-8")
    print(f"Written to {LIST}: {len(LIST.read_text('utf-8').splitlines())} lines")
    return 0


if __name__ == "__main__":
    sys.exit(main())
