"""What every implementation of the database interface promises."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from rsspot.errors import StateError
from rsspot.state.database import NOW, AuditEntry, FromNow, RecordChange

if TYPE_CHECKING:
    from collections.abc import Iterable

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
        "lease_id": None,
        "due_at": NOW,
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


def claim(database: Database, limit: int, owner: str = "w", **other: Any) -> list[str]:
    rows = database.claim_records(limit, owner=owner, ttl=10.0, where=T, **other)
    return [each["key"] for each in rows]


def missed(results: Iterable[Row | None]) -> list[bool]:
    return [row is None for row in results]


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


@pytest.mark.parametrize(("key", "kept"), [((), ""), (("p",), "q"), (("other",), "pq")], ids=str)
def test_whoever_has_responses_in_memory_notices_that_they_are_cleared(
    database: Database, key: tuple[str, ...], kept: str
) -> None:
    for partition in ("p", "q"):
        entry = {"partition": partition, "key": "k", "path": "/a", "meta": "", "body": b""}
        database.put_cached({**entry, "expires_at": 1.0}, 9)
    before = database.generation()
    database.delete("http_cache", ("p", "another"))
    assert database.generation() == before
    database.delete("http_cache", key)
    assert database.generation() != before
    assert kept == "".join(each for each in "pq" if database.get_cached(each, "k")[0])


def test_a_record_is_added_once_with_its_history(database: Database) -> None:
    assert database.insert_records([row(1)], [note(1, "first"), note(1, "second")]) == 1
    assert database.insert_records([row(1), row(2)], [note(1, "again"), note(2)]) == 1
    assert [entry.why for entry in database.audit_of("k1")] == ["first", "second"]


def test_records_come_in_pages_oldest_first(database: Database) -> None:
    filled(database, 5)
    first = database.records(T, limit=2)
    rest = database.records(T, after=first[-1]["position"])
    assert [each["key"] for each in first + rest] == [f"k{n}" for n in range(5)]
    assert database.records({"target": "other"}) == []
    assert database.count_records("t") == {"discovered": 5}
    assert database.count_records(None) == {"discovered": 5}
    assert database.count_records("other") == {}


def test_a_change_happens_only_in_the_version_that_is_expected(database: Database) -> None:
    filled(database, 2)
    entry = AuditEntry("k0", 2.0, "w", "discovered", "skipped", "why")
    changes = [
        RecordChange("k0", 1, {"status": "skipped"}, entry),
        RecordChange("k1", 7, {"status": "skipped"}, None),
        RecordChange("k0", 1, {"status": "failed"}, entry),
        RecordChange("none", 1, {"status": "failed"}, None),
    ]
    assert missed(database.change_records(changes)) == [False, True, True, True]
    found = {each["key"]: (each["status"], each["version"]) for each in database.records(T)}
    assert found == {"k0": ("skipped", 2), "k1": ("discovered", 1)}
    assert database.audit_of("k0")[-1] == entry
    assert len(database.audit_of("k0")) == 2


@pytest.mark.parametrize(
    "odd",
    [
        "",
        " ",
        "NULL",
        '"',
        "\\",
        '\\"',
        "{a,b}",
        "'; --",
        "a\nb\t",
        "{s} {now} %(key)s",
        "é😀\u2003",
    ],
)
def test_a_text_is_stored_as_it_is_wherever_it_stands(database: Database, odd: str) -> None:
    rows = [row(1, pool=odd, last_error=odd), row(2, key=f"k{odd}", payload='{"a": "\\\\\\""}')]
    notes = [AuditEntry("k1", 1.0, odd, None, "discovered", odd)]
    assert database.insert_records(rows, notes) == 2
    found = database.records_by_key(["k1", f"k{odd}"])
    assert (found["k1"]["pool"], found["k1"]["last_error"]) == (odd, odd)
    assert found[f"k{odd}"]["payload"] == '{"a": "\\\\\\""}'
    assert database.audit_of("k1") == notes
    changes = [RecordChange(key, 1, {"address": odd, "token_id": None}) for key in found]
    assert missed(database.change_records(changes)) == [False, False]
    assert {each["address"] for each in database.records(T)} == {odd}
    assert database.missing_records("t", "n", {f"k{odd}"}) == database.records({"key": "k1"})


def test_what_is_due_is_claimed_once_and_what_waited_longest_first(
    database: Database, now: Any
) -> None:
    rows = [row(0, due_at=FromNow(5)), row(1), row(2, due_at=None), row(3, target="x"), row(4)]
    database.insert_records(rows, [])
    assert database.next_due("t") == 0.0
    now.time += 1
    assert claim(database, 1) == ["k1"]
    assert claim(database, 9) == ["k4"]
    assert claim(database, 9) == []
    assert database.next_due("t") == 4.0
    now.time += 10
    assert claim(database, 9, "x") == ["k0", "k1", "k4"]
    found = database.records({"key": "k1"})[0]
    assert (found["owner"], found["due_at"], found["due_in"]) == ("x", now.time + 10, 10.0)
    assert found["version"] == 3


def test_nobody_claims_what_is_in_his_own_hands(database: Database, now: Any) -> None:
    filled(database, 1)
    (mine,) = database.claim_records(1, owner="w", ttl=10.0, where=T)
    now.time += 60
    held = [mine["lease_id"]]
    assert claim(database, 9, held=held) == []
    assert database.next_due("t", held=held) is None
    assert database.next_due("t") == 0.0
    assert claim(database, 9) == ["k0"], "it is for others"
    now.time += 60
    assert claim(database, 9, held=held) == ["k0"], "that lease is a new one"


def test_a_lease_is_renewed_by_whoever_has_its_id(database: Database, now: Any) -> None:
    filled(database, 2)
    (held,) = database.claim_records(1, owner="w", ttl=2.0, where=T)
    leases = [("k0", held["lease_id"]), ("k0", "another"), ("k1", held["lease_id"]), ("k1", "")]
    assert database.renew_records(leases, 50.0) == [True, False, False, False]
    found = database.records({"key": "k0"})[0]
    assert (found["due_at"], found["version"]) == (now.time + 50.0, held["version"])


def test_a_writer_needs_the_version_and_the_lease(database: Database, now: Any) -> None:
    filled(database, 1)
    (held,) = database.claim_records(1, owner="w", ttl=10.0, where=T)
    lease, version = held["lease_id"], held["version"]

    def change(version: int, lease: str | None) -> Row | None:
        made = RecordChange("k0", version, {"address": "x", "updated_at": NOW}, lease=lease)
        return database.change_records([made])[0]

    assert change(version, None) is None
    assert change(version, "another") is None
    assert change(version - 1, lease) is None
    assert change(version, lease) == {
        "address": "x",
        "updated_at": now.time,
        "version": version + 1,
    }
    now.time += 11
    # The same number again, as after a switch to a copy that lagged behind: the lease differs.
    assert change(version + 1, "another") is None
    assert change(version + 1, None) is not None, "its lease has ended"


def test_the_length_of_leases_stays_while_one_is_in_force(database: Database, now: Any) -> None:
    filled(database, 1)
    assert database.agree_lease("t", 10.0) == 10.0
    assert database.agree_lease("t", 20.0) == 20.0
    assert claim(database, 1) == ["k0"]
    assert database.agree_lease("t", 5.0) == 20.0
    assert database.agree_lease("other", 5.0) == 5.0
    now.time += 11
    assert database.agree_lease("t", 5.0) == 5.0


def test_old_lines_of_settled_records_are_forgotten_but_for_the_last(
    database: Database, now: Any
) -> None:
    rows = [row(0, due_at=None), row(1), row(2, due_at=None)]
    notes = [AuditEntry(f"k{n}", now.time - old, "w", None, "x", f"{old}") for old, n in (
        (90.0, 0), (80.0, 0), (5.0, 0), (90.0, 1), (80.0, 1), (90.0, 2)
    )]  # fmt: skip
    database.insert_records(rows, notes)
    assert database.forget_audit(10.0, limit=1) == 1
    assert database.forget_audit(10.0, limit=9) == 1
    assert database.forget_audit(10.0, limit=9) == 0
    kept = database.histories(["k0", "k1", "k2"])
    assert {key: [line.why for line in lines] for key, lines in kept.items()} == {
        "k0": ["5.0"],
        "k1": ["90.0", "80.0"],
        "k2": ["90.0"],
    }


def test_every_lease_has_an_id_of_its_own(database: Database, now: Any) -> None:
    filled(database, 20)
    ids: set[str] = set()
    for _ in range(3):
        rows = database.claim_records(20, owner="w", ttl=1.0, where=T)
        ids |= {each["lease_id"] for each in rows}
        now.time += 2
    assert len(ids) == 60


def test_records_are_found_by_key_and_by_what_a_list_lacks(database: Database) -> None:
    rows = [row(0), row(1, status="skipped"), row(2, namespace="m"), row(3), row(4, target="x")]
    database.insert_records(rows, [])
    assert database.records_by_key(["k3", "none", "k0"]).keys() == {"k0", "k3"}
    assert len(database.records_by_key([f"k{n}" for n in range(3000)])) == 5
    missing = database.missing_records("t", "n", {"k0", "k9"})
    assert [each["key"] for each in missing] == ["k3"]


def test_what_is_set_aside_counts_as_damaged_and_is_not_open(database: Database) -> None:
    filled(database, 2)
    first, second = (each["position"] for each in database.records(T))
    database.set_aside(first, 1, note(0, "set aside"))
    database.set_aside(second, 7, note(1, "set aside"))
    assert database.count_records("t") == {"discovered": 1, "damaged": 1}
    assert claim(database, 9) == ["k1"]
    assert database.audit_of("k0")[-1].why == "set aside"


def test_pages_of_an_export_have_records_with_their_histories(database: Database) -> None:
    filled(database, 5)
    pages = [*database.export_records(T, page=2)]
    assert [len(page) for page in pages] == [2, 2, 1]
    found = [each for page in pages for each in page]
    assert [each["key"] for each, _ in found] == [f"k{n}" for n in range(5)]
    assert [len(history) for _, history in found] == [1] * 5
    assert [*database.export_records({"target": "other"}, page=2)] == []


def test_all_pages_of_an_export_are_of_one_moment(database: Database) -> None:
    filled(database, 4)
    pages = database.export_records(T, page=2)
    found = [*next(pages)]
    # Taken between two pages, this must be in both of them, or in neither.
    late = [RecordChange(f"k{n}", 1, {"status": "failed"}, note(n, "late")) for n in range(4)]
    assert None not in database.change_records(late)
    database.insert_records([row(9)], [])
    found += [each for page in pages for each in page]
    assert [each["key"] for each, _ in found] == [f"k{n}" for n in range(4)]
    assert {each["status"] for each, _ in found} == {"discovered"}
    assert [len(history) for _, history in found] == [1] * 4


def test_histories_of_many_records_are_found_by_key(database: Database) -> None:
    filled(database, 5)
    found = database.histories([*(f"k{n}" for n in range(3000)), "k1"])
    assert {key: len(lines) for key, lines in found.items() if lines} == {
        f"k{n}": 1 for n in range(5)
    }
    assert found["k1"] == database.audit_of("k1")
    assert database.histories([]) == {}


def test_keys_are_found_by_how_they_begin(database: Database) -> None:
    keys = ["0a", "0abc", "0ab1", "0b00", "ab00"]
    database.insert_records([row(0, key=key) for key in keys], [])
    assert database.record_keys("0ab", 9) == ["0ab1", "0abc"]
    assert database.record_keys("0", 2) == ["0a", "0ab1"]
    assert database.record_keys("f", 9) == []


def test_keys_are_found_by_a_part_of_the_payload(database: Database) -> None:
    payloads = ['{"a": "100%_"}', '{"a": "100"}', '{"a": "x\\u0000"}', "{", '{"a": "100%_"}']
    database.insert_records([row(n, payload=text) for n, text in enumerate(payloads)], [])
    assert database.payload_keys('"100%_"', 9) == ["k0", "k4"]
    assert database.payload_keys('"100%_"', 1) == ["k0"]
    assert database.payload_keys('"A"', 9) == []


def test_targets_are_those_that_have_records(database: Database) -> None:
    assert database.record_targets() == []
    rows = [row(n, target=target) for n, target in enumerate(["b", "a", "b"])]
    database.insert_records(rows, [])
    assert database.record_targets() == ["a", "b"]


def test_threads_never_claim_the_same_record(database: Database) -> None:
    filled(database, 60)
    with ThreadPoolExecutor(6) as pool:
        calls = [pool.submit(claim, database, 1, f"w{n % 6}") for n in range(80)]
        claimed = [key for call in calls for key in call.result()]
    assert sorted(claimed) == sorted(f"k{n}" for n in range(60))


def test_a_lock_keeps_others_out_until_it_is_released(database: Database) -> None:
    first = database.try_lock("name", 60.0)
    assert first is not None
    assert database.try_lock("name", 60.0) is None
    other = database.try_lock("other", 60.0)
    assert other is not None
    other.release()
    first.release()
    first.release()
    with ThreadPoolExecutor(4) as pool:
        calls = [pool.submit(database.try_lock, "name", 60.0) for _ in range(8)]
        held = [call.result() for call in calls]
    assert sum(lock is not None for lock in held) == 1
    for lock in held:
        if lock is not None:
            with lock:
                assert database.try_lock("name", 60.0) is None
    last = database.try_lock("name", 60.0)
    assert last is not None
    last.release()


def test_a_closed_database_says_so(database: Database) -> None:
    database.close()
    with pytest.raises(StateError, match="closed"):
        database.put("preferences", {"name": "a", "value": "1"})
    with pytest.raises(StateError, match="closed"):
        database.records(T)
