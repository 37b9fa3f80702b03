"""Verify the package in a folder against a document; run by `verify` in a fresh interpreter.

It reads a JSON object (`folder`, `root`, `classes`) from a file, and prints the losses as JSON.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import pkgutil
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from regeneration.verification import responses
from regeneration.verification.calls import TOKEN, Caller, Target
from regeneration.verification.expected import HOST
from regeneration.verification.losses import Loss, is_part, without_optional
from regeneration.verification.objects import back, same, unheld
from regeneration.verification.samples import samples
from rsspot.api_diff.document import Document, pointer
from rsspot.api_diff.schemas import alternatives, merged, types_of
from rsspot.shapes import is_object

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

    from rsspot.shapes import Json

NAME = "generated_package"


def main() -> None:
    """Import all modules, then send all requests and read all responses."""
    given = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    document = Document("document", "", given["root"])
    import_all(Path(given["folder"]))
    found = [*_operations(document), *_schemas(document.root, given["classes"])]
    print(json.dumps([asdict(loss) for loss in found]))


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
        if not found.name.endswith("__main__"):
            importlib.import_module(found.name)
    for name in importlib.import_module(f"{NAME}.models").__all__:
        getattr(sys.modules[f"{NAME}.models"], name)
    return package


def _operations(document: Document) -> Iterator[Loss]:
    table = importlib.import_module(f"{NAME}.operations")
    known = {(each.method, each.path): each for each in table.OPERATIONS.values()}
    seen: set[tuple[str, str, str]] = set()
    for operation in document.operations():
        row = known.get((operation.method.upper(), operation.path))
        if row is None:
            yield Loss("operation", operation.title, "operation", "is missing", operation.pointer)
            continue
        target = _target(table, row)
        for loss in (
            *Caller(document.root, operation, target).losses(),
            *responses.losses(document.root, operation, target),
        ):
            key = loss.kind, loss.where, loss.lost
            if key not in seen:
                seen.add(key)
                yield loss


def _target(table: Any, row: Any) -> Target:
    module = importlib.import_module(f"{NAME}.api.{row.tag}.{row.id}")
    client = importlib.import_module(f"{NAME}.client")
    base = table.SERVERS[table.DEFAULT_SERVER].url
    base = HOST + base if base.startswith("/") else base
    places = {
        "path": row.path_parameters,
        "query": row.query,
        "header": row.headers,
        "cookie": row.cookies,
    }
    arguments = {
        (place, each.name): each.argument for place, all_ in places.items() for each in all_
    }
    made = client.AuthenticatedClient(base, TOKEN) if row.secured else client.Client(base)
    return Target(module, made, arguments)


def _schemas(root: Json, classes: dict[str, str]) -> Iterator[Loss]:
    models = importlib.import_module(f"{NAME}.models")
    schemas: Json = root.get("components", {}).get("schemas", {})
    for name, schema in schemas.items():
        if not is_object(schema):
            continue
        kind: Any = getattr(models, classes.get(name, ""), None)
        at = f"#/components/schemas/{pointer(name)}"
        if kind is None:
            if _is_model(root, schema):
                yield Loss("schema", at, "model", "there is none", at)
        elif hasattr(kind, "from_dict"):
            yield from _round(root, schema, kind, at)
        else:
            yield from _members(root, schema, kind, at)


def _is_model(root: Json, schema: Json) -> bool:
    whole = merged(root, schema)
    described = any("properties" in merged(root, each) for each in alternatives(whole))
    plain = "$ref" not in schema and not described
    return plain and "properties" in whole and types_of(whole) == ["object"]


def _round(root: Json, schema: Json, kind: Any, at: str) -> Iterator[Loss]:
    lost: set[str] = set()
    drawn = [value for value in samples(root, schema) if is_object(value)]
    for value in drawn:
        try:
            held = kind.from_dict(value)
            found = back(held)
        except Exception as error:  # noqa: BLE001 - any failure of the package is a loss
            detail = f"{type(error).__name__}: {error} for {value}"
            loss = Loss("schema", at, "object", detail, at)
            fuller = value is not drawn[0] and is_part(value, drawn[0])
            yield without_optional(loss) if fuller else loss
            return
        if not same(found, value):
            changed = [key for key in value if not same(found.get(key), value[key])]
            more = sorted(found.keys() - value.keys())
            detail = f"{', '.join([*changed, *more])}: {found} comes back instead of {value}"
            yield Loss("schema", at, "object", detail, at)
            return
        for name in unheld(root, schema, value, held):
            if name not in lost:
                lost.add(name)
                inside = f"{at}/properties/{pointer(name)}"
                yield Loss("property", at, f"property `{name}`", "has no attribute", inside)


def _members(root: Json, schema: Json, kind: Any, at: str) -> Iterator[Loss]:
    """Yield the values of an enumeration."""
    for value in merged(root, schema).get("enum", ()):
        try:
            right = value is None or same(kind(value).value, value)
        except ValueError:
            right = False
        if not right:
            yield Loss("schema", at, f"value {value!r}", "is not known", at)


if __name__ == "__main__":
    main()
