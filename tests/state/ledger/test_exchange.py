"""The ledger as lines of JSON: to another database and back, and refused where it is not whole."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from attrs import evolve
from databases import open_state

from rsspot import StateStore
from rsspot.errors import RecordNotFound, RegistrationError
from rsspot.state.ledger import (
    Failed,
    Imported,
    Listing,
    Registered,
    RegistrationCandidate,
    Reopened,
    Retried,
    Submitted,
    TokenIssued,
)
from rsspot.state.ledger.importing import import_lines

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from rsspot.state.database import Database
    from rsspot.state.ledger import Ledger


def machine(server: str, target: str = "t") -> RegistrationCandidate:
    return RegistrationCandidate(
        namespace="n", vm_cloudspace="vms", vm_cloudspace_uid="u", server=server, target=target
    )


@pytest.fixture
def ledger(store: StateStore) -> Ledger:
    """Records in every state, one of them registered for the second time."""
    ledger = store.registrations
    servers = ("new", "issued", "submitted", "again", "failed", "held")
    vms = tuple(machine(name) for name in servers)
    ledger.discover(Listing(target="t", candidates=vms), who="w")
    for vm in vms[1:4]:
        ledger.apply(vm.key, TokenIssued(f"token-{vm.server}"), who="w")
    for vm in vms[2:4]:
        ledger.apply(vm.key, Submitted({"machine": vm.server, "ünïcode": "✓"}), who="w")
    again = vms[3].key
    ledger.apply(again, Registered(), who="w")
    ledger.apply(again, Reopened("moved"), who="w")
    ledger.apply(vms[4].key, Failed("down", 600.0), who="w")
    return ledger


@pytest.fixture
def other(
    request: pytest.FixtureRequest, database: Database, tmp_path: Path, now: Any
) -> Iterator[Ledger]:
    """Where it is imported: from files to a server, and from all else to a file."""
    is_file = getattr(database, "path", ":memory:") != ":memory:"
    location = request.getfixturevalue("fleet_url") if is_file else str(tmp_path / "other.db")
    with open_state(location, now) as store:
        yield store.registrations


def test_there_and_back_again_nothing_is_lost(ledger: Ledger, other: Ledger, now: Any) -> None:
    lines = [*ledger.export()]
    assert other.import_lines(lines) == Imported(added=6)
    assert [*other.export()] == lines
    for record in ledger.list():
        there = other.get(record.key)
        assert there.idempotency_key == record.idempotency_key
        assert (there.attempts, there.payload) == (record.attempts, record.payload)
        assert other.audit(record.key) == ledger.audit(record.key)
    assert other.find("again").generation == 1
    assert other.find("failed").due_in == 600.0
    with StateStore(":memory:", now=now, since_boot=now.since_boot) as third:
        third.registrations.import_lines(other.export())
        assert [*third.registrations.export()] == lines


def test_a_lease_does_not_travel(ledger: Ledger, other: Ledger) -> None:
    (held,) = ledger.claim(owner="w", ttl=60, target="t")
    other.import_lines(ledger.export())
    assert not other.get(held.key).is_leased
    assert len(other.claim(9, owner="b", ttl=60, target="t")) == 5


def test_only_one_target_is_exported(ledger: Ledger, other: Ledger) -> None:
    ledger.discover(Listing(target="x", candidates=(machine("new", "x"),)), who="w")
    assert other.import_lines(ledger.export(target="x")) == Imported(added=1)
    assert ledger.targets() == ["t", "x"]
    assert other.targets() == ["x"]


def test_an_import_again_adds_nothing_also_after_work_has_gone_on(
    ledger: Ledger, other: Ledger
) -> None:
    lines = [*ledger.export()]
    other.import_lines(lines)
    assert other.import_lines(lines) == Imported(known=6)
    other.apply(other.find("issued"), Submitted(), who="w")
    for record in other.claim(9, owner="w", ttl=60, target="t"):
        other.release(record)
    after = [*other.export()]
    assert other.import_lines(lines) == Imported(known=6)
    assert [*other.export()] == after


def test_a_dry_run_changes_nothing(ledger: Ledger, other: Ledger) -> None:
    assert other.import_lines(ledger.export(), dry_run=True) == Imported(added=6)
    assert other.summary().total == 0


def test_records_with_another_history_are_refused_and_nothing_is_imported(
    ledger: Ledger, other: Ledger
) -> None:
    other.discover(Listing(target="t", candidates=(machine("failed"),)), who="another")
    key = machine("failed").key
    with pytest.raises(RegistrationError, match=f"another history: {key}") as refused:
        other.import_lines(ledger.export())
    assert "Nothing was imported" in str(refused.value)
    assert other.summary().total == 1
    found = other.import_lines(ledger.export(), keep_existing=True)
    assert found == Imported(added=5, conflicts=(key,))
    assert other.find("failed").status == "discovered"


def test_records_that_a_run_adds_during_an_import_are_reported_and_left_as_they_are(
    ledger: Ledger, other: Ledger
) -> None:
    lines = [*ledger.export()]
    found = machine("issued"), machine("failed")

    def slowly() -> Iterator[str]:
        yield from lines[:-1]
        # By now all records were compared, and none was there.
        other.discover(Listing(target="t", candidates=found), who="run")
        yield lines[-1]

    there = other._database()
    with pytest.raises(RegistrationError, match="2 records were added by another") as refused:
        import_lines(there, slowly(), batch=1, dry_run=False, keep_existing=False)
    assert "4 others were imported" in str(refused.value)
    assert other.find("failed").status == "discovered"
    assert other.find("again").status == "discovered"
    assert other.find("again").generation == 1
    assert [each.who for each in other.audit(found[0].key)] == ["run"]
    again = import_lines(there, lines, batch=1, dry_run=False, keep_existing=True)
    assert (again.added, again.known, len(again.conflicts)) == (0, 4, 2)


def test_what_two_imports_add_at_the_same_time_is_no_conflict(
    ledger: Ledger, other: Ledger
) -> None:
    lines = [*ledger.export()]

    def slowly() -> Iterator[str]:
        yield from lines[:-1]
        assert other.import_lines(lines) == Imported(added=6)
        yield lines[-1]

    done = import_lines(other._database(), slowly(), batch=1, dry_run=False, keep_existing=False)
    assert done == Imported(known=6)


def test_an_export_that_is_ahead_of_what_is_here_is_a_conflict(
    ledger: Ledger, other: Ledger
) -> None:
    other.import_lines(ledger.export())
    ledger.apply(ledger.find("failed"), Retried(), who="w")
    with pytest.raises(RegistrationError, match="1 record exists with another"):
        other.import_lines(ledger.export(), dry_run=True)


def broken(lines: list[str], how: str) -> list[str]:
    """An export with one thing wrong."""
    first, *records, last = lines
    item = json.loads(records[2])

    def changed(**columns: Any) -> list[str]:
        line = json.dumps({**item, "record": {**item["record"], **columns}})
        return [first, *records[:2], line, *records[3:], last]

    def without(name: str) -> list[str]:
        record = {key: value for key, value in item["record"].items() if key != name}
        return [first, *records[:2], json.dumps({**item, "record": record}), *records[3:], last]

    ways: dict[str, Any] = {
        "empty": [],
        "blank": ["", " \n"],
        "no header": [*records, last],
        "another format": ['{"format": "x", "version": 1}', last],
        "newer": [json.dumps({**json.loads(first), "version": 2}), *records, last],
        "older": [json.dumps({**json.loads(first), "version": "1"}), *records, last],
        "no end": [first, *records],
        "cut line": [first, *records[:2], records[2][:-40]],
        "cut in the middle": [first, *records[:3], last],
        "one too many": [first, *records, records[0].replace("new", "extra"), last],
        "twice": [first, *records, records[0], last],
        "more after the end": [*lines, records[0]],
        "two exports": [*lines, *lines],
        "unknown state": changed(status="dreamt"),
        "another server": changed(server="x"),
        "no payload": without("payload"),
        "payload": changed(payload="["),
        "time": changed(created_at="yesterday"),
        "surrogate": changed(last_error="\ud800"),
        "a list": [first, "[]", last],
        "a number": [first, "7", last],
        "nested": [first, "[" * 100_000, last],
        "history": [first, json.dumps({**item, "history": [{"at": None}]}), last],
        "no count": [first, *records, '{"end": {}}'],
    }
    found: list[str] = ways[how]
    return found


@pytest.mark.parametrize(
    ("how", "says"),
    [
        ("empty", "There is nothing to import"),
        ("blank", "There is nothing to import"),
        ("no header", "Line 1 is not the first line of an export of registrations"),
        ("another format", "Line 1 is not the first line of an export"),
        ("newer", "in version 2 of its format, and this rsspot reads version 1"),
        ("older", "in version '1' of its format"),
        ("no end", "The export was cut off: it has 6 records and no last line"),
        ("cut line", "Line 4 is not JSON"),
        ("cut in the middle", "has 3 records, and 6 were written: lines are missing"),
        ("one too many", "Line 8 is not a record of a ledger: its key should be"),
        ("twice", "Line 8 has record .* a second time"),
        ("more after the end", "Line 9 comes after the last line"),
        ("two exports", "Line 9 comes after the last line"),
        ("unknown state", "Line 4 is not a record of a ledger: status: 'dreamt' is not a valid"),
        ("another server", "Line 4 is not a record of a ledger: its key should be"),
        ("no payload", "Line 4 is not a record of a ledger: has no 'payload'"),
        ("payload", "Line 4 is not a record of a ledger: payload: "),
        ("time", "Line 4 is not a record of a ledger: created_at: a time is not a number"),
        ("surrogate", "Line 4 is not a record of a ledger: last_error: "),
        ("a list", "Line 2 is not a record of a ledger"),
        ("a number", "Line 2 is not a record of a ledger"),
        ("nested", "Line 2 is not JSON"),
        ("history", "Line 2 is not a record of a ledger"),
        ("no count", "Line 8 has no number of records"),
    ],
)
@pytest.mark.parametrize("dry_run", [False, True])
def test_what_is_no_whole_export_is_refused_and_nothing_is_imported(
    how: str, says: str, *, dry_run: bool, ledger: Ledger, other: Ledger
) -> None:
    lines = broken([*ledger.export()], how)
    with pytest.raises(RegistrationError, match=says):
        other.import_lines(lines, dry_run=dry_run)
    assert other.summary().total == 0


def test_an_export_may_have_blank_lines_and_the_marks_of_other_editors(
    ledger: Ledger, other: Ledger
) -> None:
    lines = [f"{line}\r\n" for line in ledger.export()]
    assert other.import_lines(["\ufeff" + lines[0], "\n", *lines[1:], "\n"]).added == 6


def test_records_are_found_as_people_write_them(ledger: Ledger) -> None:
    record = ledger.find("new")
    assert ledger.find(record.key) == ledger.find(record.key[:8]) == record
    ledger.discover(Listing(target="x", candidates=(machine("new", "x"),)), who="w")
    with pytest.raises(
        RegistrationError, match=r"matches several records: .*Give more characters of the key"
    ):
        ledger.find("new")
    assert ledger.find("new", target="t") == record
    with pytest.raises(RecordNotFound, match="There is no record 'none' of target x"):
        ledger.find("none", target="x")
    for nobody in ("", record.key[:3], "%", "g" * 40):
        with pytest.raises(RecordNotFound):
            ledger.find(nobody)


def test_records_are_found_by_the_names_that_lists_show(ledger: Ledger) -> None:
    names = {"s1": "pool-1", "s2": 'pool-2 ✓"%', "s3": "s1", "s4": "pool-2", "s5": "pool-2"}
    vms = tuple(
        evolve(machine(server), payload={"display_name": name, "more": {"display_name": "pool-3"}})
        for server, name in names.items()
    )
    ledger.discover(Listing(target="t", candidates=vms), who="w")
    assert ledger.find("pool-1").server == "s1"
    assert ledger.find("pool-1", target="t").server == "s1"
    assert ledger.find('pool-2 ✓"%').server == "s2"
    assert ledger.find("s1").server == "s1", "the name of a server comes first"
    for name, target in (("pool-1", "x"), ("pool-3", None), ("pool", None)):
        with pytest.raises(RecordNotFound):
            ledger.find(name, target=target)
    with pytest.raises(RegistrationError, match=r"several records: .*s4, t.*s5, t"):
        ledger.find("pool-2")


VALUES: list[Any] = [
    None, "", "x", "\0", 0, -1, 2.5, 2**31, 2**63, 2**200, 1e308, True, [], {}, {"a": 1},
]  # fmt: skip


def test_whatever_a_field_is_changed_to_is_a_record_or_refused_by_its_line() -> None:
    with StateStore(":memory:") as store:
        ledger = store.registrations
        ledger.discover(Listing(target="t", candidates=(machine("s"),)), who="w")
        ledger.apply(machine("s").key, TokenIssued("token"), who="w")
        first, line, last = ledger.export()
    item = json.loads(line)
    refused = 0
    with StateStore(":memory:") as store:
        for name in item["record"]:
            for value in VALUES:
                changed = {**item, "record": {**item["record"], name: value}}
                try:
                    lines = [first, json.dumps(changed), last]
                    store.registrations.import_lines(lines, dry_run=True)
                except RegistrationError as error:
                    refused += error.message.startswith("Line 2 is not a record of a ledger: ")
    assert refused > len(item["record"]) * len(VALUES) / 2


def test_what_is_settled_is_not_opened_by_hand_and_what_is_not_is_not_lost(
    ledger: Ledger, other: Ledger
) -> None:
    ledger.apply(ledger.find("submitted").key, Registered(), who="w")
    lines = [*ledger.export()]
    for at, line in enumerate(lines[1:-1], 1):
        item = json.loads(line)
        item["record"]["due_at"] = 1.0 if item["record"]["status"] == "registered" else None
        lines[at] = json.dumps(item)
    other.import_lines(lines)
    claimed = other.claim(9, owner="b", ttl=60, target="t")
    assert sorted(each.server for each in claimed) == ["again", "held", "issued", "new"]
