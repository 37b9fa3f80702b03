"""Clients for a process: one for each profile, organization and region.

Rules: docs/rules.md#identity-of-a-client.
"""

from __future__ import annotations

import asyncio
import contextvars
import os
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event, Thread
from typing import TYPE_CHECKING, Any

import pytest

import rsspot
from rsspot import CacheConfig, StateStore, errors, registry
from rsspot.config.options import VARIABLES
from rsspot.config.places import VARIABLES as CONFIG_VARIABLES
from rsspot.config.profile import ProfileConfig, SDKConfig

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from rsspot import SpotClient
    from rsspot.sandbox import SpotSandbox

OFF = CacheConfig(enabled=False)
FILE = """\
# mine
active_profile: dev
profiles:
  dev: {refresh_token: of-dev, org: dev-org}  # the usual
  prod: {refresh_token: of-prod, region: us-east-iad-1}
"""


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    for name in (*(name for known in VARIABLES.values() for name in known), *CONFIG_VARIABLES):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    yield tmp_path
    rsspot.configure()


@pytest.fixture
def config_file(home: Path) -> Path:
    path = home / "config" / "rsspot" / "config.yml"
    path.parent.mkdir(parents=True)
    path.write_text(FILE)
    path.chmod(0o600)
    return path


def test_many_threads_that_ask_for_the_same_get_one(config_file: Path) -> None:
    together = Barrier(16)

    def ask(number: int) -> SpotClient:
        together.wait()
        return rsspot.get_client(profile=("dev", "prod")[number % 2])

    with ThreadPoolExecutor(16) as pool:
        found = list(pool.map(ask, range(16)))
    assert len({id(client) for client in found}) == 2
    assert {client.settings.profile for client in found} == {"dev", "prod"}


def test_profile_org_and_region_tell_clients_apart(config_file: Path) -> None:
    asked: list[dict[str, str]] = [
        {},
        {"profile": "prod"},
        {"org": "a"},
        {"region": "a"},
        {"profile": "prod", "region": "a"},
    ]
    found = [rsspot.get_client(**each) for each in asked]
    assert len({id(client) for client in found}) == len(asked)
    assert [rsspot.get_client(**each) for each in asked] == found
    other = rsspot.get_async_client()
    assert other is rsspot.get_async_client()
    assert type(other) is rsspot.AsyncSpotClient


def test_what_holds_for_a_stretch_of_code_nests_and_ends(config_file: Path) -> None:
    outside = rsspot.get_client()
    with rsspot.use_profile("prod"), rsspot.use_org("acme"):
        inside = rsspot.get_client()
        assert (inside.settings.profile, inside.settings.org) == ("prod", "acme")
        with rsspot.use_org("other"), rsspot.use_region("uk-lon-1"):
            deeper = rsspot.get_client().settings
            assert (deeper.profile, deeper.org, deeper.region) == ("prod", "other", "uk-lon-1")
            assert rsspot.get_client(org="mine").settings.org == "mine"
        with rsspot.use_profile(None):
            assert rsspot.get_client().settings.profile == "dev"
        assert rsspot.get_client() is inside
    assert rsspot.get_client() is outside


def test_it_holds_in_its_own_task_and_thread_only(config_file: Path) -> None:
    async def region_in(region: str | None, ready: asyncio.Barrier) -> str | None:
        with rsspot.use_region(region):
            await ready.wait()
            return rsspot.get_async_client().settings.region

    async def main() -> list[str | None]:
        ready = asyncio.Barrier(3)
        return await asyncio.gather(*(region_in(name, ready) for name in ("a", "b", None)))

    assert asyncio.run(main()) == ["a", "b", None]

    def region() -> str | None:
        return rsspot.get_client().settings.region

    with rsspot.use_region("a"), ThreadPoolExecutor(1) as pool:
        assert pool.submit(region).result() is None
        assert pool.submit(contextvars.copy_context().run, region).result() == "a"


def test_an_organization_that_is_asked_for_is_not_outvoted_by_a_configured_id() -> None:
    rsspot.configure(refresh_token="x", org_id="org_AbCd1234", state=":memory:")
    assert rsspot.get_client().settings.org_id == "org_AbCd1234"
    with rsspot.use_org("beta"):
        settings = rsspot.get_client().settings
    assert (settings.org, settings.org_id) == ("beta", None)


