"""A schedule of waits goes on for as long as it is asked."""

from __future__ import annotations

from itertools import islice

import pytest

from rsspot import RetryConfig
from rsspot.senders import RetryingSender


@pytest.mark.parametrize("base", [0.0, 5e-324, 1e-200, 0.1])
def test_waits_have_no_end_and_stay_within_their_limit(base: float) -> None:
    config = RetryConfig(base_delay=base, max_delay=2.0, jitter=False)
    waits = [*islice(RetryingSender(config=config).waits(), 3000)]
    assert len(waits) == 3000
    assert max(waits) == (2.0 if base else 0.0)
