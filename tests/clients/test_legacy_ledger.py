"""rsspot 0.3.0 itself writes a ledger, and this version goes on with it."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

import pytest

from rsspot import RegistrationWorkflow, SpotClient, StateStore
from rsspot.errors import StateError
from rsspot.legacy import import_state
from rsspot.registration import JoinToken
from rsspot.sandbox import SpotSandbox
from tests.clients.test_other_clients import COMMUNITY_SDK, PROGRAMS, REGION, python_with, run

if TYPE_CHECKING:
    from pathlib import Path

    from rsspot.registration import Step

pytestmark = pytest.mark.prove


def test_what_the_real_0_3_0_wrote_comes_along_and_no_vm_is_registered_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    python = python_with(tmp_path / "env", *COMMUNITY_SDK) / "python"
    old = tmp_path / ".config" / "rsspot" / "state.db"
    with SpotSandbox(seed=1) as sandbox, SpotClient(**sandbox.client_options()) as spot:
        spot.vm_cloudspaces.create("vms", region=REGION, wait=True)
        spot.vm_pools.create(
            "vms", server_class="gp.vs2.medium-dfw2", pool_type="ondemand", desired=6, wait=True
        )
        written = run(
            str(python),
            str(PROGRAMS / "legacy_ledger.txt"),
            sandbox.url,
            sandbox.refresh_token,
            str(old),
        )
        before: list[dict[str, Any]] = json.loads(written.splitlines()[-1])
        assert len(before) == 6
        digest = hashlib.sha256(old.read_bytes()).hexdigest()
        with pytest.raises(StateError, match="6 registrations"):
            RegistrationWorkflow(tmp_path / "state" / "rsspot" / "state.db", target="prod")
        with StateStore(tmp_path / "state" / "rsspot" / "state.db") as state:
            done = import_state(old, state)
            print(f"before: {done.registrations}; added: {done.added}")
            workflow = RegistrationWorkflow(state, target="prod")
            for row in before:
                (record,) = [each for each in workflow.list() if each.server == row["vm_uid"]]
                expires = record.token_expires_at
                assert record.status == row["status"]
                assert record.namespace == row["org_id"]
                assert record.vm_cloudspace == row["vmcloudspace"]
                assert record.pool == row["vmpool"]
                assert record.token_id == row["token_id"]
                assert (expires.timestamp() if expires else None) == row["token_expires_at"]
                assert record.last_error == row["last_error"]
                assert record.payload.items() >= (row["payload"] or {}).items()
                assert record.idempotency_key == row["registration_key"]
                assert record.updated_at.timestamp() == pytest.approx(row["updated_at"], abs=1e-5)
            assert state.preferences.get("default_region") == "uk-lon-1"
            assert [each.command for each in state.history.list()] == ["rsspot regions list"]
            submitted: list[str] = []

            def submit(step: Step, token: JoinToken) -> None:
                submitted.append(step.record.server)

            summary = workflow.run(
                spot,
                issue_token=lambda step: JoinToken(id="t-2", text="a-long-join-token"),
                submit=submit,
                verify=lambda step: True,
            )
            print(f"after: {summary}; submitted: {submitted}")
            at_work = [
                row["vm_uid"]
                for row in before
                if row["status"] in {"discovered", "token_issued", "failed"}
            ]
            assert sorted(submitted) == sorted(at_work)
            assert (summary.registered, summary.skipped, summary.total) == (5, 1, 6)
        assert hashlib.sha256(old.read_bytes()).hexdigest() == digest
