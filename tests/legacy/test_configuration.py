"""Configuration of rsspot 0.3.0 works as it is, and can be rewritten."""

from __future__ import annotations

import json
import re
import tomllib
from typing import TYPE_CHECKING, Any

import pytest

from rsspot import SpotClient
from rsspot.cli.app import run as run_command
from rsspot.config.files import load
from rsspot.config.layouts import is_legacy
from rsspot.config.resolution import resolve
from rsspot.config.writing import migrate_legacy, set_active_profile
from rsspot.errors import ConfigError
from rsspot.senders.options import RetryConfig, Timeouts
from tests.legacy.conftest import make_legacy_state

if TYPE_CHECKING:
    from pathlib import Path

LINE = "has the layout of rsspot 0.3.0, and is used as it is"
DATA: dict[str, Any] = {
    "version": "2",
    "default_profile": "prod",
    "active_profile": "dev",
    "profiles": {
        "prod": {
            "orgId": "org_Ab",
            "region": "us-east-iad-1",
            "refreshToken": "token-of-prod",
            "request_timeout_seconds": 45,
            "max_retries": 5,
            "retry_backoff_factor": 0.5,
            "verifySsl": True,
            "colour": "blue",
        },
        "dev": {"organization": "acme-dev", "refresh_token": "token-of-dev"},
    },
    "preferences": {
        "default_org": "acme",
        "profile_orgs": {"dev": "acme-dev-2"},
        "profile_regions": {"prod": "uk-lon-1"},
    },
    "cache": {
        "enabled": True,
        "default_ttl": 5.0,
        "max_entries": 1000,
        "backend": "sqlite",
        "ttl_defaults": {"GET:/apis/ngpc.rxt.io/v1/regions": 20.0},
    },
}
YAML = """
version: "2"
default_profile: prod
active_profile: dev
profiles:
  prod:
    orgId: org_Ab
    region: us-east-iad-1
    refreshToken: token-of-prod
    request_timeout_seconds: 45
    max_retries: 5
    retry_backoff_factor: 0.5
    verifySsl: true
    colour: blue
  dev: {organization: acme-dev, refresh_token: token-of-dev}
preferences:
  default_org: acme
  profile_orgs: {dev: acme-dev-2}
  profile_regions: {prod: uk-lon-1}
cache:
  {enabled: true, default_ttl: 5.0, max_entries: 1000, backend: sqlite,
   ttl_defaults: {"GET:/apis/ngpc.rxt.io/v1/regions": 20.0}}
"""
TOML = """
version = "2"
default_profile = "prod"
active_profile = "dev"
[profiles.prod]
orgId = "org_Ab"
region = "us-east-iad-1"
refreshToken = "token-of-prod"
request_timeout_seconds = 45
max_retries = 5
retry_backoff_factor = 0.5
verifySsl = true
colour = "blue"
[profiles.dev]
organization = "acme-dev"
refresh_token = "token-of-dev"
[preferences]
default_org = "acme"
profile_orgs = {dev = "acme-dev-2"}
profile_regions = {prod = "uk-lon-1"}
[cache]
enabled = true
default_ttl = 5.0
max_entries = 1000
backend = "sqlite"
[cache.ttl_defaults]
"GET:/apis/ngpc.rxt.io/v1/regions" = 20.0
"""
FORMATS = {"config.yml": YAML, "config.toml": TOML, "config.json": json.dumps(DATA)}


def write(home: Path, text: str, name: str = "config.yml") -> Path:
    path = home / ".config" / "rsspot" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o600)
    return path


