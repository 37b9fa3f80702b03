"""Kubeconfigs are written whole or not at all, for their owner only, and keep what is there.

Rules: docs/rules.md#secrets.
"""

from __future__ import annotations

import copy
import json
import os
import pickle
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from rsspot.documents import parse
from rsspot.errors import InvalidInput, StateError
from rsspot.models import Kubeconfig

if TYPE_CHECKING:
    from collections.abc import Callable

SECRET = "header-part.payload-part.signature"
NAME = "org_Acme1/demo"
OURS = Kubeconfig.build(
    endpoint="https://hcp.example", token=SECRET, organization="org_Acme1", cloudspace="demo"
)
THEIRS = """\
# written by hand
apiVersion: v1
kind: Config
clusters:
# at home
- name: home  # the old one
  cluster: {server: 'https://home.example'}
- name: org_Acme1/demo
  cluster:
    proxy-url: https://proxy.example
    server: https://old.example
    extensions:
    - name: rsspot
      extension: {organization: org_Acme1, cloudspace: demo}
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


@pytest.mark.parametrize(
    "content", ["", "\n", "# nothing yet\n", "---\n", "null\n", "{}\n", "\ufeff", "--- {}\n..."]
)
def test_an_empty_file_is_not_taken_for_an_empty_kubeconfig(path: Path, content: str) -> None:
    path.parent.mkdir()
    path.write_text(content)
    with pytest.raises(InvalidInput, match=r"is empty\. Another program may be writing it"):
        OURS.merge(path)
    assert path.read_text() == content


def test_merging_keeps_other_entries_comments_and_quotes(path: Path) -> None:
    path.parent.mkdir()
    path.write_text(THEIRS)
    path.chmod(0o644)
    OURS.merge(path)
    text = path.read_text()
    merged = Kubeconfig(text).to_dict()
    assert [item["name"] for item in merged["clusters"]] == ["home", NAME]
    assert merged["clusters"][1] == OURS.to_dict()["clusters"][0]
    assert [item["name"] for item in merged["users"]] == ["me", NAME]
    assert merged["current-context"] == NAME
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
        (b"a: [1\nb: " + SECRET.encode(), "line 2, is not YAML"),
        (b"- a list", "is not a kubeconfig"),
        (b"just text", "is not a kubeconfig"),
        (b"apiVersion: v1\nkind: Pod\n", "is not a kubeconfig"),
        (b"clusters: {a: b}", "is not a kubeconfig"),
        (b"users: 5", "is not a kubeconfig"),
        (b"kind: Config\nusers: 5", "is not a kubeconfig"),
        (b"kind: Config\nclusters: {a: {server: b}}", "is not a kubeconfig"),
        (b"kind: Config\nusers: [a, b]", "is not a kubeconfig"),
        (b"kind: Config\nusers: [{name: 5, user: {}}]", "is not a kubeconfig"),
        (b"kind: Config\nusers: [{user: {}}]", "is not a kubeconfig"),
        (b"kind: Config\nusers: [{name: a, user: b}]", "is not a kubeconfig"),
        # Cut while it was written: kubectl writes its keys in the order of the alphabet.
        (b"apiVersion: v1\nclusters:\n- cluster:\n    server: https://x\n", "is not a kubeconfig"),
        (b"apiVersion: v1\nclusters:", "is not a kubeconfig"),
        (b"apiVersion: v1", "is not a kubeconfig"),
        (b"apiVersion: v1\nkind: Config\n", "is incomplete: it has no clusters, users or contexts"),
        (b"kind: Config\nclusters:\n", "is incomplete: it has no clusters, users or contexts"),
        (b"kind: Config\nclusters:\n- name: a\n", "an entry of its clusters has no content"),
        (b"kind: Config\nusers:\n- name: a\n  user:\n", "an entry of its users has no content"),
        (b"kind: Config\nusers: []\ncurrent-context: a\n", "current-context is not one of its"),
        (b"kind: Config\nusers: [{name: a, user: {exec: {args: [b]}}}]\n", "has no command"),
        (b"contexts: [{name: ab, context: {}}]\nkind: Config\ncurrent-context: a", "not one of"),
        (b"kind: Config\nusers: []\ncurrent-context: [a]\n", "current-context is not one of its"),
        (b"\xff\xfe", "is not text in UTF-8"),
        (b"\0\0\0\0", "is not YAML"),
        (b"a: 1\n---\nb: 2\n", "is not YAML"),
        (b"kind: Config\nkind: Config\n", "is not YAML: duplicate key"),
        (b"kind: Config\nx: 2026-99-99\n", "is not YAML"),
        (b"kind: Config\nx: !!python/object:os.system {}\n", "is not YAML"),
        (b"kind: Config\nx: &a [*a]\n", "is not YAML"),
        (b"kind: Config\nx: " + b"[" * 5000 + b"]" * 5000, "nested too deeply"),
        (b'{"kind": "Config", "x": ' + b"[" * 100_000, "is not YAML|nested too deeply"),
        (
            b"kind: Config\na: &a [1,1,1,1,1,1,1,1,1,1]\n"
            + b"".join(b"%c: &%c [%b]\n" % (n + 1, n + 1, b",".join([b"*%c" % n] * 10))
                       for n in b"abcdefgh"),
            "expands to more than",
        ),
        (
            b"kind: Config\na0: &a0 {k: 1}\n"
            + b"".join(b"a%d: &a%d {<<: [*a%d, *a%d], k%d: 1}\n" % (n, n, n - 1, n - 1, n)
                       for n in range(1, 30)),
            "expands to more than",
        ),
        (
            b"kind: Config\nd: &d {k: 1}\nx: {<<: [" + b"*d, " * 30_000 + b"*d]}\n",
            "it has more than 1,000 aliases",
        ),
        (
            b"kind: Config\nd: &d {k: 1}\n" + b"x: {<<: *d}\n" * 9_000,
            "it has more than 1,000 aliases",
        ),
    ],
)  # fmt: skip
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
    assert left_in(path.parent) == {"config"}


@pytest.mark.parametrize(
    "content",
    [
        # What an editor of YAML gets wrong without a word.
        "kind: Config\nclusters: &none []\nusers: *none\ncontexts: *none\n",
        "kind: Config\nx: &x {name: org_Acme1/demo, cluster: {server: a}}\nclusters: [*x]\n",
        "kind: Config\nx: &x {name: a, cluster: {server: a}}\nclusters: [*x, {<<: *x, name: b}]\n",
        "x: &x {kind: Config, clusters: [], users: [], contexts: []}\n<<: *x\n",
        "kind: Config\nusers: &u [{name: a, user: {}}]\nx-users: *u\n",
    ],
)
def test_an_edit_that_changes_more_than_was_asked_is_not_written(path: Path, content: str) -> None:
    path.parent.mkdir()
    path.write_text(content)
    before = parse(content, ".yaml")
    try:
        OURS.merge(path)
    except InvalidInput as error:
        assert path.read_text() == content
        assert "cannot be changed" in str(error) or "rsspot did not write" in str(error)  # noqa: PT017
        return
    after = parse(path.read_text(), ".yaml")
    for key in before.keys() - {"clusters", "users", "contexts"}:
        assert after[key] == before[key]
    for section in ("clusters", "users", "contexts"):
        assert len(after[section]) == len(before.get(section) or []) + 1


@pytest.mark.parametrize(
    "content",
    [
        "apiVersion: v1\nkind: Config\nclusters: null\ncontexts: null\nusers: null\n",
        "clusters:\ncontexts: []\nusers: []",
        "kind: Config\ncontexts: []\n",
        "# mine\r\nkind: Config\r\nusers: []\r\n",
        "\ufeffkind: Config\nusers: []\n",
        "kind: Config\ncurrent-context: ''\ncontexts: [{name: a, context: {cluster: b}}]\n",
        "%YAML 1.1\n---\nkind: Config\nusers: []\nx: 0o14\n",
        "kind: Config\nusers: []\nx: {nan: .nan, day: 2026-01-01, octal: 010, on: on, big: 1e99}\n",
        'kind: Config\nusers: [{"name": "a", "user": {"token": "' + "x" * 5000 + '"}}]\n',
        "kind: Config\nusers: []\nx: |\n  # no comment\n  text\ny: >-\n  folded\n  text\n",
    ],
)
def test_unusual_but_valid_files_are_merged_into(path: Path, content: str) -> None:
    path.parent.mkdir()
    path.write_bytes(content.encode())
    OURS.merge(path)
    text = path.read_bytes().decode()
    assert NAME in Kubeconfig(text).contexts
    before, after = parse(content, ".yaml"), parse(text, ".yaml")
    for key in before.keys() - {"clusters", "users", "contexts", "current-context"}:
        assert str(after[key]) == str(before[key])
    assert text.startswith("\ufeff") == content.startswith("\ufeff")


KUBECTL = """apiVersion: v1
clusters:
- cluster:
    server: https://home.example
  name: home
