"""What every implementation of the database interface promises."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from rsspot.errors import StateError
from rsspot.state.database import AuditEntry, RecordChange

if TYPE_CHECKING:
    from rsspot.state.database import Database, Row

T = {"target": "t"}


def row(number: int, **other: Any) -> Row:
    return {
        "key": f"k{number}",
        "namespace": "n",
        "vm_cloudspace": "v",
        "vm_cloudspace_uid": "u",
        "server": f"s{number}",
        "target": "t",
        "pool": "",
        "address": "",
        "status": "discovered",
        "token_id": None,
        "token_expires_at": None,
        "submitted_at": None,
        "owner": None,
        "due_at": 0.0,
        "attempts": 0,
        "generation": 0,
        "last_error": None,
        "payload": "{}",
        "created_at": 1.0,
        "updated_at": 1.0,
        "version": 1,
        **other,
    }


def note(number: int, why: str = "") -> AuditEntry:
    return AuditEntry(f"k{number}", 1.0, "w", None, "discovered", why)


def filled(database: Database, count: int) -> None:
    database.insert_records([row(n) for n in range(count)], [note(n) for n in range(count)])


def claim(database: Database, most: int, now: float, owner: str = "w") -> list[str]:
    rows = database.claim_records(most, owner=owner, now=now, until=now + 10, where=T)
    return [each["key"] for each in rows]


def test_a_row_is_what_was_put_last(database: Database) -> None:
    assert database.get("preferences", ("a",)) is None
    database.put("preferences", {"name": "a", "value": "1"})
    database.put("preferences", {"name": "a", "value": "2"})
    assert database.get("preferences", ("a",)) == {"name": "a", "value": "2"}
    assert len(database.rows("preferences")) == 1
    database.delete("preferences", ("a",))
    assert database.rows("preferences") == []


def test_the_newest_rows_come_oldest_first(database: Database) -> None:
    for number in range(5):
        database.add("history", {"at": float(number), "command": f"c{number}"})
    assert [each["command"] for each in database.rows("history", newest=2)] == ["c3", "c4"]
    database.delete("history", ())
    assert database.rows("history") == []


def test_the_oldest_answers_go_and_a_write_drops_what_lies_beneath(database: Database) -> None:
    for number, path in enumerate(("/a", "/a/b", "/ab", "/c")):
        answer = {"partition": "p", "key": f"k{number}", "path": path, "meta": "{}"}
        database.put_cached({**answer, "body": b"", "expires_at": 1.0}, 3)
    assert database.get("http_cache", ("p", "k0")) is None
    before = database.generation()
    database.drop_cached("p", ["/a"])
    assert database.generation() != before
    kept = {each["path"] for each in database.rows("http_cache")}
    assert kept == {"/ab", "/c"}
    late = {"partition": "p", "key": "late", "path": "/a", "meta": "{}", "body": b""}
    assert not database.put_cached({**late, "expires_at": 1.0}, 9, generation=before)
    assert database.put_cached({**late, "expires_at": 1.0}, 9, generation=database.generation())


def test_a_record_is_added_once_with_its_history(database: Database) -> None:
    assert database.insert_records([row(1)], [note(1, "first"), note(1, "second")]) == 1
    assert database.insert_records([row(1), row(2)], [note(1, "again"), note(2)]) == 1
    assert [entry.why for entry in database.audit_of("k1")] == ["first", "second"]


def test_records_come_in_pages_oldest_first(database: Database) -> None:
    filled(database, 5)
    first = database.records(T, most=2)
    rest = database.records(T, after=first[-1]["position"])
    assert [each["key"] for each in first + rest] == [f"k{n}" for n in range(5)]
    assert database.records({"target": "other"}) == []
    assert database.count_records(T) == {"discovered": 5}


def test_a_change_happens_only_in_the_version_that_is_expected(database: Database) -> None:
    filled(database, 2)
    entry = AuditEntry("k0", 2.0, "w", "discovered", "skipped", "why")
    changes = [
        RecordChange("k0", 1, {"status": "skipped"}, entry),
        RecordChange("k1", 7, {"status": "skipped"}, None),
        RecordChange("k0", 1, {"status": "failed"}, entry),
        RecordChange("none", 1, {"status": "failed"}, None),
    ]
    assert database.change_records(changes) == [True, False, False, False]
    found = {each["key"]: (each["status"], each["version"]) for each in database.records(T)}
    assert found == {"k0": ("skipped", 2), "k1": ("discovered", 1)}
    assert database.audit_of("k0")[-1] == entry
    assert len(database.audit_of("k0")) == 2


def test_what_is_due_is_claimed_once_and_the_oldest_first(database: Database) -> None:
    rows = [row(0, due_at=5.0), row(1), row(2, due_at=None), row(3, target="other"), row(4)]
    database.insert_records(rows, [])
    assert database.next_due(T) == 0.0
    assert claim(database, 1, now=1.0) == ["k1"]
    assert claim(database, 9, now=1.0) == ["k4"]
    assert claim(database, 9, now=1.0) == []
    assert database.next_due(T) == 5.0
    assert claim(database, 9, now=11.0, owner="x") == ["k0", "k1", "k4"]
    found = database.records({"key": "k1"})[0]
    assert (found["owner"], found["due_at"], found["version"]) == ("x", 21.0, 3)


def test_a_lease_is_renewed_by_whoever_has_its_version(database: Database) -> None:
    filled(database, 2)
    (held,) = database.claim_records(1, owner="w", now=1.0, until=2.0, where=T)
    leases = [(held["key"], held["version"]), (held["key"], 1), ("k1", 1), ("none", 1)]
    assert database.renew_records(leases, 50.0) == [True, False, False, False]
    found = database.records({"key": "k0"})[0]
    assert (found["due_at"], found["version"]) == (50.0, held["version"])


def test_threads_never_claim_the_same_record(database: Database) -> None:
    filled(database, 60)
    with ThreadPoolExecutor(6) as pool:
        calls = [pool.submit(claim, database, 1, 1.0, f"w{n % 6}") for n in range(80)]
        claimed = [key for call in calls for key in call.result()]
    assert sorted(claimed) == sorted(f"k{n}" for n in range(60))


def test_a_lock_keeps_others_out_until_it_is_released(database: Database) -> None:
    first = database.try_lock("name", 60.0)
    assert first is not None
    assert database.try_lock("name", 60.0) is None
    assert database.try_lock("other", 60.0) is not None
    first.release()
    first.release()
    with ThreadPoolExecutor(4) as pool:
        held = list(pool.map(lambda _: database.try_lock("name", 60.0), range(8)))
    assert sum(lock is not None for lock in held) == 1
    for lock in held:
        if lock is not None:
            with lock:
                assert database.try_lock("name", 60.0) is None
    assert database.try_lock("name", 60.0) is not None


def test_a_closed_database_says_so(database: Database) -> None:
    database.close()
    with pytest.raises(StateError, match="closed"):
        database.put("preferences", {"name": "a", "value": "1"})
    with pytest.raises(StateError, match="closed"):
        database.records(T)
