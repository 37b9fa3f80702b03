"""Locks on files: between threads, and between processes that come and go."""

from __future__ import annotations

import os
import signal
import threading
from typing import TYPE_CHECKING

import pytest

from rsspot.errors import StateError
from rsspot.files.locks import file_lock

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")


def test_a_lock_that_is_held_is_not_waited_for_longer_than_asked(tmp_path: Path) -> None:
    path = str(tmp_path / "a.lock")
    with file_lock(path, 0), pytest.raises(StateError, match="for more than 0 s"):
        file_lock(path, 0).__enter__()
    with file_lock(path, 0):
        assert (tmp_path / "a.lock").stat().st_mode & 0o777 == 0o600


def test_a_lock_file_that_cannot_be_opened_says_which(tmp_path: Path) -> None:
    with pytest.raises(StateError, match="cannot be opened") as caught:
        file_lock(str(tmp_path / "none" / "a.lock"), 0).__enter__()
    assert caught.value.path == str(tmp_path / "none" / "a.lock")
    with file_lock(str(tmp_path / "a.lock"), 0):
        pass


def test_a_child_process_does_not_keep_what_its_parent_holds(tmp_path: Path) -> None:
    path = str(tmp_path / "a.lock")
    children: list[int] = []

    def fork() -> None:
        child = os.fork()
        if child == 0:
            signal.pause()
        children.append(child)

    with file_lock(path, 0):
        # By another thread, as a pool of workers is started while a first one has the lock.
        forking = threading.Thread(target=fork)
        forking.start()
        forking.join()
    try:
        with file_lock(path, 0):
            pass
    finally:
        os.kill(children[0], signal.SIGKILL)
        os.waitpid(children[0], 0)


def test_a_child_process_that_leaves_the_lock_does_not_let_go_for_its_parent(
    tmp_path: Path,
) -> None:
    path = str(tmp_path / "a.lock")
    lock = file_lock(path, 0)
    lock.__enter__()
    child = os.fork()
    if child == 0:
        try:
            lock.__exit__(None, None, None)
            os._exit(0)
        finally:
            os._exit(1)
    assert os.waitpid(child, 0)[1] == 0
    asking = os.fork()
    if asking == 0:
        try:
            file_lock(path, 0).__enter__()
        except StateError:
            os._exit(0)
        finally:
            os._exit(1)
    assert os.waitpid(asking, 0)[1] == 0
    lock.__exit__(None, None, None)
