"""The time since this machine started, which does not depend on the wall clock."""

from __future__ import annotations

import time
from functools import cache
from pathlib import Path
from typing import NamedTuple

__all__ = ["Uptime", "steady_clock", "uptime"]


class Uptime(NamedTuple):
    """The time since a start of the machine.

    boot: unique id of that start.
    seconds: time since then, including the time that the machine was asleep.
    """

    boot: str
    seconds: float


def uptime() -> Uptime | None:
    """Return the time since this machine started; None if the platform does not provide it.

    Source: ``clock_gettime(2)``, CLOCK_BOOTTIME; ``proc_sys_kernel(5)``, random/boot_id.
    """
    clock = getattr(time, "CLOCK_BOOTTIME", None)
    boot = _boot_id()
    return None if clock is None or boot is None else Uptime(boot, time.clock_gettime(clock))


def steady_clock() -> float:
    """Return the seconds of a clock that cannot be set; only differences are meaningful.

    It continues while the process is stopped and, if the platform supports it, while the
    machine sleeps.
    """
    clock = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if clock is None else time.clock_gettime(clock)


@cache
def _boot_id() -> str | None:
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip() or None
    except (OSError, ValueError):
        return None
