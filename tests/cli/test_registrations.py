"""`rsspot registrations …`: programs as steps, and the ledger in the terminal.

Rules: docs/rules.md#registered-once, docs/rules.md#join-tokens.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Protocol

import pytest

from rsspot import StateStore
from rsspot.config.state_location import server_location
from rsspot.errors import StateUnavailable
from rsspot.state.postgres.administration import has_tables

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from rsspot.registration import Summary
    from rsspot.sandbox import SpotSandbox

TOKEN = '{"id": "t-1", "text": "join-me-secret"}'


class Ledger(Protocol):
    def __call__(self, *arguments: str, **options: Any) -> Any: ...


@pytest.fixture
def ledger(
    machines: SpotSandbox,
    rsspot: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> Ledger:
    """Runs `rsspot registrations …` on one state file, beside the programs of `program`."""
    monkeypatch.setenv("RSSPOT_STATE_PATH", str(tmp_path / "state.db"))
    monkeypatch.chdir(tmp_path)
    script(tmp_path, "issue", f"cat > /dev/null; echo '{TOKEN}'")
    script(tmp_path, "submit", "cat > /dev/null")

    def run(*arguments: str, **options: Any) -> Any:
        return rsspot("registrations", *arguments, **options)

    return run


def script(folder: Path, name: str, code: str) -> None:
    file = folder / f"{name}.sh"
    file.write_text(f"#!/bin/sh\n{code}\n")
    file.chmod(0o755)


RUN = (
    "run", "--target", "omni/prod", "--issue-token", "./issue.sh", "--submit", "./submit.sh",
    "--base-delay", "0.01s", "--max-delay", "0.01s", "--verify-every", "0.01s",
)  # fmt: skip


def test_a_run_registers_every_vm_and_shows_each_change(ledger: Ledger, tmp_path: Path) -> None:
    script(tmp_path, "verify", "cat > /dev/null")
    done = ledger(*RUN, "--verify", "./verify.sh", "-o", "json")
    assert done.status == 0
    assert json.loads(done.out) == [
        {
            "target": "omni/prod",
            "total": 4,
            "registered": 4,
            "failed": 0,
            "discovered": 0,
            "token_issued": 0,
            "submitted": 0,
            "skipped": 0,
            "damaged": 0,
        }
    ]
    lines = done.err.splitlines()
    assert len(lines) == 12
    assert sum(line.endswith(": discovered → token_issued") for line in lines) == 4
    assert "join-me-secret" not in done.out + done.err
    again = ledger(*RUN)
    assert (again.status, again.err) == (0, "")


def test_failures_end_a_run_with_9_and_say_what_to_do(ledger: Ledger, tmp_path: Path) -> None:
    script(tmp_path, "submit", "cat > /dev/null; echo 'no route to host' >&2; exit 1")
    done = ledger(*RUN, "--max-attempts", "2")
    assert done.status == 9
    assert "token_issued → failed: ProgramFailed: submit.sh exited with status 1: no route" in (
        done.err
    )
    assert "(tried again in " in done.err
    assert "4 VMs failed. To see why, run: rsspot registrations list --status failed" in done.err
    elsewhere = ("--state", str(tmp_path / "own.db"))
    named = f"--target omni/prod {' '.join(elsewhere)}"
    done_there = ledger(*RUN, *elsewhere, "--max-attempts", "1")
    assert f"run: rsspot registrations list --status failed {named}" in done_there.err
    assert f"run: rsspot registrations retry --all {named}, and then" in done_there.err
    listed = ledger("list", "--status", "failed", "--target", "omni/prod", width=200)
    assert listed.out.count("no route to host") == 4
    assert (
        ledger("retry", "--all", "--target", "other").err
        == "0 failed records will be tried again.\n"
    )
    assert ledger("retry", "--all").err == "4 failed records will be tried again.\n"
    script(tmp_path, "submit", "cat > /dev/null")
    assert ledger(*RUN).status == 0


def test_a_deadline_ends_a_run_with_7_and_says_how_to_go_on(ledger: Ledger) -> None:
    done = ledger(*RUN, "--deadline", "0s")
    assert done.status == 7
    assert (
        "4 VMs are left. To continue, run: rsspot registrations run --target omni/prod" in done.err
    )


def test_only_the_vms_that_are_chosen_are_taken_up(ledger: Ledger) -> None:
    assert json.loads(ledger(*RUN, "--vm-cloudspace", "x", "-o", "json").out)[0]["total"] == 0
    nobody = ledger(*RUN, "--pool", "x", "-o", "json")
    assert json.loads(nobody.out)[0]["total"] == 0
    assert nobody.err == "Warning: No VM is in the pool 'x'. `rsspot servers` lists all\n"
    chosen = ledger(*RUN, "--vm-cloudspace", "x", "--vm-cloudspace", "vms", "-o", "json")
    assert json.loads(chosen.out)[0]["total"] == 4
    assert chosen.err.count("Warning") == chosen.err.count("in the VM cloudspace 'x'") == 1
    refused = ledger(*RUN, "--region", "us-central-dfw-2")
    assert refused.status == 2
    assert "Use --vm-cloudspace or --pool" in refused.err


@pytest.mark.parametrize(
    ("options", "status", "error"),
    [
        (["--submit", "./missing.sh"], 3, "program of submit, .*missing.sh, does not exist"),
        (["--issue-token", ""], 3, "The program of issue_token is empty"),
        (
            ["--verify", "no-such-program"],
            3,
            "program of verify, 'no-such-program', is not on PATH",
        ),
        (["--submit", "./submit.sh 'x"], 3, "is not a command: No closing quotation"),
        (["--concurrency", "0"], 2, "0 is not in the range"),
        (["--step-timeout", "soon"], 2, "--step-timeout"),
        (["--ttl", "0s"], 2, "--ttl must be a number of seconds above 0"),
        (["--step-timeout", "0s"], 2, "--step-timeout must be a number of seconds above 0"),
        (["--target", ""], 9, "needs a target"),
        (["--state", "mongodb://h/x"], 3, "mongodb"),
        (["--state", "postgresql://u:hunter2@127.0.0.1:1/d"], 3, "127.0.0.1"),
    ],
)
def test_what_cannot_run_is_refused_before_anything_is_recorded(
    options: list[str], status: int, error: str, ledger: Ledger, tmp_path: Path
) -> None:
    done = ledger(*RUN, *options)
    assert done.status == status
    assert "Error: " in done.err
    assert "bug in rsspot" not in done.err
    assert "hunter2" not in done.err
    assert re.search(error, done.err)
    assert not (tmp_path / "state.db").exists() or ledger("summary", "-o", "json").out == "[]\n"


def test_a_record_is_shown_with_its_history(ledger: Ledger) -> None:
    ledger(*RUN)
    key = ledger("list", "-o", "name", "--limit", "1").out.strip()
    shown = ledger("show", key[:7]).out
    assert "idempotency key    " + key in shown
    assert "token_issued" in shown
    assert "token t-1" in shown
    item = json.loads(ledger("show", key, "-o", "json").out)
    assert item["record"]["key"] == key
    assert [line["after"] for line in item["history"]] == [
        "discovered", "token_issued", "submitted", "registered",
    ]  # fmt: skip
    assert re.search(r"\n20\d\d-\d\d-\d\d \d\d:\d\d:\d\d \S+ +discovered +token_issued ", shown)
    vm = item["record"]
    assert ledger("show", vm["server"], "-o", "name").out.strip() == key
    assert ledger("show", vm["payload"]["display_name"], "-o", "name").out.strip() == key
    missing = ledger("show", "nothing")
    assert missing.status == 6
    assert "There is no record 'nothing'" in missing.err


def test_lists_are_filtered(ledger: Ledger) -> None:
    ledger(*RUN)
    records = json.loads(ledger("list", "-o", "json").out)
    assert len(records) == 4
    server = records[0]["server"]
    found = json.loads(ledger("list", "--server", server, "-o", "json").out)
    assert [each["server"] for each in found] == [server]
    assert (
        json.loads(
            ledger("list", "--server", found[0]["payload"]["display_name"], "-o", "json").out
        )
        == found
    )
    both = ledger("list", "--status", "failed", "--status", "registered", "-o", "name")
    assert len(both.out.splitlines()) == 4
    for nothing in (["--status", "failed"], ["--target", "x"], ["--vm-cloudspace", "x"]):
        assert ledger("list", *nothing).err == "Nothing found.\n"
    refused = ledger("list", "--status", "dreamt")
    assert refused.status == 2
    assert "'dreamt' is not one of" in refused.err


@pytest.mark.parametrize(
    ("options", "error"),
    [
        (["--interval", "0s"], "--interval must be a number of seconds above 0"),
        (["--interval", "soon"], "--interval"),
        (["-o", "yaml"], "--watch does not apply to -o yaml"),
    ],
)
def test_a_watch_that_cannot_be_shown_is_refused(
    options: list[str], error: str, ledger: Ledger
) -> None:
    ledger(*RUN)
    done = ledger("list", "--watch", *options)
    assert (done.status, error in done.err) == (2, True)


def test_vms_are_skipped_and_opened_again_by_hand(ledger: Ledger) -> None:
    ledger(*RUN, "--deadline", "0s")
    first, second = ledger("list", "-o", "name").out.split()[:2]
    done = ledger("skip", first, second[:8], "--reason", "not ours")
    assert done.status == 0
    assert done.out.count("skipped") == 2
    assert ledger(*RUN).status == 0
    assert ledger("reopen", first).status == 0
    assert ledger(*RUN).status == 0
    history = json.loads(ledger("show", first, "-o", "json").out)["history"]
    assert [line["why"] for line in history][1:3] == ["not ours", "reopened by hand"]
    assert "@" in history[1]["who"]
    refused = ledger("skip", first)
    assert refused.status == 9
    assert "is registered and cannot become skipped" in refused.err
    assert "Hint: Use `rsspot registrations reopen` first\n" in refused.err
    assert ledger("retry", first).status == 9
    assert ledger("retry").status == 2
    both = ledger("retry", "--all", first)
    assert both.status == 2
    assert f"--all is for all failed records, so {first} cannot be given" in both.err


def test_to_register_a_vm_anew_is_confirmed(ledger: Ledger) -> None:
    ledger(*RUN)
    key = ledger("list", "-o", "name").out.split()[0]
    refused = ledger("reopen", key)
    assert refused.status == 2
    assert "Confirm with --yes" in refused.err
    assert ledger("reopen", key, terminal=True, answer="n\n").status == 1
    assert ledger("reopen", key, "--yes").status == 0
    record = json.loads(ledger("show", key, "-o", "json").out)["record"]
    assert (record["status"], record["idempotency_key"]) == ("discovered", f"{key}-1")


def test_one_refusal_does_not_keep_the_others(ledger: Ledger) -> None:
    ledger(*RUN, "--deadline", "0s")
    first, second = ledger("list", "-o", "name").out.split()[:2]
    ledger("skip", first)
    done = ledger("retry", second, first, second, "-o", "name")
    assert done.status == 9
    assert "is skipped and cannot become discovered" in done.err
    assert done.out.split() == [second, second]


def test_a_ledger_moves_to_another_file_and_back(ledger: Ledger, tmp_path: Path) -> None:
    ledger(*RUN)
    done = ledger("export", "all.jsonl")
    assert done.err == "4 records are in all.jsonl.\n"
    assert (tmp_path / "all.jsonl").stat().st_mode & 0o777 == 0o600
    lines = ledger("export").out
    assert (tmp_path / "all.jsonl").read_text() == lines
    other = ("--state", "other.db")
    dry = ledger("import", "all.jsonl", "--dry-run", *other)
    assert (dry.status, "records to add  4" in dry.out) == (0, True)
    assert not (tmp_path / "other.db").exists()
    assert "records added  4" in ledger("import", "-", *other, answer=lines).out
    assert "already there  4" in ledger("import", "all.jsonl", *other).out
    assert ledger("export", *other).out == lines


def cut(text: str) -> str:
    return text[: len(text) // 2]


def without_its_end(text: str) -> str:
    return "".join(text.splitlines(keepends=True)[:-1])


def of_another_version(text: str) -> str:
    return text.replace('"version": 1}', '"version": 9}', 1)


def with_an_unknown_state(text: str) -> str:
    return text.replace('"registered"', '"dreamt"', 1)


def emptied(_text: str) -> str:
    return ""


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (cut, "Line 3 is not JSON"),
        (without_its_end, "was cut off"),
        (of_another_version, "in version 9"),
        (with_an_unknown_state, "'dreamt' is not a valid"),
        (emptied, "There is nothing to import"),
    ],
)
def test_an_export_that_is_not_whole_is_refused(
    change: Callable[[str], str], error: str, ledger: Ledger, tmp_path: Path
) -> None:
    ledger(*RUN)
    (tmp_path / "bad.jsonl").write_text(change(ledger("export").out))
    done = ledger("import", "bad.jsonl", "--state", "other.db")
    assert done.status == 9
    assert error in done.err
    with StateStore(tmp_path / "other.db") as other:
        assert other.registrations.summary().total == 0


def test_what_is_no_file_of_text_cannot_be_imported(ledger: Ledger, tmp_path: Path) -> None:
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    assert ledger("import", "binary").status == 2
    assert ledger("import", "missing").status == 1
    assert ledger("import", ".").status == 1
    ledger(*RUN)
    done = ledger("export", "no/such/folder/x")
    assert (done.status, "No such file or directory" in done.err) == (1, True)


def test_conflicts_are_named_and_can_be_left_out(ledger: Ledger, tmp_path: Path) -> None:
    ledger(*RUN, "--deadline", "0s")
    ledger("export", "old.jsonl")
    ledger(*RUN)
    ledger("export", "new.jsonl")
    assert "already there  4" in ledger("import", "old.jsonl").out
    other = ("--state", "other.db")
    ledger("import", "old.jsonl", *other)
    refused = ledger("import", "new.jsonl", *other)
    assert refused.status == 9
    assert "4 records exist with another history" in refused.err
    assert "left as they are  4" in ledger("import", "new.jsonl", "--keep-existing", *other).out


def test_a_state_file_that_does_not_exist_is_refused_where_it_is_named(
    rsspot: Callable[..., Any], tmp_path: Path
) -> None:
    done = rsspot("registrations", "list", "--state", str(tmp_path / "typo.db"))
    assert done.status == 3
    assert "There is no state file" in done.err
    for command in ("list", "summary", "export", "retry"):
        options = ("--all",) if command == "retry" else ()
        done = rsspot("registrations", command, *options, "--state", str(tmp_path))
        assert done.status == 3
        assert f"The state path {tmp_path} is a directory" in " ".join(done.err.split())
    assert not (tmp_path / "typo.db").exists()
    assert rsspot("registrations", "summary").err == "Nothing found.\n"


def test_the_way_to_go_on_has_no_password(ledger: Ledger) -> None:
    from rsspot.cli.session import Session

    session = Session()
    session.arguments = [
        *("run", "--state", "postgresql://me:hunter2@h:5432/d?a=b&password=hunter3&c=d"),
        *("--submit", "a b", "--state=postgresql://h/d?password=hunter4"),
    ]
    assert session.command_line == (
        "rsspot run --state 'postgresql://me@h:5432/d?a=b&c=d' --submit 'a b' "
        "'--state=postgresql://h/d?'"
    )


def test_a_ledger_moves_to_a_fleet_and_back(ledger: Ledger, fleet_url: str, tmp_path: Path) -> None:
    script(tmp_path, "submit", "cat > /dev/null; exit 65")
    assert ledger(*RUN).status == 9
    lines = ledger("export").out
    fleet = ("--state", fleet_url)
    assert "records added  4" in ledger("import", "-", *fleet, answer=lines).out
    assert "already there  4" in ledger("import", "-", *fleet, answer=lines).out
    assert len(ledger("export", *fleet).out.splitlines()) == len(lines.splitlines())
    script(tmp_path, "submit", "cat > /dev/null")
    assert ledger("retry", "--all", *fleet).status == 0
    done = ledger(*RUN, *fleet)
    assert done.status == 0
    assert done.err.count("submitted → registered") == 4
    assert "already there  4" in ledger("import", "-", *fleet, answer=lines).out
    back = ledger("export", *fleet).out
    assert "records added  4" in ledger("import", "-", "--state", "back.db", answer=back).out
    assert "already there  4" in ledger("import", "-", "--state", "back.db", answer=back).out
    refused = ledger("import", "-", answer=back)
    assert refused.status == 9
    assert "4 records exist with another history" in refused.err


def test_records_on_a_server_are_looked_at_and_changed_as_in_a_file(
    ledger: Ledger, fleet_url: str
) -> None:
    fleet = ("--state", fleet_url)
    assert ledger(*RUN, "--deadline", "0s", *fleet).status == 7
    first, second, *_ = ledger("list", "-o", "name", *fleet).out.split()
    assert ledger("skip", first[:9], "--reason", "not ours", *fleet).status == 0
    assert ledger("show", first[:9], "-o", "name", *fleet).out.strip() == first
    assert ledger("list", "--status", "skipped", "-o", "name", *fleet).out.split() == [first]
    assert json.loads(ledger("summary", "-o", "json", *fleet).out)[0]["skipped"] == 1
    assert ledger("reopen", first, *fleet).status == 0
    assert ledger("retry", second, *fleet).status == 0


def test_what_only_reads_creates_no_tables_on_a_server(
    ledger: Ledger, fleet_url: str, tmp_path: Path
) -> None:
    assert ledger(*RUN, "--deadline", "0s").status == 7
    assert ledger("export", "all.jsonl").status == 0
    fleet = ("--state", fleet_url)
    for command in ("summary", "list", "export", "retry --all", "skip x", "show x"):
        refused = ledger(*command.split(), *fleet)
        assert refused.status == 3, command
        assert "There are no tables of rsspot in schema" in refused.err
        assert "create them with `rsspot state migrate`" in refused.err
    tried = ledger("import", "all.jsonl", "--dry-run", *fleet)
    assert "records to add  4" in tried.out
    where = server_location(fleet_url)
    assert where is not None
    assert not has_tables(where)
    assert "records added  4" in ledger("import", "all.jsonl", *fleet).out
    tried = ledger("import", "all.jsonl", "--dry-run", *fleet)
    assert "already there   4" in tried.out


def test_a_run_whose_state_is_away_does_not_say_that_leases_were_released(
    capsys: pytest.CaptureFixture[str],
) -> None:
    from rsspot.cli.commands.registration_run import _explain_how_to_continue
    from rsspot.cli.output.run_display import RunDisplay
    from rsspot.cli.session import Session

    def away() -> Summary:
        raise StateUnavailable("The server is away")

    session, display = Session(), RunDisplay("omni")
    display.count = away
    _explain_how_to_continue(session, display, "--target omni", in_order=True)
    said = capsys.readouterr().err
    assert "released" not in said
    assert "The server is away" in said
    assert "Leases expire after --ttl" in said
    assert "To continue, run: rsspot" in said
