"""The plugin, in a suite of somebody else."""

from __future__ import annotations

import importlib.metadata
import subprocess
import sys

import pytest

pytest_plugins = ["pytester"]

SUITE = """
    import asyncio

    async def _use(spot):
        await spot.cloudspaces.create("demo", region="us-central-dfw-2", wait=True)
        return [space.name for space in await spot.cloudspaces.list()]

    def test_sync(spot_client, spot_sandbox):
        spot_client.cloudspaces.create("demo", region="us-central-dfw-2")
        spot_sandbox.advance(minutes=2)
        assert spot_client.cloudspaces.get("demo").is_ready
        assert spot_sandbox.requests[-1].method == "GET"

    def test_async(async_spot_client):
        assert asyncio.run(_use(async_spot_client)) == ["demo"]

    def test_async_again(async_spot_client, spot_client):
        assert asyncio.run(_use(async_spot_client)) == ["demo"]
        assert [space.name for space in spot_client.cloudspaces.list()] == ["demo"]
"""


@pytest.fixture(autouse=True)
def _only_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    # The other plugins that are installed here take seconds to load.
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.setenv("PYTEST_PLUGINS", "rsspot.pytest_plugin")


def test_pytest_finds_it_by_itself() -> None:
    (entry,) = importlib.metadata.entry_points(group="pytest11", name="rsspot")
    assert entry.value == "rsspot.pytest_plugin"


def test_a_suite_gets_a_fresh_sandbox_and_clients_for_each_test(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(SUITE)
    result = pytester.runpytest_subprocess("-W", "error", "-p", "no:cacheprovider")
    result.assert_outcomes(passed=3)


def test_async_tests_are_served_in_whichever_loop_they_run(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("""
        import pytest

        @pytest.mark.anyio
        async def test_async(async_spot_client):
            assert len(await async_spot_client.regions.list()) == 8

        @pytest.fixture
        def anyio_backend():
            return "asyncio"
    """)
    result = pytester.runpytest_subprocess("-W", "error", "-p", "anyio", "-p", "no:cacheprovider")
    result.assert_outcomes(passed=1)


def test_the_fixtures_are_listed_with_what_they_are(pytester: pytest.Pytester) -> None:
    result = pytester.runpytest_subprocess("--fixtures")
    result.stdout.fnmatch_lines(["spot_sandbox*", "spot_client*", "async_spot_client*"])


def test_without_the_extra_only_tests_that_need_it_fail_and_say_why(
    pytester: pytest.Pytester,
) -> None:
    pytester.makeconftest("import sys; sys.modules['starlette'] = None")
    pytester.makepyfile("def test_other(): pass\ndef test_spot(spot_client): pass")
    result = pytester.runpytest_subprocess()
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(
        ["*sandbox needs starlette, which is not installed. Run: pip install 'rsspot?sandbox?'*"]
    )


def test_it_costs_a_suite_that_does_not_use_it_nothing() -> None:
    code = (
        "import sys, pytest\n"
        "before = set(sys.modules)\n"
        "import rsspot.pytest_plugin\n"
        "new = set(sys.modules) - before\n"
        "print([name for name in new if name.split('.')[0] != 'rsspot'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"
