"""kill -9 at any moment, and no VM is registered twice or lost.

Rules: docs/rules.md#registered-once.
"""

from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

import pytest

from rsspot import RegistrationWorkflow, StateStore

WORKER = Path(__file__).with_name("worker.py")
LEASE = 1.0
AIM, MOST = 0.75, 0.9
"""The part of the work that is to be done at the last kill, and that may be done at any."""


class Outcome(NamedTuple):
    """What happened in all runs together."""

    kills: int
    finished: int
    machines: int
    duplicates: int
    losses: int
    retold: int
    """Calls of a step that had been made before: kills between a call and its record."""


class Proving:
    """Workers on one state file and one orchestrator."""

    def __init__(self, folder: Path, state: str, machines: int) -> None:
        self.state, self.orchestrator = state, folder / "orchestrator.db"
        self.machines = machines
        self.kills = self.finished = 0
        self._owners = 0

    def start(self, *options: str) -> tuple[subprocess.Popen[str], Path]:
        """A worker, and the file that it makes when it begins, or when it is held."""
        self._owners += 1
        owner = f"w{self._owners}"
        arguments = [self.state, self.orchestrator, self.machines, owner, LEASE, *options]
        program = [sys.executable, str(WORKER), *map(str, arguments)]
        worker = subprocess.Popen(program, stdout=subprocess.PIPE, text=True)
        return worker, Path(f"{self.orchestrator}.{owner}.ready")

    def kill(self, workers: int, chance: random.Random, longest: float, most: float) -> None:
        """Start workers, and kill each at a random moment, or when `most` of the work is done.

        The very first is killed between a call and its record, which the others may never be.
        """
        held = [] if self.kills else [self.start("held")]
        started = held + [self.start() for _ in range(workers - len(held))]
        for worker, ready in started:
            while not ready.exists() and worker.poll() is None:
                time.sleep(0.002)
        for worker, _ in started:
            ends = time.monotonic() + chance.uniform(0, longest / workers)
            while time.monotonic() < ends and self.made() < most * self.machines:
                time.sleep(min(0.01, max(0.0, ends - time.monotonic())))
            worker.kill()
            worker.communicate()
            self.kills += worker.returncode == -9
            self.finished += worker.returncode == 0
            assert worker.returncode in {-9, 0}

    def made(self) -> int:
        """How many machines the orchestrator has."""
        connection = sqlite3.connect(self.orchestrator)
        (count,) = connection.execute("SELECT count(*) FROM machines").fetchone()
        connection.close()
        return int(count)

    def end(self, workers: int) -> Outcome:
        """Let workers finish, and check the result."""
        started = [self.start()[0] for _ in range(workers)]
        said = [worker.communicate(timeout=120)[0] for worker in started]
        assert [worker.returncode for worker in started] == [0] * workers
        assert said == [f"{self.machines} {self.machines}\n"] * workers
        with StateStore(self.state) as store:
            workflow = RegistrationWorkflow(store, target="omni")
            assert workflow.summary().registered == self.machines
            for record in workflow.list():
                path = [line.after for line in workflow.ledger.audit(record.key)]
                assert path[0] == "discovered"
                assert path[-1] == "registered"
                assert path.count("registered") == 1
        raw = sqlite3.connect(self.orchestrator)
        made = [row[0] for row in raw.execute("SELECT server FROM machines")]
        retold = raw.execute("SELECT count(*) - count(DISTINCT what || key) FROM calls").fetchone()[
            0
        ]
        raw.close()
        everything = {f"s{number}" for number in range(self.machines)}
        return Outcome(
            self.kills,
            self.finished,
            len(made),
            len(made) - len({*made}),
            len(everything - {*made}),
            retold,
        )


def prove(
    folder: Path, state: str, *, kills: int, machines: int, workers: int, longest: float
) -> Outcome:
    proving = Proving(folder, state, machines)
    chance = random.Random(kills * 7 + workers)  # noqa: S311 - no secret
    bound = 5 * longest
    while proving.kills < kills:
        most = min(MOST, AIM * (proving.kills + workers) / kills)
        proving.kill(workers, chance, longest, most)
        made = proving.made()
        assert made < machines, "the work is done too soon to be interrupted"
        # On a fast machine kills come sooner, so that there is work left for the last of them.
        ahead = made / machines > AIM * proving.kills / kills
        # On a busy one they come later, but not so late that one idle moment finishes all work.
        longest = min(longest * (0.5 if ahead else 1.2), bound)
    assert proving.finished == 0
    outcome = proving.end(workers)
    sys.stdout.write(f"\n{workers} workers: {outcome}\n")
    assert (outcome.duplicates, outcome.losses) == (0, 0)
    assert outcome.machines == machines
    assert outcome.retold > 0, "no kill has struck between a call and its record"
    return outcome


@pytest.mark.parametrize("workers", [1, 4])
def test_a_few_kills_lose_nothing_and_double_nothing(
    tmp_path: Path, state_location: str, workers: int
) -> None:
    prove(tmp_path, state_location, kills=8, machines=500, workers=workers, longest=0.4)


@pytest.mark.prove
@pytest.mark.parametrize("workers", [1, 4])
def test_a_hundred_kills_lose_nothing_and_double_nothing(
    tmp_path: Path, state_location: str, workers: int
) -> None:
    prove(tmp_path, state_location, kills=100, machines=2500, workers=workers, longest=0.6)
