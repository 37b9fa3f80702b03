"""The page of the sandbox in a real browser: what a person sees, and clicks that work."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from rsspot import SpotClient
from rsspot.sandbox import SpotSandbox

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = [
    pytest.mark.prove,
    pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium, as Debian packages it"),
]
OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
SCRIPTED = "<script>window.hit=1</script>"


@pytest.fixture(params=[1280, 390], ids=["wide", "phone"])
def page(request: pytest.FixtureRequest) -> Iterator[Any]:
    api = pytest.importorskip("playwright.sync_api")
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        opened = browser.new_page(viewport={"width": request.param, "height": 900})
        problems: list[str] = []

        def told(message: Any) -> None:
            problems.append(getattr(message, "text", str(message)))

        opened.on("console", told)
        opened.on("pageerror", told)
        opened.problems = problems
        yield opened
        assert problems == []
        assert opened.evaluate("document.documentElement.scrollWidth") <= request.param
        browser.close()


def test_a_person_watches_and_moves_the_world(page: Any, tmp_path: Path) -> None:
    with SpotSandbox(seed=7) as sandbox, SpotClient(**sandbox.client_options()) as spot:
        spot.cloudspaces.create("demo", region="us-central-dfw-2", wait=True)
        spot.spot_nodepools.create(
            "demo", server_class="gp.vs2.medium-dfw2", bid_price="0.1", desired=2
        )
        page.goto(sandbox.url)
        page.wait_for_selector("#cloudspaces td.good")
        before = sandbox.clock.now()
        page.fill("#minutes", "10")
        page.click("#advance")
        page.wait_for_selector("text=2/2")
        assert sandbox.clock.now() == before + 600

        page.select_option("#kind", "status")
        page.fill("#times", "1")
        page.click("#add")
        page.wait_for_selector("#faults td:text('503')")
        (fault,) = sandbox.faults.to_list()
        assert (fault["kind"], fault["status"], fault["times"]) == ("status", 503, 1)
        httpx.get(f"{sandbox.url}/{SCRIPTED}")
        page.wait_for_selector("#requests td.bad")
        page.click("#clear")
        page.wait_for_selector("#faults td.none")
        assert sandbox.faults.to_list() == []

        shown = page.inner_text("body")
        assert [each for each in sandbox.refresh_tokens.values() if each in shown] == []
        page.click("#reveal")
        page.wait_for_selector(f"text={sandbox.refresh_token}")

        page.fill("#filter", "gp.vs2.medium-dfw2")
        assert page.locator("#market figure").count() == 1
        page.select_option("#speed", "3600")
        page.click("#pause")
        page.wait_for_selector("text=runs 3600 times")
        page.click("#pause")
        page.wait_for_selector("text=stopped")

        with page.expect_download() as download:
            page.click("#save")
        saved = tmp_path / "sandbox.json"
        download.value.save_as(saved)
        spot.cloudspaces.delete("demo")
        sandbox.advance(minutes=2)
        page.wait_for_selector("#cloudspaces td.none")
        page.set_input_files("#load", saved)
        page.wait_for_selector("#cloudspaces td:text('demo')")


def test_names_are_shown_as_text_and_never_run(page: Any) -> None:
    with SpotSandbox(seed=7) as sandbox:
        content = sandbox.state.snapshot()
        named = {"namespace": sandbox.namespace, "name": SCRIPTED, "uid": "1"}
        content["objects"]["cloudspaces"] = [
            {"kind": "CloudSpace", "metadata": named, "spec": {"region": SCRIPTED}, "status": {}}
        ]
        sandbox.state.restore(content)
        httpx.get(f"{sandbox.url}/{SCRIPTED}")
        page.goto(sandbox.url)
        page.wait_for_selector(f"#cloudspaces td:text({SCRIPTED!r})")
        assert page.evaluate("window.hit") is None
        assert page.locator("#cloudspaces script, #requests script").count() == 0


def test_a_snapshot_that_is_none_says_so_and_changes_nothing(page: Any, tmp_path: Path) -> None:
    other = tmp_path / "other.json"
    other.write_text("[1]")
    with SpotSandbox(seed=7) as sandbox:
        before = sandbox.state.snapshot()["objects"]
        page.goto(sandbox.url)
        page.wait_for_selector("#cloudspaces td.none")
        page.set_input_files("#load", other)
        page.wait_for_selector("text=The snapshot was not loaded")
        assert sandbox.state.snapshot()["objects"] == before
        page.problems.clear()  # the browser notes the status 400
