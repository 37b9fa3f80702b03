"""The tables, as numbered migrations. A number that has been released never changes."""

from __future__ import annotations

__all__ = ["APPLICATION", "CURRENT", "KEYS", "MIGRATIONS"]

APPLICATION = 0x52535054
"""The application id of our sqlite files: "RSPT"."""

MIGRATIONS: tuple[str, ...] = (
    """
    PRAGMA application_id = 1381191764;
    CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE preferences (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE tokens (
        partition TEXT PRIMARY KEY, value TEXT NOT NULL, expires_at REAL,
        obtained_at REAL NOT NULL, refresh_token TEXT
    ) WITHOUT ROWID;
    CREATE TABLE http_cache (
        id INTEGER PRIMARY KEY AUTOINCREMENT, partition TEXT NOT NULL, key TEXT NOT NULL,
        path TEXT NOT NULL, meta TEXT NOT NULL, body BLOB NOT NULL, expires_at REAL NOT NULL,
        UNIQUE (partition, key)
    );
    CREATE INDEX http_cache_path ON http_cache (partition, path);
    CREATE INDEX http_cache_expiry ON http_cache (expires_at);
    CREATE TABLE cache_size (one INTEGER PRIMARY KEY CHECK (one = 1), count INTEGER NOT NULL,
        bytes INTEGER NOT NULL, drops INTEGER NOT NULL);
    INSERT INTO cache_size VALUES (1, 0, 0, 0);
    CREATE TRIGGER cached AFTER INSERT ON http_cache BEGIN
        UPDATE cache_size SET count = count + 1, bytes = bytes + length(NEW.body);
    END;
    CREATE TRIGGER uncached AFTER DELETE ON http_cache BEGIN
        UPDATE cache_size SET count = count - 1, bytes = bytes - length(OLD.body);
    END;
    CREATE TABLE history (
        id INTEGER PRIMARY KEY AUTOINCREMENT, at REAL NOT NULL, command TEXT NOT NULL
    );
    CREATE TABLE registrations (
        position INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE,
        namespace TEXT NOT NULL, vm_cloudspace TEXT NOT NULL, vm_cloudspace_uid TEXT NOT NULL,
        server TEXT NOT NULL, target TEXT NOT NULL, pool TEXT NOT NULL, address TEXT NOT NULL,
        status TEXT NOT NULL, token_id TEXT, token_expires_at REAL, submitted_at REAL,
        owner TEXT, due_at REAL, attempts INTEGER NOT NULL, generation INTEGER NOT NULL,
        last_error TEXT, payload TEXT NOT NULL, created_at REAL NOT NULL,
        updated_at REAL NOT NULL, version INTEGER NOT NULL
    );
    CREATE INDEX registrations_of ON registrations (target, status);
    CREATE INDEX registrations_open ON registrations (target, position, due_at)
        WHERE due_at IS NOT NULL;
    CREATE TABLE audit (
        id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL REFERENCES registrations (key),
        at REAL NOT NULL, who TEXT NOT NULL, before TEXT, after TEXT NOT NULL, why TEXT NOT NULL
    );
    CREATE INDEX audit_key ON audit (key, id);
    """,
    """
    ALTER TABLE registrations ADD COLUMN lease_id TEXT;
    ALTER TABLE registrations ADD COLUMN due_on REAL;
    ALTER TABLE registrations ADD COLUMN damaged INTEGER NOT NULL DEFAULT 0;
    DROP INDEX registrations_open;
    CREATE INDEX registrations_due ON registrations (target, due_on) WHERE due_on IS NOT NULL;
    CREATE INDEX registrations_listed ON registrations (target, namespace, key)
        WHERE status <> 'skipped';
    CREATE INDEX registrations_place ON registrations (target, namespace, vm_cloudspace);
    UPDATE registrations SET lease_id = 'version 1' WHERE owner IS NOT NULL;
    CREATE TABLE registration_counts (
        target TEXT NOT NULL, status TEXT NOT NULL, count INTEGER NOT NULL,
        PRIMARY KEY (target, status)
    ) WITHOUT ROWID;
    INSERT INTO registration_counts
        SELECT target, status, count(*) FROM registrations GROUP BY target, status;
    CREATE TRIGGER registration_added AFTER INSERT ON registrations BEGIN
        INSERT OR IGNORE INTO registration_counts VALUES (NEW.target, NEW.status, 0);
        UPDATE registration_counts SET count = count + 1
            WHERE target = NEW.target AND status = NEW.status;
    END;
    CREATE TRIGGER registration_moved AFTER UPDATE OF status, damaged ON registrations
    WHEN OLD.status <> NEW.status OR OLD.damaged <> NEW.damaged BEGIN
        UPDATE registration_counts SET count = count - 1 WHERE target = NEW.target
            AND status = CASE OLD.damaged WHEN 0 THEN OLD.status ELSE 'damaged' END;
        INSERT OR IGNORE INTO registration_counts VALUES (NEW.target,
            CASE NEW.damaged WHEN 0 THEN NEW.status ELSE 'damaged' END, 0);
        UPDATE registration_counts SET count = count + 1 WHERE target = NEW.target
            AND status = CASE NEW.damaged WHEN 0 THEN NEW.status ELSE 'damaged' END;
    END;
    """,
)
CURRENT = len(MIGRATIONS)

KEYS: dict[str, tuple[str, ...]] = {
    "meta": ("name",),
    "preferences": ("name",),
    "tokens": ("partition",),
    "http_cache": ("partition", "key"),
    "history": ("id",),
}
"""The columns that make up the key of a table."""
