"""Forks while other threads are in the middle of something: no child hangs, no parent either."""

from __future__ import annotations

import importlib
import math
import os
import random
import signal
import sys
import threading
import time
from typing import TYPE_CHECKING

import pytest

from rsspot import StateStore
from rsspot.flow import forks, imports

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterator
    from pathlib import Path

pytestmark = [
    pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning"),
    pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork"),
]
PATIENCE = 30.0
"""Seconds after which a child counts as hanging; none needs a tenth of one."""


def status_of(child: int) -> str:
    """How a child ended: "hung" when it did not."""
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends:
        found, status = os.waitpid(child, os.WNOHANG)
        if found:
            return str(os.waitstatus_to_exitcode(status))
        time.sleep(0.002)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return "hung"


def in_child(act: Callable[[], object]) -> int:
    child = os.fork()
    if child == 0:
        try:
            act()
            os._exit(0)
        finally:
            os._exit(1)
    return child


def forked_under_load(folder: Path, children: int) -> dict[str, int]:
    """Fork while threads open, write and close stores; how the children ended."""
    done = threading.Event()
    trouble: list[BaseException] = []
    shared = StateStore(folder / "shared.db")
    shared.preferences.set("a", 1)

    def open_and_close(name: str) -> None:
        try:
            while not done.is_set():
                with StateStore(folder / f"{name}.db") as store:
                    store.preferences.set("a", 1)
                shared.preferences.set(name, 1)
        except BaseException as error:  # noqa: BLE001 - the test looks at it
            trouble.append(error)

    def use() -> None:
        shared.preferences.set("child", 1)
        with StateStore(folder / "own.db") as store:
            store.preferences.set("a", 1)

    threads = [threading.Thread(target=open_and_close, args=(f"t{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    chance = random.Random(children)  # noqa: S311 - no secret
    ended: dict[str, int] = {}
    for _ in range(children):
        time.sleep(chance.uniform(0, 0.003))
        status = status_of(in_child(use))
        ended[status] = ended.get(status, 0) + 1
    done.set()
    for thread in threads:
        thread.join()
    shared.close()
    assert trouble == []
    return ended


def test_a_child_forked_while_threads_open_stores_does_not_hang(tmp_path: Path) -> None:
    assert forked_under_load(tmp_path, 20) == {"0": 20}


@pytest.mark.prove
def test_a_thousand_children_forked_under_load_do_not_hang(tmp_path: Path) -> None:
    assert forked_under_load(tmp_path, 1000) == {"0": 1000}


def test_a_fork_waits_for_a_thread_that_is_in_a_connection(tmp_path: Path) -> None:
    with StateStore(tmp_path / "s.db") as store:
        store.preferences.set("a", 1)
        database = store.database
        entered, leave = threading.Event(), threading.Event()
        events: list[str] = []

        def work(_connection: sqlite3.Connection) -> None:
            entered.set()
            leave.wait(10)
            events.append("written")

        write = threading.Thread(target=database.connections.write, args=(work,))  # type: ignore[attr-defined]
        write.start()
        entered.wait(10)
        threading.Timer(0.05, leave.set).start()
        child = in_child(lambda: store.preferences.set("b", 1))
        events.append("forked")
        assert status_of(child) == "0"
        write.join()
        assert events == ["written", "forked"]
        assert store.preferences.items() == {"a": 1, "b": 1}


def test_a_fork_does_not_wait_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forks, "MAX_WAIT", 0.05)
    with StateStore(tmp_path / "s.db") as store:
        store.preferences.set("a", 1)
        entered, leave = threading.Event(), threading.Event()

        def work(_connection: sqlite3.Connection) -> None:
            entered.set()
            leave.wait(30)  # for what the thread that forks is yet to do

        write = threading.Thread(target=store.database.connections.write, args=(work,))  # type: ignore[attr-defined]
        write.start()
        entered.wait(10)
        child = in_child(lambda: None)
        leave.set()
        write.join()
        assert status_of(child) == "0"
        store.preferences.set("a", 2)


def test_a_thread_that_forks_inside_a_transaction_leaves_it_to_the_parent(tmp_path: Path) -> None:
    with StateStore(tmp_path / "s.db") as store:
        store.preferences.set("a", 1)
        children: list[int] = []

        def work(connection: sqlite3.Connection) -> None:
            connection.execute("UPDATE preferences SET value = '2'")
            children.append(in_child(lambda: store.preferences.get("a")))

        store.database.connections.write(work)  # type: ignore[attr-defined]
        assert status_of(children[0]) == "0"
        assert store.preferences.get("a") == 2


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A module that is imported in a moment."""
    name = "imported_slowly"
    (tmp_path / f"{name}.py").write_text("import time\nBEGUN = 1\ntime.sleep(0.2)\n")
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    monkeypatch.setattr(imports, "_slow", set[str]())
    yield name
    sys.modules.pop(name, None)


def imported_in_a_thread(name: str) -> threading.Thread:
    thread = threading.Thread(target=importlib.import_module, args=(name,))
    thread.start()
    while not hasattr(sys.modules.get(name), "BEGUN"):
        time.sleep(0.001)
    return thread


def test_a_fork_waits_for_a_module_that_another_thread_imports(module: str) -> None:
    thread = imported_in_a_thread(module)
    assert status_of(in_child(lambda: importlib.import_module(module))) == "0"
    thread.join()


def test_a_module_that_runs_a_program_is_waited_for_once(
    module: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "MAX_WAIT", 0.01)
    thread = imported_in_a_thread(module)
    assert imports.imported_elsewhere() == {module}
    imports.wait_for_imports(math.inf)
    assert imports.imported_elsewhere() == set()
    thread.join()


def test_a_module_of_the_thread_that_forks_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "forks_itself.py").write_text(
        "from rsspot.flow.imports import imported_elsewhere\nFOUND = imported_elsewhere()\n"
    )
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    assert set() == importlib.import_module("forks_itself").FOUND
    del sys.modules["forks_itself"]
