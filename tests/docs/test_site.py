"""The documentation site as a reader sees it: complete, without errors, at every width."""

from __future__ import annotations

import http.server
import re
import shutil
import subprocess
import sys
import threading
import zlib
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest

from rsspot import models
from rsspot.models.view import View
from tests.docs.pages import PAGES, ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
pytestmark = pytest.mark.prove
needs_chromium = pytest.mark.skipif(
    CHROMIUM is None, reason="needs Chromium, as Debian packages it"
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the built site."""
    folder = tmp_path_factory.mktemp("site")
    mkdocs = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--strict"]
    options = ["--config-file", str(ROOT / ".mkdocs.yml"), "--site-dir", str(folder)]
    subprocess.run([*mkdocs, *options], cwd=ROOT, check=True)
    return folder


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    """Where the site is served."""

    class Silent(http.server.SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - as in the base class
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Silent, directory=str(site)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join(10)


def described(site: Path) -> set[str]:
    """The names that the reference describes, by its inventory."""
    data = (site / "objects.inv").read_bytes().split(b"\n", 4)[4]
    return {line.split()[0] for line in zlib.decompress(data).decode().splitlines()}


def test_every_public_name_is_in_the_reference(site: Path) -> None:
    documentation: Any = import_module("documentation")
    modules = [module for _, modules in documentation.REFERENCE.values() for module in modules]
    wanted = {name for module in modules for name in documentation.public_names(module)}
    wanted |= set(documentation.group_classes())
    assert len(wanted) > 100
    assert sorted(wanted - described(site)) == []


def test_every_field_of_a_result_is_described(site: Path) -> None:
    page = (site / "reference" / "models.html").read_text("utf-8")
    parts = re.split(r'id="(rsspot\.models\.\w+\.\w+)"', page)
    shown = dict(zip(parts[1::2], parts[2::2], strict=True))
    views = [kind for name in models.__all__ if is_view(kind := getattr(models, name))]
    assert len(views) > 15
    for kind in views:
        text = re.sub(r"<[^>]+>", "", shown[f"{kind.__module__}.{kind.__name__}"])
        missing = [name for name in kind.fields if not re.search(rf"\b{name}\b", text)]
        assert missing == [], kind


def is_view(kind: object) -> bool:
    """Whether it is a class of results that reads fields from JSON."""
    return isinstance(kind, type) and issubclass(kind, View)


def test_every_operation_and_command_is_described(site: Path) -> None:
    api = (site / "reference" / "api.html").read_text("utf-8")
    document = (ROOT / "openapi" / "spot.yaml").read_text("utf-8")
    operations = re.findall(r"^ +operationId: (\w+)$", document, re.MULTILINE)
    assert len(operations) > 50
    assert [name for name in operations if f'id="{name}"' not in api] == []
    commands = (site / "reference" / "commands.html").read_text("utf-8")
    assert "rsspot cloudspaces create" in commands


def test_programs_find_every_page_and_what_it_is_about(site: Path) -> None:
    lines = (site / "llms.txt").read_text("utf-8").splitlines()
    assert lines[0] == "# rsspot"
    targets = [found[1] for line in lines if (found := re.search(r"\]\(([^)]+)\)", line))]
    pages = {path.relative_to(site).as_posix() for path in site.rglob("*.html")} - {"404.html"}
    assert sorted(targets) == sorted(pages)
    assert [
        line for line in lines if "```" in line or re.search(r"\): (?!rsspot)[a-z]", line)
    ] == []


def test_pages_show_their_pictures(site: Path) -> None:
    shown = 0
    for page in PAGES:
        for picture in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", page.read_text("utf-8")):
            built = site / page.relative_to(ROOT / "docs").with_suffix(".html")
            assert f'src="{picture}"' in built.read_text("utf-8")
            assert (built.parent / picture).is_file()
            shown += 1
    assert shown >= 5


@needs_chromium
@pytest.mark.parametrize("width", [1280, 390])
def test_no_page_has_errors_or_is_wider_than_the_window(
    site: Path, address: str, width: int
) -> None:
    api = pytest.importorskip("playwright.sync_api")
    problems: list[str] = []
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        page = browser.new_page(viewport={"width": width, "height": 900})

        def received(response: Any) -> None:
            if response.status >= 400:
                problems.append(f"{response.url}: {response.status}")

        def sent(request: Any) -> None:
            if not request.url.startswith(address):
                problems.append(request.url)

        def told(message: Any) -> None:
            problems.append(f"{page.url}: {getattr(message, 'text', message)}")

        for event, listener in (
            ("console", told), ("pageerror", told), ("response", received), ("request", sent),
        ):  # fmt: skip
            page.on(event, listener)
        for path in sorted(site.rglob("*.html")):
            page.goto(f"{address}/{path.relative_to(site).as_posix()}", wait_until="networkidle")
            wide = page.evaluate("document.documentElement.scrollWidth")
            if wide > width:
                problems.append(f"{page.url}: {wide} pixels wide")
        browser.close()
    assert problems == []


@needs_chromium
def test_search_finds_a_method(address: str) -> None:
    api = pytest.importorskip("playwright.sync_api")
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto(address)
        page.fill("input.md-search__input", "suggest_bid")
        page.wait_for_selector(".md-search-result__link")
        assert "suggest_bid" in page.inner_text(".md-search-result__list")
        browser.close()


@needs_chromium
def test_there_is_a_dark_mode(address: str) -> None:
    api = pytest.importorskip("playwright.sync_api")
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        for wanted, scheme in (("light", "default"), ("dark", "slate")):
            page = browser.new_page(color_scheme=wanted)
            page.goto(address)
            assert page.get_attribute("body", "data-md-color-scheme") == scheme
        browser.close()
