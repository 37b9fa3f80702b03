"""The file beneath a store: gone, replaced, under other names, and with how many locks."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from rsspot import RegistrationCandidate, StateStore
from rsspot.errors import StateError
from rsspot.legacy.state_file import count_registrations, is_legacy
from rsspot.state.ledger import Listing
from rsspot.state.sqlite import identity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state.db"


@pytest.fixture
def store(path: Path) -> Iterator[StateStore]:
    with StateStore(path) as store:
        store.preferences.set("a", 1)
        store.registrations.discover(listing("s1"), who="w")
        yield store


def listing(*servers: str) -> Listing:
    return Listing(
        target="t",
        candidates=tuple(
            RegistrationCandidate(namespace="n", vm_cloudspace="v", server=server, target="t")
            for server in servers
        ),
    )


def deleted(path: Path) -> None:
    path.unlink()


def all_deleted(path: Path) -> None:
    for each in [*path.parent.glob("state.db*")]:
        each.unlink()


def moved(path: Path) -> None:
    path.rename(path.with_name("elsewhere.db"))


def replaced_by_a_copy(path: Path) -> None:
    copy = path.with_name("copy.db")
    shutil.copy(path, copy)
    copy.replace(path)


def begun_anew_by_another(path: Path) -> None:
    all_deleted(path)
    with StateStore(path) as other:
        other.preferences.set("a", 2)


def folder_deleted(path: Path) -> None:
    shutil.rmtree(path.parent)


GONE: list[Callable[[Path], None]] = [
    deleted, all_deleted, moved, replaced_by_a_copy, begun_anew_by_another, folder_deleted,
]  # fmt: skip


@pytest.mark.parametrize("happens", GONE)
def test_a_file_that_is_gone_is_neither_written_nor_begun_anew(
    happens: Callable[[Path], None], path: Path, store: StateStore
) -> None:
    happens(path)
    before = path.read_bytes() if path.exists() else None
    ledger = store.registrations
    uses: list[Callable[[], object]] = [
        lambda: ledger.discover(listing("s2"), who="w"),
        lambda: ledger.claim(owner="w", ttl=60),
        lambda: ledger.next_due("t"),
        ledger.list,
        lambda: store.preferences.set("a", 3),
        lambda: store.preferences.get("a"),
        store.http_cache.generation,
    ]
    for use in uses:
        with pytest.raises(
            StateError, match=r"was (deleted|replaced) while it was in use"
        ) as found:
            use()
        assert found.value.path == str(path)
        assert "Restore it, or restart this program" in str(found.value)
    assert (path.read_bytes() if path.exists() else None) == before


def test_reads_alone_notice_it_too(
    path: Path, store: StateStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert store.preferences.get("a") == 1
    all_deleted(path)
    monkeypatch.setattr(identity, "SOON", 0.0)  # instead of waiting for so long
    for read in (store.http_cache.generation, lambda: store.preferences.get("a")):
        with pytest.raises(StateError, match="was deleted while it was in use"):
            read()


def test_a_file_that_is_put_back_is_used_again(path: Path, store: StateStore) -> None:
    aside = path.with_name("aside.db")
    path.rename(aside)
    with pytest.raises(StateError, match="was deleted"):
        store.preferences.set("a", 2)
    aside.rename(path)
    store.preferences.set("a", 3)
    assert store.preferences.get("a") == 3
    assert len(store.registrations.list()) == 1


@pytest.mark.parametrize("suffix", ["-wal", "-shm"])
def test_a_log_that_is_gone_is_noticed_before_anything_is_lost(
    suffix: str, path: Path, store: StateStore
) -> None:
    log = Path(f"{path}{suffix}")
    log.unlink()
    with pytest.raises(StateError, match=f"{log} was deleted while it was in use"):
        store.preferences.set("a", 2)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
def test_a_child_process_begins_no_new_file_either(path: Path, store: StateStore) -> None:
    all_deleted(path)
    child = os.fork()
    if child == 0:
        status = 1
        try:
            store.registrations.discover(listing("s2"), who="w")
        except StateError:
            status = 0
        finally:
            os._exit(status)
    assert os.waitpid(child, 0)[1] == 0
    assert not path.exists()


def test_a_path_is_where_the_process_was_and_under_one_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "real").mkdir(mode=0o700)
    (tmp_path / "other").mkdir(mode=0o700)
    (tmp_path / "link").symlink_to(tmp_path / "real")
    monkeypatch.chdir(tmp_path)
    names = ["real/state.db", "link/state.db", "other/../real/./state.db"]
    stores = [StateStore(name) for name in names]
    monkeypatch.chdir(tmp_path / "other")
    assert {store.path for store in stores} == {str(tmp_path / "real" / "state.db")}
    lock = stores[0].tokens.try_lock("p", 60.0)
    assert lock is not None
    assert stores[1].tokens.try_lock("p", 60.0) is None
    lock.release()
    stores[2].preferences.set("a", 1)
    assert [*(tmp_path / "other").iterdir()] == []
    for store in stores:
        assert store.preferences.get("a") == 1
        store.close()


def test_a_link_that_leads_elsewhere_later_takes_nobody_along(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir(mode=0o700)
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "a")
    with StateStore(link / "state.db") as store:
        link.unlink()
        link.symlink_to(tmp_path / "b")
        store.preferences.set("a", 1)
    assert [*(tmp_path / "b").iterdir()] == []


def test_thousands_of_names_are_locks_in_one_file(path: Path, store: StateStore) -> None:
    held = [store.tokens.try_lock(f"partition {number}", 60.0) for number in range(300)]
    assert None not in held
    assert store.tokens.try_lock("partition 7", 60.0) is None
    for lock in held:
        assert lock is not None
        lock.release()
    for number in range(300, 2000):
        lock = store.tokens.try_lock(f"partition {number}", 60.0)
        assert lock is not None
        lock.release()
    store.preferences.set("a", 2)
    assert sorted(each.name for each in path.parent.iterdir()) == [
        "state.db", "state.db-shm", "state.db-wal", "state.db.lock",
    ]  # fmt: skip


LOOKS: dict[str, Callable[[Path], object]] = {
    "a second store": lambda path: StateStore(path).preferences.get("a"),
    "a search for files of 0.3.0": is_legacy,
    "a count of old registrations": count_registrations,
}
"""What opens a state file beside a store that uses it."""


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
def test_nothing_takes_the_locks_of_a_store_from_it(
    store: StateStore, path: Path, look: Callable[[Path], object]
) -> None:
    """Else another process that ends takes itself for the last one, and deletes the log."""
    look(path)
    other = f"from rsspot import StateStore\nStateStore({str(path)!r}).preferences.set('b', 2)"
    subprocess.run([sys.executable, "-c", other], check=True, timeout=60)
    assert path.with_name("state.db-wal").exists()
    store.preferences.set("a", 2)
    store.registrations.discover(listing("s2"), who="w")
    assert (store.preferences.get("a"), store.preferences.get("b")) == (2, 2)
