"""Lists of the catalogue that are shown from the cache without a client."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from rsspot.config.options import VARIABLES
from rsspot.config.places import VARIABLES as CONFIG_VARIABLES
from rsspot.config.places import places
from rsspot.state import StateStore

if TYPE_CHECKING:
    from pathlib import Path

    from rsspot.sandbox import SpotSandbox

SHOW_MODULES = (
    "import sys; from rsspot.cli import main; status = main({words!r});"
    "print(*sys.modules, file=sys.stderr); sys.exit(status)"
)


class Shell:
    """Runs the program in a home of its own, against a local Spot."""

    def __init__(self, home: Path, sandbox: SpotSandbox) -> None:
        self.sandbox = sandbox
        known = {name: text for name, text in os.environ.items() if "SPOT" not in name}
        known = {name: text for name, text in known.items() if not name.startswith("XDG_")}
        self.environ = {**known, "HOME": str(home), "RSSPOT_REFRESH_TOKEN": sandbox.refresh_token}
        for name in ("BASE_URL", "OAUTH_URL", "PUBLIC_DATA_URL"):
            self.environ[f"RSSPOT_{name}"] = sandbox.url

    def run(self, *words: str, **more: str) -> tuple[str, bool]:
        """Return what a run prints, and whether it made a client."""
        done = subprocess.run(
            [sys.executable, "-c", SHOW_MODULES.format(words=words)],
            check=False, capture_output=True, text=True, timeout=60,
            env={**self.environ, **more},
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        loaded = {*done.stderr.split()}
        assert not loaded & {"httpx", "pydantic"}
        made = "rsspot.client" in loaded or "typer" in loaded
        # Each of these takes longer to import than the rest of a warm list takes.
        slow = {"attr", "rich", "shutil", "yaml", "dateutil"} & loaded
        assert made or len(words) > 1 or not slow
        return done.stdout, made

    def requests(self) -> int:
        return sum("/regions" in each.path for each in self.sandbox.requests)


@pytest.fixture
def shell(tmp_path: Path, sandbox: SpotSandbox) -> Shell:
    return Shell(tmp_path, sandbox)


def test_a_warm_list_needs_neither_client_nor_command_line_and_shows_the_same(
    shell: Shell,
) -> None:
    for words in (["regions"], ["classes"]):
        first, made = shell.run(*words)
        assert made
        assert shell.run(*words) == (first, False)
    for output in ("json", "csv", "name", "yaml"):
        shown, made = shell.run("regions", "-o", output)
        # An option that changes nothing here makes it run as usual.
        assert (shown, made) == (shell.run("regions", "-o", output, "--no-color")[0], False)
    assert shell.requests() == 1
    with StateStore(f"{shell.environ['HOME']}/.local/state/rsspot/state.db") as state:
        assert [each.command for each in state.history.list()][:2] == ["rsspot regions"] * 2


def test_another_setting_makes_a_client_again(shell: Shell) -> None:
    other = shell.sandbox.refresh_tokens["umbrella"]
    shell.run("regions")
    for name, value in (
        ("RSSPOT_REFRESH_TOKEN", other),
        ("RSSPOT_BASE_URL", shell.sandbox.url.replace("127.0.0.1", "localhost")),
        ("RSSPOT_REGION", "uk-lon-1"),
        ("RSSPOT_STATE_PATH", f"{shell.environ['HOME']}/other.db"),
    ):
        _, made = shell.run("regions", **{name: str(value)})
        assert made, name


def test_a_cleared_cache_is_not_shown(shell: Shell) -> None:
    shell.run("regions")
    assert shell.run("regions")[1] is False
    shell.run("cache", "clear")
    assert shell.run("regions")[1]
    assert shell.requests() == 2


def test_a_changed_configuration_makes_a_client_again(shell: Shell, tmp_path: Path) -> None:
    file = tmp_path / ".config" / "rsspot" / "config.yml"
    file.parent.mkdir(parents=True, mode=0o700)
    file.touch(0o600)
    file.write_text("cache: {default_ttl: 3600}\n")
    # As time passes: a file that has changed just now may change again unnoticed.
    old = time.time() - 60
    os.utime(file, (old, old))
    code = f"import rsspot.cli.quick as quick; quick.SETTLED = 0; {SHOW_MODULES}"

    def made() -> bool:
        done = subprocess.run(
            [sys.executable, "-c", code.format(words=("regions",))],
            check=True, capture_output=True, text=True, timeout=60, env=shell.environ,
        )  # fmt: skip
        return "typer" in done.stderr.split()

    assert [made(), made()] == [True, False]
    file.write_text("cache: {default_ttl: 1800}\n")
    assert [made(), made()] == [True, False]
    file.write_text("cache: {enabled: false}\n")
    assert [made(), made()] == [True, True]


def test_a_secret_from_elsewhere_is_looked_up_each_time(shell: Shell, tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text(shell.sandbox.refresh_token)
    del shell.environ["RSSPOT_REFRESH_TOKEN"]
    shell.environ["RSSPOT_REFRESH_TOKEN_FILE"] = str(file)
    assert [shell.run("regions")[1], shell.run("regions")[1]] == [True, True]


def test_every_variable_of_the_settings_is_watched() -> None:
    from rsspot.cli.quick import WATCHED

    names = [name for known in VARIABLES.values() for name in known] + [*CONFIG_VARIABLES]
    assert [name for name in names if not WATCHED.search(name)] == []


def test_every_place_of_a_configuration_is_watched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from rsspot.config.files import find

    monkeypatch.setenv("HOME", str(tmp_path))
    environ = {"HOME": str(tmp_path)}
    for path in places(environ):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        assert find(environ) == path
        path.unlink()
    named = tmp_path / "named.toml"
    named.touch()
    environ["RSSPOT_CONFIG_FILE"] = str(named)
    assert places(environ) == [find(environ)] == [named]
