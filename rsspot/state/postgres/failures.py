"""What an error of the driver means: not done, unknown, or permanent; and what to do about it.

Source: PostgreSQL, appendix A, "PostgreSQL Error Codes"; libpq's messages for connections, which
come without a code.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, TypeAlias

import psycopg

from rsspot.errors import InvalidInput, StateError, StateUnavailable
from rsspot.senders.reporting import sanitize

if TYPE_CHECKING:
    from rsspot.config.state_location import ServerLocation

__all__ = ["Outcome", "as_state_error", "busy", "connection_error", "outcome_of"]

Outcome: TypeAlias = Literal["not done", "unknown", "permanent"]

_NOT_DONE = frozenset({
    "40001",  # serialization_failure
    "40P01",  # deadlock_detected
    "55P03",  # lock_not_available: lock_timeout
    "57014",  # query_canceled: statement_timeout
    "25P03",  # idle_in_transaction_session_timeout
    "25P04",  # transaction_timeout
    "25006",  # read_only_sql_transaction: a standby, for a while
    "57P03",  # cannot_connect_now
    "26000", "42P05",  # a prepared statement that a pooler has on another connection
})  # fmt: skip
_UNKNOWN = frozenset({
    "57P01",  # admin_shutdown
    "57P02",  # crash_shutdown
    "57P05",  # idle_session_timeout
    "40003",  # statement_completion_unknown
})  # fmt: skip
_RESOURCES = "53"
"""The class of errors about resources: disk, memory, connections. A statement was rolled back."""
_VALUES = ("22",)
"""Classes of errors about values."""

_RIGHTS = "42501"
_MISSING = frozenset({"42P01", "3F000", "42703"})
_TAKEN = frozenset({"42P07", "42710", "42723"})


def outcome_of(error: Exception) -> Outcome:
    """Return whether what was asked was done, as far as the driver knows."""
    code = getattr(error, "sqlstate", None)
    if code in _NOT_DONE or isinstance(error, NotSent) or (code or "").startswith(_RESOURCES):
        return "not done"
    if code in _UNKNOWN or (code or "").startswith("08"):
        return "unknown"
    if code is None and isinstance(error, psycopg.OperationalError | psycopg.InterfaceError):
        return "unknown"
    return "permanent"


class NotSent(psycopg.OperationalError):
    """There was no connection, so nothing was sent."""


def busy() -> NotSent:
    """Return the error for a caller that got no connection in time, since all are in use."""
    return NotSent("all connections of this process are in use")


def as_state_error(error: Exception, where: ServerLocation) -> StateError | InvalidInput:
    """Return the error that a user sees for one of the driver."""
    code = getattr(error, "sqlstate", None) or ""
    text = sanitize(str(error).strip().partition("\n")[0], 300)
    if code.startswith(_VALUES) or isinstance(error, psycopg.DataError):
        return InvalidInput(
            f"The database at {where.shown} cannot store this: {text}",
            hint="Text must not contain NUL or surrogates, and numbers must fit in 64 bits",
        )
    found = _of_schema(code, text, where)
    if found is not None:
        return found
    if code == "25006":
        return StateUnavailable(
            f"The server of {where.shown} accepts no writes, because it is a standby or read-only",
            path=where.shown,
            hint="Wait for the failover, or name all servers and target_session_attrs=read-write "
            "in the URL; or turn off default_transaction_read_only for the role and the database",
        )
    outcome = outcome_of(error)
    if outcome == "permanent":
        return StateError(
            f"PostgreSQL at {where.shown} rejected the statement: {text}",
            path=where.shown,
            hint="Run `rsspot state check`, which checks server, schema and rights",
        )
    is_unknown = outcome == "unknown"
    done = "It is not known whether it was committed" if is_unknown else "Nothing was changed"
    return StateUnavailable(
        f"PostgreSQL at {where.shown} is temporarily unavailable: {text}. {done}",
        path=where.shown,
        hint="Check the server and the network, and try again",
        outcome=outcome,
    )


def _of_schema(code: str, text: str, where: ServerLocation) -> StateError | None:
    """Return the error for a schema whose rights or tables are not as they must be."""
    if code == _RIGHTS:
        return StateError(
            f"The role lacks a privilege in schema {where.schema} of {where.shown}: {text}",
            path=where.shown,
            hint="Grant it USAGE on the schema and SELECT, INSERT, UPDATE, DELETE on its tables; "
            "docs/fleet.md has the statements",
        )
    if code in _MISSING:
        return StateError(
            f"The tables of rsspot are missing in schema {where.schema} of {where.shown}: {text}",
            path=where.shown,
            hint="Run `rsspot state check`, then `rsspot state migrate`",
        )
    if code in _TAKEN:
        return StateError(
            f"The schema {where.schema} at {where.shown} has something else of this name: {text}",
            path=where.shown,
            hint="Name an empty schema in the URL, as in ?schema=rsspot; nothing was changed",
        )
    return None


_CONNECTIONS: tuple[tuple[str, str, bool], ...] = (
    (
        r"connections of this process are in use",
        "Use the state from fewer threads or tasks at a time, or raise busy_timeout",
        True,
    ),
    (
        (
            r"(invalid (?!sslmode)|bad )(\w+ )*value\b|invalid port number"
            r"|unrecognized configuration parameter"
        ),
        "Correct that parameter: in the URL, the service file, or the PG… variables of libpq",
        False,
    ),
    (r"syntax error in service file", "Correct that line of the service file", False),
    (r"GSSAPI encryption required", "Get a ticket (kinit), or lower gssencmode in the URL", False),
    (
        r"not in hot standby mode",
        "Request a writable server: target_session_attrs=read-write in the URL",
        False,
    ),
    (
        r"channel binding|authentication method requirement",
        (
            "Lower channel_binding or require_auth in the URL, or change how the server "
            "authenticates this role"
        ),
        False,
    ),
    (
        (
            r"password authentication failed|no password supplied|role \".*\" does not exist"
            r"|authentication failed"
        ),
        (
            "Check the user in the URL, and its password: in the URL, PGPASSFILE (~/.pgpass) or "
            "PGPASSWORD"
        ),
        False,
    ),
    (r"is not permitted to log in", "Grant the role LOGIN, or use another one", False),
    (
        r"is not currently accepting connections",
        "Allow connections to that database, or name another one in the URL",
        False,
    ),
    (r"database \".*\" does not exist", "Name an existing database in the URL", False),
    (
        r"no pg_hba.conf entry|pg_hba.conf rejects",
        (
            "Allow this host, user and database in the server's pg_hba.conf, with the encryption "
            "that it asks for"
        ),
        False,
    ),
    (
        r"permission denied for database",
        "Grant the role CONNECT on the database",
        False,
    ),
    (
        r"server does not support SSL",
        "Turn on TLS at the server, or lower sslmode in the URL",
        False,
    ),
    (
        r"certificate|sslmode|SSL error|root\.crt",
        "Check sslmode and sslrootcert in the URL, and the server's certificate",
        False,
    ),
    (
        r"too many clients|remaining connection slots|too many connections",
        "Raise max_connections, run fewer workers, or put a pooler in between",
        True,
    ),
    (r"starting up|shutting down|in recovery|not yet accepting", "Wait until it is ready", True),
    (
        r"expected (authentication|SSL)|invalid response to|unsupported frontend protocol",
        "Check host and port: another program than PostgreSQL listens there",
        False,
    ),
    (
        (
            r"could not translate host name|Name or service not known|No such file or directory"
            r"|nodename nor servname"
        ),
        "Check the host in the URL",
        True,
    ),
    (r"definition of service", "Check service= in the URL, and the service file", False),
)


def connection_error(error: Exception, where: ServerLocation) -> StateError:
    """Return the error that a user sees if no connection can be opened."""
    # libpq puts an explanation on a line of its own, after one that has no full stop.
    whole = re.sub(r"(?<=\w)\n\s+(?=[A-Z])", ". ", str(error))
    text = sanitize(" ".join(whole.split()), 300)
    hint, passing = "Check the host and port in the URL, and that the server is running", True
    for pattern, advice, is_passing in _CONNECTIONS:
        if re.search(pattern, text):
            hint, passing = advice, is_passing
            break
    message = f"Cannot connect to PostgreSQL at {where.shown}: {text}"
    if passing:
        return StateUnavailable(message, path=where.shown, hint=hint, outcome="not done")
    return StateError(message, path=where.shown, hint=hint)
