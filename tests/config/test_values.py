"""What code passes is checked as what files hold is."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import pytest

from rsspot import (
    CacheConfig,
    Preferences,
    ProfileConfig,
    RetryConfig,
    SDKConfig,
    SpotClient,
    Timeouts,
)
from rsspot.config.resolution import resolve
from rsspot.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("kind", "field", "value", "message"),
    [
        (ProfileConfig, "refresh_token", "", "refresh_token is empty. Set it, or leave it out"),
        (ProfileConfig, "refresh_token", 5, "refresh_token must be text, not a whole number"),
        (ProfileConfig, "org", 5, "org must be text, not a whole number"),
        (ProfileConfig, "read_only", "yes", "read_only must be true or false, not text"),
        (ProfileConfig, "read_only", 1, "read_only must be true or false, not a whole number"),
        (ProfileConfig, "timeout", "soon", "timeout must be a finite number, 0 or more, not text"),
        (ProfileConfig, "timeout", 10**400, "timeout must be a finite number"),
        (ProfileConfig, "verify_ssl", "no", "verify_ssl must be true or false without quotes"),
        (ProfileConfig, "base_url", 5, "base_url must be text, not a whole number"),
        (ProfileConfig, "retry", [], "retry must be RetryConfig, not a list"),
        (
            ProfileConfig,
            "retry",
            {"max_attemptz": 2},
            "retry.max_attemptz is not a known key. Did you",
        ),
        (ProfileConfig, "retry", {"max_attempts": "2"}, "retry.max_attempts must be a whole"),
        (ProfileConfig, "retry", {"max_attempts": -2}, "retry.max_attempts must be"),
        (ProfileConfig, "cache", {5: 2}, "cache.5 must be text, not a whole number"),
        (
            Preferences,
            "timeout",
            {"totl": 2},
            "timeout.totl is not a known key. Did you mean `total`",
        ),
        (
            SDKConfig,
            "preferences",
            {"orgx": "a"},
            "preferences.orgx is not a known key. Did you mean",
        ),
        (ProfileConfig, "refresh_token_command", (), "must be text or a list of text"),
        (ProfileConfig, "refresh_token_command", [5], "must be text or a list of text"),
        (Preferences, "allow_http", "no", "allow_http must be true or false, not text"),
        (SDKConfig, "profiles", {"a": 5}, "profiles.a must be ProfileConfig, not a whole number"),
        (
            SDKConfig,
            "profiles",
            {"a": {"orgx": "b"}},
            "profiles.a.orgx is not a known key. Did you mean",
        ),
        (SDKConfig, "profiles", [], "profiles must be a mapping, not a list"),
        (SDKConfig, "profiles", {5: ProfileConfig()}, "profiles must have text as keys"),
        (SDKConfig, "preferences", None, "preferences must be Preferences, not nothing"),
        (SDKConfig, "version", "2", "version must be a whole number, not text"),
        (RetryConfig, "max_attempts", "3", "max_attempts must be a whole number, not text"),
        (RetryConfig, "max_attempts", 2.5, "max_attempts must be a whole number, not a number"),
        (RetryConfig, "jitter", "no", "jitter must be true or false, not text"),
        (RetryConfig, "retry_statuses", 500, "retry_statuses must be a list of HTTP statuses"),
        (RetryConfig, "retry_statuses", "500", "retry_statuses must be a list of HTTP statuses"),
        (RetryConfig, "retry_statuses", [[5]], "retry_statuses must be a list of HTTP statuses"),
        (CacheConfig, "enabled", 0, "enabled must be true or false, not a whole number"),
        (CacheConfig, "ttl", [5], "ttl must be a mapping, not a list"),
        (CacheConfig, "ttl", {"a": "b"}, "ttl.a must be a number, not text"),
        (CacheConfig, "backend", ["sqlite"], "backend must be sqlite or memory, not list"),
        (Timeouts, "read", "5", "read must be a finite number, 0 or more, not text"),
        (Timeouts, "total", True, "total must be a finite number, 0 or more, not true or false"),
    ],
)
def test_a_value_that_cannot_be_used_is_a_config_error(
    kind: Any, field: str, value: Any, message: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        kind(**{field: value})
    assert message in str(caught.value)
    assert isinstance(caught.value, ValueError)
    assert str(copy.copy(caught.value)) == str(caught.value)  # by way of `__reduce__`


def test_a_mapping_in_code_is_read_as_it_would_be_in_a_file() -> None:
    nested: Any = {
        "retry": {"max_attempts": 2},
        "cache": {"enabled": False},
        "timeout": {"total": 3},
    }
    expected = ProfileConfig(
        retry=RetryConfig(max_attempts=2),
        cache=CacheConfig(enabled=False),
        timeout=Timeouts(total=3),
    )
    profiles: Any = {"a": nested, "b": ProfileConfig(org="x")}
    preferences: Any = {"org": "acme"}
    assert ProfileConfig(**nested) == expected
    config = SDKConfig(profiles=profiles, preferences=preferences)
    assert config.profiles == {"a": expected, "b": ProfileConfig(org="x")}
    assert config.preferences == Preferences(org="acme")


SECRET = "v1.MjQxNTk0YzA3ZGQ0NGM4OWE2ZjE1YjY3-hunter2"
SHORT_SECRETS = [SECRET, "super-secret-token", "s3cr3t-t0k3n/with/slashes", f"dir/{SECRET}"]


@pytest.mark.parametrize("secret", SHORT_SECRETS)
@pytest.mark.parametrize(
    "variable",
    [
        "RSSPOT_REFRESH_TOKEN_FILE",
        "RXTSPOT_TOKEN_FILE",
        "RSSPOT_TIMEOUT",
        "RSSPOT_READ_ONLY",
        "RSSPOT_ALLOW_FOREIGN_OWNER",
        "RSSPOT_BASE_URL",
        "RSSPOT_OAUTH_URL",
        "RSSPOT_VERIFY_SSL",
        "RSSPOT_CONFIG",
        "SPOT_CONFIG_FILE",
    ],
)
def test_a_secret_in_a_wrong_variable_is_not_in_the_error(variable: str, secret: str) -> None:
    with pytest.raises(ConfigError) as caught:
        resolve({}, environ={variable: secret}, config=None).credential()
    assert secret not in str(caught.value) + repr(caught.value.__dict__)
    assert variable in str(caught.value)


@pytest.mark.parametrize("text", [SECRET, "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9", "A1b2C3d4E5f6"])
def test_a_token_for_a_name_is_not_in_the_error(text: str) -> None:
    config = SDKConfig(profiles={"dev": ProfileConfig()})
    with pytest.raises(ConfigError) as caught:
        resolve({}, environ={"RSSPOT_PROFILE": text}, config=config)
    assert text not in str(caught.value)
    with pytest.raises(ConfigError) as caught:
        resolve({}, environ={}, config={"profiles": {"dev": {text: "x"}}})
    assert text not in str(caught.value) + repr(caught.value.__dict__)


def test_paths_are_shown_where_they_are_paths(tmp_path: Path) -> None:
    for path in ("/no/such/token", tmp_path / "token.txt"):
        with pytest.raises(ConfigError, match=str(path)):
            resolve({}, environ={"RSSPOT_REFRESH_TOKEN_FILE": str(path)}).credential()


def locals_of(error: BaseException | None) -> str:
    """What a reporter of errors would show, with the errors before this one."""
    shown = ""
    while error is not None:
        trace = error.__traceback__
        while trace is not None:
            if "/rsspot/" in trace.tb_frame.f_code.co_filename:
                shown += repr(trace.tb_frame.f_locals)
            trace = trace.tb_next
        error = error.__cause__ or error.__context__
    return shown


@pytest.mark.parametrize(
    ("arguments", "environ", "config"),
    [
        ({"refresh_token": SECRET, "timeout": -1}, {}, None),
        ({"refresh_token": f" {SECRET}"}, {}, None),
        ({"timeout": -1}, {"RSSPOT_REFRESH_TOKEN": SECRET}, None),
        ({"profile": "x"}, {}, {"profiles": {"dev": {"refresh_token": SECRET}}}),
        ({}, {}, {"profiles": {"dev": {"refresh_token": SECRET, "regoin": "x"}}}),
        ({}, {}, {"profiles": {"dev": {"refresh_token": f"{SECRET}\n"}}}),
    ],
)
def test_no_frame_of_an_error_has_the_token_as_a_local(
    arguments: dict[str, Any], environ: dict[str, str], config: Any
) -> None:
    with pytest.raises(ConfigError) as caught:
        resolve(arguments, environ=environ, config=config)
    assert SECRET not in locals_of(caught.value)


def test_no_frame_of_a_client_that_cannot_be_made_has_the_token_as_a_local() -> None:
    made = {"state": ":memory:", "timeout": -1}
    for name in ("refresh_token", "access_token"):
        arguments: dict[str, Any] = {**made, name: SECRET}
        with pytest.raises(ConfigError) as caught:
            SpotClient(**arguments)
        assert SECRET not in locals_of(caught.value)


def test_settings_and_their_secrets_do_not_show_the_token() -> None:
    settings = resolve({"refresh_token": SECRET}, environ={})
    assert SECRET not in repr(settings) + repr(settings.refresh_token) + settings.explain()
    assert settings.credential() == SECRET
