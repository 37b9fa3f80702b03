"""`operations.py` of the generated package: what a request needs, as data without imports.

A response from the cache must not import httpx or a model, as the generated builders do.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from regeneration import naming
from rsspot.api_diff import document
from rsspot.api_diff.problem import Problem
from rsspot.shapes import is_object

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from regeneration.places import Places
    from rsspot.api_diff.document import Document, OperationNode
    from rsspot.shapes import Json

__all__ = ["Row", "check_names", "model_names", "rows", "schemes"]

PREFIX = "p"
"""`field_prefix` in openapi/generator.yaml."""


@dataclass(frozen=True)
class Row:
    """One operation, named as the generator named it."""

    id: str
    method: str
    path: str
    tag: str
    path_parameters: tuple[tuple[str, str, bool], ...]
    query: tuple[tuple[str, str, bool], ...]
    headers: tuple[tuple[str, str, bool], ...]
    cookies: tuple[tuple[str, str, bool], ...]
    media_type: str | None
    body_required: bool
    server: str
    secured: bool
    security: tuple[tuple[str, ...], ...]
    schema: str | None


def rows(described: Document, package: Path, places: Places) -> list[Row]:
    """Return a row for each operation, checked against what was generated in `package`.

    Raises `Problem` for an operation that the generator left out or named otherwise.
    """
    models = _models(package)
    return [
        _row(described, operation, package, models, places) for operation in described.operations()
    ]


def check_names(described: Document) -> None:
    """Raise `Problem` where two operations have one name, or there is none."""
    found = list(described.operations())
    if not found:
        raise Problem(f"{described.name}: has no operations; is this the whole document?")
    named: dict[str, OperationNode] = {}
    for operation in found:
        identifier, _ = _names(operation)
        other = named.setdefault(identifier, operation)
        if other is not operation:
            raise Problem(
                f"{described.name}: {other.title} and {operation.title} are both called "
                f"{identifier}; give one another operationId, by an overlay action such as "
                f"{{target: \"$.paths['{operation.path}'].{operation.method}\", x-reason: …, "
                f"update: {{operationId: …}}}}"
            )


def _names(operation: OperationNode) -> tuple[str, str]:
    """Return the names of its module and of the folder of that, as the generator makes them."""
    from openapi_python_client.parser.openapi import generate_operation_id
    from openapi_python_client.schema.untrusted_string import UntrustedString

    node = operation.node
    name = node.get("operationId") or generate_operation_id(
        path=UntrustedString(operation.path), method=operation.method, prefix=PREFIX
    )
    tag = (node.get("tags") or ["default"])[0]
    return naming.identifier(name, PREFIX), naming.identifier(tag, "tag")


def _row(
    described: Document, operation: OperationNode, package: Path, models: set[str], places: Places
) -> Row:
    root, node = described.root, operation.node
    identifier, tag = _names(operation)
    arguments = _arguments(package / "api" / tag / f"{identifier}.py", operation, described.name)
    parameters = list(operation.parameters(root))

    def placed(place: str) -> Iterator[tuple[str, str, bool]]:
        for parameter in parameters:
            if parameter.get("in") != place:
                continue
            name = str(parameter["name"])
            # Where names of arguments collide, the generator adds the place or keeps the case.
            plain = naming.identifier(name, PREFIX)
            kept = naming.identifier(name, PREFIX, keep_case=True)
            choices = (f"{plain}_{place}", kept, plain)
            argument = next((each for each in choices if each in arguments), None)
            if argument:
                # What no argument takes is reported by the verification.
                arguments.discard(argument)
                yield name, argument, bool(parameter.get("required"))

    body = document.resolve(root, node.get("requestBody") or {})
    media_types: list[str] = list(body.get("content") or {})
    return Row(
        id=identifier,
        tag=tag,
        method=operation.method.upper(),
        path=operation.path,
        path_parameters=tuple(
            sorted(placed("path"), key=lambda each: operation.path.index("{" + each[0] + "}"))
        ),
        query=tuple(placed("query")),
        headers=tuple(placed("header")),
        cookies=tuple(placed("cookie")),
        media_type=media_types[0] if media_types else None,
        body_required=bool(body.get("required")),
        server=places.name_of(root, operation),
        secured=_secured(root, operation),
        security=tuple(tuple(each) for each in _security(root, operation)),
        schema=_schema(root, node, models),
    )


def _arguments(module: Path, operation: OperationNode, name: str) -> set[str]:
    """Return the arguments of the generated builder of a request."""
    try:
        tree = ast.parse(module.read_text("utf-8"))
    except FileNotFoundError:
        raise Problem(
            f"{name}: the generator made no module {module.parent.name}/{module.name} "
            f"for {operation.title}; give the operation another operationId or tag"
        ) from None
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name == "_get_kwargs":
            return {each.arg for each in (*node.args.args, *node.args.kwonlyargs)}
    raise Problem(f"{module}: has no `_get_kwargs`; is the generator the pinned one?")


def _security(root: Json, operation: OperationNode) -> list[Json]:
    return operation.node.get("security", root.get("security")) or []


def _secured(root: Json, operation: OperationNode) -> bool:
    security = _security(root, operation)
    return bool(security) and {} not in security


def _schema(root: Json, node: Json, models: set[str]) -> str | None:
    """Return the model of the first success that has one."""
    from openapi_python_client.strings import ClassName

    for status, answer in sorted(cast("Json", node.get("responses", {})).items()):
        if not status.startswith("2"):
            continue
        content = cast("Json", document.resolve(root, answer).get("content") or {})
        for media in content.values():
            schema = cast("Json", media.get("schema") or {})
            reference = str(schema.get("$ref", ""))
            title = document.resolve(root, schema).get("title") or reference.rpartition("/")[2]
            name = str(ClassName(title, PREFIX))
            if reference and name in models:
                return name
    return None


def _models(package: Path) -> set[str]:
    """Return the models in the index, as the generator writes it or as it is in the end."""
    tree = ast.parse((package / "models" / "__init__.py").read_text("utf-8"))
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.level]
    return {alias.name for node in imports for alias in node.names}


def schemes(described: Document) -> dict[str, Json]:
    """Return the ways to sign in, by name."""
    root = described.root
    nodes: Json = root.get("components", {}).get("securitySchemes", {})
    return {name: document.resolve(root, each) for name, each in nodes.items() if is_object(each)}


def model_names(described: Document, package: Path) -> dict[str, str]:
    """Return the model of each schema below `components`, where it has one."""
    from openapi_python_client.strings import ClassName

    models = _models(package)
    schemas: Json = described.root.get("components", {}).get("schemas", {})
    found = {
        name: str(
            ClassName(str(cast("Json", schema).get("title") or name.rpartition("/")[2]), PREFIX)
        )
        for name, schema in schemas.items()
        if isinstance(schema, dict)
    }
    return {name: model for name, model in found.items() if model in models}
