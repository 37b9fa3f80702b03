"""The engines that faults meet: those of the extra `fast`, and httpx."""

from __future__ import annotations

import pytest

from rsspot.senders.transport import engines


@pytest.fixture(params=["fast", pytest.param("httpx", marks=pytest.mark.prove)])
def each_engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have clients send with the engines of the extra, and in the long proofs with httpx too."""
    if request.param == "httpx":

        def absent() -> bool:
            return False

        monkeypatch.setattr(engines, "has_fast", absent)
