"""Every page tells the truth: its Python runs, its commands and links lead somewhere.

The Python blocks of a page run in order, as one program, in an empty folder, with the environment
of somebody who has configured rsspot for a local Spot. A `text` block right after one is what it
prints.
"""

from __future__ import annotations

import ast
import importlib.util
import re
import shlex
from typing import TYPE_CHECKING, Any

import pytest

from rsspot.flow.clock import Clock
from rsspot.sandbox import SpotSandbox
from tests.docs.pages import ROOT, TEMPLATES, Page, pages

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TARGETS = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))

every_page = pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)

MOMENT = 0.02
"""Seconds that each wait of a page takes."""


@pytest.fixture
def configured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An empty folder, and an environment that leads to a local Spot, where waits are short."""
    sleep, asleep = Clock.sleep, Clock.asleep

    def sleep_briefly(clock: Clock, _seconds: float) -> None:
        sleep(clock, MOMENT)

    async def asleep_briefly(clock: Clock, _seconds: float) -> None:
        await asleep(clock, MOMENT)

    monkeypatch.setattr(Clock, "sleep", sleep_briefly)
    monkeypatch.setattr(Clock, "asleep", asleep_briefly)
    with SpotSandbox(seed=1, speed=3600) as sandbox:
        settings = {
            "HOME": str(tmp_path),
            "XDG_CONFIG_HOME": str(tmp_path / "config"),
            "XDG_STATE_HOME": str(tmp_path / "state"),
            "RSSPOT_BASE_URL": sandbox.url,
            "RSSPOT_OAUTH_URL": sandbox.url,
            "RSSPOT_PUBLIC_DATA_URL": sandbox.url,
            "RSSPOT_REFRESH_TOKEN": sandbox.refresh_token,
        }
        for name, value in settings.items():
            monkeypatch.setenv(name, value)
        monkeypatch.chdir(tmp_path)
        yield


def test_there_are_pages_and_the_readme_or_the_site_leads_to_each() -> None:
    site = re.findall(r": ([\w/-]+\.md)$", (ROOT / ".mkdocs.yml").read_text("utf-8"), re.MULTILINE)
    linked = {*TEMPLATES, *(ROOT / link for link in pages()[0].links())}
    linked |= {ROOT / "docs" / page for page in site}
    assert len(pages()) > 1
    assert [page.name for page in pages()[1:] if page.path not in linked] == []


@every_page
def test_its_python_runs_and_prints_what_it_says(
    page: Page, configured: None, capsys: pytest.CaptureFixture[str]
) -> None:
    program: dict[str, Any] = {"__name__": "__main__"}
    for block, printed in page.examples():
        # Errors then name the page and its line.
        source = "\n" * (block.line - 1) + block.text
        exec(compile(source, str(page.path), "exec"), program)  # noqa: S102 - our own pages
        out = capsys.readouterr().out
        if printed is not None:
            assert out == printed, f"{page.name}, line {block.line}"


@every_page
def test_no_block_is_indented_so_that_each_is_checked_and_shown(page: Page) -> None:
    assert re.findall(r"^ +```.*", page.text, re.MULTILINE) == []


@every_page
def test_every_block_says_its_language(page: Page) -> None:
    known = {"python", "text", "console", "yaml", "toml", "json"}
    assert {block.language for block in page.blocks()} <= known


@every_page
def test_every_command_can_be_given(page: Page) -> None:
    for command in page.commands():
        program, *arguments = shlex.split(re.sub("<[^>]*>", "X", command))
        if program == "make":
            assert set(arguments[:1]) <= TARGETS, command
        elif program == "python" and arguments[0] == "-m":
            assert importlib.util.find_spec(arguments[1]), command
        elif program == "python":
            ast.parse((ROOT / arguments[0]).read_text("utf-8"))
        else:
            assert program in {"rsspot", "pip", "pytest", "export"}, command


@every_page
def test_every_make_target_that_is_named_exists(page: Page) -> None:
    assert set(re.findall(r"`make ([a-z]+)", page.text)) <= TARGETS


@every_page
def test_every_link_leads_to_a_file_and_a_heading(page: Page) -> None:
    for link in page.links():
        path, _, anchor = link.partition("#")
        target = page.path.parent / path if path else page.path
        assert target.exists(), link
        if anchor:
            assert anchor in Page(target).anchors(), link


@every_page
def test_no_line_is_longer_than_a_reader_likes(page: Page) -> None:
    long = [line for line in page.text.splitlines() if len(line) > 100 and "|" not in line]
    assert long == []
