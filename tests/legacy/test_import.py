"""Registrations of rsspot 0.3.0 come along: none is lost, and none is made a second time."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from rsspot import RegistrationWorkflow, SpotClient, StateStore
from rsspot.cli.app import run as run_command
from rsspot.errors import StateError
from rsspot.legacy import discard, import_state, read_state
from rsspot.registration import JoinToken
from rsspot.state.ledger.candidate import identity
from rsspot.state.store import default_path
from tests.legacy.conftest import AT, NAMESPACE, STATES, add, add_all_states, make_legacy_state

if TYPE_CHECKING:
    from pathlib import Path

    from rsspot.registration import Step


def listed(*names: str, uid: str = "u-1", namespace: str = NAMESPACE) -> list[dict[str, Any]]:
    servers = {name: {"serverName": name, "nodePoolName": "pool-9"} for name in names}
    return [
        {
            "metadata": {"name": "vms", "namespace": namespace, "uid": uid},
            "status": {"assignedServers": servers},
        }
    ]


class Inventory:
    """A client with these VMs."""

    def __init__(self, *names: str) -> None:
        self.names = names

    @property
    def inventory(self) -> Any:
        return self

    def list_vmcloudspaces(self) -> list[dict[str, Any]]:
        return listed(*self.names)


class Orchestrator:
    """Counts what it is told, by idempotency key."""

    def __init__(self) -> None:
        self.submitted: list[str] = []

    def issue(self, step: Step) -> JoinToken:
        return JoinToken(id=f"t-{step.record.server}", text="join-me/with+a=secret")

    def submit(self, step: Step, token: JoinToken) -> None:
        self.submitted.append(step.idempotency_key)


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_nothing_is_registered_while_the_old_ledger_is_not_imported(old: Path) -> None:
    with pytest.raises(StateError) as caught:
        RegistrationWorkflow(default_path(), target="prod")
    assert str(caught.value) == (
        f"6 registrations are in a state file of rsspot 0.3.0, {old}, and not in the ledger of "
        "this version, which would register those VMs again. Import it with `rsspot state "
        "import-legacy` (--dry-run shows what that does), or start with an empty ledger with "
        "--discard"
    )


def test_all_that_the_old_ledger_says_is_in_ours(old: Path) -> None:
    before = digest(old)
    with StateStore(default_path()) as state:
        done = import_state(old, state)
        assert done.registrations == dict.fromkeys(STATES, 1)
        assert (done.total, done.added, done.kept, done.merged) == (6, 6, 0, 0)
        workflow = RegistrationWorkflow(state, target="prod")
        records = {record.server: record for record in workflow.list()}
        for number, status in enumerate(STATES):
            record = records[f"vm-{number}"]
            assert record.status == status
            assert record.updated_at.timestamp() == record.created_at.timestamp() == AT
            assert record.payload["step"] == status
            assert record.payload["display_name"] == f"vm-{number} (shown)"
            assert record.pool == "pool-1"
            assert record.key == identity(NAMESPACE, "vms", "", f"vm-{number}", "prod")
            assert record.idempotency_key == record.payload["registration_key"]
            (line,) = state.registrations.audit(record.key)
            assert (line.who, line.before, line.after, line.at) == (
                "rsspot 0.3.0", None, status, AT
            )  # fmt: skip
        issued = records["vm-1"]
        assert issued.token_id == "token-vm-1"
        assert issued.token_expires_at is not None
        assert issued.token_expires_at.timestamp() == AT + 60
        assert records["vm-4"].last_error == "no answer"
        assert [name for name, record in records.items() if not record.is_open] == ["vm-3", "vm-5"]
        assert state.preferences.get("default_org") == "acme"
        assert json.loads(state.preferences.get("team")) == {"a": "b"}
        assert [(each.at, each.command) for each in state.history.list()] == [
            (AT, "rsspot regions list")
        ]
    assert digest(old) == before
    assert sorted(path.name for path in old.parent.iterdir()) == ["state.db"]


def test_a_run_after_the_import_registers_no_vm_twice(old: Path) -> None:
    keys = {row["vm_uid"]: row["registration_key"] for row in read_state(old).registrations}
    with StateStore(default_path()) as state:
        import_state(old, state)
        orchestrator = Orchestrator()
        summary = RegistrationWorkflow(state, target="prod").run(
            Inventory(*(f"vm-{number}" for number in range(7))),
            issue_token=orchestrator.issue,
            submit=orchestrator.submit,
            verify=lambda step: True,
        )
        assert summary.registered == 6
        assert summary.skipped == 1
        assert summary.total == 7
        # What was submitted, registered or skipped before is not submitted again.
        again = {keys[f"vm-{number}"] for number in (0, 1, 4)}
        assert again <= set(orchestrator.submitted)
        assert len(orchestrator.submitted) == 4


def test_to_import_again_changes_nothing(old: Path) -> None:
    with StateStore(default_path()) as state:
        import_state(old, state)
        workflow = RegistrationWorkflow(state, target="prod")
        workflow.discover(listed("vm-0"))
        before = [*state.registrations.export()]
        done = import_state(old, state)
        assert (done.added, done.kept, done.preferences, done.commands) == (0, 6, 0, 0)
        assert [*state.registrations.export()] == before
        assert len(state.history.list()) == 1


def test_what_the_old_program_added_since_is_added_by_another_import(old: Path) -> None:
    with StateStore(default_path()) as state:
        import_state(old, state)
        add(old, "vm-9", "registered")
        assert import_state(old, state).added == 1


def test_a_dry_run_says_the_same_and_makes_no_file(old: Path) -> None:
    with StateStore(default_path()) as state:
        done = import_state(old, state, dry_run=True)
        assert (done.added, done.is_dry_run) == (6, True)
        assert not state.exists


def test_changes_that_are_beside_the_old_file_come_along_and_stay_there(home: Path) -> None:
    path = make_legacy_state(home / ".config" / "rsspot" / "state.db", empty=True)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_autocheckpoint = 0")
        connection.execute("SELECT count(*) FROM preferences").fetchone()
        add_all_states(path)
        files = {each.name: digest(each) for each in path.parent.iterdir()}
        assert "state.db-wal" in files
        with pytest.raises(StateError, match="6 registrations"):
            RegistrationWorkflow(default_path(), target="prod")
        with StateStore(default_path()) as state:
            done = import_state(path, state)
        assert (done.added, done.is_in_use) == (6, True)
        after = {each.name: digest(each) for each in path.parent.iterdir()}
        assert {name: after[name] for name in ("state.db", "state.db-wal")} == {
            name: files[name] for name in ("state.db", "state.db-wal")
        }


def test_an_organization_that_the_old_ledger_does_not_name_is_found_with_the_vm(
    home: Path,
) -> None:
    path = make_legacy_state(home / ".config" / "rsspot" / "state.db")
    add(path, "vm-0", "registered", org_id=None)
    add(path, "vm-1", "discovered", org_id="acme")
    add(path, "vm-2", "discovered", org_id="org_A")
    with StateStore(default_path()) as state:
        assert import_state(path, state).waiting == 2
        workflow = RegistrationWorkflow(state, target="prod")
        assert [record.server for record in workflow.ledger.claim(9, owner="w", ttl=60)] == ["vm-2"]
        assert workflow.discover(listed("vm-0", "vm-1")).added == 0
        records = {record.server: record for record in workflow.list()}
        assert {record.namespace for record in records.values()} == {NAMESPACE}
        assert records["vm-0"].status == "registered"
        assert records["vm-1"].is_open
        lines = [*state.registrations.export()]
        with StateStore(":memory:") as other:
            assert other.registrations.import_lines(lines).added == 3


def test_a_vm_that_was_known_by_its_name_is_found_by_its_key(home: Path) -> None:
    path = make_legacy_state(home / ".config" / "rsspot" / "state.db")
    add(path, "shown-0", "registered")
    with StateStore(default_path()) as state:
        import_state(path, state)
        list_ = listed("vm-0")
        list_[0]["status"]["assignedServers"]["vm-0"]["serverName"] = "shown-0"
        workflow = RegistrationWorkflow(state, target="prod")
        assert workflow.discover(list_, complete=True).added == 0


def test_of_a_vm_in_several_pools_the_furthest_registration_counts(home: Path) -> None:
    path = make_legacy_state(home / ".config" / "rsspot" / "state.db")
    add(path, "vm-0", "discovered", vmpool="pool-2", updated_at=AT + 10)
    add(path, "vm-0", "registered", vmpool="pool-1")
    with StateStore(default_path()) as state:
        done = import_state(path, state)
        assert (done.added, done.merged) == (1, 1)
        (record,) = state.registrations.list()
        assert (record.status, record.pool) == ("registered", "pool-1")
        assert [line.after for line in state.registrations.audit(record.key)] == [
            "registered",
            "discovered",
        ]


def test_what_our_ledger_has_already_stays_as_it_is(old: Path) -> None:
    with StateStore(":memory:") as state:
        RegistrationWorkflow(state, target="prod").discover(listed("vm-3"))
        done = import_state(old, state)
        assert (done.added, done.kept) == (5, 1)


def test_registrations_without_a_cluster_need_a_target(home: Path) -> None:
    path = make_legacy_state(home / ".config" / "rsspot" / "state.db")
    add(path, "vm-0", "registered", omni_cluster=None)
    add(path, "vm-1", "registered")
    with StateStore(default_path()) as state:
        with pytest.raises(StateError, match="names no Omni cluster; give its target"):
            import_state(path, state)
        assert not state.exists
        done = import_state(path, state, target="other", targets={"prod": "omni/prod"})
        assert done.targets == ("omni/prod", "other")


@pytest.mark.parametrize(
    ("columns", "problem"),
    [
        ({"status": "lost"}, "its status does not exist in 0.3.0"),
        ({"payload_json": "{"}, "its payload is not JSON"),
        ({"payload_json": "[1]"}, "its payload is not a JSON object"),
        ({"updated_at": "soon"}, "its updated_at is not a time"),
        ({"token_expires_at": 1e300}, "its token_expires_at is not a time"),
        ({"vm_uid": ""}, "it does not name its VM"),
        ({"vm_name": b"\xff"}, "its vm_name is not text"),
    ],
)
def test_a_registration_that_cannot_be_read_is_named_and_can_be_left_out(
    old: Path, columns: dict[str, Any], problem: str
) -> None:
    key = add(old, **{"uid": "vm-9", "status": "registered", **_uid(columns)})
    with StateStore(default_path()) as state:
        with pytest.raises(StateError) as caught:
            import_state(old, state)
        assert f"1 of 7 registrations in {old} cannot be imported: {key}: {problem}" in str(
            caught.value
        )
        assert not state.exists
        done = import_state(old, state, skip_unreadable=True)
        assert (done.added, done.unreadable) == (6, (f"{key}: {problem}",))


def _uid(columns: dict[str, Any]) -> dict[str, Any]:
    return {"uid" if name == "vm_uid" else name: value for name, value in columns.items()}


def test_an_error_that_holds_a_secret_is_imported_without_it(home: Path) -> None:
    path = make_legacy_state(home / ".config" / "rsspot" / "state.db")
    add(path, "vm-0", "failed", last_error="POST refused: Authorization: Bearer abcdef123456")
    with StateStore(default_path()) as state:
        import_state(path, state)
        (record,) = state.registrations.list()
        assert "abcdef123456" not in str(record.last_error)


def test_a_ledger_without_records_is_in_nobodys_way(home: Path) -> None:
    make_legacy_state(home / ".config" / "rsspot" / "state.db")
    RegistrationWorkflow(default_path(), target="prod")


def test_what_is_no_state_file_of_the_old_version_is_in_nobodys_way(home: Path) -> None:
    folder = home / ".config" / "rsspot"
    folder.mkdir(parents=True)
    (folder / "state.db").write_bytes(b"")
    RegistrationWorkflow(default_path(), target="prod")
    (folder / "state.db").write_text("not a database")
    RegistrationWorkflow(default_path(), target="prod")


def test_a_damaged_old_file_is_in_the_way_until_it_is_discarded(old: Path) -> None:
    old.write_bytes(old.read_bytes()[:2048] + b"\xff" * 4096)
    with pytest.raises(StateError, match=r"cannot be read: .*--discard"):
        RegistrationWorkflow(default_path(), target="prod")
    with StateStore(default_path()) as state:
        discard(old, state)
    RegistrationWorkflow(default_path(), target="prod")


def test_a_file_of_another_version_is_named(old: Path) -> None:
    with closing(sqlite3.connect(old)) as connection:
        connection.execute("ALTER TABLE registration_ledger RENAME COLUMN omni_cluster TO cluster")
    with pytest.raises(StateError, match="no column omni_cluster"):
        read_state(old)


def test_columns_and_tables_of_a_newer_old_version_do_no_harm(old: Path) -> None:
    with closing(sqlite3.connect(old)) as connection:
        connection.execute("ALTER TABLE registration_ledger ADD COLUMN more TEXT")
        connection.execute("CREATE TABLE more (a TEXT)")
    assert len(read_state(old).registrations) == 6


def test_an_old_file_that_another_program_has_locked_can_be_read(old: Path) -> None:
    with closing(sqlite3.connect(old, isolation_level=None)) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        assert len(read_state(old).registrations) == 6


def test_the_decision_to_start_anew_is_kept(old: Path) -> None:
    before = digest(old)
    with StateStore(default_path()) as state:
        discard(old, state)
        RegistrationWorkflow(state, target="prod")
    RegistrationWorkflow(default_path(), target="prod")
    assert digest(old) == before


def test_an_import_that_was_interrupted_is_not_taken_for_done(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with StateStore(default_path()) as state:
        with monkeypatch.context() as patch:
            patch.setattr("rsspot.state.preferences.PreferenceStore.set", _fail_after_one())
            with pytest.raises(StateError, match="disk"):
                import_state(old, state)
        with pytest.raises(StateError, match="6 registrations"):
            RegistrationWorkflow(state, target="prod")
        import_state(old, state)
        RegistrationWorkflow(state, target="prod")


def _fail_after_one() -> Any:
    from rsspot.state.preferences import PreferenceStore

    calls: list[str] = []
    plain = PreferenceStore.set

    def set_(self: PreferenceStore, name: str, value: Any) -> None:
        if calls:
            raise StateError("The disk is full")
        calls.append(name)
        plain(self, name, value)

    return set_


@pytest.mark.parametrize("where", ["beside the configuration", "at state_path"])
def test_each_place_is_looked_at(
    where: str, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "elsewhere" / "config.yml"
    path = config.parent / "state.db" if "beside" in where else tmp_path / "other" / "old.db"
    make_legacy_state(path)
    add_all_states(path)
    config.parent.mkdir(exist_ok=True)
    stated = "" if "beside" in where else f"state_path: {path}\n"
    config.write_text(f"profiles: {{default: {{org: acme}}}}\n{stated}")
    config.chmod(0o600)
    monkeypatch.setenv("RSSPOT_CONFIG", str(config))
    before = {each.name: digest(each) for each in path.parent.iterdir()}
    with pytest.raises(StateError, match="6 registrations"):
        RegistrationWorkflow(default_path(), target="prod")
    assert {each.name: digest(each) for each in path.parent.iterdir()} == before


def test_another_file_that_is_named_is_warned_about(old: Path, tmp_path: Path) -> None:
    path = tmp_path / "new.db"
    with pytest.warns(RuntimeWarning, match=f"import-legacy --to {path}"):
        RegistrationWorkflow(path, target="prod")


def test_a_store_on_the_old_file_is_refused_and_the_file_stays_as_it_is(old: Path) -> None:
    before = {path.name: digest(path) for path in old.parent.iterdir()}
    with StateStore(old) as state, pytest.raises(StateError, match="import-legacy"):
        state.preferences.items()
    with pytest.raises(StateError, match="6 registrations"):
        RegistrationWorkflow(old, target="prod")
    assert digest(old) == before["state.db"]


def command(*arguments: str) -> int:
    return run_command(arguments)


def test_the_command_line_imports(old: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command("state", "import-legacy", "--dry-run") == 0
    shown = capsys.readouterr()
    assert "6 (1 discovered, 1 token_issued, 1 submitted, 1 registered, 1 failed" in shown.out
    assert shown.err.endswith("Nothing was changed.\n")
    assert not (old.parents[2] / ".local").exists()
    assert command("state", "import-legacy") == 0
    shown = capsys.readouterr()
    assert "records added      6" in shown.out
    assert "Runs find these records with target='prod'." in shown.err
    RegistrationWorkflow(default_path(), target="prod")


def test_the_command_line_discards(old: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command("state", "import-legacy", "--discard") == 0
    assert "starts empty" in capsys.readouterr().err
    RegistrationWorkflow(default_path(), target="prod")


def test_the_command_line_names_the_setting_that_leads_to_the_old_file(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = make_legacy_state(home / "spot.db")
    add_all_states(path)
    monkeypatch.setenv("RSSPOT_STATE_PATH", str(path))
    assert command("state", "import-legacy") == 0
    hint = capsys.readouterr().err
    assert f"RSSPOT_STATE_PATH names the old file. Set it to {default_path()}, or remove it" in hint
    assert command("state", "import-legacy", "--to", str(path)) == 3
    assert "cannot be the one to write to" in capsys.readouterr().err


def test_the_command_line_says_where_it_looked(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command("state", "import-legacy") == 3
    error = capsys.readouterr().err
    assert "There is no state file of rsspot 0.3.0" in error
    assert str(home / ".config" / "rsspot" / "state.db") in error


def test_a_store_without_a_path_warns_that_it_is_the_users_own_file(home: Path) -> None:
    said = r"your own state file, .*state\.db; in rsspot 0\.3\.0"
    with pytest.warns(RuntimeWarning, match=said) as caught:
        state = StateStore()
    assert caught[0].filename == __file__
    assert state.path == StateStore.own().path == default_path()


def test_the_commands_for_registrations_are_refused_too(
    old: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for words in ("list", "summary"):
        assert command("registrations", words) == 3
        assert "rsspot state import-legacy" in capsys.readouterr().err
    assert command("state", "import-legacy") == 0
    assert command("registrations", "summary") == 0


def test_the_state_of_a_client_is_looked_for_beside_the_clients_configuration(
    home: Path, tmp_path: Path
) -> None:
    config = tmp_path / "elsewhere" / "config.yml"
    add_all_states(make_legacy_state(config.parent / "state.db"))
    config.write_text("profiles: {default: {org: acme}}\n")
    config.chmod(0o600)
    with SpotClient(config_path=config, access_token="opaque") as spot:
        with pytest.raises(StateError, match="6 registrations"):
            RegistrationWorkflow(spot.state, target="prod")
        import_state(config.parent / "state.db", spot.state)
        RegistrationWorkflow(spot.state, target="prod")


def test_an_import_into_postgresql_adds_what_is_new_and_nothing_twice(
    old: Path, fleet_url: str
) -> None:
    before = digest(old)
    with StateStore(fleet_url) as state:
        planned = import_state(old, state, dry_run=True)
        assert planned.added == 6
        assert list(state.registrations.list()) == []
        assert import_state(old, state).added == 6
        assert import_state(old, state).added == 0
        workflow = RegistrationWorkflow(state, target="prod")
        assert sorted(str(each.status.value) for each in workflow.list()) == sorted(STATES)
    assert digest(old) == before


def test_the_command_imports_into_postgresql(
    old: Path, fleet_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for added in ("6", "0"):
        assert command("state", "import-legacy", "--to", fleet_url) == 0
        rows = dict(line.split(None, 1) for line in capsys.readouterr().out.splitlines())
        assert rows["records"] == f"added      {added}"
