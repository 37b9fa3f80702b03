"""Whose files are used."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from rsspot.errors import ConfigError, StateError
from rsspot.files import check_owner

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def other_user(monkeypatch: pytest.MonkeyPatch) -> int:
    """Files that this process makes are another user's: it runs as the user that is returned."""
    mine = os.geteuid() + 1000
    monkeypatch.setattr("os.geteuid", lambda: mine)
    return mine


@pytest.mark.parametrize("error", [ConfigError, StateError])
def test_a_file_of_another_owner_is_refused_with_the_fix(
    tmp_path: Path, other_user: int, error: type[ConfigError | StateError]
) -> None:
    path = tmp_path / "a file"
    path.touch()
    with pytest.raises(error) as caught:
        check_owner(path, "The file", error)
    assert str(caught.value) == (
        f"The file {path} belongs to user {path.stat().st_uid}, and this process runs as user "
        f"{other_user}. Use a file of your own, or `chown {other_user} '{path}'` if it is yours; "
        "if it is shared on purpose, set RSSPOT_ALLOW_FOREIGN_OWNER=true or pass "
        "allow_foreign_owner=True"
    )
    assert caught.value.path == str(path)
    check_owner(path, "The file", error, allow_foreign_owner=True)


def test_files_of_ones_own_and_missing_ones_pass(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "link").symlink_to("file")
    (tmp_path / "dangling").symlink_to("nothing")
    for name in ("file", "link", "dangling", "missing", "file/below", "n" * 300):
        check_owner(tmp_path / name, "It", StateError)
        check_owner(str(tmp_path / name), "It", StateError)


def test_a_link_to_a_file_of_another_owner_is_refused(tmp_path: Path, other_user: int) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "link").symlink_to("file")
    with pytest.raises(StateError, match="belongs to user"):
        check_owner(tmp_path / "link", "It", StateError)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_root_is_refused_what_is_another_users_link_or_file_too(tmp_path: Path) -> None:
    file, link = tmp_path / "file", tmp_path / "link"
    file.touch()
    link.symlink_to("file")
    os.lchown(link, 1234, -1)
    with pytest.raises(ConfigError, match="belongs to user 1234"):
        check_owner(link, "It", ConfigError)
    check_owner(file, "It", ConfigError)
    os.chown(file, 1234, -1)
    with pytest.raises(ConfigError, match="belongs to user 1234"):
        check_owner(file, "It", ConfigError)