def test_a_changed_environment_gives_another_client(
    config_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = rsspot.get_client()
    monkeypatch.setenv("RSSPOT_PROFILE", "prod")
    after = rsspot.get_client()
    assert (before.settings.profile, after.settings.profile) == ("dev", "prod")
    monkeypatch.delenv("RSSPOT_PROFILE")
    assert rsspot.get_client() is before


@pytest.mark.parametrize("name", CONFIG_VARIABLES)
def test_profiles_are_those_of_the_file_that_clients_read(
    config_file: Path, home: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    assert rsspot.list_profiles() == ["dev", "prod"]
    other = home / "other.json"
    other.write_text('{"profiles": {"mine": {"refresh_token": "x"}}}')
    other.chmod(0o600)
    monkeypatch.setenv(name, str(other))
    assert rsspot.list_profiles() == ["mine"]
    rsspot.configure(config=SDKConfig(profiles={"code": ProfileConfig(refresh_token="x")}))
    assert rsspot.list_profiles() == ["code"]
    assert rsspot.get_client().settings.profile == "code"


def test_stored_defaults_are_for_clients_that_are_fetched_later(
    config_file: Path, home: Path
) -> None:
    before = rsspot.get_client()
    rsspot.set_default_profile("prod")
    rsspot.set_default_org("acme")
    rsspot.set_default_region("uk-lon-1")
    after = rsspot.get_client()
    assert (before.settings.profile, after.settings.profile) == ("dev", "prod")
    assert (after.settings.org, after.settings.region) == ("acme", "uk-lon-1")
    assert after.settings.source("org") == "stored default"
    assert rsspot.get_client(profile="prod").settings.region == "us-east-iad-1"
    for forget in (rsspot.set_default_profile, rsspot.set_default_org, rsspot.set_default_region):
        forget(None)
    assert rsspot.get_client().settings.org == "dev-org"
    assert (home / "state" / "rsspot" / "state.db").stat().st_mode & 0o777 == 0o600


def test_whoever_holds_a_client_may_go_on_with_it_when_defaults_change(
    sandbox: SpotSandbox, config_file: Path
) -> None:
    rsspot.configure(**sandbox.client_options(), cache=OFF)
    held = rsspot.get_client()
    rsspot.set_default_region("uk-lon-1")
    rsspot.set_active_profile("prod")
    assert rsspot.get_client() is not held
    assert rsspot.get_client().settings.region == "uk-lon-1"
    assert len(held.regions.list()) == 8
    rsspot.close_all_clients()
    with pytest.raises(errors.ClientClosed):
        held.regions.list()


def test_a_default_that_cannot_be_is_refused(config_file: Path) -> None:
    with pytest.raises(errors.ConfigError, match=r"no profile 'prd'\. Known names: dev, prod"):
        rsspot.set_default_profile("prd")
    with pytest.raises(errors.ConfigError, match=r"default region is empty\. None deletes it"):
        rsspot.set_default_region(" ")


def test_a_state_file_that_cannot_be_read_is_said_and_done_without(
    config_file: Path, home: Path
) -> None:
    rsspot.set_default_region("uk-lon-1")
    with StateStore.own() as store:
        store.preferences.set("default_org", "acme")
        store.database.put("preferences", {"name": "default_org", "value": "{not json"})
    with pytest.warns(RuntimeWarning, match="Stored defaults are not used: The preference"):
        assert rsspot.get_client().settings.region is None


def test_the_active_profile_is_written_and_nothing_else(config_file: Path) -> None:
    assert rsspot.get_client().settings.profile == "dev"
    rsspot.set_active_profile("prod")
    assert rsspot.get_client().settings.profile == "prod"
    assert config_file.read_text() == FILE.replace("active_profile: dev", "active_profile: prod")
    with pytest.raises(errors.ConfigError, match=r"no profile 'x'\. Known names: dev, prod"):
        rsspot.set_active_profile("x")


def test_without_a_file_there_is_no_profile_to_make_active() -> None:
    assert rsspot.list_profiles() == []
    with pytest.raises(errors.ConfigError, match="There is no configuration file"):
        rsspot.set_active_profile("dev")


def test_configure_closes_what_there_is_and_refuses_what_is_no_argument(
    sandbox: SpotSandbox,
) -> None:
    rsspot.configure(**sandbox.client_options())
    held = rsspot.get_client()
    assert len(held.regions.list()) == 8
    rsspot.configure(refresh_token="x", timeout=7)
    with pytest.raises(errors.ClientClosed):
        held.regions.list()
    assert rsspot.get_client().settings.timeouts.total == 7
    with pytest.raises(TypeError, match="configure takes what SpotClient takes, not timout"):
        rsspot.configure(timout=7)


def test_all_clients_are_closed_whatever_their_mode(sandbox: SpotSandbox) -> None:
    rsspot.configure(**sandbox.client_options())

    async def main() -> None:
        sync, other = rsspot.get_client(), rsspot.get_async_client()
        assert len(sync.regions.list()) == len(await other.regions.list()) == 8
        await rsspot.aclose_all_clients()
        assert rsspot.get_async_client() is not other
        with pytest.raises(errors.ClientClosed):
            sync.regions.list()
        with pytest.raises(errors.ClientClosed):
            await other.regions.list()
        await rsspot.aclose_all_clients()

    asyncio.run(main())


def test_no_client_is_made_by_asking_twice_for_what_failed() -> None:
    for _ in range(2):
        with pytest.raises(errors.ConfigError, match="set RSSPOT_REFRESH_TOKEN"):
            rsspot.get_client()


def _in_child(ask: Any) -> str:
    """What `ask` answers in a child process made by `fork`."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            said = ask()
        except BaseException as error:  # noqa: BLE001 - the parent is to see it
            said = repr(error)
        os.write(writing, said.encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as answers:
        said = answers.read()
    os.waitpid(child, 0)
    return said


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")  # the sandbox runs in a thread
def test_a_child_process_has_its_own_clients_and_its_own_connections(
    sandbox: SpotSandbox,
) -> None:
    rsspot.configure(**sandbox.client_options(), cache=OFF)
    held = rsspot.get_client()

    def names(client: SpotClient) -> str:
        return " ".join(region.name for region in client.regions.list())

    expected = names(held)
    ends: Any = held.chain._own_ends
    parents = ends[False]._exchanges
    taken, done = Event(), Event()

    def hold() -> None:
        with registry._clients.guard:
            taken.set()
            done.wait(60)

    holder = Thread(target=hold)  # as another thread may at the moment of a fork
    holder.start()
    taken.wait(60)
    told = _in_child(lambda: f"{rsspot.get_client() is held} {names(rsspot.get_client())}")
    done.set()
    holder.join()
    assert told == f"False {expected}"
    # A client that was made before the fork works there too, over connections of its own.
    told = _in_child(lambda: f"{ends[False]._exchanges is parents} {names(held)}")
    assert told == f"False {expected}"
    assert names(held) == expected
    assert rsspot.get_client() is held
    assert ends[False]._exchanges is parents
