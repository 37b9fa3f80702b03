"""The source of `operations.py`: what `table` found, as data that costs nothing to import."""

from __future__ import annotations

import json
from dataclasses import fields
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from regeneration.places import Places
    from regeneration.table import Row
    from rsspot.api_diff.nodes import BaseURL
    from rsspot.shapes import Json

__all__ = ["render"]

EXPORTED = (
    "DEFAULT_SERVER",
    "OPERATIONS",
    "SCHEMES",
    "Scheme",
    "Operation",
    "Parameter",
    "SERVERS",
    "BaseURL",
    "ServerName",
)

HEAD = '''"""Every operation of the document, as data: importing this imports nothing that costs."""

from __future__ import annotations

from typing import Literal, NamedTuple

{literal}

class Parameter(NamedTuple):
    """A parameter: its name in the request, and the name of the argument in Python."""

    name: str
    argument: str
    required: bool


class Server(NamedTuple):
    """Where operations are served. `url` has the default values of the variables in `template`."""

    url: str
    template: str
    variables: tuple[tuple[str, str], ...]
    others: tuple[str, ...]


class Scheme(NamedTuple):
    """How to sign in: `place` and `name` for a key, `scheme` for credentials of HTTP."""

    type: str
    place: str | None
    name: str | None
    scheme: str | None


class Operation(NamedTuple):
    """What a request needs. Its module is `api.<tag>.<id>`, its place `SERVERS[server]`.

    One of `security` has to be met; the names in it are those of `SCHEMES`.
    """

    id: str
    method: str
    path: str
    tag: str
    path_parameters: tuple[Parameter, ...]
    query: tuple[Parameter, ...]
    headers: tuple[Parameter, ...]
    cookies: tuple[Parameter, ...]
    media_type: str | None
    body_required: bool
    server: ServerName
    secured: bool
    security: tuple[tuple[str, ...], ...]
    schema: str | None

'''


def render(found: list[Row], places: Places, schemes: dict[str, Json]) -> str:
    """Return the source of `operations.py`."""
    names: dict[str, str] = {}
    for row in found:
        name = row.id.upper()
        while name in {*EXPORTED, *names.values()}:
            name += "_"
        names[row.id] = name
    exported = sorted([*EXPORTED, *names.values()])
    literal = f"ServerName = Literal[{', '.join(map(json.dumps, places.servers))}]"
    lines = [HEAD.replace("{literal}", literal), f"__all__ = {json.dumps(exported)}\n"]
    lines.append("SERVERS: dict[ServerName, Server] = {")
    lines += [f"    {json.dumps(name)}: {_server(each)}," for name, each in places.servers.items()]
    lines += ["}", '"""All places, by name."""']
    lines += [f"DEFAULT_SERVER: ServerName = {json.dumps(places.default)}"]
    lines += ['"""The place of operations that have none of their own."""', ""]
    lines.append("SCHEMES: dict[str, Scheme] = {")
    lines += [f"    {json.dumps(name)}: {_scheme(each)}," for name, each in schemes.items()]
    lines += ["}", '"""How to sign in, by name."""', ""]
    for row in found:
        lines.append(f"{names[row.id]} = Operation(")
        lines += [f"    {key}={value}," for key, value in _fields(row)]
        lines.append(")")
    lines.append("OPERATIONS: dict[str, Operation] = {")
    lines += [f"    {json.dumps(key)}: {name}," for key, name in names.items()]
    lines += ["}", '"""All of them, by id."""', ""]
    return "\n".join(lines)


def _server(all_: tuple[BaseURL, ...]) -> str:
    first = all_[0]
    others = tuple(each.template for each in all_[1:])
    return f"Server({first.url!r}, {first.template!r}, {first.variables!r}, {others!r})"


def _scheme(node: Json) -> str:
    keys = {"type": "type", "place": "in", "name": "name", "scheme": "scheme"}
    parts = [f"{name}={node.get(key)!r}" for name, key in keys.items()]
    return f"Scheme({', '.join(parts)})"


def _fields(row: Row) -> Iterator[tuple[str, str]]:
    for field in fields(row):
        value = getattr(row, field.name)
        if field.name in {"path_parameters", "query", "headers", "cookies"}:
            value = "".join(f"Parameter{parameter!r}, " for parameter in value)
            yield field.name, f"({value})"
        else:
            yield field.name, repr(value)
