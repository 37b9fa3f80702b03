"""Named locks as rows that end by themselves: no connection has to live for them.

An advisory lock of a session would go with its connection, unnoticed, and mean nothing behind a
pooler that hands each transaction to another one.
"""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING
from uuid import uuid4

from rsspot.errors import StateError
from rsspot.flow.executors import executor
from rsspot.flow.shared_flow import running_loop
from rsspot.state.held import Held
from rsspot.state.postgres.driver import Statement

if TYPE_CHECKING:
    from rsspot.state.postgres.driver import Steps
    from rsspot.state.postgres.operations import Operations
    from rsspot.state.postgres.statements import Templates

__all__ = ["Locks"]

TAKE = (
    "INSERT INTO {s}.locks AS held (name, holder, ends_at) "
    "VALUES (%(name)s, %(holder)s, {now} + %(ttl)s * interval '1 second') "
    "ON CONFLICT (name) DO UPDATE SET holder = EXCLUDED.holder, ends_at = EXCLUDED.ends_at "
    "WHERE held.ends_at <= {now} OR held.holder = EXCLUDED.holder RETURNING 1"
)
RELEASE = "DELETE FROM {s}.locks WHERE name = %(name)s AND holder = %(holder)s"


class Locks:
    """Locks that are tried, never waited for.

    texts: fills in schema and time.
    """

    def __init__(self, texts: Templates, operations: Operations) -> None:
        self._texts = texts
        self._operations = operations

    def try_lock(self, name: str, ttl: float) -> Held | None:
        """Take the lock called `name` for `ttl` seconds; None while another holds it."""
        values = {"name": name, "holder": f"{os.getpid()}-{uuid4().hex}", "ttl": ttl}

        def take(_again: bool) -> Steps[bool]:  # noqa: FBT001 - one flag
            return bool((yield Statement(self._texts(TAKE), values)))

        def unlock(_again: bool) -> Steps[None]:  # noqa: FBT001 - one flag
            yield Statement(self._texts(RELEASE), values)

        def give_back() -> None:
            with suppress(StateError):  # it ends by itself
                self._operations.run(unlock)

        def release() -> None:
            # Whoever is interrupted releases at once, and may be on an event loop.
            if running_loop() is None:
                give_back()
            else:
                executor("store").submit(give_back)

        return Held(release) if self._operations.run(take) else None
