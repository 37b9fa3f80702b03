"""A clock that tests move."""

from __future__ import annotations

import pytest

from tests.senders.conftest import MovedClock


@pytest.fixture
def clock() -> MovedClock:
    """Time that goes on only by waiting."""
    return MovedClock()
