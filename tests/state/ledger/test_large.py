"""What a large ledger costs: nothing that does not concern what is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from rsspot import RegistrationCandidate, StateStore
from rsspot.state.ledger import Listing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from rsspot.state.ledger import Ledger


def listing(where: str, count: int, *, complete: bool = False) -> Listing:
    return Listing(
        target="t",
        candidates=tuple(
            RegistrationCandidate(namespace="n", vm_cloudspace=where, server=f"s{each}", target="t")
            for each in range(count)
        ),
        complete=frozenset({"n"} if complete else ()),
    )


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with StateStore(tmp_path / "s.db") as store:
        store.registrations.discover(listing("first", 3000), who="w")
        yield store.registrations


def steps_of(store: Any, act: Callable[[], object]) -> int:
    """How many thousands of steps of sqlite's machine something takes."""
    count = 0

    def tick() -> int:
        nonlocal count
        count += 1
        return 0

    database = store._database()
    store.summary()
    for connection in (database.connections._reader, database.connections._writer):
        connection.set_progress_handler(tick, 1000)
    act()
    for connection in (database.connections._reader, database.connections._writer):
        connection.set_progress_handler(None, 0)
    return count


ASKED: dict[str, Callable[[Ledger], object]] = {
    "next_due": lambda ledger: ledger.next_due("t"),
    "summary": lambda ledger: ledger.summary("t"),
    "claim": lambda ledger: ledger.claim(owner="w", ttl=60, target="t"),
    "get": lambda ledger: ledger.get(listing("first", 1).candidates[0].key),
    "discover": lambda ledger: ledger.discover(listing("second", 20), who="w"),
    "discover again": lambda ledger: ledger.discover(listing("first", 20), who="w"),
}


@pytest.mark.parametrize("what", ASKED)
def test_what_is_asked_often_does_not_search_the_ledger(what: str, ledger: Ledger) -> None:
    # 3,000 records that are looked at are 30,000 steps and more; 20 that are added, 5,000.
    assert steps_of(ledger, lambda: ASKED[what](ledger)) <= 8


def test_a_claim_behind_thousands_of_leases_does_not_search_them(ledger: Ledger) -> None:
    assert len(ledger.claim(2990, owner="w", ttl=60, target="t")) == 2990
    assert steps_of(ledger, lambda: ledger.claim(owner="w", ttl=60, target="t")) <= 1


def test_records_that_were_skipped_long_ago_cost_a_complete_list_nothing(ledger: Ledger) -> None:
    found = ledger.discover(listing("second", 20, complete=True), who="w")
    assert len(found.vanished) == 3000
    whole = listing("second", 20, complete=True)
    assert steps_of(ledger, lambda: ledger.discover(whole, who="w")) <= 4


def test_an_export_reads_histories_with_the_page_they_belong_to(ledger: Ledger) -> None:
    lines = [*ledger.export(target="t")]
    assert len(lines) == 3000 + 2
    statements: list[str] = []
    database: Any = ledger._database()
    database.connections._reader.set_trace_callback(statements.append)
    assert len([*ledger.export(target="t")]) == len(lines)
    assert len(statements) < 30, "histories are not read one by one"
    assert all('"discovered"' in line for line in lines[1:-1])
