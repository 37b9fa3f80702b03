"""Rows by table and key on sqlite; `rsspot.state.database` documents each method."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rsspot.state.sqlite.schema import KEYS
from rsspot.state.sqlite.statements import deletion, insert, matching

if TYPE_CHECKING:
    from rsspot.state.database import Row
    from rsspot.state.sqlite.connections import Connections

__all__ = ["Tables"]


class Tables:
    """Reads and writes whole rows over `connections`."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def get(self, table: str, key: tuple[str, ...]) -> Row | None:
        query = f"SELECT * FROM {table} WHERE {matching(KEYS[table])}"  # noqa: S608 - our own names
        found = self._connections.read(lambda it: it.execute(query, key).fetchone(), is_hot=True)
        return None if found is None else dict(found)

    def put(self, table: str, row: Row) -> None:
        statement = insert(table, tuple(row), "OR REPLACE")
        self._connections.write(
            lambda connection: connection.execute(statement, tuple(row.values()))
        )

    def delete(self, table: str, key: tuple[str, ...]) -> None:
        statement = deletion(table, KEYS[table][: len(key)])
        self._connections.write(lambda connection: connection.execute(statement, key))

    def rows(self, table: str, *, newest: int | None = None) -> list[Row]:
        order = ", ".join(KEYS[table])
        query = f"SELECT * FROM {table} ORDER BY {order}"  # noqa: S608 - our own names
        values: tuple[int, ...] = ()
        if newest is not None:
            query, values = f"{query} DESC LIMIT ?", (newest,)
        found = self._connections.read(
            lambda connection: connection.execute(query, values).fetchall()
        )
        rows = [dict(row) for row in found]
        return rows if newest is None else rows[::-1]

    def add(self, table: str, row: Row) -> None:
        statement = insert(table, tuple(row))
        self._connections.write(
            lambda connection: connection.execute(statement, tuple(row.values()))
        )
