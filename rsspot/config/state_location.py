"""The location of state: a file, or a database server at a URL whose password is never shown."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from rsspot.errors import ConfigError

if TYPE_CHECKING:
    import os

__all__ = ["SCHEMA", "ServerLocation", "server_location", "shown"]

SCHEMA = "rsspot"
"""The schema to use if the URL names none."""
SCHEMES = ("postgresql", "postgres")
LONGEST = 63
"""Maximum bytes of a name in PostgreSQL (NAMEDATALEN - 1); the rest is cut off."""

_URL = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]+):(?P<slashes>//?)(?P<rest>.*)", re.DOTALL)
_ODD = (
    r"(?i)://|^\W*(jdbc:)?postgres(ql)?(\+\w+)?:"
    r"|^\s*(host|hostaddr|port|dbname|user|password|passfile|service|sslmode)\s*="
)
"""What only a URL has, or the keywords of libpq: a file of that name would show the password."""
_FILES = ("sqlite", "file")
_EXAMPLE = "Write postgresql://user@host:5432/database?schema=rsspot"
_HINT = f"{_EXAMPLE}. Characters like @ / ? # % in a password are written as %40 %2F %3F %23 %25"
_PORTS = r"[0-9,]*"


class ServerLocation:
    """A schema in a database of a server.

    url: the URL for libpq, which may contain a password.
    schema: the schema of the tables.
    shown: the location for messages, without secrets.
    """

    __slots__ = ("schema", "shown", "url")

    def __init__(self, url: str, schema: str, shown: str) -> None:
        self.url: str = url
        self.schema: str = schema
        self.shown: str = shown


def server_location(text: str | os.PathLike[str]) -> ServerLocation | None:
    """Return the location of a URL; None for the path of a file.

    Raises `ConfigError` if the URL is invalid, or the extra `postgres` is not installed. The error
    shows no part of the URL that may be secret.
    """
    found = _URL.fullmatch(str(text).strip())
    if found is None:
        if not {":", "="}.isdisjoint(str(text)) and re.search(_ODD, str(text)):
            raise ConfigError(
                "The state location is neither a path nor a URL that is supported", hint=_HINT
            )
        return None
    scheme = found["scheme"].lower()
    if scheme.partition("+")[0] in SCHEMES and scheme not in SCHEMES:
        raise ConfigError(f"The state URL begins with {scheme}://", hint=_EXAMPLE)
    if scheme in _FILES:
        raise ConfigError(
            f"State cannot be stored at a {scheme}: URL",
            hint="For a file, write its path alone, as in ~/state.db",
        )
    if scheme not in SCHEMES:
        raise ConfigError(
            f"State cannot be stored at a {scheme}: URL: only files and PostgreSQL are supported",
            hint=_EXAMPLE,
        )
    if found["slashes"] != "//" or not isinstance(text, str):
        raise ConfigError(
            "The state URL has one slash instead of two, as if it were converted to a pathlib.Path",
            hint=f"Pass a str. {_EXAMPLE}",
        )
    return _server(found["rest"])


def shown(text: str | os.PathLike[str] | None) -> str | None:
    """Return a path as it is, and a URL without its secrets; for messages."""
    if text is None:
        return None
    try:
        found = server_location(text)
    except ConfigError:
        url = _URL.fullmatch(str(text).strip())
        return "…" if url is None else f"{url['scheme']}://…"
    return str(text) if found is None else found.shown


def _server(rest: str) -> ServerLocation:
    if not rest.isprintable():
        # libpq would end the text at a NUL, and connect to something else.
        raise ConfigError("The state URL has a character that cannot be printed", hint=_HINT)
    place, mark, query = rest.partition("?")
    pairs = [pair for pair in query.split("&") if pair] if mark else []
    schemas = [unquote(pair[7:]) for pair in pairs if pair.startswith("schema=")]
    others = "&".join(pair for pair in pairs if not pair.startswith("schema="))
    if len(schemas) > 1:
        raise ConfigError("The state URL has two schema= parameters", hint=_EXAMPLE)
    url = f"postgresql://{place}{f'?{others}' if others else ''}"
    schema = _checked_schema(schemas[0] if schemas else SCHEMA)
    parameters = _parameters(url)
    # An unencoded character may have split the password: these parts are not used or shown.
    if place.count("@") > 1 or not re.fullmatch(_PORTS, parameters.get("port", "")):
        raise ConfigError("libpq cannot parse the state URL", hint=_HINT)
    return ServerLocation(url, schema, _display(parameters, schema))


def _checked_schema(name: str) -> str:
    size = len(name.encode("utf-8", "replace"))
    is_plain = name.isprintable() and not set(name) & set("{}%$@\"'\\")
    # What is no plain name may be a part of a password with a character that was not encoded.
    quoted = repr(name) if re.fullmatch(r"[\w-]{0,63}", name) else "The value of schema="
    if not is_plain or not 0 < size <= LONGEST or name.lower().startswith("pg_"):
        raise ConfigError(
            f"{quoted} is not a valid schema name for the state store",
            key="schema",
            hint=f"Give a name of at most {LONGEST} bytes, without quotes, braces, @, $ and %, "
            "that does not begin with pg_",
        )
    return name


def _parameters(url: str) -> dict[str, str]:
    try:
        from psycopg import ProgrammingError
        from psycopg.conninfo import conninfo_to_dict
    except ImportError:
        raise ConfigError(
            "State on PostgreSQL needs the extra `postgres`",
            hint='Install it: pip install "rsspot[postgres]"',
        ) from None
    found: dict[str, Any] = {}
    unknown = ""
    try:
        found = conninfo_to_dict(url)
    except ProgrammingError as error:
        unknown = str(error) or "unknown"
    if unknown:
        # libpq quotes the invalid part, which may be the password, so its error must not be the
        # context of this one.
        known = re.search(r'invalid URI query parameter: "(\w{1,40})"', unknown)
        what = f": it has no parameter {known[1]}" if known else ""
        raise ConfigError(
            f"libpq cannot parse the state URL{what}",
            hint=_HINT,
        )
    return {name: str(value) for name, value in found.items() if value is not None}


def _display(parameters: dict[str, str], schema: str) -> str:
    hosts = (parameters.get("host") or parameters.get("hostaddr") or "").split(",")
    ports = parameters.get("port", "").split(",")
    ports = ports * len(hosts) if len(ports) == 1 else ports
    hosts = [f"[{host}]" if ":" in host else host for host in hosts]
    places = ",".join(
        f"{host}:{port}" if port else host for host, port in zip(hosts, ports, strict=False)
    )
    user = f"{parameters['user']}@" if parameters.get("user") else ""
    service = f"service={parameters['service']}&" if parameters.get("service") else ""
    return f"postgresql://{user}{places}/{parameters.get('dbname', '')}?{service}schema={schema}"