@pytest.mark.parametrize("name", FORMATS)
def test_a_file_works_as_it_is_with_one_line(home: Path, name: str) -> None:
    path = write(home, FORMATS[name], name)
    with pytest.warns(RuntimeWarning) as caught:
        settings = resolve({})
    (line,) = [str(each.message) for each in caught]
    assert line == (
        f"{path} {LINE}; ignored, because 0.3.0 did not know it: profiles.prod.colour. To rewrite "
        "it, run `rsspot config migrate`"
    )
    assert settings.profile == "prod"
    assert (settings.org, settings.org_id, settings.region) == ("acme", "org_Ab", "uk-lon-1")
    assert settings.credential() == "token-of-prod"
    assert settings.timeouts == Timeouts(connect=45, read=45, write=45, pool=45, total=45)
    assert settings.retry == RetryConfig(max_attempts=6, base_delay=0.5, max_delay=8.0)
    assert settings.cache.ttl == {"/apis/ngpc.rxt.io/v1/regions": 20.0}
    assert (settings.cache.default_ttl, settings.cache.max_entries) == (5.0, 1000)
    dev = resolve({"profile": "dev"})
    assert (dev.org, dev.credential()) == ("acme-dev-2", "token-of-dev")


@pytest.mark.filterwarnings("ignore:.*layout of rsspot 0.3.0:RuntimeWarning")
def test_a_mapping_in_code_is_read_as_its_file_would_be(home: Path) -> None:
    settings = resolve({}, config=DATA)
    assert (settings.profile, settings.retry.max_attempts) == ("prod", 6)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"version": "2"}, True),
        ({"version": "1", "profiles": {}}, True),
        ({"version": "2", "profiles": {"a": {"timeout": 3}}}, True),
        ({"version": 1, "profiles": {"a": {"max_retries": 3}}}, False),
        ({"version": 2}, False),
        ({"profiles": {"a": {"refreshToken": "x"}}}, True),
        ({"profiles": {"a": {"requestTimeoutSeconds": 3}}}, True),
        ({"profiles": {"a": {"maxRetries": 3, "timeout": 3}}}, False),
        ({"profiles": {"a": {"refresh_token": "x"}}}, False),
        ({"activeProfile": "a", "profiles": {"a": {}}}, True),
        ({"preferences": {"default_org": "x"}}, True),
        ({"preferences": {"org": "x"}}, False),
        ({"cache": {"ttl_defaults": {}}}, True),
        ({"cache": {"ttl": {}}, "profiles": {"a": {"max_retries": 1}}}, False),
        ({"org": "x", "refresh_token": "y"}, True),
        ({"org": "x", "region": "y"}, False),
        ({"org": "x", "refreshToken": "y"}, False),
        ({}, False),
        ([], False),
    ],
)
def test_a_layout_is_recognized_by_what_only_it_has(data: object, *, expected: bool) -> None:
    assert is_legacy(data) is expected


@pytest.mark.filterwarnings("ignore:.*layout of rsspot 0.3.0:RuntimeWarning")
@pytest.mark.parametrize("key", ["refresh_token", "refreshToken", "access_token", "accessToken"])
def test_a_mask_is_no_token(home: Path, key: str) -> None:
    write(home, f'version: "2"\nprofiles:\n  prod:\n    {key}: "**********"\n')
    with pytest.raises(
        ConfigError,
        match=rf"line 4: profiles.prod.{key}: is a mask, not a token.*`rsspot config migrate`",
    ):
        SpotClient()
    assert run_command(["config", "migrate"]) == 0
    with pytest.raises(ConfigError, match="no refresh token"):
        SpotClient().authenticate()


