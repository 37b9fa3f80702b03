"""kubectl's lock: exclusive, waited for with a bound, and not left behind by the dead."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from rsspot.errors import InvalidInput, StateError
from rsspot.files.kubectl_lock import KubectlLock

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a dead holder is not known there")


@pytest.fixture(params=["without a name", "with a name"], autouse=True)
def writes(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "with a name":
        monkeypatch.setattr("rsspot.files.atomic.UNNAMED", 0)
    return str(request.param)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "config"


def test_it_exists_while_it_is_held_and_no_longer(path: Path) -> None:
    lock = path.with_name("config.lock")
    with KubectlLock(path, 0):
        with pytest.raises(FileExistsError):
            os.open(lock, os.O_CREAT | os.O_EXCL, 0)  # as kubectl does
        with pytest.raises(StateError, match="for more than 0 s"):
            KubectlLock(path, 0).__enter__()
        assert lock.exists()
    assert list(path.parent.iterdir()) == []


@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError])
def test_it_is_given_back_however_the_work_ends(path: Path, error: type[BaseException]) -> None:
    with pytest.raises(error), KubectlLock(path, 0):
        raise error
    assert list(path.parent.iterdir()) == []


def test_an_interruption_while_it_waits_leaves_nothing(path: Path) -> None:
    lock = path.with_name("config.lock")
    lock.touch(0)

    def interrupted(_seconds: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        KubectlLock(path, 5, sleep=interrupted).__enter__()
    assert list(path.parent.iterdir()) == [lock]


def test_it_is_waited_for_until_the_time_is_over(path: Path) -> None:
    lock = path.with_name("config.lock")
    lock.touch(0)
    now = 0.0

    def sleep(seconds: float) -> None:
        nonlocal now
        now += seconds
        if now > 4 and not keeps:
            lock.unlink(missing_ok=True)

    keeps = True
    with pytest.raises(StateError) as caught:
        KubectlLock(path, 5, sleep=sleep, clock=lambda: now).__enter__()
    assert str(caught.value) == (
        f"Another program has held {lock} for more than 5 s. "
        "Try again; if neither kubectl nor rsspot is running, remove that file"
    )
    assert 5 <= now < 5.1
    now, keeps = 0.0, False
    with KubectlLock(path, 5, sleep=sleep, clock=lambda: now):
        assert 4 < now < 5


def test_what_a_killed_process_of_ours_left_is_removed(path: Path) -> None:
    script = (
        "import os, signal, sys; from pathlib import Path\n"
        "from rsspot.files.kubectl_lock import KubectlLock\n"
        "with KubectlLock(Path(sys.argv[1]), 0): os.kill(os.getpid(), signal.SIGKILL)"
    )
    done = subprocess.run([sys.executable, "-c", script, path], check=False)
    assert done.returncode == -signal.SIGKILL
    assert path.with_name("config.lock").exists()
    slept: list[float] = []
    with KubectlLock(path, 1, sleep=slept.append):
        assert len(slept) == 1


@pytest.mark.parametrize("kind", ["kubectl's", "text", "folder", "pipe", "link"])
def test_a_lock_of_others_is_never_removed(path: Path, kind: str) -> None:
    lock = path.with_name("config.lock")
    if kind == "folder":
        lock.mkdir()
    elif kind == "pipe":
        os.mkfifo(lock)
    elif kind == "link":
        lock.symlink_to("nowhere")
    else:
        lock.write_text("" if kind == "kubectl's" else "held by another")
        lock.chmod(0)
    with pytest.raises(StateError):
        KubectlLock(path, 0).__enter__()
    assert os.path.lexists(lock)


def test_a_lock_that_somebody_removed_and_took_is_left_to_him(path: Path) -> None:
    lock = path.with_name("config.lock")
    with KubectlLock(path, 0):
        lock.unlink()
        lock.write_text("another")
    assert lock.read_text() == "another"


def test_only_one_of_many_threads_holds_it_at_a_time(path: Path) -> None:
    inside = 0

    def work(_number: int) -> int:
        nonlocal inside
        with KubectlLock(path, 30):
            inside += 1
            found = inside
            inside -= 1
        return found

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(work, range(40))) == {1}
    assert list(path.parent.iterdir()) == []


@pytest.mark.parametrize("timeout", [float("nan"), float("inf"), -1.0])
def test_a_wait_that_would_not_end_is_refused(path: Path, timeout: float) -> None:
    with pytest.raises(InvalidInput, match="timeout must be a finite number of seconds"):
        KubectlLock(path, timeout)
