from __future__ import annotations

import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from regeneration import pins

from rsspot.api_diff.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Callable

    from regeneration.project import Project

PINS = (
    "httpx==0.28.1 \\\n    --hash=sha256:00\n    # via rsspot\nattrs==25.1\n    --hash=sha256:1\n"
)


@pytest.fixture
def resolver(
    checkout: Project, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str, str], list[list[str]]]:
    """Stands in for the program that resolves versions: writes a text, or complains."""
    checkout.pins.parent.mkdir()
    checkout.pins.write_text("old\n")

    def answer(text: str, complaint: str = "") -> list[list[str]]:
        commands: list[list[str]] = []

        def run(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
            commands.append(command)
            fresh = Path(command[command.index("--output-file") + 1])
            assert fresh.read_text() == "old\n", "what is pinned is where it starts from"
            fresh.write_text(text)
            return subprocess.CompletedProcess(command, int(bool(complaint)), "", complaint)

        monkeypatch.setattr(subprocess, "run", run)
        return commands

    return answer


def test_pins_are_written_with_hashes_and_only_named_packages_move(
    checkout: Project, resolver: Callable[..., list[list[str]]], capsys: pytest.CaptureFixture[str]
) -> None:
    commands = resolver(PINS)
    assert pins.main(["httpx"], checkout) == 0
    assert checkout.pins.read_text() == PINS
    assert capsys.readouterr().out == ".ci/requirements.txt: 2 packages\n"
    assert "--generate-hashes" in commands[0]
    assert commands[0][-2:] == ["--upgrade-package", "httpx"]


@pytest.mark.parametrize(
    ("text", "complaint", "said"),
    [
        ("", "no such\n  package", r"pyproject\.toml: cannot be pinned: no such package"),
        ("x @ https://host.test/x.whl\n", "", "comes from an address; name its version"),
    ],
)
def test_what_cannot_be_pinned_leaves_the_old_pins(
    checkout: Project,
    resolver: Callable[..., list[list[str]]],
    text: str,
    complaint: str,
    said: str,
) -> None:
    resolver(text, complaint)
    with pytest.raises(Problem, match=said):
        pins.main([], checkout)
    assert checkout.pins.read_text() == "old\n"
