"""The state file: whose it is, how it opens, and what is said when it cannot be used.

Rules: docs/rules.md#bad-input.
"""

from __future__ import annotations

import asyncio
import os
import random
import re
import resource
import sqlite3
import stat
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from rsspot import StateStore
from rsspot.errors import StateError
from rsspot.redaction.secret import Secret
from rsspot.state.sqlite import file as files
from rsspot.state.sqlite.schema import CURRENT, MIGRATIONS

if TYPE_CHECKING:
    from collections.abc import Generator

FIXTURES = Path(__file__).parents[1] / "fixtures" / "state"


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def failure(path: Path | str, **options: Any) -> str:
    """The text of the error when something is kept there."""
    with StateStore(path, **options) as store, pytest.raises(StateError) as caught:
        store.preferences.set("a", 1)
    assert str(path) in str(caught.value)
    assert caught.value.hint
    return str(caught.value)


def test_every_file_is_for_its_owner_only_from_the_first_byte(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        path = tmp_path / "new" / "state.db"
        with StateStore(path) as store:
            store.preferences.set("a", 1)
            made = sorted(path.parent.iterdir())
            names = {each.name for each in made}
            assert names == {"state.db", "state.db-wal", "state.db-shm", "state.db.lock"}
            assert [mode(each) for each in made] == [0o600] * len(made)
            assert mode(path.parent) == 0o700
    finally:
        os.umask(old)


def test_a_looser_mode_is_reported_once_with_its_mend(
    tmp_path: Path, recwarn: pytest.WarningsRecorder
) -> None:
    path = tmp_path / "state.db"
    path.touch()
    path.chmod(0o644)
    for _ in range(2):
        with StateStore(path) as store:
            store.preferences.set("a", 1)
    (warning,) = recwarn.list
    assert f"Other users can read the state file {path} (mode 0644)" in str(warning.message)
    assert f"chmod 600 {path}" in str(warning.message)


def test_a_corrupt_file_is_moved_aside_and_a_new_one_begun(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    path.touch(0o600)
    path.write_bytes(b"not a database at all, " * 500)
    with StateStore(path) as store:
        with pytest.warns(RuntimeWarning, match="is corrupt. It was moved to") as caught:
            store.preferences.set("a", 1)
        assert store.preferences.get("a") == 1
    (aside,) = tmp_path.glob("state.db.corrupt-*")
    assert aside.read_bytes().startswith(b"not a database")
    assert re.search(r"corrupt-\d{8}T\d{6}", aside.name)
    assert str(aside) in str(caught[0].message)


def test_a_file_that_cannot_be_read_leaves_no_connection_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[sqlite3.Connection] = []

    class Connection(sqlite3.Connection):
        def __init__(self, *arguments: Any, **options: Any) -> None:
            super().__init__(*arguments, **options)
            made.append(self)

    monkeypatch.setattr(sqlite3, "Connection", Connection)
    path = tmp_path / "state.db"
    path.write_bytes(b"not a database at all, " * 500)
    path.chmod(0o600)
    with StateStore(path) as store, pytest.warns(RuntimeWarning, match="is corrupt"):
        store.preferences.set("a", 1)
    assert len(made) > 2
    for connection in made:
        with pytest.raises(sqlite3.ProgrammingError, match="closed"):
            connection.execute("SELECT 1")


def test_a_file_that_was_cut_is_moved_aside_too(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    with StateStore(path) as store:
        store.preferences.set("a", 1)
    with path.open("r+b") as raw:
        raw.truncate(path.stat().st_size // 2)
    with StateStore(path) as store, pytest.warns(RuntimeWarning, match="is corrupt"):
        assert store.preferences.get("a") is None


def read_all(store: StateStore) -> None:
    store.history.list()
    store.preferences.items()
    store.registrations.list()


def test_damage_deep_inside_is_an_error_that_says_what_can_be_saved(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    with StateStore(path) as store:
        for number in range(200):
            store.history.add(f"command {number} " + "x" * 100)
    before = path.read_bytes()
    page = 4096
    damaged = before[: -page * 4] + b"\xff" * (page * 4)  # the newest rows of the history
    path.write_bytes(damaged)
    with StateStore(path) as store, pytest.raises(StateError) as caught:
        read_all(store)
    assert "malformed" in str(caught.value)
    assert "Move it away, and a new one is created" in str(caught.value)
    assert path.read_bytes() == damaged, "what can be saved is still there"


def test_a_directory_in_the_way_is_named(tmp_path: Path) -> None:
    assert failure(tmp_path) == (
        f"The state path {tmp_path} is a directory. Give the path of a file"
    )
    (tmp_path / "state.db").touch()
    assert failure(tmp_path).endswith(f"Give the path of the file in it: {tmp_path / 'state.db'}")


def test_a_file_where_the_folder_should_be_is_named(tmp_path: Path) -> None:
    (tmp_path / "x").touch()
    said = failure(tmp_path / "x" / "state.db")
    assert "Not a directory" in said
    assert "choose another state path" in said


def test_a_locked_file_is_an_error_after_the_busy_timeout(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    with StateStore(path, busy_timeout=0.2) as store:
        store.preferences.set("a", 1)
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        assert store.preferences.get("a") == 1, "reads do not wait"
        with pytest.raises(StateError) as caught:
            store.preferences.set("a", 2)
        other.execute("ROLLBACK")
        other.close()
        assert str(caught.value) == (
            f"The state file {path} cannot be used: database is locked. "
            "Another process has locked it: try again, or end that process"
        )
        store.preferences.set("a", 3)
        assert store.preferences.get("a") == 3


def test_a_newer_schema_is_refused_with_the_version_that_wrote_it(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    with StateStore(path) as store:
        store.preferences.set("a", 1)
    with sqlite3.connect(path) as raw:
        raw.execute(f"PRAGMA user_version = {CURRENT + 1}")
        raw.execute("UPDATE meta SET value = '9.9.9' WHERE name = 'written_by'")
    raw.close()
    before = path.read_bytes()
    said = failure(path)
    assert f"The state file {path} was written by rsspot 9.9.9, which is newer than this" in said
    assert said.endswith("Upgrade rsspot, or choose another state path")
    assert path.read_bytes() == before


def test_a_path_that_is_another_programs_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "photos.db"
    with sqlite3.connect(path) as raw:
        raw.execute("CREATE TABLE photos (name TEXT)")
    raw.close()
    path.chmod(0o600)
    before = path.read_bytes()
    assert "is a database of another program" in failure(path)
    assert path.read_bytes() == before


def test_every_schema_that_was_released_is_migrated_without_loss(tmp_path: Path) -> None:
    for version in range(1, CURRENT + 1):
        path = tmp_path / f"state-{version}.db"
        with sqlite3.connect(path) as raw:
            raw.executescript((FIXTURES / f"version-{version}.sql").read_text("utf-8"))
            assert raw.execute("PRAGMA user_version").fetchone()[0] == version
        raw.close()
        path.chmod(0o600)
        with StateStore(path) as store:
            assert store.preferences.items() == {"default_org": "acme"}
            assert [each.command for each in store.history.list()] == ["rsspot regions list"]
            token = store.tokens.get("p1", Secret("any"))
            assert token is not None
            assert (token.value, token.refresh_token) == ("bearer", "rotated")
            kept = store.http_cache.get("p1", "k1")
            assert kept is not None
            assert kept.body == b"[]"
            (record,) = store.registrations.list()
            assert (record.server, record.status, record.token_id) == ("s1", "submitted", "t1")
            assert [line.after for line in store.registrations.audit(record.key)] == [
                "discovered", "token_issued", "submitted",
            ]  # fmt: skip


def test_a_migration_runs_once_and_keeps_what_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "state.db"
    with StateStore(path) as store:
        store.preferences.set("a", 1)
    added = "CREATE TABLE more (name TEXT); INSERT INTO more VALUES ('once')"
    monkeypatch.setattr(files, "MIGRATIONS", (*MIGRATIONS, added))
    monkeypatch.setattr(files, "CURRENT", CURRENT + 1)
    for _ in range(3):
        with StateStore(path) as store:
            assert store.preferences.get("a") == 1
    with sqlite3.connect(path) as raw:
        assert raw.execute("SELECT count(*) FROM more").fetchone()[0] == 1
    raw.close()
    broken = "CREATE TABLE half (name TEXT); CREATE TABLE half (name TEXT)"
    monkeypatch.setattr(files, "MIGRATIONS", (*MIGRATIONS, added, broken))
    monkeypatch.setattr(files, "CURRENT", CURRENT + 2)
    assert "table half already exists" in failure(path)
    with sqlite3.connect(path) as raw:
        assert raw.execute("PRAGMA user_version").fetchone()[0] == CURRENT + 1
        assert raw.execute("SELECT count(*) FROM more").fetchone()[0] == 1
        tables = {row[0] for row in raw.execute("SELECT name FROM sqlite_master")}
    raw.close()
    assert "half" not in tables, "a migration that fails changes nothing"


OPENING = """
import sys, time
from rsspot import StateStore
import rsspot.state.sqlite.database
folder, many = sys.argv[1], int(sys.argv[2])
sys.stdin.readline()
for number in range(many):
    with StateStore(f"{folder}/{number}.db") as store:
        store.preferences.set("a", number)
        assert store.preferences.get("a") == number
"""


DYING = """
import sys
from rsspot.state.sqlite.file import connect
print(flush=True)
sys.stdin.readline()
connect(sys.argv[1], 10).execute("SELECT count(*) FROM registrations").fetchone()
"""


def opened_by_the_dying(folder: Path, many: int) -> None:
    """Four processes open each new file, and two of them are killed while they do."""
    chance = random.Random(many)  # noqa: S311 - no secret
    for number in range(many):
        program = [sys.executable, "-c", DYING, str(folder / f"{number}.db")]
        opening = [
            subprocess.Popen(
                program,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
            for _ in range(4)
        ]
        for each in opening:
            assert each.stdout is not None
            each.stdout.readline()
        for each in opening:
            assert each.stdin is not None
            each.stdin.write("\n")
            each.stdin.flush()
        for each in opening[:2]:
            time.sleep(chance.uniform(0, 0.006))
            each.kill()
        said = [each.communicate()[1] for each in opening]
        assert [each.returncode for each in opening[2:]] == [0, 0], said


def test_a_new_file_opens_though_others_are_killed_while_they_open_it(tmp_path: Path) -> None:
    opened_by_the_dying(tmp_path, 8)


@pytest.mark.prove
def test_two_hundred_new_files_open_though_others_are_killed(tmp_path: Path) -> None:
    opened_by_the_dying(tmp_path, 200)


def opened_at_once(folder: Path, many: int) -> None:
    """Four processes open the same new files, one file after the other, at the same time."""
    program = [sys.executable, "-W", "error", "-c", OPENING, str(folder), str(many)]
    openers = [
        subprocess.Popen(program, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    time.sleep(0.3)
    for opener in openers:
        assert opener.stdin is not None
        opener.stdin.write("go\n")
        opener.stdin.flush()
    said = [opener.communicate()[1] for opener in openers]
    assert said == [""] * 4
    assert [opener.returncode for opener in openers] == [0] * 4


def test_four_processes_open_new_files_at_the_same_time(tmp_path: Path) -> None:
    opened_at_once(tmp_path, 25)


@pytest.mark.prove
def test_five_hundred_files_opened_by_four_processes_at_the_same_time(tmp_path: Path) -> None:
    opened_at_once(tmp_path, 500)


def in_child(action: Any) -> str:
    """What `action` answers in a forked child that is nobody."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            if os.geteuid() == 0:
                os.setgroups([])
                os.setgid(65534)
                os.setuid(65534)
            said = str(action())
        except BaseException as error:  # noqa: BLE001 - the parent looks at it
            said = f"{type(error).__name__}: {error}"
        os.write(writing, said.encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        said = pipe.read()
    os.waitpid(child, 0)
    return said


@contextmanager
def open_folder() -> Generator[Path]:
    """A folder that others may enter, unlike those of pytest."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


def keep(path: Path, **options: Any) -> str:
    with StateStore(path, **options) as store:
        store.preferences.set("a", 1)
    return "kept"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs another user")
def test_a_file_that_may_not_be_read_or_written_is_named() -> None:
    with open_folder() as folder:
        path = folder / "state.db"
        keep(path)
        if os.geteuid() != 0:
            path.chmod(0o000)
        said = in_child(lambda: keep(path, allow_foreign_owner=True))
        assert said.startswith(f"StateError: The state file {path} cannot be used: ")
        assert "unable to open" in said
        assert "Check that it is a file that you may read and write" in said


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="needs a file of another")
def test_a_read_only_file_is_named() -> None:
    with open_folder() as folder:
        path = folder / "state.db"
        with StateStore(path) as store:
            store.preferences.set("a", 1)
        with sqlite3.connect(path) as raw:
            raw.execute("PRAGMA journal_mode = DELETE")
        raw.close()
        path.chmod(0o444)
        for lock in folder.glob("*.lock"):
            lock.chmod(0o666)
        folder.chmod(0o777)
        files._warned.add(str(path))
        said = in_child(lambda: keep(path, allow_foreign_owner=True))
        assert "readonly database" in said
        assert "It is read-only: make it writable, or choose another state path" in said


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="needs a file of another")
@pytest.mark.parametrize("owner", [65534, 0], ids=["root", "another user"])
def test_a_file_of_another_owner_is_refused_for_root_too(
    owner: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_folder() as folder:
        path = folder / "state.db"
        keep(path)
        folder.chmod(0o777)
        os.chown(path, owner, owner)
        said = failure(path) if owner else in_child(lambda: keep(path))
        assert f"The state file {path} belongs to user {owner}" in said
        assert "chown" in said
        assert "allow_foreign_owner=True" in said
        assert "RSSPOT_ALLOW_FOREIGN_OWNER=true" in said
        monkeypatch.setenv("RSSPOT_ALLOW_FOREIGN_OWNER", "true")
        if owner:
            assert keep(path) == "kept"


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="needs a file of another")
def test_root_once_leaves_no_file_that_the_owner_cannot_open() -> None:
    with open_folder() as folder:
        path = folder / "state.db"
        folder.chmod(0o777)
        assert in_child(lambda: keep(path)) == "kept"
        for each in folder.glob("state.db?*"):
            each.unlink()
        with StateStore(path, allow_foreign_owner=True) as store:
            store.preferences.set("a", 1)
            lock = store.tokens.try_lock("p", 60.0)
            owners = {each.name: each.stat().st_uid for each in folder.iterdir()}
            assert owners == dict.fromkeys(owners, 65534)
            assert len(owners) == 4
            assert {mode(each) for each in folder.iterdir()} == {0o600}
            assert lock is not None
            lock.release()
        assert in_child(lambda: keep(path)) == "kept"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs another user")
def test_a_folder_that_may_not_be_written_is_named() -> None:
    with open_folder() as folder:
        if os.geteuid() != 0:
            folder.chmod(0o555)
        said = in_child(lambda: keep(folder / "state.db"))
        assert "Permission denied" in said
        assert "Check its permissions and those of its folder" in said


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a limit for one process")
def test_a_full_disk_is_named_and_loses_nothing(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    keep(path)

    def fill() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))
        with StateStore(path) as store:
            for number in range(1000):
                store.preferences.set(f"p{number}", "x" * 5000)

    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            fill()
        except StateError as error:
            os.write(writing, str(error).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        said = pipe.read()
    os.waitpid(child, 0)
    assert said.startswith(f"The state file {path} cannot be used: ")
    assert "full" in said
    with StateStore(path) as store:
        kept = store.preferences.items()
        assert kept["a"] == 1
        assert len(kept) > 5
        store.preferences.set("b", 2)


def test_no_more_pages_is_named(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    with StateStore(path) as store:
        store.preferences.set("a", 1)
        database: Any = store.database
        pages = database.connections._writer.execute("PRAGMA page_count").fetchone()[0]
        database.connections._writer.execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(StateError) as caught:
            store.preferences.set("b", "x" * 100_000)
        assert str(caught.value) == (
            f"The state file {path} cannot be used: database or disk is full. "
            "The disk is full: free some space"
        )
        assert store.preferences.items() == {"a": 1}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
def test_a_child_process_has_connections_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    with StateStore(path) as store:
        store.preferences.set("a", 1)
        for number in range(3):
            child = os.fork()
            if child == 0:
                try:
                    store.preferences.set(f"child{number}", store.preferences.get("a"))
                    store.close()
                finally:
                    os._exit(0)
            assert os.waitpid(child, 0)[1] == 0
            store.preferences.set("a", number + 2)
        assert store.preferences.items() == {"a": 4, "child0": 1, "child1": 2, "child2": 3}


def test_threads_and_tasks_share_a_store(tmp_path: Path) -> None:
    with StateStore(tmp_path / "state.db") as store:

        def keep_many(number: int) -> None:
            for each in range(10):
                store.preferences.set(f"{number}-{each}", each)

        async def main() -> None:
            await asyncio.gather(*(asyncio.to_thread(keep_many, number) for number in range(8)))

        asyncio.run(main())
        threads = [threading.Thread(target=keep_many, args=(number,)) for number in range(8, 16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(store.preferences.items()) == 160


WINDOWS = """
import sys, os, builtins, shutil, tempfile  # which look at the platform themselves
sys.platform = "win32"
del os.register_at_fork, os.fork
real = builtins.__import__
def fake(name, *args, **kwargs):
    if name == "fcntl": raise ImportError(name)
    return real(name, *args, **kwargs)
builtins.__import__ = fake
from rsspot import StateStore, RegistrationWorkflow
with StateStore(sys.argv[1]) as store:
    store.preferences.set("a", 1)
    with store.tokens.try_lock("p", 60.0):
        print(store.preferences.get("a"), len(RegistrationWorkflow(store, target="t").list()))
"""


def test_nothing_needs_fork_or_file_locks(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", WINDOWS, str(tmp_path / "state.db")],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    assert done.stdout == "1 0\n"


def test_opening_the_same_file_many_times_leaves_nothing_open(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    keep(path)
    before = len(os.listdir("/proc/self/fd")) if Path("/proc/self/fd").exists() else 0  # noqa: PTH208 - counted
    for _ in range(20):
        keep(path)
    after = len(os.listdir("/proc/self/fd")) if Path("/proc/self/fd").exists() else 0  # noqa: PTH208 - counted
    assert after <= before
