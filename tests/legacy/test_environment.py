"""What an environment says in vain is reported."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import pytest

from rsspot.config import reporting
from rsspot.config.resolution import resolve
from rsspot.renamed.variables import VARIABLES

if TYPE_CHECKING:
    from collections.abc import Mapping

CONFIG: dict[str, Any] = {
    "version": 1,
    "profiles": {
        "prod": {
            "base_url": "https://spot.rackspace.com",
            "refresh_token_file": "/no/such/file",
            "org": "acme",
        },
        "bare": {},
    },
}


@pytest.fixture(autouse=True)
def nothing_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reporting, "_reported", set[str]())


def reports(environ: Mapping[str, str], **arguments: Any) -> list[str]:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        resolve(arguments, environ=environ, config=CONFIG)
    return [str(each.message) for each in caught]


@pytest.mark.parametrize("variable", VARIABLES)
def test_a_variable_of_another_tool_is_warned_about_once(variable: str) -> None:
    (said,) = reports({variable: "s3cret-value"})
    assert said.startswith(f"{variable} is set, and rsspot does not read it. Set ")
    assert "s3cret" not in said
    assert reports({variable: "s3cret-value"}) == []


def test_a_variable_whose_successor_is_set_is_in_nobodys_way() -> None:
    assert reports({"RACKSPACE_ORG": "a", "RSSPOT_ORG": "b"}) == []
    assert reports({"RACKSPACE_ORG": ""}) == []


def test_a_variable_that_a_named_profile_overrules_is_reported() -> None:
    environ = {"RSSPOT_BASE_URL": "https://test.example", "SPOT_ORG": "test"}
    found = reports(environ, profile="prod")
    assert found == [
        f"{variable} is ignored: profile 'prod', chosen by an argument, sets {name}. Leave "
        f"the profile out, or pass {name}= too"
        for variable, name in (("SPOT_ORG", "org"), ("RSSPOT_BASE_URL", "base_url"))
    ]
    assert reports(environ, profile="prod") == []


def test_a_token_that_a_named_profile_overrules_is_reported_without_it() -> None:
    (said,) = reports({"RSSPOT_REFRESH_TOKEN": "s3cret"}, profile="prod")
    assert "RSSPOT_REFRESH_TOKEN is ignored" in said
    assert "sets refresh_token_file" in said
    assert "s3cret" not in said


def test_what_is_not_overruled_is_not_reported() -> None:
    environ = {"RSSPOT_BASE_URL": "https://test.example"}
    assert reports(environ, profile="bare") == []
    assert reports({"RSSPOT_BASE_URL": "https://spot.rackspace.com"}, profile="prod") == []
    assert reports({**environ, "RSSPOT_PROFILE": "prod"}) == []
    assert reports(environ, profile="prod", base_url="https://mine.example") == []
