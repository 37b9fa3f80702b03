"""The body of the webhook that is called before a server goes (docs/api-facts.md#preemption)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from rsspot.errors import InvalidInput
from rsspot.models import PreemptionNotice

BODY = b'{"cloudspace":"demo","Server":"s-1","IP":"192.0.2.7","Time":"2026-01-02T03:04:05Z"}'


def test_a_notice_is_read_in_the_mixed_case_that_is_sent() -> None:
    notice = PreemptionNotice.parse(BODY)
    assert (notice.cloudspace, notice.server, notice.address) == ("demo", "s-1", "192.0.2.7")
    assert notice.time == datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert PreemptionNotice.parse(BODY.decode()) == notice


@pytest.mark.parametrize("more", [{}, {"Time": "soon", "IP": 7}, {"Time": None, "new": {}}])
def test_what_is_odd_beside_the_names_is_absent(more: dict[str, Any]) -> None:
    notice = PreemptionNotice.parse({"cloudspace": "demo", "Server": "s-1", **more})
    assert (notice.address, notice.time) == ("", None)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "not JSON"),
        (b"\xff\xff", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"[]", "not a JSON object"),
        (b"{}", "no cloudspace and no server"),
        (b'{"cloudspace": 1, "Server": "x"}', "no cloudspace"),
    ],
)
def test_what_is_no_notice_is_an_error(body: bytes, message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        PreemptionNotice.parse(body)
