"""A client that cannot work is refused when it is made, and no frame shows what it was made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from rsspot import (
    AsyncSpotClient,
    CacheConfig,
    ProfileConfig,
    SDKConfig,
    SpotClient,
    get_client,
    use_profile,
)
from rsspot.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable

SECRET = "a-token-of-no-use-4711"


@pytest.mark.parametrize("client", [SpotClient, AsyncSpotClient])
@pytest.mark.parametrize(
    ("argument", "value", "message"),
    [
        ("sender", 3, "sender must be a Sender, not int"),
        ("sender", "https://a.example", "sender must be a Sender, not str"),
        ("on_event", 3, "on_event must be a function, not int"),
        ("token_provider", SECRET, "token_provider must be a function, not str"),
        ("clock", 3, "clock must be a Clock, not int"),
        ("clock", None, "clock must be a Clock, not None"),
        ("httpx_options", [1], "httpx_options must be a mapping, not list"),
        ("state", 3, "state must be a StateStore, text or a path, not int"),
        ("config_path", 3, "config_path must be text or a path, not int"),
        ("user_agent_suffix", "a\nb", "user_agent_suffix must be printable ASCII on one line"),
        ("user_agent_suffix", "é", "user_agent_suffix must be printable ASCII"),
        ("user_agent_suffix", 3, "user_agent_suffix must be text, not int"),
        ("org", "", "org from argument is empty"),
        ("org", "a\0b", "org from argument contains a control character"),
        ("org_id", " ", "org_id from argument is empty"),
        ("region", "\ud800", "region from argument contains a control character"),
        ("client_id", "", "client_id from argument is empty"),
        ("profile", "", "profile is empty"),
        ("proxy", "a\nb", "proxy from argument contains a control character"),
        ("refresh_token", "a\ud800", "refresh_token from argument contains"),
        ("state", "\ud800", "characters that file names cannot have"),
    ],
)
def test_what_a_client_cannot_use_is_refused_by_name(
    client: Any, argument: str, value: Any, message: str
) -> None:
    with pytest.raises(ConfigError, match=message):
        client(**{"refresh_token": "x", "state": ":memory:", argument: value})


@pytest.mark.parametrize("value", [10**400, float("nan"), float("inf"), -1, True, "1"])
def test_times_of_a_cache_are_numbers(value: Any) -> None:
    with pytest.raises(ConfigError, match=r"ttl\.x must be"):
        CacheConfig(ttl={"x": value})


CONFIG = {"profiles": {"p": {"refresh_token": SECRET}}}
Profile: Any = ProfileConfig
Config: Any = SDKConfig
REFUSED: list[Callable[[], Any]] = [
    lambda: SpotClient(config={"profiles": {"p": {"refresh_token": SECRET, "bogus": 1}}}),
    lambda: SpotClient(config={"profiles": {"p": {"refresh_token": f"{SECRET} "}}}),
    lambda: SpotClient(config=CONFIG, profile="q"),
    lambda: SpotClient(config=CONFIG, timeout=-1),
    lambda: AsyncSpotClient(config=CONFIG, profile="q"),
    lambda: Client(config=[SECRET]),
    lambda: Client(refresh_token=SECRET, sender=3),
    lambda: Client(refresh_token="x", proxy=f"http://a:{SECRET}@b.example", timeout=-1),
    lambda: Client(refresh_token="x", httpx_options={"headers": {"X-Key": SECRET}, "bogus": 1}),
    lambda: ProfileConfig(refresh_token=f"{SECRET} "),
    lambda: ProfileConfig(refresh_token=SECRET, timeout=-1),
    lambda: ProfileConfig(refresh_token=SECRET, refresh_token_file="x"),
    lambda: Profile(refresh_token=[SECRET]),
    lambda: Profile(refresh_token=SECRET, bogus=1),
    lambda: Profile(refresh_token=SECRET, token="x"),
    lambda: Profile(refresh_token_command=[SECRET, 5]),
    lambda: ProfileConfig(proxy=f"http://a:{SECRET}@b.example", timeout=-1),
    lambda: Config(profiles={"p": {"refresh_token": SECRET, "bogus": 1}}),
    lambda: Get(profile={"refresh_token": SECRET}),
    lambda: Get(org={SECRET: SECRET}),
    lambda: Use({"refresh_token": SECRET}).__enter__(),
    lambda: with_environment(RSSPOT_REFRESH_TOKEN=SECRET, RSSPOT_TIMEOUT="soon"),
]
Client: Any = SpotClient
Get: Any = get_client
Use: Any = use_profile


def with_environment(**variables: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in variables.items():
            patch.setenv(name, value)
        get_client()


@pytest.mark.parametrize("make", REFUSED)
def test_no_frame_of_the_refusal_shows_a_token(make: Callable[[], Any]) -> None:
    with pytest.raises((ConfigError, TypeError)) as caught:
        make()
    assert SECRET not in str(caught.value)
    error: BaseException | None = caught.value
    while error is not None:
        trace = error.__traceback__
        while trace is not None:
            if trace.tb_frame.f_code.co_filename != __file__:
                assert SECRET not in repr(trace.tb_frame.f_locals)
            trace = trace.tb_next
        error = error.__cause__ or error.__context__
