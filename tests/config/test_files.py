"""Configuration files: what is read, and what is wrong in them.

Rules: docs/rules.md#bad-input.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import pytest

from rsspot import RetryConfig, Timeouts
from rsspot.config.files import find, load
from rsspot.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Write = Callable[..., Path]

YAML = """
version: 1
active_profile: dev
profiles:
  dev:
    org: acme
    refresh_token: opaque
    timeout: 30
    retry: {max_attempts: 2, retry_statuses: [500, 503]}
  prod: {org_id: org_AbC, timeout: {total: 60, read: 5}, refresh_token_command: [pass, spot]}
preferences: {region: uk-lon-1}
cache: {ttl: {"/apis/*": 5}}
"""
TOML = """
version = 1
active_profile = "dev"
[profiles.dev]
org = "acme"
refresh_token = "opaque"
timeout = 30
retry = {max_attempts = 2, retry_statuses = [500, 503]}
[profiles.prod]
org_id = "org_AbC"
timeout = {total = 60, read = 5}
refresh_token_command = ["pass", "spot"]
[preferences]
region = "uk-lon-1"
[cache]
ttl = {"/apis/*" = 5}
"""
JSON = json.dumps(
    {
        "version": 1,
        "active_profile": "dev",
        "profiles": {
            "dev": {
                "org": "acme",
                "refresh_token": "opaque",
                "timeout": 30,
                "retry": {"max_attempts": 2, "retry_statuses": [500, 503]},
            },
            "prod": {
                "org_id": "org_AbC",
                "timeout": {"total": 60, "read": 5},
                "refresh_token_command": ["pass", "spot"],
            },
        },
        "preferences": {"region": "uk-lon-1"},
        "cache": {"ttl": {"/apis/*": 5}},
    }
)


@pytest.mark.parametrize(
    ("name", "text"), [("a.yml", YAML), ("a.yaml", YAML), ("a.toml", TOML), ("a.json", JSON)]
)
def test_all_formats_say_the_same(write: Write, name: str, text: str) -> None:
    config = load(write(text, name))

    assert config.active_profile == "dev"
    assert config.profiles["dev"].retry == RetryConfig(
        max_attempts=2, retry_statuses=frozenset({500, 503})
    )
    assert config.profiles["dev"].timeout == 30
    assert config.profiles["prod"].timeout == Timeouts(total=60, read=5)
    assert config.profiles["prod"].refresh_token_command == ("pass", "spot")
    assert config.preferences.region == "uk-lon-1"
    assert config.cache is not None
    assert config.cache.ttl == {"/apis/*": 5}


DEV = "profiles:\n  dev:\n    "


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("profiles: [a\n", "line 2: not YAML: expected ',' or ']', but got '<stream end>'"),
        ("profiles:\n\tdev: x\n", "line 2: not YAML: found character '\\t' that cannot start"),
        ("", "is empty. Begin it with `profiles:`, or remove it"),
        ("- a\n", "is not a mapping of keys to values"),
        (
            f"{DEV}regoin: x\n",
            "line 3: profiles.dev.regoin: is not a known key. Did you mean `region`?",
        ),
        ("proflies: {}\n", "line 1: proflies: is not a known key. Did you mean `profiles`?"),
        ("path: x\n", "path: is not a known key. Known keys: version, default_profile"),
        (
            f"{DEV}retry:\n      max_attempts: x\n",
            "line 4: profiles.dev.retry.max_attempts: must be a whole number, not text",
        ),
        (
            f"{DEV}retry:\n      max_attempts: 0\n",
            "line 4: profiles.dev.retry.max_attempts: must be a finite number, 1 or more, not 0",
        ),
        (f"{DEV}retry: {{retry_statuses: 500}}\n", "retry_statuses: must be a list of HTTP"),
        (f"{DEV}timeout: -1\n", "line 3: profiles.dev.timeout: must be a finite number, 0 or more"),
        (f"{DEV}timeout: .inf\n", "profiles.dev.timeout: must be a finite number"),
        (f"{DEV}timeout: .nan\n", "profiles.dev.timeout: must be a finite number"),
        (f"{DEV}timeout: 0\n", "profiles.dev.timeout: must be more than 0 seconds"),
        (f"{DEV}timeout: {{total: x}}\n", "profiles.dev.timeout.total: must be a number, not text"),
        (f"{DEV}refresh_token: ''\n", "profiles.dev.refresh_token: is empty. Set it, or leave"),
        (f"{DEV}refresh_token: 5\n", "profiles.dev.refresh_token: must be text, not a whole"),
        (f"{DEV}verify_ssl: 'no'\n", "profiles.dev.verify_ssl: must be true or false without"),
        (f"{DEV}cache: {{backend: redis}}\n", "profiles.dev.cache.backend: must be sqlite or mem"),
        (f"{DEV}cache: {{ttl: {{a: -1}}}}\n", "profiles.dev.cache.ttl.a: must be at least 0"),
        (
            f"{DEV}base_url: ftp://x\n",
            "base_url: is 7 characters, not shown because they may be a secret, which is not a URL",
        ),
        (
            f"{DEV}refresh_token: a\n    refresh_token_file: b\n",
            "profiles.dev.refresh_token: and refresh_token_file are both set. Keep one of them",
        ),
        ("profiles: []\n", "line 1: profiles: must be a mapping, not a list"),
        ("profiles:\n  5: {}\n", "line 2: profiles.5: must be text, not a whole number"),
        ("profiles:\n  a: {}\n  a: {}\n", "line 3: not YAML: duplicate key"),
        ("version: 2\n", "line 1: version: must be 1, not 2. A newer rsspot may know this one"),
        (b"\xff\xfe\x00", "is not text in UTF-8. Save it as UTF-8"),
        ("a: b: c\n", "line 1: not YAML: mapping values are not allowed here"),
        ("a: {}\n---\nb: {}\n", "not YAML: but found another document"),
        ("x: " + "[" * 5000, "nested too deeply"),
        ("x: '" + "a" * 2_000_000 + "'", "bytes, which is too large for a configuration"),
    ],
)
def test_what_is_wrong_in_a_file_is_said_with_its_place_and_the_mend(
    write: Write, text: str | bytes, message: str
) -> None:
    path = write(text)

    with pytest.raises(ConfigError) as caught:
        load(path)

    assert message in str(caught.value)
    assert str(path) in str(caught.value)
    assert caught.value.path == str(path)


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.toml", "[profiles.dev]\norg=\n", "line 2: not TOML: Invalid value"),
        ("a.toml", "[profiles.dev]\norg='a'\norg='b'\n", "line 3: not TOML: Cannot overwrite"),
        (
            "a.toml",
            "[profiles.dev]\noorg='a'\n",
            "profiles.dev.oorg: is not a known key. Did you mean `",
        ),
        ("a.json", '{"a": {"b": 1, "b": 2}}', "not JSON: duplicate key b"),
        ("a.json", '{\n"profiles": {\n"dev": {\n"orgg": "a"}}}', "line 4: profiles.dev.orgg"),
        ("a.json", '{"profiles": ', "line 1: not JSON: Expecting value"),
        ("a.json", '{"profiles": {"dev": {"timeout": NaN}}}', "must be a finite number"),
    ],
)
def test_toml_and_json_say_it_too(write: Write, name: str, text: str, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load(write(text, name))
    assert message in str(caught.value)


SECRET = "hunter2hunter2"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.yml", f"{DEV}refresh_token: {SECRET}\n    refresh_token: {SECRET}\n"),
        ("a.yml", f"{DEV}refresh_token: *{SECRET}\n"),
        ("a.yml", f"{DEV}refresh_token: !{SECRET} x\n"),
        ("a.yml", f"{DEV}refresh_token: [{SECRET}\n"),
        ("a.yml", f"{DEV}refresh_token: {{{SECRET}: {SECRET}}}\n"),
        ("a.yml", f"{DEV}refresh_token: '{SECRET}\n\n\n"),
        ("a.yml", f'{DEV}refresh_token: "{SECRET}\\q"\n'),
        ("a.yml", f'{DEV}refresh_token: "{SECRET}\\n{SECRET}"\n'),
        ("a.yml", f"{DEV}refresh_token: ' {SECRET}'\n"),
        ("a.yml", f"{DEV}base_url: https://user:{SECRET}@host\n"),
        ("a.yml", f"{DEV}base_url: user:{SECRET}@host\n"),
        ("a.toml", f"[profiles.dev]\nrefresh_token = {SECRET}\n"),
        ("a.toml", f"[profiles.dev]\nrefresh_token = '{SECRET}\n"),
        ("a.json", f'{{"profiles": {{"dev": {{"refresh_token": "{SECRET}\t"}}}}}}'),
        ("a.json", f'{{"profiles": {{"dev": {{"refresh_token": {SECRET}}}}}}}'),
    ],
)
def test_no_error_tells_what_stands_in_the_file(write: Write, name: str, text: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load(write(text, name))
    assert SECRET not in str(caught.value)
    assert SECRET not in repr(caught.value.__dict__)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_an_empty_mapping_may_be_left_without_entries(write: Write) -> None:
    config = load(write("profiles:\n  dev:\n    retry:\npreferences:\n"))
    assert config.profiles["dev"].retry is None


def test_a_byte_order_mark_is_no_part_of_the_file(write: Write) -> None:
    assert load(write(b"\xef\xbb\xbfprofiles: {a: {}}\n")).profiles.keys() == {"a"}


@pytest.mark.parametrize(
    "text",
    [
        "refreshToken: abc\norg: acme\nregion: uk-lon-1\n",
        'refreshToken = "abc"\norg = "acme"\nregion = "uk-lon-1"\n',
        '{"refreshToken": "abc", "org": "acme", "region": "uk-lon-1"}',
    ],
)
def test_the_older_file_is_read_in_all_its_formats(write: Write, home: Path, text: str) -> None:
    path = write(text, ".spot_config", folder=home)

    assert find(os.environ) == path
    profile = load(path).profiles["default"]

    assert (profile.refresh_token, profile.org, profile.region) == ("abc", "acme", "uk-lon-1")


def test_an_error_in_the_older_file_names_its_line(write: Write, home: Path) -> None:
    path = write("org: acme\nrefreshToken: 5\n", ".spot_config", folder=home)
    with pytest.raises(ConfigError, match=r"line 2: profiles\.default\.refresh_token: must be"):
        load(path)


@pytest.mark.parametrize("suffix", ["yml", "yaml", "toml", "json"])
def test_our_file_is_found_where_xdg_says(
    write: Write, home: Path, monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    usual = write("{}", f"config.{suffix}", folder=home / ".config/rsspot")
    assert find(os.environ) == usual

    monkeypatch.setenv("XDG_CONFIG_HOME", str(home / "elsewhere"))
    assert find(os.environ) is None
    other = write("{}", f"config.{suffix}", folder=home / "elsewhere/rsspot")
    assert find(os.environ) == other


def test_two_files_in_one_folder_are_refused_by_name(write: Write, home: Path) -> None:
    one = write("{}", "config.yml", folder=home / ".config/rsspot")
    two = write("{}", "config.json", folder=home / ".config/rsspot")
    with pytest.raises(ConfigError) as caught:
        find(os.environ)
    assert str(one) in str(caught.value)
    assert str(two) in str(caught.value)


@pytest.mark.parametrize("name", ["RSSPOT_CONFIG", "RSSPOT_CONFIG_FILE", "SPOT_CONFIG_FILE"])
def test_a_file_that_is_named_and_missing_is_an_error_that_says_who_named_it(
    write: Write, home: Path, name: str
) -> None:
    write("{}", folder=home / ".config/rsspot")
    with pytest.raises(ConfigError, match=f"/nowhere from {name} does not exist"):
        find({name: "/nowhere"})
    with pytest.raises(ConfigError, match="/nowhere from config_path does not exist"):
        find({name: "/elsewhere"}, "/nowhere")


def test_a_folder_in_place_of_a_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"is a directory\. Give a file"):
        load(tmp_path)


def test_a_file_that_others_can_read_is_warned_about_once_with_the_mend(write: Write) -> None:
    path = write("profiles: {}\n")
    path.chmod(0o644)

    with pytest.warns(RuntimeWarning, match=f"mode 0644.*chmod 600 {path}"):
        load(path)
    load(path)  # a second warning would be an error here


def test_a_config_does_not_show_its_secrets(write: Write) -> None:
    config: Any = load(
        write(f"{DEV}refresh_token: {SECRET}\n    proxy: http://me:{SECRET}@proxy\n")
    )
    assert SECRET not in repr(config)
