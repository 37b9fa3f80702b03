"""Clients without a token."""

from __future__ import annotations

import asyncio

import pytest

from rsspot import AsyncSpotClient, SpotClient, errors
from rsspot.sandbox import SpotSandbox

CLASS = "gp.vs2.medium-dfw2"


def test_public_prices_need_no_token() -> None:
    with SpotSandbox() as sandbox:
        options = sandbox.client_options()
        del options["refresh_token"]
        with SpotClient.public(**options) as spot:
            assert spot.pricing.history(CLASS)
            assert spot.pricing.percentiles()
            assert spot.pricing.comparable()
            assert spot.pricing.backtest(CLASS).results
            with pytest.raises(errors.ConfigError, match="RSSPOT_REFRESH_TOKEN"):
                spot.cloudspaces.list()

        async def read() -> int:
            async with AsyncSpotClient.public(**options) as spot:
                with pytest.raises(errors.ConfigError, match="no refresh token"):
                    await spot.cloudspaces.list()
                return len(await spot.pricing.history(CLASS))

        assert asyncio.run(read())
        assert not any("oauth" in each.path for each in sandbox.requests)


def test_a_public_client_refuses_arguments_that_no_client_has() -> None:
    with pytest.raises(TypeError, match="regoin"):
        SpotClient.public(regoin="x")
