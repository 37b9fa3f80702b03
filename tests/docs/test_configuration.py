"""The page about configuration names every key, option and variable that there is."""

from __future__ import annotations

import re

from attrs import fields
from option_tables import updated

from rsspot import CacheConfig, ProfileConfig, RetryConfig, SDKConfig, Timeouts
from rsspot.config.options import VARIABLES
from rsspot.config.places import VARIABLES as FILES
from tests.docs.pages import ROOT

PAGE = (ROOT / "docs/configuration.md").read_text("utf-8")
WORDS = set(re.findall(r"\w+", PAGE))


def test_it_names_every_variable() -> None:
    known = {name for names in (*VARIABLES.values(), FILES) for name in names}
    shown = set(re.findall(r"`((?:RSSPOT|SPOT|RACKSPACE|RXTSPOT|NGPC)_\w+)`", PAGE))
    assert shown == known | {"RSSPOT_CONFIG"}


def test_its_tables_come_from_the_options() -> None:
    assert updated(PAGE) == PAGE, "run scripts/option_tables.py"


def test_it_names_every_key() -> None:
    models = (SDKConfig, ProfileConfig, RetryConfig, CacheConfig, Timeouts)
    known = {item.name for model in models for item in fields(model)} - {"path"}
    assert known - WORDS == set()