contexts:
- context:
    cluster: home
    user: me
  name: home
current-context: home
kind: Config
preferences: {}
users:
- name: me
  user:
    token: theirs
"""
"""The order of kubectl, which does not write atomically."""


def test_what_kubectl_wrote_and_was_cut_is_not_merged_into(path: Path) -> None:
    lines = KUBECTL.splitlines(keepends=True)
    path.parent.mkdir()
    for count in range(len(lines)):
        path.write_text("".join(lines[:count]))
        with pytest.raises(InvalidInput, match=r"try again|is not YAML"):
            OURS.merge(path)
        assert path.read_text() == "".join(lines[:count])


def test_a_kubeconfig_in_json_stays_json(path: Path) -> None:
    path.parent.mkdir()
    mine = {"kind": "Config", "users": [{"name": "me", "user": {"token": "é\n"}}]}
    path.write_text(json.dumps(mine))
    OURS.merge(path)
    found = json.loads(path.read_text())
    assert found["users"][0] == mine["users"][0]
    assert found["current-context"] == NAME


def other_writes(section: str, inner: str, content: dict[str, object]) -> str:
    config = {"kind": "Config", section: [{"name": NAME, inner: content}]}
    return json.dumps(config)


@pytest.mark.parametrize("section", ["clusters", "users", "contexts"])
@pytest.mark.parametrize(
    "extensions",
    [
        None,
        [{"name": "minikube", "extension": {"organization": "org_Acme1", "cloudspace": "demo"}}],
        [{"name": "rsspot", "extension": {"organization": "org_acme1", "cloudspace": "demo"}}],
        [{"name": "rsspot", "extension": None}],
        ["text", 5],
        "text",
    ],
)
def test_content_of_others_under_a_name_of_ours_is_never_replaced(
    path: Path, section: str, extensions: object
) -> None:
    path.parent.mkdir()
    inner = section.removesuffix("s")
    content = other_writes(section, inner, {"mine": SECRET, "extensions": extensions})
    path.write_text(content)
    with pytest.raises(InvalidInput, match=f"has another {inner} '{NAME}', which rsspot") as caught:
        OURS.merge(path)
    assert SECRET not in str(caught.value)
    assert path.read_text() == content


def test_a_kubeconfig_of_ones_own_replaces_nothing(path: Path) -> None:
    mine = Kubeconfig("kind: Config\nusers: [{name: me, user: {token: one}}]\n")
    mine.merge(path)
    mine.merge(path)  # the same again is no replacement
    with pytest.raises(InvalidInput, match="has another user 'me'"):
        Kubeconfig("kind: Config\nusers: [{name: me, user: {token: two}}]\n").merge(path)


def test_merging_a_second_organization_changes_nothing_of_the_first(path: Path) -> None:
    OURS.merge(path)
    first = Kubeconfig(path.read_text()).to_dict()
    Kubeconfig.build(
        endpoint="https://other.example", token="b", organization="org_Acme2", cloudspace="demo"
    ).merge(path)
    both = Kubeconfig(path.read_text()).to_dict()
    for section in ("clusters", "users", "contexts"):
        assert both[section][0] == first[section][0]
        assert len(both[section]) == 2
    assert both["contexts"][1]["context"]["user"] == "org_Acme2/demo"


@pytest.mark.parametrize("use", [True, False])
def test_a_renewed_token_takes_the_place_of_the_old_one(path: Path, use: bool) -> None:  # noqa: FBT001
    OURS.merge(path)
    Kubeconfig.build(
        endpoint="https://hcp.example", token="new", organization="org_Acme1", cloudspace="demo"
    ).merge(path, use=use)
    users = Kubeconfig(path.read_text()).to_dict()["users"]
    assert [item["user"]["token"] for item in users] == ["new"]


@pytest.mark.parametrize("kind", ["pipe", "device", "folder", "foreign", "large"])
def test_what_is_no_file_of_ones_own_is_neither_read_nor_replaced(
    tmp_path: Path, kind: str
) -> None:
    path = tmp_path / "config"
    if kind in {"device", "foreign"} and os.geteuid() != 0:
        pytest.skip("only root may do this")
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "device":
        os.mknod(path, stat.S_IFCHR | 0o666, os.makedev(1, 3))
    elif kind == "folder":
        path.mkdir()
    elif kind == "foreign":
        path.write_text(THEIRS)
        os.chown(path, 1234, -1)
    else:
        with path.open("wb") as file:
            file.truncate(1 << 40)
    before = path.lstat()
    with pytest.raises((OSError, InvalidInput), match=r"it is a|belongs to user 1234|too large"):
        OURS.merge(path)
    assert os.path.samestat(path.lstat(), before)
    assert left_in(tmp_path) == {"config"}


def test_a_home_that_nobody_has_is_an_error_of_ours() -> None:
    for use in (OURS.save, OURS.merge):
        with pytest.raises(InvalidInput, match="There is no home directory for ~nosuchuser/config"):
            use("~nosuchuser/config")


def test_the_lock_of_kubectl_is_waited_for_and_given_back(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path.parent.mkdir()
    path.write_text(THEIRS)
    lock = path.with_name("config.lock")
    os.close(os.open(lock, os.O_CREAT | os.O_EXCL, 0))  # as kubectl does
    with pytest.raises(StateError, match=r"config\.lock for more than 0 s.*remove that file"):
        OURS.merge(path, timeout=0)
    assert lock.exists()
    assert path.read_text() == THEIRS
    lock.unlink()
    held: list[bool] = []

    def reading(self: Path) -> bytes:
        held.append(lock.exists())
        return real(self)

    real = Path.read_bytes
    monkeypatch.setattr(Path, "read_bytes", reading)
    OURS.merge(path)
    assert held == [True, True]
    assert left_in(path.parent) == {"config"}


def test_behind_a_link_the_locks_of_both_names_are_held(tmp_path: Path) -> None:
    (tmp_path / "real").write_text(THEIRS)
    (tmp_path / "config").symlink_to("real")
    for name in ("real", "config"):
        lock = tmp_path / f"{name}.lock"
        lock.touch()
        with pytest.raises(StateError, match=f"{name}.lock"):
            OURS.merge(tmp_path / "config", timeout=0)
        lock.unlink()
    OURS.merge(tmp_path / "config")
    assert left_in(tmp_path) == {"real", "config"}


def changes_before(path: Path, monkeypatch: pytest.MonkeyPatch, times: int) -> None:
    """Somebody who takes no lock changes the file while it is merged into."""
    real: Callable[[Path], bytes] = Path.read_bytes
    reads = 0

    def reading(self: Path) -> bytes:
        nonlocal reads
        found = real(self)
        reads += 1
        if reads % 2 and reads // 2 < times:
            path.write_text(f"{found.decode()}# change {reads // 2}\n")
        return found

    monkeypatch.setattr(Path, "read_bytes", reading)


def test_changes_of_those_who_take_no_lock_are_kept(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path.parent.mkdir()
    path.write_text(THEIRS)
    changes_before(path, monkeypatch, 3)
    OURS.merge(path)
    text = path.read_text()
    assert NAME in Kubeconfig(text).contexts
    assert [f"# change {number}" in text for number in range(4)] == [True, True, True, False]
    changes_before(path, monkeypatch, 100)
    with pytest.raises(StateError, match="keeps changing"):
        OURS.merge(path)


def test_many_that_merge_at_once_lose_nothing(path: Path) -> None:
    names = [f"c{number}" for number in range(24)]

    def merge(name: str) -> None:
        Kubeconfig.build(
            endpoint="https://e", token=name, organization="org_A", cloudspace=name
        ).merge(path)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(merge, names))
    merged = Kubeconfig(path.read_text()).contexts
    assert sorted(merged) == sorted(f"org_A/{name}" for name in names)


def test_what_a_link_points_at_is_replaced_and_the_link_stays(tmp_path: Path) -> None:
    real, link = tmp_path / "real", tmp_path / "link"
    real.write_text(THEIRS)
    link.symlink_to(real)
    OURS.merge(link)
    assert link.is_symlink()
    assert NAME in Kubeconfig(real.read_text()).contexts


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
    assert left_in(path.parent) == {"config"}


def test_the_token_is_in_no_description() -> None:
    for text in (repr(OURS), str(OURS), f"{OURS}", repr([OURS])):
        assert SECRET not in text
    assert repr(OURS) == f"<Kubeconfig of {len(OURS.text)} characters>"


def test_copies_are_equal() -> None:
    assert pickle.loads(pickle.dumps(OURS)) == OURS == copy.deepcopy(OURS)  # noqa: S301 - our own
