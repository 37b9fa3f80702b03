"""A bound on how long reading a document takes, whatever its server or its text does."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, TypeVar

from rsspot.api_diff.problem import Problem, squeeze

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["SECONDS", "within"]

SECONDS = 50.0
"""Seconds for a whole document: to look up its host, connect, download, decode and check it."""

T = TypeVar("T")


def within(work: Callable[[], T], name: str, seconds: float | None = None) -> T:
    """The result of `work`, or `Problem` where it takes longer than `seconds` (`SECONDS`).

    It runs in a thread, since nothing else bounds the resolver of names, headers that drip and a
    parser; a thread that is left behind ends with the process.
    """
    results: list[T] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            results.append(work())
        except BaseException as error:  # noqa: BLE001 - raised again where it is awaited
            errors.append(error)

    limit = SECONDS if seconds is None else seconds
    thread = threading.Thread(target=run, daemon=True, name="document")
    thread.start()
    thread.join(limit)
    if errors:
        raise errors[0]
    if not results:
        address = squeeze(name.partition("?")[0].rpartition("@")[2], 200)
        raise Problem(
            f"{address}: not complete after {limit:.0f} s; save the document and give the file"
        )
    return results[0]
