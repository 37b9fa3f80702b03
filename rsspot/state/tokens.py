"""Access tokens that processes share."""

from __future__ import annotations

import threading
from math import isfinite
from typing import TYPE_CHECKING, Any

from rsspot.arguments import KINDS as BASIC_KINDS
from rsspot.arguments import ArgumentKind, check_arguments, check_fields, instance
from rsspot.senders.auth.store import StoredToken
from rsspot.state.kinds import KINDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from rsspot.redaction.secret import Secret
    from rsspot.state.database import Database, HeldLock, Row

__all__ = ["Tokens"]


TIME = BASIC_KINDS["float"]


def _is_time_or_none(value: Any) -> bool:
    return value is None or TIME.fits(value)


FIELDS = {
    "value": BASIC_KINDS["str"],
    "expires_at": ArgumentKind(_is_time_or_none, "a number or None"),
    "obtained_at": TIME,
    "refresh_token": instance((str, type(None)), "text or None"),
}


@check_arguments(KINDS)
class Tokens:
    """Access tokens by partition: text that differs between credentials and reveals none.

    In a shared database they are encrypted with the credential that they belong to. If another
    process has replaced a token since it was read here, the newer one stays.
    """

    def __init__(self, database: Callable[[], Database]) -> None:
        self._database = database
        self._seen: dict[str, int] = {}
        self._guard = threading.Lock()

    def get(self, partition: str, credential: Secret) -> StoredToken | None:
        """Return the token of a partition. A damaged one counts as missing, and is replaced.

        credential: the refresh token that was configured.
        """
        database = self._database()
        row = database.get("tokens", (partition,))
        if database.is_shared:
            with self._guard:
                self._seen[partition] = row["version"] if row else 0
            if row is not None:
                from rsspot.state.sealing import unsealed

                row = unsealed(row["sealed"], partition, credential)
        if row is None or not _is_whole(row):
            return None
        return StoredToken(
            row["value"], row["expires_at"], row["obtained_at"], row["refresh_token"]
        )

    def put(self, partition: str, token: StoredToken, credential: Secret) -> None:
        """Store a token. Raises `InvalidInput` for one with a value of another type."""
        check_fields("token", token, FIELDS)
        row: Row = {
            "value": token.value,
            "expires_at": None if token.expires_at is None else float(token.expires_at),
            "obtained_at": float(token.obtained_at),
            "refresh_token": token.refresh_token,
        }
        database = self._database()
        if database.is_shared:
            from rsspot.state.sealing import sealed

            with self._guard:
                seen = self._seen.get(partition)
            row = {"sealed": sealed(row, partition, credential), "version": seen}
        database.put("tokens", {"partition": partition, **row})

    def delete(self, partition: str) -> None:
        """Delete the token of a partition."""
        self._database().delete("tokens", (partition,))

    def try_lock(self, partition: str, ttl: float) -> HeldLock | None:
        """Acquire the right to renew the token without waiting; return None while another has it.

        It ends with its process, or after `ttl` seconds if its end cannot be detected.
        """
        return self._database().try_lock(f"token-{partition}", ttl)


def _is_whole(row: Row) -> bool:
    texts = row["value"], row["refresh_token"] or ""
    times = row["obtained_at"], 0.0 if row["expires_at"] is None else row["expires_at"]
    # A token is sent in a header or a form, in ASCII.
    return all(isinstance(text, str) and text.isascii() for text in texts) and all(
        isinstance(time, float) and isfinite(time) for time in times
    )
