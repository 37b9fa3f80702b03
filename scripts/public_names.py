"""Write the list of public names and signatures: `python scripts/public_names.py`.

A test compares the list with the packages, so that each change of the public surface is seen in
the commit that makes it.
"""

from __future__ import annotations

import dataclasses
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
"""Where public names are. `rsspot.__all__` comes first; a name is described where it is first."""


def _lines() -> Iterator[str]:
    """Each public name, with its signature or fields, in order."""
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
    if inspect.isclass(item):
        bases = ", ".join(base.__name__ for base in item.__bases__ if base is not object)
        yield f"class {full}({bases})" if bases else f"class {full}"
        if issubclass(item, enum.Enum):
            yield from (f"{full}.{member.name} = {member.value!r}" for member in item)
        elif not issubclass(item, BaseException):
            yield f"{full}{_signature(item)}"
        yield from _members(full, item)
    elif callable(item) and not isinstance(item, type):
        yield f"{full}{_signature(item)}"
    elif isinstance(item, str) and not full.endswith("__version__"):
        yield f"{full}: {item!r}"
    else:
        yield f"{full}: {type(item).__name__}"


def _members(full: str, kind: type) -> Iterator[str]:
    if issubclass(kind, enum.Enum):
        return
    names = [name for name in dir(kind) if not name.startswith("_")]
    for name in names:
        item = inspect.getattr_static(kind, name)
        owner = next((base for base in kind.__mro__ if name in vars(base)), kind)
        if owner.__module__.partition(".")[0] != "rsspot":
            continue
        group = getattr(item, "module", None)
        if isinstance(item, staticmethod | classmethod):
            yield f"{full}.{name}{_signature(item.__func__)}"
        elif inspect.isfunction(item) or hasattr(item, "flow"):
            yield f"{full}.{name}{_signature(item)}"
        elif isinstance(group, str):
            yield f"{full}.{name}: rsspot.resources.{group}"
        else:
            yield f"{full}.{name}"
    if dataclasses.is_dataclass(kind):
        yield from (f"{full}.{item.name}: {item.type}" for item in dataclasses.fields(kind))


def _signature(item: Any) -> str:
    try:
        own: Any = getattr(item, "__signature__", None) if hasattr(item, "flow") else None
        text = str(own or inspect.signature(item)).replace("rsspot.", "").replace("'", "")
        return re.sub(r" at 0x\w+>", ">", text)
    except (TypeError, ValueError):
        return "(…)"


def _groups() -> Iterator[str]:
    """The operations of each group of a client."""
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
