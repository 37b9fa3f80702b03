"""Rewrite a document into a form that the generator understands.

Each rewriting keeps the meaning; what it is for is a place where the generator passes over a part
of the document, or refuses all of it for one part. What is left out here, and what is not put
right, is found by the verification, which follows the document as it is published.
"""

from __future__ import annotations

import copy
import dataclasses
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from regeneration import naming
from regeneration.schema_rewriting import rewrite
from regeneration.table import PREFIX
from regeneration.verification.contents import reader, simple
from regeneration.verification.expected import ignored
from rsspot.api_diff.forms import WORDS
from rsspot.api_diff.nodes import TEMPLATE, lookup, resolve
from rsspot.api_diff.structure import METHODS
from rsspot.shapes import is_array, is_object

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rsspot.api_diff.document import Document, OperationNode
    from rsspot.shapes import Json

__all__ = ["WRITABLE", "rewritten"]

TAKEN = frozenset(
    {"D", "AdditionalProperties"}  # the names of their modules are those of variables
    | {"Any", "AuthenticatedClient", "BinaryIO", "BytesIO", "Client", "Enum", "File", "FileTypes"}
    | {"Generator", "HTTPStatus", "Literal", "Mapping", "RequestFiles", "Response", "Self", "T"}
    | {"TextIO", "TypeVar", "UNSET", "UUID", "Unset"}
)
"""Names of classes that generated modules import."""
PLAIN = re.compile(r"[a-zA-Z_][a-zA-Z0-9_-]*")
"""Names of path parameters that the generator finds in a path."""
NAMED = re.compile(r"#/components/schemas/[^/]+")
"""References that the generator follows."""
DEPTH, COPIES = 8, 1000
"""Maximum number of references one after the other, and of copies of their targets."""
FORMS = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})
WRITABLE = FORMS | {"application/json", "application/octet-stream", "application/yaml"}
"""Media types of bodies that the generator can write; JSON is valid YAML 1.2."""
MAPPINGS = frozenset({"schemas", "properties", "patternProperties", "$defs", "dependentSchemas"})
HOLDERS = frozenset(
    {"schema", "items", "additionalProperties", "not", "if", "then", "else"}
    | {"contains", "propertyNames", "allOf", "anyOf", "oneOf", "prefixItems"}
)
DATA = frozenset({"example", "examples", "default", "enum", "const"})


def rewritten(document: Document) -> Document:
    """Return an equivalent document for the generator."""
    root = copy.deepcopy(document.root)
    paths = {key: each for key, each in root["paths"].items() if key[:1] == "/"}
    # The generator follows no reference of a path, nor one that leads to another.
    root["paths"] = {key: copy.deepcopy(resolve(root, each)) for key, each in paths.items()}
    _paths(root)
    _inline(root)
    _rename(root)
    for operation in dataclasses.replace(document, root=root).operations():
        _parameters(root, operation)
        _body(root, operation)
        _responses(root, operation)
    for schema in list(_schemas(root)):
        rewrite(root, schema)
    for schema in _schemas(root):
        if NAMED.fullmatch(str(schema.get("$ref"))):
            schema["$ref"] = _plain_reference(schema["$ref"])
    return dataclasses.replace(document, root=root)


def _inline(root: Json) -> None:
    """Copy what references to parts of schemas point at: the generator follows none of them."""
    for _ in range(DEPTH):
        found = [each for each in _schemas(root) if isinstance(each.get("$ref"), str)]
        found = [each for each in found if not NAMED.fullmatch(each["$ref"])]
        if not found or len(found) > COPIES:
            return
        for schema in found:
            target = copy.deepcopy(lookup(root, schema.pop("$ref")) or {})
            beside = dict(schema) if str(root.get("openapi")).startswith("3.1") else {}
            schema.clear()
            schema.update({"allOf": [target], **beside} if beside.keys() - WORDS else target)


