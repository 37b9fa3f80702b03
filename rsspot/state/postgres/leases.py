"""The operations on leases: claim, renew, and agree on their duration."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from rsspot.state.postgres.driver import Statement
from rsspot.state.postgres.statements import COLUMNS, condition, due_in
from rsspot.state.postgres.values import SECOND

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from rsspot.state.database import Row
    from rsspot.state.postgres.driver import Steps
    from rsspot.state.postgres.statements import Templates

__all__ = ["Leases"]

NOT_HELD = "(lease_id IS NULL OR lease_id <> ALL(%(held)s::text[]))"


class Leases:
    """Makes the operations on leases.

    An attempt to claim that is made again has the same lease id, so that it finds what an earlier
    attempt has claimed.

    texts: fills in schema and time.
    """

    def __init__(self, texts: Templates) -> None:
        self._texts = texts

    def statement(self, template: str, **values: Any) -> Statement:
        """Return a statement."""
        return Statement(self._texts(template), values)

    def next_due(self, target: str, held: Collection[str]) -> Callable[[bool], Steps[float | None]]:
        """Return in how many seconds the next record is due."""

        def steps(_again: bool) -> Steps[float | None]:  # noqa: FBT001 - one flag
            found = yield self.statement(NEXT_DUE, target=target, held=[*held])
            return found[0]["due_in"] if found else None

        return steps

    def claim(
        self, limit: int, *, owner: str, ttl: float, where: Row, held: Collection[str]
    ) -> Callable[[bool], Steps[list[Row]]]:
        """Lease records that are due."""
        values: dict[str, Any] = {
            **where,
            "n": limit,
            "owner_name": owner,
            "ttl": ttl,
            "held": [*held],
            "lease": secrets.token_hex(8),
        }
        now = "(SELECT {now})"  # evaluated once, so that the index can be used
        claimed = f"{CLAIM[0]}{condition(where)}due_at <= {now} AND {NOT_HELD} {CLAIM[1]}"
        before = f"SELECT due_at AS was, {COLUMNS} FROM {{s}}.registrations WHERE "
        before += f"{condition(where)}due_at > {now} AND lease_id LIKE %(lease)s || '-%%' "
        before += f"AND due_at <= {now} + %(ttl)s * {SECOND}"

        def steps(again: bool) -> Steps[list[Row]]:  # noqa: FBT001 - one flag
            found = (yield self.statement(before, **values)) if again else []
            if not found:
                found = yield self.statement(claimed, **values)
            found.sort(key=lambda row: (row.pop("was"), row["position"]))
            return found

        return steps

    def renew(
        self, leases: Sequence[tuple[str, str]], ttl: float
    ) -> Callable[[bool], Steps[list[bool]]]:
        """Let leases end later."""
        keys, ids = [key for key, _ in leases], [lease for _, lease in leases]

        def steps(_again: bool) -> Steps[list[bool]]:  # noqa: FBT001 - one flag
            found = yield self.statement(RENEW, keys=keys, leases=ids, ttl=ttl)
            held = {(row["key"], row["lease_id"]) for row in found}
            return [lease in held for lease in leases]

        return steps

    def agree(self, target: str, seconds: float) -> Callable[[bool], Steps[float]]:
        """Agree on the length of leases."""

        def steps(_again: bool) -> Steps[float]:  # noqa: FBT001 - one flag
            found = yield self.statement(AGREE, target=target, seconds=seconds)
            if not found:
                found = yield self.statement(AGREED, target=target)
            return float(found[0]["seconds"])

        return steps


NEXT_DUE = (
    f"SELECT {due_in()} FROM {{s}}.registrations WHERE target = %(target)s "
    f"AND due_at < 'infinity' AND {NOT_HELD} ORDER BY due_at LIMIT 1"
)
CLAIM = (
    "WITH due AS (SELECT position AS p, due_at AS was FROM {s}.registrations WHERE ",
    (
        "ORDER BY due_at, position LIMIT %(n)s FOR UPDATE SKIP LOCKED) "
        "UPDATE {s}.registrations AS r SET owner = %(owner_name)s, "
        f"lease_id = %(lease)s || '-' || r.position, due_at = {{now}} + %(ttl)s * {SECOND}, "
        f"updated_at = {{now}}, version = version + 1 FROM due WHERE position = p "
        f"RETURNING was, {COLUMNS}"
    ),
)
RENEW = (
    "WITH held AS (SELECT position AS p FROM {s}.registrations AS r "
    "JOIN unnest(%(keys)s::text[], %(leases)s::text[]) AS c (key, lease) "
    "ON r.key = c.key AND r.lease_id = c.lease AND r.due_at IS NOT NULL "
    "ORDER BY r.key FOR UPDATE OF r) "
    f"UPDATE {{s}}.registrations SET due_at = {{now}} + %(ttl)s * {SECOND} FROM held "
    "WHERE position = p RETURNING key, lease_id"
)
AGREE = (
    "INSERT INTO {s}.leases AS l (target, seconds) VALUES (%(target)s, %(seconds)s) "
    "ON CONFLICT (target) DO UPDATE SET seconds = EXCLUDED.seconds WHERE NOT EXISTS (SELECT FROM "
    "{s}.registrations AS r WHERE r.target = l.target AND r.due_at > {now} AND r.owner IS NOT NULL)"
    " RETURNING seconds"
)
AGREED = "SELECT seconds FROM {s}.leases WHERE target = %(target)s"
