"""Measure the ledger on PostgreSQL against bare psycopg, and large ledgers on both databases.

It starts a server of the development package, without fsync: what is measured is the work, and
not the disk. `RSSPOT_BENCH_RECORDS` says how many records the large ledger has.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from measuring import ratio, turns

from rsspot import RegistrationCandidate, StateStore
from rsspot.config.state_location import server_location
from rsspot.state.ledger import Listing, Reissued, TokenIssued

if TYPE_CHECKING:
    from collections.abc import Iterator

    from measuring import Row

    from rsspot import RegistrationRecord

__all__ = ["fleet"]

MANY = int(os.environ.get("RSSPOT_BENCH_RECORDS", "1000000"))
FEW = 1000
KNOWN = 50_000
LISTED = 20
RECORDS = 200


def listing(cloudspace: str, count: int) -> Listing:
    """Return `count` VMs of a VM cloudspace."""
    return Listing(
        target="t",
        candidates=tuple(
            RegistrationCandidate(
                namespace="n", vm_cloudspace=cloudspace, server=f"s{each}", target="t"
            )
            for each in range(count)
        ),
    )


class Bare:
    """The same statements with bare psycopg: compare-and-set, and a line of history."""

    def __init__(self, url: str) -> None:
        import psycopg

        where = server_location(url)
        if where is None:
            raise RuntimeError("This is not the URL of a server.")
        self._connection: Any = psycopg.connect(where.url, autocommit=True)
        self._text = (
            f'WITH done AS (UPDATE "{where.schema}".registrations SET status = %s, '  # noqa: S608 - our own names
            "updated_at = clock_timestamp(), token_id = %s, token_expires_at = %s, "
            "version = version + 1 WHERE key = %s AND version = %s RETURNING key, version, "
            f'updated_at), noted AS (INSERT INTO "{where.schema}".audit '
            "(key, at, who, before, after, why, change_id) "
            "SELECT key, clock_timestamp(), %s, %s, %s, %s, %s FROM done) SELECT * FROM done"
        )

    def change(self, record: RegistrationRecord, version: int, token: str) -> None:
        """Make one transition."""
        values = ("token_issued", token, None, record.key, version)
        note = ("w", "discovered", "token_issued", f"token {token}", uuid4())
        if not self._connection.execute(self._text, (*values, *note)).fetchall():
            raise RuntimeError("The version is another one.")

    def close(self) -> None:
        """Close it."""
        self._connection.close()


def transitions(url: str) -> Iterator[Row]:
    """Measure one transition in a separate transaction."""
    with (
        StateStore(f"{url}?schema=ours") as store,
        StateStore(f"{url}?schema=bare") as other,
    ):
        for each in (store, other):
            each.registrations.discover(listing("v", RECORDS), who="w")
        bare = Bare(f"{url}?schema=bare")
        ours, theirs = store.registrations.list(), other.registrations.list()
        versions = [1] * RECORDS
        number, turn = iter(range(10**9)), iter(range(10**9))

        def one_of_ours() -> None:
            each = next(number)
            event = (Reissued if each >= RECORDS else TokenIssued)(f"t{each}")
            record = ours[each % RECORDS]
            ours[each % RECORDS] = store.registrations.apply(record, event, who="w")

        def one_of_theirs() -> None:
            each = next(turn)
            bare.change(theirs[each % RECORDS], versions[each % RECORDS], f"t{each}")
            versions[each % RECORDS] += 1

        mine, plain = turns(4 * RECORDS, one_of_ours, one_of_theirs)
        bare.close()
    yield ratio("fleet: transition, bare psycopg / ours", plain, mine, 0.6, least=True)


FILL = """
INSERT INTO "{schema}".registrations (key, namespace, vm_cloudspace, vm_cloudspace_uid, server,
    target, pool, address, status, due_at, attempts, generation, payload, created_at, updated_at,
    version)
SELECT md5('{schema}' || n) || '00000000', 'n', 'v', 'u', 's' || n, 't', '', '', 'discovered',
    now() - n * interval '1 millisecond', 0, 0, '{{}}', now(), now(), 1
FROM generate_series(1, {count}) AS n
"""


def claims(url: str) -> Iterator[Row]:
    """Measure a claim and its release, among few records and among many."""
    import psycopg

    stores: list[StateStore] = []
    for schema, count in (("few", FEW), ("many", MANY)):
        store = StateStore(f"{url}?schema={schema}", busy_timeout=600)
        store.registrations.summary()
        with psycopg.connect(url, autocommit=True) as raw:
            raw.execute(FILL.format(schema=schema, count=count).encode())
            raw.execute(f'VACUUM ANALYZE "{schema}".registrations'.encode())
        stores.append(store)

    def claim(store: StateStore) -> None:
        (record,) = store.registrations.claim(owner="w", ttl=60, target="t")
        store.registrations.release(record)

    few, many = turns(500, lambda: claim(stores[0]), lambda: claim(stores[1]))
    for store in stores:
        store.close()
    yield ratio(f"fleet: claim among {MANY:,} records / among {FEW:,}", many, few, 1.5)


def discoveries(url: str, folder: str) -> Iterator[Row]:
    """Measure the discovery of 20 VMs with 50,000 known records, and on an empty ledger."""
    for name, places in (
        ("sqlite", (f"{folder}/known.db", f"{folder}/empty.db")),
        ("fleet", (f"{url}?schema=known", f"{url}?schema=empty")),
    ):
        known, empty = (StateStore(place, busy_timeout=60) for place in places)
        known.registrations.discover(listing("known", KNOWN), who="w")
        numbers = iter(range(10**9))

        def discover(store: StateStore, numbers: Iterator[int] = numbers) -> None:
            found = store.registrations.discover(listing(f"l{next(numbers)}", LISTED), who="w")
            if found.added != LISTED:
                raise RuntimeError("They were known.")

        large, small = turns(50, lambda: discover(known), lambda: discover(empty))  # noqa: B023 - called here
        yield ratio(f"{name}: {LISTED} VMs, {KNOWN:,} known / none", large, small, 3)
        known.close()
        empty.close()


def fleet() -> Iterator[Row]:
    """Measure all rows."""
    sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "support"))
    from postgres_server import Server

    settings = {"synchronous_commit": "on", "shared_buffers": "256MB", "autovacuum": "off"}
    with Server(settings) as server, tempfile.TemporaryDirectory() as folder:
        url = server.url()
        yield from transitions(url)
        yield from discoveries(url, folder)
        yield from claims(url)


if __name__ == "__main__":
    for row in fleet():
        print(row)