def _plain_reference(reference: str) -> str:
    """Return a reference to a schema as the generator looks it up: without escapes."""
    name = unquote(reference.rpartition("/")[2]).replace("~1", "/").replace("~0", "~")
    return f"#/components/schemas/{name}"


def _rename(root: Json) -> None:
    """Give schemas a title where their name is one that the generated modules use themselves."""
    from openapi_python_client.strings import ClassName

    schemas: Json = root.get("components", {}).get("schemas") or {}
    for name, schema in schemas.items():
        if is_object(schema) and "$ref" not in schema:
            title = str(schema.get("title") or name.rpartition("/")[2])
            if str(ClassName(title, PREFIX)) in TAKEN:
                schema["title"] = f"{title}Model"


def _parameters(root: Json, operation: OperationNode) -> None:
    """Remove headers that OpenAPI ignores, and give parameters without a schema type string."""
    for node in (operation.node, operation.item):
        found = [resolve(root, each) for each in node.get("parameters", ())]
        for parameter in found:
            if "content" not in parameter:
                parameter.setdefault("schema", {"type": "string"})
        if any(map(ignored, found)):
            node["parameters"] = [each for each in found if not ignored(each)]


def _paths(root: Json) -> None:
    """Rename path parameters that the generator rejects; their names are not sent."""
    paths: Json = root["paths"]
    for path in list(paths):
        item = paths[path]
        nodes = [item, *(item.get(method) for method in METHODS)] if path[:1] == "/" else []
        renamed = path
        for name in TEMPLATE.findall(path):
            if PLAIN.fullmatch(name):
                continue
            plain = naming.identifier(name, PREFIX)
            renamed = renamed.replace(f"{{{name}}}", f"{{{plain}}}")
            for node in filter(is_object, nodes):
                parameters = [resolve(root, each) for each in node.get("parameters", ())]
                for at, each in enumerate(parameters):
                    if (each.get("in"), each.get("name")) == ("path", name):
                        node["parameters"][at] = {**each, "name": plain}
        # In its place, so that the order stays.
        root["paths"] = {renamed if key == path else key: each for key, each in paths.items()}
        paths = root["paths"]


def _body(root: Json, operation: OperationNode) -> None:
    """Remove media types that the generator cannot write, and add missing schemas."""
    body = resolve(root, operation.node.get("requestBody") or {})
    content: Any = body.get("content")
    if not is_object(content):
        operation.node.pop("requestBody", None)
        return
    for kind in list(content):
        lower = kind.partition(";")[0].lower() + "".join(kind.partition(";")[1:])
        content[lower] = content.pop(kind)
        kind = lower  # noqa: PLW2901 - whose case means nothing
        if not _is_writable(kind):
            del content[kind]
        elif simple(kind) == "application/octet-stream":
            content[kind] = {**content[kind], "schema": {"type": "string", "format": "binary"}}
        else:
            content[kind].setdefault("schema", {})
    if not content:
        operation.node.pop("requestBody", None)


def _is_writable(kind: str) -> bool:
    plain = simple(kind)
    return plain in WRITABLE or plain.endswith(("+json", "+yaml"))


def _responses(root: Json, operation: OperationNode) -> None:
    nodes: Json = operation.node.get("responses") or {}
    for node in nodes.values():
        content: Any = resolve(root, node).get("content") if is_object(node) else None
        for kind in list(content) if is_object(content) else ():
            if not reader(kind):
                del content[kind]


def _schemas(node: Any, kind: str = "") -> Iterator[Json]:
    """Every schema, those inside first; `kind` is what the node is, where that is known."""
    if is_array(node):
        for child in node:
            yield from _schemas(child, kind)
    elif is_object(node):
        for key, child in node.items():
            if kind == "schemas":
                yield from _schemas(child, "schema")
            elif key in MAPPINGS:
                yield from _schemas(child, "schemas")
            elif key in HOLDERS:
                yield from _schemas(child, "schema")
            elif kind != "schema" and key not in DATA:
                yield from _schemas(child)
        if kind == "schema":
            yield node
