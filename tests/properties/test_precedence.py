"""Where a setting comes from: the table in `resolution`, over all settings and all places.

Rules: docs/rules.md#identity-of-a-client.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from attrs import fields
from hypothesis import given
from hypothesis import strategies as st

from rsspot import Preferences, ProfileConfig, SDKConfig
from rsspot.config.options import FIRST_OF, VARIABLES
from rsspot.config.resolution import ORDER, ORDER_OF_NAMED, resolve
from rsspot.config.settings import Settings
from rsspot.redaction.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Mapping

# What a named profile overrules is reported: tests/legacy/test_environment.py.
pytestmark = pytest.mark.filterwarnings("ignore:.* is ignored:RuntimeWarning")

Said = dict[str, Any]
Layers = dict[str, Said]

TEXTS: tuple[str, ...] = (
    "org",
    "org_id",
    "region",
    "client_id",
    "refresh_token",
    "access_token",
    "proxy",
)
PLACES = ("argument", "context", "environment", "stored default", "profile", "file")
ALL = frozenset[str](TEXTS)
CAN_SAY: Mapping[str, frozenset[str]] = {
    "argument": ALL,
    "context": frozenset({"org", "region"}),
    "environment": ALL & VARIABLES.keys(),
    "stored default": frozenset({"org", "region"}),
    "profile": ALL & {item.name for item in fields(ProfileConfig)},
    "file": ALL & {item.name for item in fields(Preferences)},
}


def said(draw: st.DrawFn, place: str) -> Said:
    names = draw(st.sets(st.sampled_from(sorted(CAN_SAY[place]))))
    return {name: f"{name}-of-{place.replace(' ', '-')}" for name in names}


@st.composite
def layers(draw: st.DrawFn) -> Layers:
    return {place: said(draw, place) for place in PLACES}


def resolved(layers: Layers, *, named: str | None, pick: int = 0) -> Any:
    config = SDKConfig(
        profiles={"dev": ProfileConfig(**layers["profile"]), "other": ProfileConfig()},
        active_profile="dev",
        preferences=Preferences(**layers["file"]),
    )
    arguments: dict[str, Any] = dict(layers["argument"])
    context = dict(layers["context"])
    if named == "argument":
        arguments["profile"] = "dev"
    elif named == "context":
        context["profile"] = "dev"
    environ = {
        VARIABLES[name][pick % len(VARIABLES[name])]: value
        for name, value in layers["environment"].items()
    }
    return resolve(
        arguments,
        environ=environ,
        context=context,
        stored=lambda _: layers["stored default"],
        config=config,
    )


def winner(name: str, layers: Layers, order: tuple[str, ...]) -> str | None:
    """The first place in `order` that says `name`, or something that goes with it."""
    group = next((group for group in FIRST_OF if name in group), (name,))
    return next((place for place in order if layers.get(place, {}).keys() & set(group)), None)


def value_of(settings: Any, name: str) -> Any:
    """What a setting is, a secret in clear."""
    value = getattr(settings, name)
    return value.reveal() if isinstance(value, Secret) else value


@given(layers(), st.sampled_from([None, "argument", "context"]), st.integers(0, 5))
def test_the_first_place_that_says_something_wins(
    layers: Layers, named: str | None, pick: int
) -> None:
    settings = resolved(layers, named=named, pick=pick)
    order = ORDER if named is None else ORDER_OF_NAMED
    for name in set(TEXTS) - {"client_id"}:
        place = winner(name, layers, order)
        expected = layers[place].get(name) if place else None
        assert value_of(settings, name) == expected, name
        if expected is not None:
            source = settings.source(name)
            assert source.startswith({"file": "the configuration"}.get(place or "", place or ""))


@given(layers())
def test_name_and_id_of_an_organization_come_from_one_place(
    layers: Layers,
) -> None:
    settings = resolved(layers, named=None)
    places = {value.partition("-of-")[2] for value in (settings.org, settings.org_id) if value}
    assert len(places) <= 1


@given(layers())
def test_a_profile_that_was_named_is_a_unit(layers: Layers) -> None:
    settings = resolved(layers, named="argument")
    for name, value in layers["profile"].items():
        group = next((group for group in FIRST_OF if name in group), (name,))
        above = layers["argument"].keys() | layers["context"].keys()
        if not above & set(group):
            assert value_of(settings, name) == value


@given(layers(), st.sampled_from([None, "argument", "context"]))
def test_no_explanation_tells_a_secret(layers: Layers, named: str | None) -> None:
    settings = resolved(layers, named=named)
    text = settings.explain() + repr(settings)
    assert "token-of" not in text
    for item in fields(Settings):
        if item.name != "sources":
            assert f"\n{item.name}" in f"\n{settings.explain()}"


@pytest.mark.parametrize("name", [name for names in VARIABLES.values() for name in names])
def test_every_variable_is_read(name: str) -> None:
    setting = next(setting for setting, names in VARIABLES.items() if name in names)
    value = {
        "profile": "dev",
        "timeout": "5",
        "verify_ssl": "false",
        "read_only": "yes",
        "allow_http": "on",
        "allow_foreign_owner": "on",
        "base_url": "https://a.example",
        "oauth_url": "https://a.example",
        "public_data_url": "https://a.example",
        "refresh_token_file": "/token",
    }.get(setting, "text")
    config = SDKConfig(profiles={"dev": ProfileConfig(), "b": ProfileConfig()})

    stored: list[str | None] = []

    def defaults(path: str | None) -> dict[str, Any]:
        stored.append(path)
        return {}

    settings = resolve({}, environ={name: value}, stored=defaults, config=config)

    shown = {"timeout": "timeouts", "refresh_token_file": "refresh_token"}.get(setting, setting)
    assert settings.source(shown).startswith(
        "environment" if setting == "profile" else f"environment {name}"
    )
    assert stored == ["text" if setting == "state_path" else None]
