from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from rsspot.config.files import load
from rsspot.config.resolution import resolve
from rsspot.config.writing import add_profile, migrate, set_active_profile, update_profile
from rsspot.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Write = Callable[..., Path]

YAML = """# who pays for what
active_profile: dev  # not stg!
profiles:
  stg:
    refresh_token: "opaque" # from the console
  dev: {org: acme}
"""
TOML = """# who pays for what
active_profile = "dev" # not stg!

[profiles.stg]
refresh_token = 'opaque' # from the console
[profiles.dev]
org = "acme"
"""
JSON = """{
  "active_profile": "dev",
  "profiles": {
    "stg": {
      "refresh_token": "opaque"
    },
    "dev": {
      "org": "acme"
    }
  }
}
"""


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


@pytest.mark.parametrize(("name", "text"), [("a.yml", YAML), ("a.toml", TOML), ("a.json", JSON)])
def test_only_the_touched_key_changes(write: Write, name: str, text: str) -> None:
    path = write(text, name)

    set_active_profile(path, "stg")

    changed = text.replace('"dev"', '"stg"', 1).replace(": dev  #", ": stg  #", 1)
    assert path.read_text() == changed
    assert mode(path) == 0o600


@pytest.mark.parametrize("name", ["a.yml", "a.toml", "a.json"])
def test_a_profile_is_added_to_a_file_that_is_made_for_its_owner_only(
    tmp_path: Path, name: str
) -> None:
    path = tmp_path / "new" / name
    old = os.umask(0)
    try:
        add_profile(path, "dev", {"org": "acme", "refresh_token": "opaque"})
        add_profile(path, "stg", {"timeout": 5})
    finally:
        os.umask(old)

    config = load(path)
    assert list(config.profiles) == ["dev", "stg"]
    assert config.profiles["dev"].refresh_token == "opaque"
    assert mode(path) == 0o600
    assert mode(path.parent) == 0o700


def test_what_is_no_profile_is_not_written(write: Write) -> None:
    path = write(YAML)
    with pytest.raises(ConfigError, match=r"profiles.new.regoin: is not a known key. Did you mean"):
        add_profile(path, "new", {"regoin": "x"})
    with pytest.raises(ConfigError, match="There is a profile 'dev' already"):
        add_profile(path, "dev", {})
    with pytest.raises(ConfigError, match=r"no profile 'dve'. Known names: dev, stg"):
        set_active_profile(path, "dve")
    assert path.read_text() == YAML


def test_a_link_stays_a_link(write: Write, tmp_path: Path) -> None:
    path = write(YAML, "real.yml")
    link = tmp_path / "link.yml"
    link.symlink_to(path)
    set_active_profile(link, "stg")
    assert link.is_symlink()
    assert load(path).active_profile == "stg"


def test_the_older_file_is_migrated_and_kept(write: Write, home: Path) -> None:
    older = write('refreshToken: "opaque"\norg: acme\n', ".spot_config", folder=home)

    path = migrate()

    assert path == home / ".config/rsspot/config.yml"
    profile = load(path).profiles["default"]
    assert (profile.refresh_token, profile.org) == ("opaque", "acme")
    backup = home / ".spot_config.bak"
    assert backup.read_text() == older.read_text()
    assert (mode(path), mode(backup)) == (0o600, 0o600)
    with pytest.raises(ConfigError, match=r"config.yml exists already. Edit it instead"):
        migrate()


def test_there_has_to_be_something_to_migrate(home: Path) -> None:
    with pytest.raises(ConfigError, match="to migrate"):
        migrate()
    assert list(home.iterdir()) == []


def test_a_full_disk_leaves_the_file_as_it_was(write: Write) -> None:
    path = write(YAML)
    program = (
        "import resource, signal, sys\n"
        "from pathlib import Path\n"
        "from rsspot.config.writing import set_active_profile\n"
        "from rsspot.errors import ConfigError\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (10, 10))\n"
        "try:\n    set_active_profile(Path(sys.argv[1]), 'stg')\n"
        "except ConfigError as error:\n    print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, path], check=True, capture_output=True, text=True
    )
    assert "(File too large). It was not changed" in done.stdout
    assert path.read_text() == YAML
    assert [item.name for item in path.parent.iterdir() if item.name.endswith(".yml")] == [
        path.name
    ]


ADD = (
    "import sys\n"
    "from pathlib import Path\n"
    "from rsspot.config.writing import add_profile\n"
    "for index in range(int(sys.argv[3])):\n"
    "    add_profile(Path(sys.argv[1]), f'{sys.argv[2]}-{index}', {'refresh_token': 'x' * 200})\n"
)


