"""The pause that a server requests with Retry-After (RFC 9110, section 10.2.3)."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["http_date", "retry_after"]

_SECONDS = re.compile(r"[0-9]+(\.[0-9]*)?")
LONGEST = 1e12
"""Seconds that stand for any longer pause."""


def retry_after(headers: Mapping[str, str], now: float | None = None) -> float | None:
    """Return the seconds of Retry-After, which holds seconds or an HTTP date; None for neither.

    A date is compared with the Date of the server, if it sent one, so a wrong local clock does no
    harm. A date in the past means no pause.
    """
    text = headers.get("Retry-After", "").strip()
    if not text:
        return None
    if _SECONDS.fullmatch(text):
        return min(float(text), LONGEST)
    moment = http_date(text)
    if moment is None:
        return None
    reference = http_date(headers.get("Date", ""))
    if reference is None:
        reference = time.time() if now is None else now
    return max(0.0, moment - reference)


def http_date(text: str) -> float | None:
    """Return an HTTP date (RFC 9110, section 5.6.7) as seconds since the epoch, or None."""
    if not text:
        return None
    from datetime import UTC
    from email.utils import parsedate_to_datetime

    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    # The asctime form names no zone; all three forms are in UTC.
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
