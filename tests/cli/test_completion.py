"""Completion of values, in the shells themselves."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from rsspot import SpotClient

if TYPE_CHECKING:
    from collections.abc import Callable

    from rsspot.sandbox import SpotSandbox

FOLDER = Path(sys.executable).parent
SCRIPT = "_RSSPOT_COMPLETE=source_{} rsspot"


@pytest.fixture
def account(reach: SpotSandbox, home: Path, monkeypatch: pytest.MonkeyPatch) -> SpotSandbox:
    with SpotClient(**reach.client_options()) as spot:
        spot.cloudspaces.create("production", region="us-central-dfw-2")
        spot.spot_nodepools.create(
            "production", server_class="gp.vs2.medium-dfw2", bid_price="0.05", key="workers"
        )
    config = home / ".config" / "rsspot"
    config.mkdir(parents=True)
    (config / "config.yml").write_text("profiles: {work: {}, private: {}}\n", "utf-8")
    (config / "config.yml").chmod(0o600)
    monkeypatch.setenv("PATH", f"{FOLDER}:{os.environ['PATH']}")
    return reach


def output(*command: str) -> str:
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=60)
    assert done.stderr == ""
    return done.stdout


def bash(line: str) -> list[str]:
    words = line.split(" ")
    quoted = " ".join(f"'{word}'" for word in words)
    return output(
        "bash", "--norc", "-c",
        f'eval "$({SCRIPT.format("bash")})"; COMP_WORDS=({quoted}); '
        f"COMP_CWORD={len(words) - 1}; _rsspot_completion rsspot; "
        'printf "%s\n" "${COMPREPLY[@]}"',
    ).split()  # fmt: skip


def fish(line: str) -> list[str]:
    return output(
        "fish", "--no-config", "-c", f"{SCRIPT.format('fish')} | source; complete -C '{line}'"
    ).split()


def zsh(line: str) -> list[str]:
    """What stands on the line after Tab was pressed, in a terminal."""
    tmux = ("tmux", "-L", f"rsspot-{os.getpid()}")
    subprocess.run([*tmux, "kill-server"], check=False, capture_output=True)
    subprocess.run([*tmux, "new-session", "-d", "-x", "150", "-y", "20", "zsh", "-f"], check=True)
    try:
        setup = f'autoload -Uz compinit; compinit -u -D; eval "$({SCRIPT.format("zsh")})"; clear'
        subprocess.run([*tmux, "send-keys", setup, "Enter"], check=True)
        shown, typed = "", False
        for _ in range(200):
            time.sleep(0.1)
            shown = output(*tmux, "capture-pane", "-p").strip()
            if not typed and shown and "compinit" not in shown:
                subprocess.run([*tmux, "send-keys", line, "Tab"], check=True)
                typed = True
            elif typed and not shown.endswith(line):
                break
        return shown.split()
    finally:
        subprocess.run([*tmux, "kill-server"], check=False, capture_output=True)


@pytest.mark.parametrize("shell", ["bash", "fish"])
def test_values_are_completed(account: SpotSandbox, shell: str) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")  # a system package, not one of ours
    complete: Callable[[str], list[str]] = {"bash": bash, "fish": fish}[shell]
    assert complete("rsspot cloudspaces get pr") == ["production"]
    assert complete("rsspot pools delete w") == ["workers"]
    assert complete("rsspot bid gp.vs2.medium-d") == ["gp.vs2.medium-dfw2"]
    assert complete("rsspot regions --region us-central-d") == [
        "us-central-dfw-1", "us-central-dfw-2",
    ]  # fmt: skip
    assert complete("rsspot regions --profile w") == ["work"]
    assert complete("rsspot regions -o j") == ["json", "jsonpath="]
    assert complete("rsspot cloudspaces get x") == []


def test_values_are_completed_in_a_terminal_with_zsh(account: SpotSandbox) -> None:
    if shutil.which("zsh") is None or shutil.which("tmux") is None:
        pytest.skip("zsh or tmux is not installed")  # the same
    assert "production" in zsh("rsspot cloudspaces get pr")


def test_names_come_from_the_cache_and_commands_do_not_see_them(
    account: SpotSandbox, program: Callable[..., object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("_RSSPOT_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", "rsspot cloudspaces get pr")
    monkeypatch.setenv("COMP_CWORD", "3")
    program_path = str(FOLDER / "rsspot")
    assert output(program_path).split() == ["production"]
    first = len(account.requests)
    assert output(program_path).split() == ["production"]
    assert len(account.requests) == first
    monkeypatch.delenv("_RSSPOT_COMPLETE")
    assert output(program_path, "cloudspaces", "list", "-o", "name") == "production\n"
    assert len(account.requests) > first


def test_nothing_is_printed_where_the_service_cannot_be_reached(
    account: SpotSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("BASE_URL", "OAUTH_URL"):
        monkeypatch.setenv(f"RSSPOT_{name}", "http://127.0.0.1:9")
    monkeypatch.setenv("_RSSPOT_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", "rsspot cloudspaces get pr")
    monkeypatch.setenv("COMP_CWORD", "3")
    assert output(str(FOLDER / "rsspot")).strip() == ""
    monkeypatch.delenv("RSSPOT_REFRESH_TOKEN")
    assert output(str(FOLDER / "rsspot")).strip() == ""
