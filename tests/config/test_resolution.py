from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from rsspot import CacheConfig, ProfileConfig, RetryConfig, SDKConfig, Timeouts
from rsspot.config.resolution import resolve
from rsspot.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

PROFILES = SDKConfig(profiles={"dev": ProfileConfig(org="acme"), "prod": ProfileConfig()})


def settings(environ: dict[str, str] | None = None, config: Any = PROFILES, **given: Any) -> Any:
    return resolve(given, environ=environ or {}, config=config)


@pytest.mark.parametrize(
    ("config", "name", "source"),
    [
        (SDKConfig(profiles={"a": ProfileConfig(), "b": ProfileConfig()}), None, "built-in"),
        (SDKConfig(profiles={"a": ProfileConfig()}), "a", "the only one"),
        (
            SDKConfig(profiles={"a": ProfileConfig(), "default": ProfileConfig()}),
            "default",
            "built-in",
        ),
        (
            SDKConfig(profiles={"a": ProfileConfig(), "b": ProfileConfig()}, default_profile="b"),
            "b",
            "default_profile",
        ),
        (
            SDKConfig(
                profiles={"a": ProfileConfig(), "b": ProfileConfig()},
                default_profile="b",
                active_profile="a",
            ),
            "a",
            "active_profile",
        ),
    ],
)
def test_the_file_says_which_profile_when_nobody_else_does(
    config: SDKConfig, name: str | None, source: str
) -> None:
    found = settings(config=config)
    assert (found.profile, found.source("profile")) == (name, source)


