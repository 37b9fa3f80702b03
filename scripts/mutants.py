"""Break one promise at a time in a copy of the tree, and run the tests that must then fail.

`python scripts/mutants.py [NAME …]` prints the first failing test of each mutant. Exit status 1
means that one survives.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from regeneration.project import OURS

from rsspot.api_diff.problem import Problem, one_line, run

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["Mutant", "Verdict", "load", "verdicts"]

TABLE = OURS.root / "scripts" / "mutants.toml"
NOT_COPIED = shutil.ignore_patterns(
    ".git", ".venv", "__pycache__", ".*_cache", ".hypothesis", "build", "dist"
)
FAILED = 1
LONGEST = 1800.0
"""Maximum seconds for all tests together without any mutant."""
MORE = 120.0
"""Seconds that the tests of a mutant may take beyond that before they count as hanging."""


@dataclass(frozen=True)
class Mutant:
    """A line that keeps a promise, its broken replacement, and the tests that must then fail."""

    name: str
    file: str
    old: str
    new: str
    breaks: str
    tests: Sequence[str]

    def applied(self, root: Path) -> str:
        """Return the mutated text. Raises `Problem` unless the old text occurs exactly once."""
        text = (root / self.file).read_text("utf-8")
        count = text.count(self.old)
        if count != 1:
            raise Problem(
                f"{self.file}: mutant {self.name!r} must find its text once, not {count} times; "
                f"bring {TABLE.name} up to date: {self.old}"
            )
        return text.replace(self.old, self.new)


@dataclass(frozen=True)
class Verdict:
    """The result of a mutant: the test that failed and its message, or None."""

    mutant: Mutant
    killer: str | None


def load(table: Path = TABLE) -> list[Mutant]:
    """Return the mutants of a table."""
    content = tomllib.loads(table.read_text("utf-8"))
    entries: list[dict[str, Any]] = content.get("mutant", [])
    return [Mutant(**entry) for entry in entries]


def verdicts(mutants: Sequence[Mutant], root: Path = OURS.root) -> Iterator[Verdict]:
    """Apply each mutant to a copy of `root`, one at a time, and run its tests.

    All texts are searched before the first test runs. Raises `Problem` for one that is
    missing, and for tests that fail without any mutant.
    """
    mutated: list[str] = []
    stale: list[str] = []
    for mutant in mutants:
        try:
            mutated.append(mutant.applied(root))
        except Problem as problem:
            stale.append(str(problem))
    if stale:
        raise Problem("; ".join(stale))
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        copy = Path(folder) / "tree"
        shutil.copytree(root, copy, ignore=NOT_COPIED, symlinks=True)
        tests = sorted({test for mutant in mutants for test in mutant.tests})
        started = time.monotonic()
        if tests and (failed := _first_failure(copy, tests, LONGEST)):
            raise Problem(f"{failed}: fails without a mutant; fix it first")
        longest = time.monotonic() - started + MORE
        for mutant, text in zip(mutants, mutated, strict=True):
            file = copy / mutant.file
            kept = file.read_text("utf-8")
            file.write_text(text, "utf-8")
            try:
                yield Verdict(mutant, _first_failure(copy, mutant.tests, longest))
            finally:
                file.write_text(kept, "utf-8")


def _first_failure(copy: Path, tests: Sequence[str], longest: float) -> str | None:
    """Return the first failing test and its message. Raises `Problem` if tests cannot be run."""
    command = [sys.executable, "-m", "pytest", "-x", "-m", "not prove", "-p", "no:cacheprovider"]
    paths = os.pathsep.join(str(copy / part) for part in (".", "generated"))
    environment = {**os.environ, "PYTHONPATH": paths, "PYTHONDONTWRITEBYTECODE": "1"}
    environment["COLUMNS"] = "300"  # a line of pytest's summary is cut at the width of a terminal
    try:
        done = subprocess.run(
            [*command, "-v", "-rfE", "--color=no", *tests],
            cwd=copy,
            env=environment,
            capture_output=True,
            text=True,
            timeout=longest,
            check=False,
        )
    except subprocess.TimeoutExpired as expired:
        said = (expired.stdout or b"").decode(errors="replace").split("\n")[-1]
        return f"{said.strip() or ' '.join(tests)} - still running after {longest:.0f} s"
    if done.returncode == 0:
        return None
    found = re.search(r"^(?:FAILED|ERROR) (.+)", done.stdout, re.MULTILINE)
    if done.returncode != FAILED or found is None:
        raise Problem(f"{' '.join(tests)}: cannot be run: {(done.stdout + done.stderr)[-500:]}")
    return one_line(found[1])


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the named mutants, or all, and print the first failing test of each."""
    parser = argparse.ArgumentParser(prog="mutants.py", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="mutants to run (default: all)")
    names = parser.parse_args(arguments).names
    mutants = [mutant for mutant in load() if not names or mutant.name in names]
    if unknown := sorted(set(names) - {mutant.name for mutant in mutants}):
        raise Problem(f"there is no mutant {', '.join(unknown)} in {TABLE.name}")
    survivors: list[str] = []
    for verdict in verdicts(mutants):
        if verdict.killer is None:
            survivors.append(verdict.mutant.name)
        print(f"{verdict.mutant.name:<28} {verdict.killer or 'SURVIVED'}", flush=True)
    print(f"{len(mutants)} mutants, {len(survivors)} survived", *survivors, sep="\n  ")
    return int(bool(survivors))


if __name__ == "__main__":
    sys.exit(run(main))
