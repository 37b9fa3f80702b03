"""A worker to be killed, and an orchestrator that remembers: a file of its own, fsynced.

python worker.py <state file> <orchestrator file> <machines> <owner> <lease in seconds> [held]

Held, it does not come back from its first call, so that a kill strikes before the record.
"""

from __future__ import annotations

import random
import sqlite3
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rsspot import RegistrationWorkflow
from rsspot.registration import JoinToken

if TYPE_CHECKING:
    from rsspot.registration import Step


class Orchestrator:
    """Makes a machine for each idempotency key that it has not seen, and counts what it is asked.

    Each call is one durable transaction, with a pause before and after it to be killed in.
    """

    def __init__(self, path: str, held: Path | None = None) -> None:
        self.path, self.held = path, held
        made = sqlite3.connect(path, timeout=60)
        made.executescript(
            "CREATE TABLE IF NOT EXISTS tokens (key TEXT PRIMARY KEY);"
            "CREATE TABLE IF NOT EXISTS machines (id INTEGER PRIMARY KEY, key TEXT, server TEXT);"
            "CREATE TABLE IF NOT EXISTS calls (what TEXT, key TEXT, earlier TEXT);"
        )
        made.close()

    def _call(self, what: str, step: Step, statement: str, values: tuple[Any, ...]) -> None:
        time.sleep(random.uniform(0, 0.004))  # noqa: S311 - no secret
        connection = sqlite3.connect(self.path, timeout=60, isolation_level=None)
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(
            "INSERT INTO calls VALUES (?, ?, ?)",
            (what, step.idempotency_key, step.earlier_token_id),
        )
        connection.execute(statement, values)
        connection.execute("COMMIT")
        connection.close()
        if self.held is not None:
            self.held.touch()
            time.sleep(600)
        time.sleep(random.uniform(0, 0.004))  # noqa: S311 - no secret

    def issue(self, step: Step) -> JoinToken:
        key = step.idempotency_key
        self._call(
            "issue",
            step,
            "INSERT OR IGNORE INTO tokens VALUES (?)",
            (key,),
        )
        return JoinToken(f"token-{key[:8]}", f"text-of-{key}")

    def submit(self, step: Step, token: JoinToken) -> None:
        key = step.idempotency_key
        assert token.text == f"text-of-{key}"
        self._call(
            "submit",
            step,
            "INSERT INTO machines (key, server) SELECT ?, ? "
            "WHERE NOT EXISTS (SELECT 1 FROM machines WHERE key = ?)",
            (key, step.record.server, key),
        )

    def verify(self, step: Step) -> bool:
        connection = sqlite3.connect(self.path, timeout=60)
        query = "SELECT count(*) FROM machines WHERE key = ?"
        known = connection.execute(query, (step.idempotency_key,)).fetchone()[0]
        connection.close()
        return bool(known)


class Inventory:
    """Machines as plain JSON."""

    def __init__(self, count: int) -> None:
        machines = {f"s{number}": {"ipAddress": "10.0.0.1"} for number in range(count)}
        where = {"name": "vms", "namespace": "org-a", "uid": "u1"}
        self.spaces = [{"metadata": where, "status": {"assignedServers": machines}}]

    @property
    def inventory(self) -> Any:
        return self

    def list_vmcloudspaces(self) -> list[Any]:
        return self.spaces


def main(state: str, orchestrator: str, machines: str, owner: str, ttl: str, *held: str) -> None:
    """Run to the end, or until somebody kills it."""
    ready = Path(f"{orchestrator}.{owner}.ready")
    other = Orchestrator(orchestrator, ready if held else None)
    workflow = RegistrationWorkflow(state, target="omni", owner=owner)
    workflow.summary()  # which opens the state
    if not held:
        ready.touch()
    done = workflow.run(
        Inventory(int(machines)),
        issue_token=other.issue,
        submit=other.submit,
        verify=other.verify,
        concurrency=4,
        ttl=float(ttl),
    )
    sys.stdout.write(f"{done.registered} {done.total}\n")
    workflow.state.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