@pytest.mark.parametrize(
    ("given", "environ", "message"),
    [
        (
            {"profile": "dve"},
            {},
            "no profile 'dve' (from argument). Known names: dev, prod. Did you mean 'dev'?",
        ),
        (
            {},
            {"RSSPOT_PROFILE": "x"},
            "There is no profile 'x' (from environment). Known names: dev",
        ),
        ({"refresh_token": ""}, {}, "refresh_token from argument is empty"),
        ({"refresh_token": " a"}, {}, "refresh_token from argument has spaces around it"),
        ({"access_token": "a\r\nb"}, {}, "access_token from argument contains a line break"),
        (
            {},
            {"RSSPOT_REFRESH_TOKEN": ""},
            "refresh_token from environment RSSPOT_REFRESH_TOKEN is",
        ),
        (
            {},
            {"SPOT_REFRESH_TOKEN": "a\n"},
            "from environment SPOT_REFRESH_TOKEN has spaces around",
        ),
        (
            {"base_url": "spot.example"},
            {},
            "base_url from argument is 12 characters, not shown",
        ),
        (
            {"base_url": "https://u:p@x"},
            {},
            "base_url from argument must consist of a scheme, a host",
        ),
        (
            {"base_url": "https://x?y=1"},
            {},
            "base_url from argument must consist of a scheme, a host",
        ),
        ({"base_url": "http://x.example"}, {}, "base_url from argument is http to x.example"),
        ({"oauth_url": "http://10.0.0.1"}, {}, "oauth_url from argument is http to 10.0.0.1"),
        (
            {},
            {"NGPC_APISERVER": "x"},
            "base_url from environment NGPC_APISERVER is 'x', which is not a",
        ),
        ({"timeout": -1}, {}, "timeout from argument must be a finite number, 0 or more, not -1"),
        ({"timeout": float("inf")}, {}, "timeout from argument must be a finite number"),
        ({"timeout": True}, {}, "timeout from argument must be a finite number"),
        ({"timeout": 0}, {}, "timeout from argument must be more than 0 seconds"),
        ({}, {"RSSPOT_TIMEOUT": "soon"}, "RSSPOT_TIMEOUT is 'soon', which is not a number"),
        ({}, {"RSSPOT_READ_ONLY": "truee"}, "RSSPOT_READ_ONLY is 'truee'. Set it to true or false"),
        (
            {"verify_ssl": "/no/ca.pem"},
            {},
            "verify_ssl from argument names '/no/ca.pem', which does",
        ),
        ({"retry": 3}, {}, "retry from argument must be RetryConfig, not a whole number"),
        ({"org": 5}, {}, "org from argument must be text, not a whole number"),
        ({"read_only": "yes"}, {}, "read_only from argument must be true or false, not text"),
    ],
)
def test_what_cannot_be_used_is_named_with_where_it_came_from(
    given: dict[str, Any], environ: dict[str, str], message: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        settings(environ, **given)
    assert message in str(caught.value)


def test_a_stored_default_that_is_gone_says_how_to_forget_it() -> None:
    with pytest.raises(ConfigError, match=r"from stored default.*set_default_profile\(None\)"):
        resolve({}, environ={}, config=PROFILES, stored=lambda _: {"profile": "gone"})


@pytest.mark.parametrize(
    "url", ["http://localhost:1", "http://127.0.0.1:8711", "http://[::1]:1", "http://a.localhost"]
)
def test_http_is_for_this_machine(url: str) -> None:
    assert settings(base_url=url, oauth_url=url).base_url == url


def test_http_to_another_machine_has_to_be_asked_for() -> None:
    assert settings(base_url="http://x.example/", allow_http=True).base_url == "http://x.example"


def test_an_empty_variable_sets_nothing() -> None:
    found = settings({"RSSPOT_ORG": "", "RSSPOT_REGION": "", "SPOT_REGION": "uk-lon-1"})
    assert (found.org, found.region) == (None, "uk-lon-1")


def test_options_come_whole_from_the_first_that_sets_them() -> None:
    config = SDKConfig(
        profiles={"dev": ProfileConfig(retry=RetryConfig(max_attempts=2))},
        retry=RetryConfig(max_delay=1.0),
        cache=CacheConfig(default_ttl=5),
    )
    found = settings(config=config)
    assert found.retry == RetryConfig(max_attempts=2)
    assert found.cache == CacheConfig(default_ttl=5)


@pytest.mark.parametrize("timeout", [5, 5.0, Timeouts(total=5)])
def test_seconds_are_the_total(timeout: Any) -> None:
    assert settings(timeout=timeout).timeouts == Timeouts(total=5.0)


def test_an_explanation_can_be_read() -> None:
    found = settings(
        {"RSSPOT_REFRESH_TOKEN": "opaque"},
        profile="dev",
        timeout=5,
        proxy="http://me:hunter2@proxy:3128",
        retry=RetryConfig(max_attempts=2, retry_statuses=frozenset({500, 503})),
    )
    lines = {line.split()[0]: " ".join(line.split()[1:]) for line in found.explain().splitlines()}
    assert lines["org"] == "acme profile dev in the configuration"
    assert lines["profile"] == "dev argument"
    assert lines["region"] == "- built-in"
    assert lines["refresh_token"] == "******** environment RSSPOT_REFRESH_TOKEN"
    assert lines["timeouts"] == "total=5.0 argument"
    assert lines["retry"] == "max_attempts=2, retry_statuses={500, 503} argument"
    assert lines["cache"] == "as usual built-in"
    assert lines["proxy"] == "http://proxy:3128 argument"


class TestRefreshTokensKeptElsewhere:
    def test_in_a_file(self, tmp_path: Path) -> None:
        file = tmp_path / "token"
        file.write_text("opaque\n")
        found = settings({"RXTSPOT_TOKEN_FILE": str(file)})
        assert found.credential() == "opaque"
        assert (
            found.source("refresh_token") == "environment RXTSPOT_TOKEN_FILE (refresh_token_file)"
        )

    @pytest.mark.parametrize("command", ["printf '%s\n' opaque", ("printf", "%s", "opaque")])
    def test_behind_a_command(self, command: Any) -> None:
        config = SDKConfig(profiles={"a": ProfileConfig(refresh_token_command=command)})
        assert settings(config=config).credential() == "opaque"

    @pytest.mark.parametrize(
        ("profile", "message"),
        [
            (ProfileConfig(refresh_token_file="/nowhere"), "cannot be read from /nowhere: No such"),
            (ProfileConfig(refresh_token_command="false"), "refresh_token_command failed: Called"),
            (ProfileConfig(refresh_token_command="no-such-program"), "failed: FileNotFoundError"),
            (ProfileConfig(refresh_token_command="true"), "refresh_token_command is empty"),
            (ProfileConfig(refresh_token_command="'"), "refresh_token_command failed: ValueError"),
        ],
    )
    def test_an_error_comes_when_it_is_needed(self, profile: ProfileConfig, message: str) -> None:
        found = settings(config=SDKConfig(profiles={"a": profile}))
        with pytest.raises(ConfigError, match=message):
            found.credential()

    def test_no_shell_runs_a_command(self, tmp_path: Path) -> None:
        command = f"echo opaque ; touch {tmp_path}/made"
        config = SDKConfig(profiles={"a": ProfileConfig(refresh_token_command=command)})
        assert settings(config=config).credential() == f"opaque ; touch {tmp_path}/made"
        assert not (tmp_path / "made").exists()

    def test_in_the_key_ring(self, monkeypatch: pytest.MonkeyPatch) -> None:
        import keyring
        import keyring.core
        from keyring.backend import KeyringBackend

        class Ring(KeyringBackend):
            def get_password(self, service: str, username: str) -> str | None:
                return {("spot", "me"): "opaque", ("rsspot", "me"): "own"}.get((service, username))

            def set_password(self, service: str, username: str, password: str) -> None:
                raise AssertionError(service)

        ring: Any = Ring  # untyped by its base
        monkeypatch.setattr(keyring.core, "_keyring_backend", ring())
        own = SDKConfig(profiles={"a": ProfileConfig(refresh_token_keyring="me")})
        one = SDKConfig(profiles={"a": ProfileConfig(refresh_token_keyring="spot/me")})
        two = SDKConfig(profiles={"a": ProfileConfig(refresh_token_keyring="spot/you")})
        assert settings(config=own).credential() == "own"
        assert settings(config=one).credential() == "opaque"
        with pytest.raises(ConfigError, match="keyring entry spot/you is empty"):
            settings(config=two).credential()
