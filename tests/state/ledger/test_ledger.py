"""The ledger: transitions, fences, leases, discovery, and what is damaged.

Rules: docs/rules.md#transitions, docs/rules.md#leases, docs/rules.md#identity-of-a-machine.
"""

from __future__ import annotations

import json
import sqlite3
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest

from rsspot import RegistrationCandidate, RegistrationStatus, StateStore
from rsspot.errors import DamagedRecordError, InvalidInput, RegistrationError, StateError
from rsspot.state.ledger import (
    TRANSITIONS,
    Failed,
    Imported,
    Listing,
    Registered,
    Reissued,
    Reopened,
    Retried,
    Skipped,
    Submitted,
    Summary,
    TokenIssued,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from rsspot.state.ledger import (
        Event,
        RegistrationRecord,
    )

LATER = datetime(2027, 6, 1, tzinfo=UTC)
EVENTS: dict[str, Event] = {
    "token_issued": TokenIssued("t1", LATER),
    "reissued": Reissued("t2", LATER),
    "submitted": Submitted({"machine": 1}),
    "registered": Registered({"state": "up"}),
    "failed": Failed("no"),
    "skipped": Skipped("not wanted"),
    "retried": Retried(),
    "reopened": Reopened("again"),
}
WAYS: dict[str, tuple[str, ...]] = {
    "discovered": (),
    "token_issued": ("token_issued",),
    "submitted": ("token_issued", "submitted"),
    "registered": ("token_issued", "submitted", "registered"),
    "failed": ("failed",),
    "skipped": ("skipped",),
}
LEGAL = {
    "discovered": {"token_issued", "failed", "skipped"},
    "token_issued": {"submitted", "failed", "skipped", "reissued"},
    "submitted": {"registered", "failed", "reissued"},
    "failed": {"retried", "skipped"},
    "skipped": {"reopened"},
    "registered": {"reopened"},
}
"""The table once more, as it was agreed, and not as it was built."""


def candidate(server: str = "s1", **other: Any) -> RegistrationCandidate:
    values: dict[str, Any] = {
        "namespace": "org-a",
        "vm_cloudspace": "vms",
        "vm_cloudspace_uid": "u1",
        "server": server,
        "target": "t",
        "address": "10.0.0.1",
        "pool": "p1",
    }
    return RegistrationCandidate(**{**values, **other})


def listing(*candidates: RegistrationCandidate, complete: str = "", silent: str = "") -> Listing:
    return Listing(
        target="t",
        candidates=candidates,
        complete=frozenset({complete} - {""}),
        silent=frozenset({("org-a", silent)} if silent else ()),
    )


@pytest.fixture
def at(store: StateStore) -> Callable[[str], RegistrationRecord]:
    """Makes a record and brings it to a state."""

    def bring(status: str) -> RegistrationRecord:
        ledger = store.registrations
        one = candidate(f"server-{status}")
        ledger.discover(listing(one), who="w")
        record = ledger.get(one.key)
        for name in WAYS[status]:
            record = ledger.apply(record, EVENTS[name], who="w")
        assert record.status == status
        return record

    return bring


@pytest.mark.parametrize("name", EVENTS)
@pytest.mark.parametrize("status", WAYS)
def test_what_the_table_allows_happens_and_nothing_else_does(
    status: str, name: str, store: StateStore, at: Callable[[str], RegistrationRecord]
) -> None:
    record, ledger = at(status), store.registrations
    if name in LEGAL[status]:
        after = ledger.apply(record, EVENTS[name], who="w")
        assert after == ledger.get(record.key)
        assert after.status is TRANSITIONS[type(EVENTS[name])][1]
        assert after.version == record.version + 1
        line = ledger.audit(record.key)[-1]
        assert (line.who, line.before, line.after) == ("w", status, after.status)
        return
    history = ledger.audit(record.key)
    if TRANSITIONS[type(EVENTS[name])][1] == status and name != "reissued":
        assert ledger.apply(record, EVENTS[name], who="w") == record  # it has happened already
    else:
        with pytest.raises(RegistrationError, match=f"is {status} and cannot become") as caught:
            ledger.apply(record, EVENTS[name], who="w")
        assert caught.value.key == record.key
        assert record.key in str(caught.value)
    assert ledger.get(record.key) == record
    assert ledger.audit(record.key) == history


def test_every_event_is_in_the_table_and_the_table_is_what_was_agreed() -> None:
    names = {type(event): name for name, event in EVENTS.items()}
    built = {
        status.value: {
            names[kind] for kind, (sources, _) in TRANSITIONS.items() if status in sources
        }
        for status in RegistrationStatus
    }
    assert built == LEGAL


@pytest.mark.parametrize(
    ("status", "other"),
    [
        ("token_issued", TokenIssued("another", LATER)),
        ("token_issued", TokenIssued("t1", None)),
        ("submitted", Submitted({"machine": 2})),
        ("registered", Registered({"state": "down"})),
        ("failed", Failed("something else")),
        ("skipped", Skipped("something else")),
    ],
)
def test_repeating_with_the_same_data_is_nothing_and_with_other_data_an_error(
    status: str, other: Event, store: StateStore, at: Callable[[str], RegistrationRecord]
) -> None:
    record, ledger = at(status), store.registrations
    before = ledger.audit(record.key)
    same = EVENTS[WAYS[status][-1]]
    assert ledger.apply(record, same, who="w") == record
    assert ledger.apply(record.key, same, who="w") == record
    with pytest.raises(RegistrationError, match="with other data"):
        ledger.apply(record, other, who="w")
    assert ledger.get(record.key) == record
    assert ledger.audit(record.key) == before


def test_nothing_that_was_known_is_forgotten(
    store: StateStore, at: Callable[[str], RegistrationRecord]
) -> None:
    record = at("registered")
    assert (record.token_id, record.token_expires_at) == ("t1", LATER)
    assert record.payload == {"machine": 1, "state": "up"}
    assert record.submitted_at is not None
    again = store.registrations.apply(record, Reopened(), who="w")
    assert (again.token_id, again.payload, again.attempts) == ("t1", record.payload, 0)


def test_a_new_registration_has_a_new_key_and_a_skipped_one_keeps_its_own(
    store: StateStore, at: Callable[[str], RegistrationRecord]
) -> None:
    ledger = store.registrations
    skipped = at("skipped")
    assert ledger.apply(skipped, Reopened(), who="w").idempotency_key == skipped.key
    failed = at("failed")
    assert ledger.apply(failed, Retried(), who="w").idempotency_key == failed.key
    registered = at("registered")
    assert ledger.apply(registered, Reopened(), who="w").idempotency_key == f"{registered.key}-1"


def test_a_record_that_changed_since_it_was_read_is_refused(
    store: StateStore, at: Callable[[str], RegistrationRecord]
) -> None:
    record, ledger = at("discovered"), store.registrations
    newer = ledger.apply(record, TokenIssued("t1"), who="other")
    with pytest.raises(RegistrationError, match=r"has changed since .* version 1 .* version 2"):
        ledger.apply(record, Failed("late"), who="w")
    assert ledger.get(record.key) == newer


def test_what_a_worker_holds_is_refused_to_others_until_its_lease_ends(
    store: StateStore, at: Callable[[str], RegistrationRecord], now: Any
) -> None:
    record, ledger = at("discovered"), store.registrations
    (held,) = ledger.claim(5, owner="a", ttl=60, target="t")
    assert held.lease_until == datetime.fromtimestamp(now.time + 60, UTC)
    for handle in (held, held.key):
        with pytest.raises(RegistrationError, match="held by a for another 60 s"):
            ledger.apply(handle, Skipped("mine"), who="b")
    assert ledger.claim(5, owner="b", ttl=60, target="t") == []
    now.time += 60
    (taken,) = ledger.claim(5, owner="b", ttl=60, target="t")
    assert taken.key == record.key
    with pytest.raises(RegistrationError, match="held by b"):
        ledger.apply(held.key, TokenIssued("t1"), who="a")
    with pytest.raises(RegistrationError, match=r"has changed since|held by"):
        ledger.apply(held, TokenIssued("t1"), who="a")
    assert ledger.heartbeat([held, taken], ttl=60) == [held.key]
    assert not ledger.release(held)
    assert ledger.apply(taken, TokenIssued("t2"), who="b").token_id == "t2"


def test_a_renewed_lease_holds_against_whoever_read_it_before(
    store: StateStore, at: Callable[[str], RegistrationRecord], now: Any
) -> None:
    at("discovered")
    ledger = store.registrations
    (held,) = ledger.claim(owner="a", ttl=60, target="t")
    now.time += 50
    assert ledger.heartbeat([held], ttl=60) == []
    now.time += 20  # the lease that was read has ended, the renewed one has not
    with pytest.raises(RegistrationError, match="held by a for another 40 s"):
        ledger.apply(held, Skipped("mine"), who="b")
    assert ledger.apply(held, TokenIssued("t1"), who="a").token_id == "t1"


def test_a_heartbeat_holds_a_lease_and_a_release_ends_it(
    store: StateStore, at: Callable[[str], RegistrationRecord], now: Any
) -> None:
    at("discovered")
    ledger = store.registrations
    (held,) = ledger.claim(owner="a", ttl=60, target="t")
    now.time += 50
    assert ledger.heartbeat([held], ttl=60) == []
    now.time += 50
    assert ledger.claim(owner="b", ttl=60, target="t") == []
    assert ledger.release(held, due_in=5)
    assert ledger.claim(owner="b", ttl=60, target="t") == []
    now.time += 5
    assert [each.owner for each in ledger.claim(owner="b", ttl=60, target="t")] == ["b"]


@pytest.mark.parametrize(("n", "owner"), [(1, ""), (0, "a"), (-1, "a")])
def test_a_lease_of_nothing_or_by_nobody_is_refused(n: int, owner: str, store: StateStore) -> None:
    with pytest.raises(RegistrationError, match=r"records to lease|owner must"):
        store.registrations.claim(n, owner=owner, ttl=60, target="t")


ODD: list[Any] = [-1, float("nan"), float("inf"), -float("inf"), 1e300, 10**400, True, "5", None]


@pytest.mark.parametrize("value", ODD)
def test_a_duration_that_is_none_is_refused_wherever_one_is_taken(
    value: Any, store: StateStore, at: Callable[[str], RegistrationRecord]
) -> None:
    record, ledger = at("discovered"), store.registrations
    (held,) = ledger.claim(owner="a", ttl=60)
    calls: list[tuple[str, Callable[[], object]]] = [
        ("ttl", lambda: ledger.claim(owner="a", ttl=value)),
        ("ttl", lambda: ledger.claim(owner="a", ttl=0)),
        ("ttl", lambda: ledger.heartbeat([held], ttl=value)),
        ("due_in", lambda: ledger.release(held, due_in=value)),
    ]
    if value is not None:
        calls.append(("retry_in", lambda: Failed("no", retry_in=value)))
    for argument, call in calls:
        with pytest.raises(InvalidInput, match=f"{argument} must be a number of seconds") as caught:
            call()
        assert caught.value.argument == argument
    assert ledger.get(record.key) == held


def test_a_failure_counts_and_waits_and_a_final_one_is_not_handed_out(
    store: StateStore, at: Callable[[str], RegistrationRecord], now: Any
) -> None:
    record, ledger = at("token_issued"), store.registrations
    failed = ledger.apply(record, Failed("timed out", retry_in=30), who="w")
    assert (failed.attempts, failed.last_error, failed.token_id) == (1, "timed out", "t1")
    assert ledger.claim(owner="w", ttl=60, target="t") == []
    now.time += 30
    (claimed,) = ledger.claim(owner="w", ttl=60, target="t")
    begun = ledger.apply(claimed, Retried(), who="w")
    assert (begun.owner, begun.attempts) == ("w", 1)
    final = ledger.apply(begun, Failed("for good"), who="w")
    assert (final.attempts, final.is_open) == (2, False)
    now.time += 1e6
    assert ledger.claim(owner="w", ttl=60, target="t") == []
    assert ledger.next_due("t") is None
    assert ledger.apply(final.key, Retried(afresh=True), who="w").attempts == 0
    assert ledger.next_due("t") == 0.0


def test_discovering_again_changes_nothing(
    store: StateStore, at: Callable[[str], RegistrationRecord]
) -> None:
    record = at("registered")
    again = candidate("server-registered")
    found = store.registrations.discover(listing(again, complete="org-a"), who="w")
    assert (found.added, found.moved, found.vanished, found.gone) == (0, (), (), ())
    assert store.registrations.get(record.key) == record


def test_a_moved_vm_is_the_same_vm_and_is_reported(
    store: StateStore, at: Callable[[str], RegistrationRecord]
) -> None:
    record, ledger = at("registered"), store.registrations
    moved = candidate("server-registered", address="10.9.9.9")
    found = ledger.discover(listing(moved), who="w")
    assert found.moved == (record,)
    after = ledger.get(record.key)
    assert (after.address, after.pool, after.status) == ("10.9.9.9", "p1", record.status)
    assert "moved from 10.0.0.1" in ledger.audit(record.key)[-1].why
    # An address that is not there for a while is not forgotten.
    assert ledger.discover(listing(candidate("server-registered", address="")), who="w").moved == ()


def test_a_vm_that_vanished_is_skipped_until_it_comes_back(
    store: StateStore, at: Callable[[str], RegistrationRecord]
) -> None:
    ledger = store.registrations
    records = [at(status) for status in WAYS]
    ledger.discover(listing(), who="w")
    assert ledger.list() == records, "a list that may be incomplete says nothing"
    ledger.discover(listing(complete="org-b"), who="w")
    assert ledger.list() == records, "nor does one of another organization"
    ledger.discover(listing(complete="org-a", silent="vms"), who="w")
    assert ledger.list() == records, "nor a VM cloudspace without a status"
    found = ledger.discover(listing(complete="org-a"), who="w")
    assert {each.status.value for each in found.vanished} == {
        "discovered", "token_issued", "submitted", "failed",
    }  # fmt: skip
    assert [each.status.value for each in found.gone] == ["registered"]
    assert ledger.summary() == Summary(skipped=5, registered=1)
    submitted = next(each for each in records if each.status == "submitted")
    last = [line.after for line in ledger.audit(submitted.key)][-2:]
    assert last == ["failed", "skipped"]
    back = ledger.discover(listing(candidate("server-submitted"), complete="org-a"), who="w")
    assert [each.key for each in back.returned] == [submitted.key]
    assert ledger.get(submitted.key).status == "discovered"
    assert ledger.get(submitted.key).idempotency_key == submitted.key


def test_what_a_worker_holds_does_not_vanish_under_it(
    store: StateStore, at: Callable[[str], RegistrationRecord], now: Any
) -> None:
    at("discovered")
    ledger = store.registrations
    (held,) = ledger.claim(owner="a", ttl=60, target="t")
    assert ledger.discover(listing(complete="org-a"), who="b").vanished == ()
    assert ledger.get(held.key) == held
    now.time += 61
    assert len(ledger.discover(listing(complete="org-a"), who="b").vanished) == 1


def test_ten_thousand_vms_are_one_call_and_lists_do_not_stop(store: StateStore) -> None:
    many = listing(*(candidate(f"s{number}") for number in range(10_000)))
    assert store.registrations.discover(many, who="w").added == 10_000
    assert store.registrations.discover(many, who="w").added == 0
    assert len(store.registrations.list(target="t", status="discovered")) == 10_000
    assert store.registrations.summary("t").total == 10_000


def test_many_things_happen_in_one_transaction_or_say_which_did_not(store: StateStore) -> None:
    ledger = store.registrations
    ledger.discover(listing(*(candidate(f"s{number}") for number in range(50))), who="w")
    records = ledger.list()
    issued = ledger.apply_all([(each, TokenIssued("t")) for each in records], who="w")
    assert ledger.list() == issued
    with pytest.raises(RegistrationError, match="cannot become"):
        ledger.apply_all([(each, Registered()) for each in issued], who="w")
    assert ledger.list() == issued
    ledger.apply(issued[7], Failed("first"), who="w")
    with pytest.raises(RegistrationError, match="1 of 50 records had changed") as caught:
        ledger.apply_all([(each, Skipped("all")) for each in issued], who="w")
    assert caught.value.keys == [issued[7].key]  # type: ignore[attr-defined]
    assert ledger.summary() == Summary(skipped=49, failed=1)


def test_errors_are_kept_without_secrets_and_within_bounds(
    store: StateStore, at: Callable[[str], RegistrationRecord]
) -> None:
    text = "GET https://u:p4ss@host/ Authorization: Bearer abc.def " + "x" * 9000
    failed = store.registrations.apply(at("discovered"), Failed(text), who="w")
    assert failed.last_error is not None
    assert "p4ss" not in failed.last_error
    assert "abc.def" not in failed.last_error
    assert len(failed.last_error) == 2000
    assert store.registrations.audit(failed.key)[-1].why == failed.last_error


def test_most_of_a_very_long_error_is_cut_off_before_it_is_searched_for_secrets(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    searched: list[int] = []

    def redact(text: str) -> str:
        searched.append(len(text))
        return text

    monkeypatch.setattr("rsspot.state.ledger.transitions.redact", redact)
    assert len(Failed("x" * 10_000_000).error) == 2000
    assert searched == [16_000]


@pytest.mark.parametrize(
    "payload", [{"x": object()}, {"x": float("nan")}, {"x": {1, 2}}], ids=["object", "nan", "set"]
)
def test_a_payload_that_json_cannot_hold_is_refused(payload: dict[str, Any]) -> None:
    with pytest.raises(RegistrationError, match="cannot be stored as JSON"):
        Submitted(payload)


FAR = timezone(-timedelta(hours=12))


@pytest.mark.parametrize(
    "expiry",
    [
        datetime.max.replace(tzinfo=UTC),
        datetime.max.replace(tzinfo=timezone(timedelta(hours=12))),
        datetime.min.replace(tzinfo=UTC),
        datetime(2027, 1, 1, 0, 0, 0, 999_999, tzinfo=FAR),
        datetime(1969, 12, 31, tzinfo=UTC),
    ],
)
def test_a_time_that_is_written_is_read_again_and_repeated_as_the_same(
    expiry: datetime, store: StateStore, at: Callable[[str], RegistrationRecord]
) -> None:
    record, ledger = at("discovered"), store.registrations
    issued = ledger.apply(record, TokenIssued("t", expiry), who="w")
    assert issued == ledger.get(record.key)
    assert ledger.apply(record.key, TokenIssued("t", expiry), who="w") == issued
    assert issued.token_expires_at is not None
    assert abs(issued.token_expires_at - expiry) < timedelta(seconds=1)
    assert ledger.list() == [issued]


@pytest.mark.parametrize(
    "expiry",
    [datetime.max.replace(tzinfo=FAR), datetime.min.replace(tzinfo=timezone(timedelta(hours=1)))],
)
def test_a_time_out_of_the_years_that_can_be_read_is_refused(expiry: datetime) -> None:
    with pytest.raises(InvalidInput, match="outside the years 1 to 9999") as caught:
        TokenIssued("t", expiry)
    assert caught.value.argument == "expires_at"


@pytest.mark.parametrize("odd", ["\ud800", "a\0b", "x\udfff\0"], ids=repr)
def test_text_that_no_database_holds_is_escaped_or_refused(odd: str, store: StateStore) -> None:
    ledger = store.registrations
    one = candidate(f"s{odd}", address=odd, pool=odd, payload={odd: odd})
    ledger.discover(listing(one), who="w")
    (record,) = ledger.list()
    assert record.key == one.key
    assert record.payload == {odd: odd}
    assert ledger.discover(listing(one), who="w").added == 0
    for name in ("server", "address"):
        kept = getattr(record, name)
        assert kept.isascii()
        assert "\0" not in kept
    failed = ledger.apply(record, Failed(f"it said {odd}"), who="w")
    assert failed == ledger.get(record.key)
    skipped = ledger.apply(failed, Skipped(odd), who="w")
    assert ledger.apply(skipped, Reopened(odd), who="w") == ledger.get(record.key)
    refused: list[Callable[[], object]] = [
        lambda: TokenIssued(odd),
        lambda: ledger.apply(record.key, TokenIssued("t"), who=odd),
        lambda: ledger.claim(owner=odd, ttl=60),
        lambda: ledger.get(odd),
        lambda: ledger.audit(odd),
        lambda: ledger.next_due(odd),
        lambda: ledger.list(target=odd),
        lambda: ledger.summary(odd),
    ]
    for call in refused:
        with pytest.raises((InvalidInput, RegistrationError), match="NUL"):
            call()


def test_tokens_need_an_id_and_a_time_zone() -> None:
    with pytest.raises(RegistrationError, match="The id of a token must be"):
        TokenIssued("")
    with pytest.raises(RegistrationError, match="must have a time zone"):
        TokenIssued("t", datetime(2027, 1, 1))  # noqa: DTZ001 - that is the point


def test_a_ledger_travels_as_json_lines_without_its_leases(
    store: StateStore, at: Callable[[str], RegistrationRecord], now: Any, tmp_path: Path
) -> None:
    for status in WAYS:
        at(status)
    (held,) = store.registrations.claim(owner="a", ttl=60, target="t")
    lines = [*store.registrations.export()]
    with StateStore(tmp_path / "other.db", now=now) as other:
        assert other.registrations.import_lines(lines) == Imported(added=len(WAYS))
        assert other.registrations.import_lines(lines) == Imported(known=len(WAYS))
        for record in store.registrations.list():
            there = other.registrations.get(record.key)
            assert (there.owner, there.status) == (None, record.status)
            assert other.registrations.audit(record.key) == store.registrations.audit(record.key)
        assert other.registrations.claim(owner="b", ttl=60, target="t")[0].key == held.key


DAMAGE = [
    ("payload", "'{'"),
    ("payload", "'[]'"),
    ("payload", f"'{'[' * 5000}'"),
    ("payload", f"'{{\"a\": {'9' * 5000}}}'"),
    ("payload", "x'00'"),
    ("status", "'dreamt'"),
    ("attempts", "'many'"),
    ("attempts", "-1"),
    ("generation", "1.5"),
    ("created_at", "'yesterday'"),
    ("created_at", "1e300"),
    ("created_at", "253402300800.0"),
    ("submitted_at", "-1e12"),
    ("token_expires_at", "253402318800.0"),
    ("address", "x'00'"),
    ("address", "'a' || char(0)"),
    ("server", "CAST(x'ff' AS TEXT)"),
    ("last_error", "CAST(x'eda080' AS TEXT)"),
]


LEASED = [
    ("version", "'one'"),
    ("updated_at", "9e999"),
    ("due_at", "9223372036854775807"),
    ("owner", "x'ff'"),
]
"""What a lease writes anew."""


@pytest.mark.parametrize(("column", "value"), LEASED)
def test_damage_that_a_lease_repairs_is_reported_until_then(
    column: str, value: str, tmp_path: Path
) -> None:
    path = tmp_path / "state.db"
    with StateStore(path) as store:
        ledger = store.registrations
        ledger.discover(listing(candidate("bad")), who="w")
        (bad,) = ledger.list()
        with sqlite3.connect(path) as raw:
            raw.execute(f"UPDATE registrations SET {column} = {value}")  # noqa: S608 - a column of ours
        raw.close()
        with pytest.raises(DamagedRecordError, match=f"{column}: "):
            ledger.get(bad.key)
        with pytest.warns(RuntimeWarning, match="is damaged"):
            assert ledger.list() == []
        (claimed,) = ledger.claim(owner="w", ttl=60)
        assert ledger.get(bad.key) == claimed


@pytest.mark.parametrize(("column", "value"), DAMAGE)
def test_a_damaged_record_is_reported_and_never_dropped(
    column: str, value: str, tmp_path: Path
) -> None:
    path = tmp_path / "state.db"
    with StateStore(path) as store:
        ledger = store.registrations
        ledger.discover(listing(candidate("bad"), candidate("good")), who="w")
        bad, good = ledger.list()
        with sqlite3.connect(path) as raw:
            raw.execute(f"UPDATE registrations SET {column} = {value} WHERE key = ?", (bad.key,))  # noqa: S608 - a column of ours
        raw.close()
        with pytest.warns(RuntimeWarning, match=f"Record {bad.key} in {path} is damaged"):
            assert ledger.list() == [good]
        with pytest.raises(DamagedRecordError, match=f"Record {bad.key} in {path} is damaged"):
            ledger.get(bad.key)
        with pytest.raises(StateError, match=f"{column}: "):
            ledger.apply(bad.key, Failed("no"), who="w")
        with pytest.warns(RuntimeWarning, match="is damaged"):
            assert [each.key for each in ledger.claim(9, owner="w", ttl=1, target="t")] == [
                good.key
            ]
        assert ledger.summary() == Summary(discovered=1, damaged=1)
        ledger.apply(good.key, Skipped("enough"), who="w")
        assert ledger.next_due("t") is None, "what was set aside is not due again"
        with pytest.warns(RuntimeWarning, match="is damaged"):
            ledger.discover(listing(candidate("good"), complete="org-a"), who="w")
        exported = {json.loads(line)["record"]["key"] for line in [*ledger.export()][1:-1]}
        assert exported == {bad.key, good.key}
        assert len(ledger.audit(bad.key)) >= 1