@pytest.mark.parametrize("name", ["a.yml", "a.json"])
def test_eight_writers_lose_no_profile(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    writers = [
        subprocess.Popen([sys.executable, "-c", ADD, path, str(writer), "4"]) for writer in range(8)
    ]
    assert [writer.wait(60) for writer in writers] == [0] * 8
    assert len(load(path).profiles) == 32


def killed_while_writing(path: Path, delay: float) -> None:
    writer = subprocess.Popen([sys.executable, "-c", ADD, path, "w", "100000"])
    while not path.exists():
        assert writer.poll() is None
        time.sleep(0.005)
    time.sleep(delay)
    writer.send_signal(signal.SIGKILL)
    writer.wait(10)


def test_a_writer_that_is_killed_leaves_a_whole_file(tmp_path: Path) -> None:
    for round_ in range(3):
        path = tmp_path / str(round_) / "a.json"
        killed_while_writing(path, 0.03 * round_)
        names = list(json.loads(path.read_text())["profiles"])
        assert names == [f"w-{index}" for index in range(len(names))]
        add_profile(path, "after", {})


@pytest.mark.prove
def test_a_hundred_killed_writers_leave_whole_files(tmp_path: Path) -> None:
    for round_ in range(100):
        path = tmp_path / str(round_) / ("a.json" if round_ % 2 else "a.yml")
        killed_while_writing(path, 0.002 * round_)
        names = list(load(path).profiles)
        assert names == [f"w-{index}" for index in range(len(names))]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.yml", "profiles:\n"),
        ("a.yml", "profiles:\n  stage:\n"),
        ("a.yml", "# nothing yet\n"),
        ("a.yml", ""),
        ("a.toml", ""),
        ("a.toml", "[profiles]\n"),
        ("a.json", ""),
        ("a.json", '{"profiles": null}'),
        ("a.json", '{"profiles": {"stage": null}}'),
    ],
)
def test_sections_without_entries_are_filled(write: Write, name: str, text: str) -> None:
    path = write(text, name)
    update_profile(path, "stage", {"org": "x", "refresh_token": None})
    assert load(path).profiles["stage"].org == "x"
    if "stage" not in text:
        path.write_text(text)
        add_profile(path, "stage", {"org": "x"})
        assert load(path).profiles["stage"].org == "x"


@pytest.mark.parametrize(
    ("name", "text", "profile"),
    [
        ("a.toml", 'profiles.dev.org = "a"\nprofiles.prod.org = "b"\n', "stage"),
        ("a.yml", "profiles:\n  dev: &d {org: a}\n  prod: *d\n", "prod"),
        ("a.yml", "profiles:\n  dev: &d {refresh_token: a}\n  prod: {<<: *d}\n", "prod"),
    ],
)
def test_a_change_that_would_change_more_is_refused_with_what_to_do(
    write: Write, name: str, text: str, profile: str
) -> None:
    path = write(text, name)
    with pytest.raises(ConfigError) as caught:
        update_profile(path, profile, {"org": "hunter2", "refresh_token": None})
    assert f"was not changed: profiles.{profile} cannot be written there" in str(caught.value)
    assert "in an editor" in str(caught.value)
    assert "hunter2" not in str(caught.value)
    assert path.read_text() == text


def test_what_could_not_be_read_afterwards_is_not_written(write: Write) -> None:
    path = write(YAML)
    with pytest.raises(ConfigError, match="are both set"):
        update_profile(path, "stg", {"refresh_token_file": "/x"})
    assert path.read_text() == YAML


UPDATE = (
    "import sys\n"
    "from pathlib import Path\n"
    "from rsspot.config.writing import set_active_profile, update_profile\n"
    "for index in range(4):\n"
    "    update_profile(Path(sys.argv[1]), f'{sys.argv[2]}-{index}', {'org': 'x'})\n"
    "    update_profile(Path(sys.argv[1]), 'shared', {sys.argv[3]: 'x'})\n"
    "    set_active_profile(Path(sys.argv[1]), 'shared')\n"
)


@pytest.mark.parametrize("name", ["a.yml", "a.toml", "a.json"])
def test_writers_that_update_at_once_lose_nothing(tmp_path: Path, name: str) -> None:
    path, link = tmp_path / name, tmp_path / f"link-{name}"
    link.symlink_to(path)
    fields = ("org", "region", "client_id", "proxy")
    writers = [
        subprocess.Popen([sys.executable, "-c", UPDATE, place, str(index), field])
        for index, (field, place) in enumerate(zip(fields, (path, link, path, link), strict=True))
    ]
    assert [writer.wait() for writer in writers] == [0] * 4
    config = load(path)
    assert len(config.profiles) == 17
    assert all(getattr(config.profiles["shared"], field) == "x" for field in fields)
    assert config.active_profile == "shared"


@pytest.mark.parametrize("umask", [0o000, 0o077, 0o277, 0o777])
def test_folders_are_for_their_owner_whatever_the_umask(tmp_path: Path, umask: int) -> None:
    path = tmp_path / "one" / "two" / "config.yml"
    old = os.umask(umask)
    try:
        add_profile(path, "dev", {"org": "x"})
    finally:
        os.umask(old)
    assert {mode(path.parent), mode(path.parent.parent)} == {0o700}
    assert mode(path) == 0o600


def test_a_file_of_another_user_is_refused_unless_it_is_shared_on_purpose(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(YAML)
    other = os.geteuid() + 1
    monkeypatch.setattr("os.geteuid", lambda: other)
    fix = "set RSSPOT_ALLOW_FOREIGN_OWNER=true or pass"
    with pytest.raises(ConfigError, match=fix):
        load(path)
    with pytest.raises(ConfigError, match=fix):
        update_profile(path, "dev", {"org": "x"})
    with pytest.raises(ConfigError, match="belongs to user"):
        resolve({}, environ={}, config_path=path)
    assert resolve({"allow_foreign_owner": True}, environ={}, config_path=path).org == "acme"
    named = {"RSSPOT_ALLOW_FOREIGN_OWNER": "1"}
    assert resolve({}, environ=named, config_path=path).allow_foreign_owner
    monkeypatch.setenv("RSSPOT_ALLOW_FOREIGN_OWNER", "true")
    assert load(path).active_profile == "dev"


def test_a_profile_cannot_say_so_for_its_own_file(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write("profiles: {dev: {allow_foreign_owner: true}}\n")
    assert resolve({}, environ={}, config_path=path).allow_foreign_owner
    other = os.geteuid() + 1
    monkeypatch.setattr("os.geteuid", lambda: other)
    with pytest.raises(ConfigError, match="belongs to user"):
        resolve({}, environ={}, config_path=path)
