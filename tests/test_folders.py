"""Homes that are missing, or somebody else's."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from rsspot import SpotClient, StateStore
from rsspot.errors import ConfigError, StateError
from rsspot.files.folders import config_folder, expand, home, is_there, state_folder


@pytest.fixture
def no_home(monkeypatch: pytest.MonkeyPatch) -> None:
    """A user id without an account, and no HOME."""
    import pwd

    def getpwuid(uid: int) -> Any:
        raise KeyError(uid)

    monkeypatch.delenv("HOME", raising=False)
    monkeypatch.setattr(pwd, "getpwuid", getpwuid)


@pytest.mark.parametrize("value", [None, "", "relative"])
@pytest.mark.usefixtures("no_home")
def test_without_a_home_there_are_no_folders(
    value: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    if value is not None:
        monkeypatch.setenv("HOME", value)
    assert home() is None
    assert config_folder({}) is None
    assert state_folder({"XDG_STATE_HOME": "relative"}) is None
    assert state_folder({"XDG_STATE_HOME": "/x"}) == Path("/x/rsspot")
    with pytest.raises(ConfigError, match=r"no home directory for ~/x\. Write the full path"):
        expand("~/x")


@pytest.mark.parametrize(
    "path", ["~nosuchuser/x", "~nosuchuser", "~", "~/", "", " ", "a\0b", 5, None, ["x"]]
)
@pytest.mark.parametrize("error", [ConfigError, StateError])
@pytest.mark.usefixtures("no_home")
def test_what_is_no_path_is_an_error_of_ours(path: Any, error: type[Exception]) -> None:
    with pytest.raises(error) as caught:
        expand(path, error)  # type: ignore[arg-type]
    assert caught.value.hint  # type: ignore[attr-defined]


@pytest.mark.parametrize("path", ["n" * 300, "x\0y", "/" * 5000, "a/" * 5000, "\ud800"])
def test_what_the_system_cannot_look_up_is_not_there(path: str) -> None:
    assert not is_there(Path(path) / "x")


def test_what_a_folder_hides_is_not_taken_for_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stat(*_args: Any, **_options: Any) -> Any:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "stat", stat)
    with pytest.raises(StateError, match=r"looked up: Permission denied\. Check the perm"):
        is_there(tmp_path / "x", StateError)


@pytest.mark.usefixtures("no_home")
def test_a_client_needs_no_home(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if "SPOT" in name or name.startswith("XDG_")]:
        monkeypatch.delenv(name)
    given: dict[str, Any] = {"refresh_token": "t", "org": "acme", "base_url": "http://localhost:1"}
    for state in (":memory:", None):
        with SpotClient(**given, state=state) as spot:
            assert spot.settings.org == "acme"
    with (
        StateStore.own() as store,
        pytest.raises(StateError, match=r"no home directory\. Set HOME, XDG_STATE"),
    ):
        store.preferences.set_default("org", "acme")
