"""`operations.py` of the generated package: what a request needs, as data without imports.

An answer from the cache must not pay for httpx or a model, as the generated builders do.
"""

from __future__ import annotations

import ast
import json
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

import document
from problem import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from document import Document, OperationNode
    from values import Json

__all__ = ["Row", "render", "rows"]

SERVERS = {
    "spot.rackspace.com": "api",
    "login.spot.rackspace.com": "oauth",
    "ngpc-prod-public-data.s3.us-east-2.amazonaws.com": "public",
}
"""The hosts of the document, by the name that the table gives them."""

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
    media_type: str | None
    body_required: bool
    server: str
    secured: bool
    schema: str | None


def rows(described: Document, package: Path) -> list[Row]:
    """A row for each operation, checked against what was generated in `package`.

    Raises `Problem` for an operation that the generator left out or named otherwise.
    """
    models = _models(package)
    found = [_row(described, operation, package, models) for operation in described.operations()]
    if not found:
        raise Problem(f"{described.name}: has no operations; is this the whole document?")
    named: dict[str, Row] = {}
    for row in found:
        other = named.setdefault(row.id, row)
        if other is not row:
            raise Problem(
                f"{described.name}: {other.method} {other.path} and {row.method} {row.path} "
                f"are both called {row.id}; give one another operationId"
            )
    return found


def _row(described: Document, operation: OperationNode, package: Path, models: set[str]) -> Row:
    from openapi_python_client.parser.openapi import generate_operation_id
    from openapi_python_client.schema.untrusted_string import UntrustedString
    from openapi_python_client.strings import PythonIdentifier

    root, node = described.root, operation.node
    name = node.get("operationId") or generate_operation_id(
        path=UntrustedString(operation.path), method=operation.method, prefix=PREFIX
    )
    identifier = str(PythonIdentifier(name, PREFIX))
    tag = str(PythonIdentifier((node.get("tags") or ["default"])[0], "tag"))
    arguments = _arguments(package / "api" / tag / f"{identifier}.py", operation, described.name)
    parameters = list(operation.parameters(root))

    def placed(place: str) -> Iterator[tuple[str, str, bool]]:
        for parameter in parameters:
            if parameter.get("in") != place or "schema" not in parameter:
                continue
            argument = str(PythonIdentifier(parameter["name"], PREFIX))
            if argument not in arguments:
                raise Problem(
                    f"{described.name}: the generator has another name for the parameter "
                    f"`{parameter['name']}` of {operation.title}; give it a name of its own"
                )
            yield parameter["name"], argument, bool(parameter.get("required"))

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
        media_type=media_types[0] if media_types else None,
        body_required=bool(body.get("required")),
        server=_server(described, operation),
        secured=_secured(root, operation),
        schema=_schema(root, node, models),
    )


def _arguments(module: Path, operation: OperationNode, name: str) -> set[str]:
    """The arguments of the generated builder of a request."""
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


def _server(described: Document, operation: OperationNode) -> str:
    own = operation.node.get("servers") or operation.item.get("servers")
    if not own:
        return "api"
    host = urlsplit(str(own[0].get("url", ""))).hostname or ""
    if host not in SERVERS:
        raise Problem(
            f"{described.name}: {operation.title} is served by {host or 'an unknown host'}; "
            "correct `servers`, or add the host to scripts/table.py"
        )
    return SERVERS[host]


def _secured(root: Json, operation: OperationNode) -> bool:
    security = operation.node.get("security", root.get("security"))
    return bool(security) and {} not in cast("list[Any]", security)


def _schema(root: Json, node: Json, models: set[str]) -> str | None:
    """The model of the first success that has one."""
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
    tree = ast.parse((package / "models" / "__init__.py").read_text("utf-8"))
    imports = [node for node in tree.body if isinstance(node, ast.ImportFrom)]
    return {alias.name for node in imports for alias in node.names}


HEAD = '''"""Every operation of the document, as data: importing this imports nothing that costs."""

from __future__ import annotations

from typing import Literal, NamedTuple


class Parameter(NamedTuple):
    """A parameter: its name in the request, and the name of the argument in Python."""

    name: str
    argument: str
    required: bool


class Operation(NamedTuple):
    """What a request needs. Its module is `api.<tag>.<id>`; `schema` names its model."""

    id: str
    method: str
    path: str
    tag: str
    path_parameters: tuple[Parameter, ...]
    query: tuple[Parameter, ...]
    media_type: str | None
    body_required: bool
    server: Literal["api", "oauth", "public"]
    secured: bool
    schema: str | None

'''


def render(found: list[Row]) -> str:
    """The source of `operations.py`."""
    names = {row.id: row.id.upper() for row in found}
    exported = sorted(["Operation", "Parameter", "OPERATIONS", *names.values()])
    lines = [HEAD, f"__all__ = {json.dumps(exported)}\n"]
    for row in found:
        lines.append(f"{names[row.id]} = Operation(")
        lines += [f"    {key}={value}," for key, value in _fields(row)]
        lines.append(")")
    lines.append("OPERATIONS: dict[str, Operation] = {")
    lines += [f"    {json.dumps(key)}: {name}," for key, name in names.items()]
    lines += ["}", '"""All of them, by id."""', ""]
    return "\n".join(lines)


def _fields(row: Row) -> Iterator[tuple[str, str]]:
    for field in fields(row):
        value = getattr(row, field.name)
        if field.name in {"path_parameters", "query"}:
            value = "".join(f"Parameter{parameter!r}, " for parameter in value)
            yield field.name, f"({value})"
        else:
            yield field.name, repr(value)
