"""One worker of a fleet, to be killed, stopped and cut off: a host with a clock of its own.

python worker.py <settings as JSON>
"""

from __future__ import annotations

import json
import os
import random
import signal
import sqlite3
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rsspot.registration import JoinToken, Step

_actual = time.time


class Orchestrator:
    """Makes a machine for each idempotency key that it has not seen, and remembers every call.

    settings: `orchestrator` is its file, `gate` a file with the number of machines that may be
    made, `stop` a file that is there when this process is to stop itself after a call, `step` the
    seconds that each step takes.
    """

    def __init__(self, settings: dict[str, Any]) -> None:
        self._path = settings["orchestrator"]
        self._gate = Path(settings["gate"])
        self._stop = Path(settings["stop"])
        self._step = float(settings["step"])
        self._owner = settings["owner"]
        with self._connected() as made:
            made.executescript(
                "PRAGMA journal_mode = WAL;"
                "CREATE TABLE IF NOT EXISTS machines (id INTEGER PRIMARY KEY, key TEXT UNIQUE,"
                " server TEXT);"
                "CREATE TABLE IF NOT EXISTS calls (what TEXT, key TEXT, owner TEXT, at REAL);"
            )

    def _connected(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, timeout=60, isolation_level=None)
        # Its process is killed, its machine is not.
        connection.execute("PRAGMA synchronous = OFF")
        return connection

    def _call(self, what: str, step: Step, *more: tuple[str, tuple[Any, ...]]) -> None:
        if self._step:
            time.sleep(random.uniform(0, 2 * self._step))  # noqa: S311 - no secret
        connection = self._connected()
        connection.execute("BEGIN IMMEDIATE")
        values = (what, step.idempotency_key, self._owner, _actual())
        connection.execute("INSERT INTO calls VALUES (?, ?, ?, ?)", values)
        for text, arguments in more:
            connection.execute(text, arguments)
        connection.execute("COMMIT")
        connection.close()

    def issue(self, step: Step) -> JoinToken:
        from rsspot.registration import JoinToken

        self._call("issue", step)
        return JoinToken(f"token-{step.idempotency_key[:8]}", f"text-of-{step.idempotency_key}")

    def submit(self, step: Step, token: JoinToken) -> None:
        while self._made() >= int(self._gate.read_text() or 0):
            time.sleep(0.05)
        key = step.idempotency_key
        assert token.text == f"text-of-{key}"
        values = (key, f"{step.record.vm_cloudspace}/{step.record.server}")
        text = "INSERT OR IGNORE INTO machines (key, server) VALUES (?, ?)"
        self._call("submit", step, (text, values))
        try:
            self._stop.unlink()
        except FileNotFoundError:
            return
        os.kill(os.getpid(), signal.SIGSTOP)

    def verify(self, step: Step) -> bool:
        self._call("verify", step)
        connection = self._connected()
        query = "SELECT count(*) FROM machines WHERE key = ?"
        (known,) = connection.execute(query, (step.idempotency_key,)).fetchone()
        connection.close()
        return bool(known)

    def _made(self) -> int:
        connection = self._connected()
        (made,) = connection.execute("SELECT count(*) FROM machines").fetchone()
        connection.close()
        return int(made)


class Measured:
    """Steps that only take their time: what is measured is the ledger, and not an orchestrator."""

    def __init__(self, settings: dict[str, Any]) -> None:
        self._step = float(settings["step"])
        gate = Path(settings["gate"])
        Path(settings["ready"]).touch()
        while gate.read_text() == "0":  # all begin at once
            time.sleep(0.01)

    def issue(self, step: Step) -> JoinToken:
        from rsspot.registration import JoinToken

        time.sleep(self._step)
        return JoinToken(f"token-{step.idempotency_key[:8]}", f"text-of-{step.idempotency_key}")

    def submit(self, _step: Step, _token: JoinToken) -> None:
        time.sleep(self._step)

    def verify(self, _step: Step) -> bool:
        return True


def main(settings: dict[str, Any]) -> None:
    """Run to the end, or until somebody kills it."""
    ahead = float(settings["ahead"])
    time.time = lambda: _actual() + ahead
    from rsspot import RegistrationWorkflow, SpotClient, StateStore

    with (
        StateStore(settings["state"], busy_timeout=float(settings["patience"])) as store,
        SpotClient(**settings["client"], state=":memory:") as client,
    ):
        workflow = RegistrationWorkflow(store, target="omni", owner=settings["owner"])
        workflow.summary()
        orchestrator = (Measured if settings["measured"] else Orchestrator)(settings)
        Path(settings["ready"]).touch()
        began, worked = time.monotonic(), time.process_time()
        done = workflow.run(
            client,
            issue_token=orchestrator.issue,
            submit=orchestrator.submit,
            verify=orchestrator.verify if settings["verify"] else None,
            concurrency=int(settings["concurrency"]),
            ttl=float(settings["lease"]),
            verify_every=0.05,
            base_delay=0.05,
        )
        seconds, worked = time.monotonic() - began, time.process_time() - worked
        sys.stdout.write(f"{done.registered} {done.total} {seconds:.2f} {worked:.2f}\n")


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
