"""Proof that a generated package works: every module imports, every operation builds a request.

Runs in a fresh interpreter, so that nothing imported before can help.
"""

from __future__ import annotations

import datetime as dt
import enum
import importlib
import importlib.util
import inspect
import json
import pkgutil
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args, get_origin

from problem import Problem, squeeze

if TYPE_CHECKING:
    from types import ModuleType

    from document import Document

__all__ = ["verify"]

NAME = "generated_package"

NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
SAMPLES: dict[Any, Any] = {
    int: 1,
    float: 1.0,
    bool: True,
    dt.date: NOW.date(),
    dt.datetime: NOW,
}
"""Values of the types that a builder treats in their own way; others are given text."""


def verify(folder: Path, described: Document) -> int:
    """How many operations of the document can be called; raises `Problem` unless all can."""
    done = subprocess.run(
        [sys.executable, "-B", __file__, str(folder)],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode:
        said = _said(done.stderr, folder)
        raise Problem(
            f"{described.name}: the package made of it does not work: {said}; "
            "correct the document, or add an overlay action"
        )
    called = int(json.loads(done.stdout))
    expected = sum(1 for _ in described.operations())
    if called != expected:
        raise Problem(
            f"{described.name}: has {expected} operations, but {called} can be called; "
            "regenerate the package"
        )
    return called


def _said(traceback: str, folder: Path) -> str:
    """The last file of the package that a traceback names, and the error."""
    files = re.findall(rf'File "{re.escape(str(folder))}[/\\\\](.*?)"', traceback)
    error = squeeze(traceback.strip().rpartition("\n")[2], 600)
    return f"{files[-1]}: {error}" if files else error


def import_all(folder: Path) -> ModuleType:
    """Import every module of the package in `folder`, whatever the folder is called."""
    spec = importlib.util.spec_from_file_location(
        NAME, folder / "__init__.py", submodule_search_locations=[str(folder)]
    )
    if spec is None or spec.loader is None:
        raise ImportError(f"{folder} is no package")
    package = importlib.util.module_from_spec(spec)
    sys.modules[NAME] = package
    spec.loader.exec_module(package)
    for found in pkgutil.walk_packages([str(folder)], f"{NAME}."):
        importlib.import_module(found.name)
    for name in importlib.import_module(f"{NAME}.models").__all__:
        getattr(sys.modules[f"{NAME}.models"], name)
    return package


def build_all() -> int:
    """Build the request of every operation of the imported package; how many there are."""
    table = importlib.import_module(f"{NAME}.operations")
    for operation in table.OPERATIONS.values():
        module = importlib.import_module(f"{NAME}.api.{operation.tag}.{operation.id}")
        built = module._get_kwargs(**arguments(module._get_kwargs))  # noqa: SLF001 - its name
        if built["method"].upper() != operation.method:
            raise ValueError(f"{operation.id} is sent by {built['method']}")
        for colour in ("sync_detailed", "asyncio_detailed"):
            getattr(module, colour)
    return len(table.OPERATIONS)


def arguments(builder: Any) -> dict[str, Any]:
    """A value for each required argument of a builder."""
    hints: dict[str, Any] = inspect.get_annotations(builder, eval_str=True)
    parameters = inspect.signature(builder).parameters.values()
    return {
        each.name: _value(hints[each.name]) for each in parameters if each.default is each.empty
    }


def _value(kind: Any) -> Any:
    if inspect.isclass(kind) and hasattr(kind, "from_dict"):
        return _Body()
    if inspect.isclass(kind) and issubclass(kind, enum.Enum):
        return next(iter(kind))
    if kind in SAMPLES:
        return SAMPLES[kind]
    if get_origin(kind) is list:
        return []
    return _value(get_args(kind)[0]) if get_args(kind) else "1"


class _Body:
    """Stands for any model: what a builder does with it is to ask for its JSON."""

    def to_dict(self) -> dict[str, Any]:
        return {}


if __name__ == "__main__":
    import_all(Path(sys.argv[1]))
    print(json.dumps(build_all()))