@pytest.mark.filterwarnings("ignore:.*layout of rsspot 0.3.0:RuntimeWarning")
def test_a_mask_is_in_nobodys_way_where_the_environment_has_a_token(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(home, 'version: "2"\nprofiles: {prod: {org: acme, refresh_token: "**********"}}\n')
    monkeypatch.setenv("RSSPOT_REFRESH_TOKEN", "real-token")
    with SpotClient() as spot:
        assert spot.settings.credential() == "real-token"


@pytest.mark.parametrize("place", ["argument", "environment", "file"])
def test_a_mask_is_refused_wherever_it_comes_from(
    home: Path, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments = {}
    if place == "argument":
        arguments = {"refresh_token": "**********"}
    elif place == "environment":
        monkeypatch.setenv("SPOT_REFRESH_TOKEN", "********")
    else:
        write(home, 'version: 1\nprofiles: {a: {access_token: "****"}}\n')
    with pytest.raises(ConfigError, match="is a mask, not a token"):
        resolve(arguments)


@pytest.mark.filterwarnings("ignore:.*layout of rsspot 0.3.0:RuntimeWarning")
def test_all_problems_of_a_file_are_reported_at_once(home: Path) -> None:
    path = write(
        home,
        'version: "2"\nprofiles:\n  a:\n    request_timeout_seconds: soon\n    base_url: nowhere\n'
        "    org: 5\n  b:\n    maxRetries: -3\nretry: {max_attempts: x}\n",
    )
    with pytest.raises(ConfigError) as caught:
        load(path)
    lines = str(caught.value).splitlines()
    assert lines[0] == f"{path} has 4 problems:"
    starts = [
        "line 4: profiles.a.request_timeout_seconds: ",
        "line 5: profiles.a.base_url: is 7 characters",
        "line 6: profiles.a.org: must be text, not a whole number",
        "line 9: retry.max_attempts: must be a whole number",
    ]
    assert [line.startswith(start) for line, start in zip(lines[1:], starts, strict=True)] == (
        [True] * 4
    )


@pytest.mark.filterwarnings("ignore:.*layout of rsspot 0.3.0:RuntimeWarning")
@pytest.mark.parametrize(("retries", "attempts"), [(-3, 1), (-1, 1), (0, 1), (4, 5)])
def test_fewer_than_no_retries_are_one_attempt_as_in_the_old_version(
    home: Path, retries: int, attempts: int
) -> None:
    text = f'version: "2"\nprofiles: {{a: {{maxRetries: {retries}}}}}\n'
    retry = load(write(home, text)).profiles["a"].retry
    assert retry is not None
    assert retry.max_attempts == attempts


def test_all_problems_of_our_own_layout_are_reported_at_once(home: Path) -> None:
    path = write(home, "profiles:\n  a: {regoin: x, timeout: -1, verify_ssl: 'no', odd: 1}\n")
    with pytest.raises(ConfigError) as caught:
        load(path)
    text = str(caught.value)
    assert "has 4 problems" in text
    for part in (
        "profiles.a.regoin: is not a known key. Did you",
        "profiles.a.odd",
        "timeout",
        "verify",
    ):
        assert part in text


@pytest.mark.filterwarnings("ignore:.*layout of rsspot 0.3.0:RuntimeWarning")
def test_a_flat_file_of_the_old_version_is_one_profile(home: Path) -> None:
    write(
        home, "org: acme\nrefresh_token: tok-1\nrequest_timeout_seconds: '20'\nverify_ssl: 'no'\n"
    )
    settings = resolve({})
    assert (settings.org, settings.credential()) == ("acme", "tok-1")
    assert (settings.timeouts.total, settings.verify_ssl) == (20.0, False)


@pytest.mark.parametrize(
    "text",
    [
        "org: acme\nrefreshToken: tok-1\nregion: uk-lon-1\norgId: org_a\n",
        "org: acme\nrefresh_token: tok-1\nregion: uk-lon-1\norg_id: org_a\n",
        "organization: acme\nrefreshToken: tok-1\norg_id: org_a\nregion: uk-lon-1\n",
    ],
)
def test_the_vendors_file_is_read_in_both_spellings(home: Path, text: str) -> None:
    path = home / ".spot_config"
    path.write_text(text)
    path.chmod(0o600)
    settings = resolve({})
    assert (settings.org, settings.org_id, settings.region) == ("acme", "org_a", "uk-lon-1")
    assert settings.credential() == "tok-1"


@pytest.mark.filterwarnings("ignore:.*layout of rsspot 0.3.0:RuntimeWarning")
@pytest.mark.parametrize("name", FORMATS)
def test_migrate_writes_ours_keeps_the_old_and_changes_no_setting(home: Path, name: str) -> None:
    path = write(home, FORMATS[name], name)
    before = [resolve({"profile": each}) for each in ("prod", "dev")]
    done = migrate_legacy(path)
    assert done is not None
    assert done.backup.read_text() == FORMATS[name]
    assert not is_legacy(load_raw(path))
    after = [resolve({"profile": each}) for each in ("prod", "dev")]
    for old, new in zip(before, after, strict=True):
        assert [row[:2] for row in old.rows()] == [row[:2] for row in new.rows()]
    assert resolve({}).profile == "prod"
    assert migrate_legacy(path) is None


def load_raw(path: Path) -> Any:
    from rsspot.config.files import parsed, read

    return parsed(path, read(path))


def test_tomllib_reads_what_was_written(home: Path) -> None:
    path = write(home, TOML, "config.toml")
    migrate_legacy(path)
    assert tomllib.loads(path.read_text())["version"] == 1


@pytest.mark.filterwarnings("ignore:.*layout of rsspot 0.3.0:RuntimeWarning")
def test_the_command_shows_what_each_key_became(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(home, YAML)
    assert run_command(["config", "migrate", "--dry-run"]) == 0
    assert path.read_text() == YAML
    assert run_command(["config", "migrate"]) == 0
    shown = capsys.readouterr()
    table = re.sub(" +", " ", shown.out)
    assert "profiles.prod.request_timeout_seconds profiles.prod.timeout" in table
    assert "profiles.prod.max_retries profiles.prod.retry.max_attempts" in table
    assert "profiles.prod.colour left out 0.3.0 did not know it" in table
    assert "preferences.profile_orgs.dev profiles.dev.org" in table
    assert "token-of" not in shown.out
    assert f"The old file is {path}.0.3.0.bak." in shown.err


def test_a_file_that_is_ours_already_needs_no_migration(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(home, "version: 1\nprofiles: {a: {org: acme}}\n")
    assert run_command(["config", "migrate"]) == 0
    assert f"Nothing to do: {path} is not a file of rsspot 0.3.0." in capsys.readouterr().err
    assert [each.name for each in path.parent.iterdir()] == [path.name]


@pytest.mark.filterwarnings("ignore:.*layout of rsspot 0.3.0:RuntimeWarning")
def test_a_problem_is_named_by_the_key_of_the_old_layout(home: Path) -> None:
    path = write(home, 'version: "2"\nprofiles: {a: {cache: {ttl_defaults: 3}}}\n')
    with pytest.raises(ConfigError, match=r"profiles\.a\.cache\.ttl_defaults.*must be a mapping"):
        load(path)


@pytest.mark.filterwarnings("ignore:.*layout of rsspot 0.3.0:RuntimeWarning")
def test_migrate_leaves_out_masks_and_the_old_state_file(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    state = make_legacy_state(home / "spot.db")
    path = write(
        home,
        f'version: "2"\nstate_path: {state}\nprofiles: {{a: {{refresh_token: "*****", org: x}}}}\n',
    )
    assert run_command(["config", "migrate"]) == 0
    table = re.sub(" +", " ", capsys.readouterr().out)
    assert "profiles.a.refresh_token left out it is a mask, not a token" in table
    assert "state_path left out it is the state file of 0.3.0" in table
    assert load(path).state_path is None


@pytest.mark.filterwarnings("ignore:.*layout of rsspot 0.3.0:RuntimeWarning")
def test_an_old_file_is_not_written_to_by_other_commands(home: Path) -> None:
    path = write(home, YAML)
    with pytest.raises(ConfigError, match=r"`rsspot config migrate` rewrites it"):
        set_active_profile(path, "dev")
    assert path.read_text() == YAML
