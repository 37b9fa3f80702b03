"""Each option is described once, and everything that has options agrees with that."""

from __future__ import annotations

from inspect import signature
from typing import TYPE_CHECKING

from attrs import fields

from rsspot import AsyncSpotClient, Preferences, ProfileConfig, SDKConfig, SpotClient
from rsspot.config.options import ARGUMENTS, OPTIONS
from rsspot.config.settings import Settings

if TYPE_CHECKING:
    from rsspot.config.options import Place

PARTS = {
    "config",
    "config_path",
    "token_provider",
    "state",
    "sender",
    "httpx_options",
    "on_event",
    "user_agent_suffix",
    "clock",
}
"""What a client is made with that no file or variable can hold."""


def names(place: Place) -> set[str]:
    return {option.name for option in OPTIONS if place in option.places}


def test_both_clients_take_every_option() -> None:
    for client in (SpotClient, AsyncSpotClient):
        assert set(signature(client).parameters) == ARGUMENTS | PARTS


def test_the_classes_of_the_file_have_every_option() -> None:
    assert {item.name for item in fields(ProfileConfig)} == names("profile")
    assert {item.name for item in fields(Preferences)} == names("preferences")
    own = {"version", "default_profile", "active_profile", "profiles", "preferences", "path"}
    assert {item.name for item in fields(SDKConfig)} - own == names("file") | {"retry", "cache"}


def test_settings_have_every_option() -> None:
    known = {item.name for item in fields(Settings)} - {"sources"}
    resolved = {option.name for option in OPTIONS if not option.name.startswith("refresh_token_")}
    assert known == resolved - {"timeout"} | {"timeouts", "engine"}


def test_a_variable_belongs_to_one_option() -> None:
    variables = [name for option in OPTIONS for name in option.variables]
    assert len(variables) == len(set(variables))
    assert all(
        option.variables[0] == f"RSSPOT_{option.name.upper()}"
        for option in OPTIONS
        if option.variables
    )
