"""Kubeconfigs are written whole or not at all, for their owner only, and keep what is there."""

from __future__ import annotations

import copy
import pickle
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from rsspot.errors import InvalidInput, UnexpectedAnswerError
from rsspot.models import Kubeconfig

if TYPE_CHECKING:
    from pathlib import Path

SECRET = "header-part.payload-part.signature"
OURS = Kubeconfig.build(
    endpoint="https://hcp.example", token=SECRET, organization="acme", cloudspace="demo"
)
THEIRS = """\
# written by hand
apiVersion: v1
kind: Config
clusters:
# at home
- name: home  # the old one
  cluster: {server: 'https://home.example'}
- name: acme-demo
  cluster:
    proxy-url: https://proxy.example
    server: https://old.example
# people
users:
- name: me
  user:
    token: "quoted"
contexts:
- name: home
  context: {cluster: home, user: me}
current-context: home
preferences: {colors: true}
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "kube" / "config"


def left_in(folder: Path) -> set[str]:
    return {item.name for item in folder.iterdir()}


def test_a_saved_file_is_for_its_owner_only_and_in_a_folder_of_its_own(path: Path) -> None:
    assert OURS.save(path) == path
    assert path.read_text() == OURS.text
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert left_in(path.parent) == {"config"}


def test_merging_into_nothing_saves(path: Path) -> None:
    OURS.merge(path)
    assert path.read_text() == OURS.text


def test_an_empty_file_is_merged_into(path: Path) -> None:
    path.parent.mkdir()
    path.write_text("")
    OURS.merge(path)
    assert Kubeconfig(path.read_text()).contexts == ("acme-demo",)


def test_merging_keeps_other_entries_comments_and_quotes(path: Path) -> None:
    path.parent.mkdir()
    path.write_text(THEIRS)
    path.chmod(0o644)
    OURS.merge(path)
    text = path.read_text()
    merged = Kubeconfig(text).to_dict()
    assert [item["name"] for item in merged["clusters"]] == ["home", "acme-demo"]
    assert merged["clusters"][1] == OURS.to_dict()["clusters"][0]
    assert [item["name"] for item in merged["users"]] == ["me", "acme-demo-user"]
    assert merged["current-context"] == "acme-demo"
    assert merged["preferences"] == {"colors": True}
    for kept in ("# written by hand", "# at home", "# the old one", "# people", '"quoted"'):
        assert kept in text
    assert path.stat().st_mode & 0o777 == 0o600


def test_merging_again_changes_nothing(path: Path) -> None:
    path.parent.mkdir()
    path.write_text(THEIRS)
    OURS.merge(path)
    once = path.read_text()
    OURS.merge(path)
    assert path.read_text() == once


def test_the_current_context_stays_on_request(path: Path) -> None:
    path.parent.mkdir()
    path.write_text(THEIRS)
    OURS.merge(path, use=False)
    assert Kubeconfig(path.read_text()).to_dict()["current-context"] == "home"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"a: [1\nb: " + SECRET.encode(), "line 2 is not YAML"),
        (b"- a list", "is not a kubeconfig"),
        (b"clusters: {a: b}", "is not a kubeconfig"),
        (b"users: 5", "is not a kubeconfig"),
        (b"\xff\xfe", "is not text in UTF-8"),
        (b"a: 1\n---\nb: 2\n", "is not YAML"),
    ],
)
def test_a_file_that_is_no_kubeconfig_is_an_error_and_stays_as_it_was(
    path: Path, content: bytes, message: str
) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    with pytest.raises(InvalidInput, match=message) as caught:
        OURS.merge(path)
    assert str(path) in str(caught.value)
    assert SECRET not in str(caught.value)
    assert path.read_bytes() == content
    assert left_in(path.parent) == {"config", ".config.rsspot-lock"}


def test_many_that_merge_at_once_lose_nothing(path: Path) -> None:
    names = [f"c{number}" for number in range(24)]

    def merge(name: str) -> None:
        Kubeconfig.build(
            endpoint="https://e", token=name, organization="acme", cloudspace=name
        ).merge(path)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(merge, names))
    merged = Kubeconfig(path.read_text()).contexts
    assert sorted(merged) == sorted(f"acme-{name}" for name in names)


def test_what_a_link_points_at_is_replaced_and_the_link_stays(tmp_path: Path) -> None:
    real, link = tmp_path / "real", tmp_path / "link"
    real.write_text(THEIRS)
    link.symlink_to(real)
    OURS.merge(link)
    assert link.is_symlink()
    assert "acme-demo-user" in real.read_text()


def test_a_write_that_fails_leaves_the_old_file_and_nothing_beside_it(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path.parent.mkdir()
    path.write_text(THEIRS)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        OURS.merge(path)
    assert path.read_text() == THEIRS
    assert left_in(path.parent) == {"config", ".config.rsspot-lock"}


def test_the_token_is_in_no_description() -> None:
    for text in (repr(OURS), str(OURS), f"{OURS}", repr([OURS])):
        assert SECRET not in text
    assert repr(OURS) == f"<Kubeconfig of {len(OURS.text)} characters>"


def test_copies_are_equal() -> None:
    assert pickle.loads(pickle.dumps(OURS)) == OURS == copy.deepcopy(OURS)  # noqa: S301 - our own


@pytest.mark.parametrize("answer", [{}, {"data": None}, {"data": {"kubeconfig": " "}}])
def test_an_answer_without_a_kubeconfig_is_an_error(answer: dict[str, object]) -> None:
    with pytest.raises(UnexpectedAnswerError, match="holds no kubeconfig"):
        Kubeconfig.from_answer(answer)
