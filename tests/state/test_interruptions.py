"""An interruption at any moment leaves no transaction open and no lock held."""

from __future__ import annotations

import dis
import functools
import gc
import sys
import threading
from typing import TYPE_CHECKING, Any

import pytest

from rsspot import RegistrationCandidate, StateStore
from rsspot.errors import RegistrationError
from rsspot.state.ledger import Listing, Reissued, TokenIssued
from tests.interrupts import confined

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import CodeType, FrameType


pytestmark = pytest.mark.filterwarnings(
    "ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
)
"""A lock file that an interruption takes from whoever opened it is closed without a word of his."""


class Interrupted(BaseException):
    """What Ctrl-C raises, but from the test."""


def at_signals(k: int, act: Callable[[], object]) -> BaseException | None:
    """Raise at the k-th moment at which CPython handles signals: a call begins, or C returns.

    A profiler is called exactly there, inside the instruction, and what it raises is raised there.
    """
    left = k

    def profile(_frame: FrameType, event: str, called: object) -> None:
        nonlocal left
        if event not in {"call", "c_return"} or called is sys.setprofile:
            return
        left -= 1
        if left < 0:
            sys.setprofile(None)
            raise Interrupted

    sys.setprofile(profile)
    try:
        confined(act)
        if left < 0:  # it was raised in a finalizer, which passes nothing on
            raise Interrupted  # noqa: TRY301 - it counts as any other
    except Interrupted as error:
        return error  # with its traceback, which keeps variables alive
    finally:
        sys.setprofile(None)
    return None


@functools.cache
def edges_of_with(code: CodeType) -> frozenset[int]:
    """The bytecodes between taking a lock and the `with` block, and between the block and its end.

    They are parts of entering and leaving. No handler covers them yet or any more, and CPython
    handles no signal and fails in no way there, so that nothing could be promised.
    """
    edges: set[int] = set()
    instructions = list(dis.get_instructions(code))
    for i, instruction in enumerate(instructions):
        if instruction.opname == "BEFORE_WITH":
            last = i + 1
            while instructions[last + 1].opname == "NOP":
                last += 1
            edges.update(x.offset for x in instructions[i + 1 : last + 1])
        elif [(x.opname, x.argval) for x in instructions[i : i + 3]] == [("LOAD_CONST", None)] * 3:
            first = i
            while instructions[first - 1].opname in {"SWAP", "NOP", "POP_TOP"}:
                first -= 1
            last = i + 3
            while instructions[last].opname != "CALL":
                last += 1
            edges.update(x.offset for x in instructions[first : last + 1])
    return frozenset(edges)


def at_bytecodes(k: int, act: Callable[[], object]) -> BaseException | None:
    """Raise before the k-th bytecode, where no signal would be handled, too."""
    left = k

    def trace(frame: FrameType, event: str, _argument: object) -> Any:
        nonlocal left
        frame.f_trace_opcodes = True
        if event == "opcode" and frame.f_lasti not in edges_of_with(frame.f_code):
            left -= 1
            if left < 0:
                sys.settrace(None)
                raise Interrupted
        return trace

    before = sys.gettrace()
    sys._getframe().f_trace_opcodes = True  # Python 3.12 reads it here, for all frames
    sys.settrace(trace)
    try:
        confined(act)
        if left < 0:
            raise Interrupted  # noqa: TRY301 - as above
    except Interrupted as error:
        return error
    finally:
        sys.settrace(before)
    return None


class Bench:
    """A file, and what another process and another thread can do with it."""

    def __init__(self, path: Path) -> None:
        self.store = StateStore(path, busy_timeout=1.0)
        self.other = StateStore(path, busy_timeout=0.0)
        candidate = RegistrationCandidate(namespace="n", vm_cloudspace="v", server="s", target="t")
        self.store.registrations.discover(Listing(target="t", candidates=(candidate,)), who="w")
        self.key = candidate.key
        self.store.registrations.apply(self.key, TokenIssued("first"), who="w")
        self.turn = 0

    def change(self) -> None:
        """A write of every kind of part: reading, deciding, waiting for the turn, committing."""
        self.turn += 1
        self.store.registrations.apply(self.key, Reissued(f"t{self.turn}"), who="w")

    def check(self, *, threads: bool) -> None:
        ledger = self.other.registrations
        record = ledger.get(self.key)
        history = ledger.audit(self.key)
        assert record.version == len(history), "a change without its history, or the reverse"
        assert history[-1].why.startswith(f"token {record.token_id}")
        self.other.preferences.set("a", self.turn)
        lock = self.other.tokens.try_lock("p", 60.0)
        assert lock is not None
        lock.release()
        if threads:
            thread = threading.Thread(
                target=self.store.preferences.set, args=("b", self.turn), daemon=True
            )
            thread.start()
            thread.join(10.0)
            assert not thread.is_alive(), "another thread waits for ever"
        self.store.preferences.set("b", self.turn)

    def close(self) -> None:
        self.store.close()
        self.other.close()


