"""The tables, as numbered migrations. A number that has been released never changes.

Each has two parts. The part before only adds, so that old and new workers run side by side. The
part after removes what the old ones needed, once the last of them has ended.
"""

from __future__ import annotations

from attrs import frozen

from rsspot.state.postgres.statements import TYPES
from rsspot.state.postgres.values import NOTED

__all__ = ["COLUMNS", "CURRENT", "MARK", "MIGRATIONS", "TABLES", "Migration"]

MARK = "rsspot_migrations"
"""The table that identifies a schema as one of rsspot."""


@frozen
class Migration:
    """One change of the schema: statements in which ``{s}`` stands for the schema."""

    before: tuple[str, ...]
    after: tuple[str, ...] = ()


MIGRATIONS: tuple[Migration, ...] = (
    Migration(
        before=(
            """
            CREATE TABLE {s}.registrations (
                position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                key text COLLATE "C" NOT NULL UNIQUE,
                namespace text NOT NULL, vm_cloudspace text NOT NULL,
                vm_cloudspace_uid text NOT NULL, server text NOT NULL, target text NOT NULL,
                pool text NOT NULL, address text NOT NULL, status text NOT NULL,
                token_id text, token_expires_at timestamptz, submitted_at timestamptz,
                owner text, lease_id text, due_at timestamptz,
                attempts bigint NOT NULL, generation bigint NOT NULL, last_error text,
                payload text NOT NULL, created_at timestamptz NOT NULL,
                updated_at timestamptz NOT NULL, version bigint NOT NULL,
                damaged boolean NOT NULL DEFAULT false
            ) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05)
            """,
            """
            CREATE INDEX registrations_due ON {s}.registrations (target, due_at, position)
                WHERE due_at IS NOT NULL
            """,
            """
            CREATE INDEX registrations_listed ON {s}.registrations (target, namespace, key)
                WHERE status <> 'skipped'
            """,
            """
            CREATE INDEX registrations_place
                ON {s}.registrations (target, namespace, vm_cloudspace)
            """,
            "CREATE INDEX registrations_of ON {s}.registrations (target, status, position)",
            """
            CREATE TABLE {s}.audit (
                id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                key text COLLATE "C" NOT NULL, at timestamptz NOT NULL, who text NOT NULL,
                before text, after text NOT NULL, why text NOT NULL,
                change_id uuid NOT NULL UNIQUE
            )
            """,
            "CREATE INDEX audit_key ON {s}.audit (key, id)",
            "CREATE INDEX audit_at ON {s}.audit USING brin (at)",
            """
            CREATE TABLE {s}.registration_counts (
                target text NOT NULL, status text NOT NULL, shard smallint NOT NULL,
                count bigint NOT NULL, PRIMARY KEY (target, status, shard)
            ) WITH (fillfactor = 50)
            """,
            # Each server process counts in rows of its own, so that none waits for another.
            """
            CREATE FUNCTION {s}.count_added() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                INSERT INTO {s}.registration_counts AS c
                SELECT target, status, pg_backend_pid() % 64, count(*) FROM added
                GROUP BY target, status ORDER BY target, status
                ON CONFLICT (target, status, shard) DO UPDATE SET count = c.count + EXCLUDED.count;
                RETURN NULL;
            END $$
            """,
            """
            CREATE TRIGGER count_added AFTER INSERT ON {s}.registrations
            REFERENCING NEW TABLE AS added FOR EACH STATEMENT
            EXECUTE FUNCTION {s}.count_added()
            """,
            """
            CREATE FUNCTION {s}.count_moved() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                INSERT INTO {s}.registration_counts AS c
                SELECT target, status, pg_backend_pid() % 64, n FROM (VALUES
                    (OLD.target, CASE WHEN OLD.damaged THEN 'damaged' ELSE OLD.status END, -1),
                    (NEW.target, CASE WHEN NEW.damaged THEN 'damaged' ELSE NEW.status END, 1)
                ) AS moved (target, status, n) ORDER BY target, status
                ON CONFLICT (target, status, shard) DO UPDATE SET count = c.count + EXCLUDED.count;
                RETURN NULL;
            END $$
            """,
            """
            CREATE TRIGGER count_moved AFTER UPDATE OF status, damaged ON {s}.registrations
            FOR EACH ROW
            WHEN (OLD.status IS DISTINCT FROM NEW.status OR OLD.damaged <> NEW.damaged)
            EXECUTE FUNCTION {s}.count_moved()
            """,
            """
            CREATE TABLE {s}.leases (target text PRIMARY KEY, seconds double precision NOT NULL)
            """,
            """
            CREATE TABLE {s}.locks (
                name text PRIMARY KEY, holder text NOT NULL, ends_at timestamptz NOT NULL
            )
            """,
            """
            CREATE TABLE {s}.tokens (
                partition text PRIMARY KEY, sealed bytea NOT NULL, version bigint NOT NULL,
                updated_at timestamptz NOT NULL
            )
            """,
        ),
    ),
)
CURRENT = len(MIGRATIONS)

COLUMNS: dict[str, tuple[str, ...]] = {
    "audit": ("id", *NOTED),
    "leases": ("target", "seconds"),
    "locks": ("name", "holder", "ends_at"),
    "registration_counts": ("target", "status", "shard", "count"),
    "registrations": ("position", *TYPES, "damaged"),
    "tokens": ("partition", "sealed", "version", "updated_at"),
}
"""The columns that this version of rsspot needs, by table."""
TABLES = tuple(COLUMNS)
"""The tables that the runtime role reads and writes; it also reads `MARK`."""
