"""Sealed tokens, each replaced only while it is the one that was read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rsspot.state.postgres.driver import Statement

if TYPE_CHECKING:
    from collections.abc import Callable

    from rsspot.state.database import Row
    from rsspot.state.postgres.driver import Steps
    from rsspot.state.postgres.statements import Templates

__all__ = ["TokenRows"]

GET = "SELECT sealed, version FROM {s}.tokens WHERE partition = %(partition)s"
PUT = (
    "INSERT INTO {s}.tokens AS t (partition, sealed, version, updated_at) "
    "VALUES (%(partition)s, %(sealed)s, 1, {now}) ON CONFLICT (partition) DO UPDATE "
    "SET sealed = EXCLUDED.sealed, version = t.version + 1, updated_at = {now} "
    "WHERE t.version = %(seen)s OR %(seen)s::bigint IS NULL"
)


class TokenRows:
    """Makes the operations on tokens.

    texts: fills in schema and time.
    """

    def __init__(self, texts: Templates) -> None:
        self._texts = texts

    def get(self, partition: str) -> Callable[[bool], Steps[Row | None]]:
        """Return the sealed token of a partition, and its version."""

        def steps(_again: bool) -> Steps[Row | None]:  # noqa: FBT001 - one flag
            found = yield Statement(self._texts(GET), {"partition": partition})
            return found[0] if found else None

        return steps

    def put(self, row: Row) -> Callable[[bool], Steps[None]]:
        """Keep a sealed token, if the one that is there has the version that was seen."""
        values = {"partition": row["partition"], "sealed": row["sealed"], "seen": row["version"]}

        def steps(_again: bool) -> Steps[None]:  # noqa: FBT001 - one flag
            yield Statement(self._texts(PUT), values)

        return steps

    def delete(self, partition: str = "") -> Callable[[bool], Steps[None]]:
        """Forget the token of a partition, or all."""
        text = "DELETE FROM {s}.tokens WHERE %(partition)s IN (partition, '')"

        def steps(_again: bool) -> Steps[None]:  # noqa: FBT001 - one flag
            yield Statement(self._texts(text), {"partition": partition})

        return steps
