"""State files of rsspot 0.3.0, made by the SQL of its tables, and a home to put them into."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

SCHEMA = (Path(__file__).parents[1] / "fixtures" / "state" / "rsspot-0.3.0.sql").read_text("utf-8")
NAMESPACE = "org-a"
STATES = ("discovered", "token_issued", "submitted", "registered", "failed", "skipped")
AT = 1_790_000_000.0


def legacy_key(uid: str, org: str | None, space: str, pool: str | None, cluster: str | None) -> str:
    """The key of a registration in 0.3.0."""
    text = "|".join([uid, org or "", space, pool or "", cluster or ""])
    return f"vmreg-{hashlib.sha256(text.encode()).hexdigest()[:32]}"


def make_legacy_state(path: Path, *, empty: bool = False) -> Path:
    """Write a state file with preferences, history and tables as 0.3.0 does."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.executescript(SCHEMA)
        if not empty:
            connection.execute("INSERT INTO preferences VALUES ('default_org', 'acme', 1.0)")
            connection.execute("INSERT INTO preferences VALUES ('team', '{\"a\": \"b\"}', 1.0)")
            connection.execute(
                "INSERT INTO command_history (created_at, command, argv_json) "
                "VALUES (?, 'rsspot regions list', '[]')",
                (AT,),
            )
        connection.commit()
    return path


def add(path: Path, uid: str, status: str, **columns: Any) -> str:
    """Add a registration as 0.3.0 writes it; return its key there."""
    row: dict[str, Any] = {
        "vm_uid": uid,
        "org_id": NAMESPACE,
        "vmcloudspace": "vms",
        "vmpool": "pool-1",
        "vm_name": f"{uid} (shown)",
        "omni_cluster": "prod",
        "token_id": f"token-{uid}" if status == "token_issued" else None,
        "token_expires_at": AT + 60 if status == "token_issued" else None,
        "status": status,
        "last_error": "no answer" if status == "failed" else None,
        "payload_json": json.dumps({"step": status}),
        "updated_at": AT,
        **columns,
    }
    row["registration_key"] = legacy_key(
        row["vm_uid"], row["org_id"], row["vmcloudspace"], row["vmpool"], row["omni_cluster"]
    )
    names = ", ".join(row)
    marks = ", ".join("?" * len(row))
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(
            f"INSERT INTO registration_ledger ({names}) VALUES ({marks})",  # noqa: S608 - our own names
            tuple(row.values()),
        )
        connection.commit()
    return str(row["registration_key"])


def add_all_states(path: Path) -> None:
    """Add one registration of each status, of the VMs vm-0 to vm-5."""
    for number, status in enumerate(STATES):
        add(path, f"vm-{number}", status)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home folder, without the settings of the person who runs the tests."""
    import os

    for name in list(os.environ):
        if "SPOT" in name:
            monkeypatch.delenv(name)
    for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def old(home: Path) -> Path:
    """A state file of 0.3.0 at its usual place, with a registration of each status."""
    path = make_legacy_state(home / ".config" / "rsspot" / "state.db")
    add_all_states(path)
    return path