def sweep(
    path: Path,
    interrupt: Callable[[int, Callable[[], object]], BaseException | None],
    *,
    step: int,
    threads: bool,
) -> int:
    """Interrupt writes at every step-th place, until one gets through; how many were.

    threads: whether a signal can strike there. Then nothing is left behind even while the traceback
    is kept; else the variables in it have to go first, and the lock between threads, which C code
    takes and leaves with a `with` block, is out of reach.
    """
    bench = Bench(path)
    bench.change()
    k = 0
    while (error := interrupt(k, bench.change)) is not None:
        assert error.__traceback__ is not None
        if not threads:
            error.__traceback__ = None
        bench.check(threads=threads)
        k += step
    bench.check(threads=threads)
    bench.close()
    return k // step


@pytest.mark.parametrize("step", [3, pytest.param(1, marks=pytest.mark.prove)])
def test_a_signal_at_any_moment_of_a_write_leaves_nothing_behind(tmp_path: Path, step: int) -> None:
    assert sweep(tmp_path / "s.db", at_signals, step=step, threads=True) > 30


@pytest.mark.parametrize("step", [23, pytest.param(1, marks=pytest.mark.prove)])
def test_an_exception_at_any_bytecode_of_a_write_leaves_no_transaction(
    tmp_path: Path, step: int
) -> None:
    assert sweep(tmp_path / "s.db", at_bytecodes, step=step, threads=False) > 30


def test_a_signal_while_a_store_is_opened_leaves_nothing_behind(tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    Bench(path).close()
    k = 0
    interrupted = 0
    while True:
        store = StateStore(path, busy_timeout=1.0)
        error = at_signals(k, lambda opened=store: opened.preferences.set("a", 1))  # type: ignore[misc]
        with StateStore(path, busy_timeout=0.0) as other:
            other.preferences.set("b", k)
        store.preferences.set("a", 2)
        store.close()
        if error is None:
            break
        interrupted += 1
        k += 5
        del error
    assert interrupted > 10
    gc.collect()  # here, so that what was left open is reported by this test


def test_a_signal_between_a_lock_and_its_use_lets_the_lock_go(tmp_path: Path) -> None:
    bench = Bench(tmp_path / "s.db")
    k = 0

    def renew() -> None:
        lock = bench.store.tokens.try_lock("p", 60.0)
        assert lock is not None
        with lock:
            pass

    while (error := at_signals(k, renew)) is not None:
        del error
        bench.check(threads=True)
        k += 1
    bench.close()
    assert k > 10


def test_a_failure_inside_a_transaction_changes_nothing(tmp_path: Path) -> None:
    bench = Bench(tmp_path / "s.db")
    before = bench.store.registrations.get(bench.key)
    with pytest.raises(RegistrationError):
        bench.store.registrations.apply(bench.key, TokenIssued("other"), who="w")
    bench.check(threads=True)
    assert bench.store.registrations.get(bench.key) == before
    bench.close()


READS: dict[str, Callable[[Bench], object]] = {
    "generation": lambda bench: bench.store.http_cache.generation(),
    "response": lambda bench: bench.store.http_cache.read("p", "k")[1],
    "record": lambda bench: bench.store.registrations.get(bench.key).version,
    "records": lambda bench: [record.version for record in bench.store.registrations.each()],
}


@pytest.mark.parametrize(
    ("name", "step"),
    [
        ("generation", 1),
        ("response", 1),
        ("record", 7),
        ("records", 7),
        pytest.param("record", 1, marks=pytest.mark.prove),
        pytest.param("records", 1, marks=pytest.mark.prove),
    ],
)
def test_a_read_after_an_interrupted_one_is_of_now_while_its_traceback_is_kept(
    tmp_path: Path, name: str, step: int
) -> None:
    read = READS[name]
    bench = Bench(tmp_path / "s.db")
    before = read(bench)
    k = 0
    while (error := at_bytecodes(k, lambda: read(bench))) is not None:
        bench.other.http_cache.drop("p", ["/x"])
        bench.turn += 1
        bench.other.registrations.apply(bench.key, Reissued(f"t{bench.turn}"), who="w")
        now = read(bench)
        assert now != before, f"after bytecode {k}"
        assert error.__traceback__ is not None
        before = now
        k += step
    bench.close()
    assert k > 3 * step
