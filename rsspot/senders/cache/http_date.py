"""HTTP dates for a cache: parsed strictly, since a wrong one would keep a response fresh."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import cache

__all__ = ["strict_http_date"]

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAY = r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)"
_LONG_DAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_TIME = r"(?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d)"
_MONTH = r"(?P<month>[a-z]{3})"
_FORMS = (
    rf"{_DAY}, (?P<day>\d\d) {_MONTH} (?P<year>\d{{4}}) {_TIME} (?:GMT|UTC)",
    rf"{_LONG_DAY}, (?P<day>\d\d)-{_MONTH}-(?P<year>\d\d) {_TIME} (?:GMT|UTC)",
    rf"{_DAY} {_MONTH} (?P<day>\d\d| \d) {_TIME} (?P<year>\d{{4}})",
)
_CENTURY, _FUTURE = 100, 50
_LEAP_SECOND = 60


def strict_http_date(text: str | None, now: float) -> float | None:
    """Return an HTTP date as seconds since the epoch, or None if it is invalid.

    All three forms are read (RFC 9110, section 5.6.7), in any case. A zone other than GMT and UTC
    is invalid (RFC 9111, section 4.2). `now` (seconds since the epoch) determines the century of a
    year of two digits: one that seems more than 50 years ahead is past.
    """
    found = next((match for form in _forms() if (match := form.fullmatch(text or ""))), None)
    if found is None or found["month"].lower() not in _MONTHS:
        return None
    month = _MONTHS.index(found["month"].lower()) + 1
    day, hour, minute, second = (int(found[part]) for part in ("day", "hour", "minute", "second"))
    try:
        year = _full(found["year"], now)
        # HTTP allows a leap second, and Python does not.
        moment = datetime(year, month, day, hour, minute, min(second, 59), tzinfo=UTC)
    except (ValueError, OverflowError, OSError):
        return None
    if second > _LEAP_SECOND:
        return None
    return moment.timestamp() + max(0, second - 59)


@cache
def _forms() -> tuple[re.Pattern[str], ...]:
    # On first use: it takes 0.7 ms, and the first call of most processes reads no date.
    return tuple(re.compile(form, re.ASCII | re.IGNORECASE) for form in _FORMS)


def _full(year: str, now: float) -> int:
    if len(year) > 2:  # noqa: PLR2004 - digits
        return int(year)
    latest = datetime.fromtimestamp(now, UTC).year + _FUTURE
    return latest - (latest - int(year)) % _CENTURY
