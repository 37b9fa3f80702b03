"""The page of the sandbox: what it serves, to whom, and what it keeps to itself."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from rsspot import SpotClient
from rsspot.sandbox import SpotSandbox

if TYPE_CHECKING:
    from collections.abc import Iterator

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.fixture
def sandbox() -> Iterator[SpotSandbox]:
    with SpotSandbox(seed=7, start=None) as running:
        yield running


@pytest.fixture
def browser(sandbox: SpotSandbox) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=sandbox.url, headers=BROWSER) as client:
        yield client


def world(browser: httpx.Client, after: int = 0) -> Any:
    return browser.get("/_sandbox/world", params={"after": after}).raise_for_status().json()


def test_a_browser_gets_the_page_and_others_the_api(
    sandbox: SpotSandbox, browser: httpx.Client
) -> None:
    page = browser.get("/")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "<title>A local Spot</title>" in page.text
    assert browser.head("/").status_code == 200
    assert httpx.get(sandbox.url).status_code == 404
    assert browser.post("/").status_code in {404, 405}


@pytest.mark.parametrize(
    "path", ["/", "/_sandbox/page.js", "/_sandbox/page.css", "/_sandbox/world"]
)
def test_nothing_is_run_or_fetched_from_elsewhere(browser: httpx.Client, path: str) -> None:
    response = browser.get(path)
    policy = response.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["referrer-policy"] == "no-referrer"
    assert "://" not in response.text.replace("http://www.w3.org/2000/svg", "")


def test_the_page_has_no_script_or_style_of_its_own(browser: httpx.Client) -> None:
    text = browser.get("/").text
    assert re.findall(r"<script(?![^>]*\bsrc=)|<style|\son\w+=|style=", text) == []


def test_what_it_shows_is_never_markup() -> None:
    script = Path(__file__).parents[2] / "rsspot" / "sandbox" / "page" / "page.js"
    assert (
        re.findall(
            r"innerHTML|outerHTML|insertAdjacent|document\.write|eval\(|Function\(",
            script.read_text("utf-8"),
        )
        == []
    )


def test_refresh_tokens_are_not_in_what_it_polls(
    sandbox: SpotSandbox, browser: httpx.Client
) -> None:
    for path in ("/", "/_sandbox/page.js", "/_sandbox/world", "/_sandbox/prices"):
        text = browser.get(path).text
        assert [each for each in sandbox.refresh_tokens.values() if each in text] == []


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "evil.example"}, 421),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
    ],
)
@pytest.mark.parametrize("path", ["/", "/_sandbox/world", "/_sandbox/prices", "/_sandbox/page.js"])
def test_pages_of_other_sites_reach_nothing(
    browser: httpx.Client, path: str, headers: dict[str, str], status: int
) -> None:
    assert browser.get(path, headers=headers).status_code == status


def test_a_form_of_another_site_changes_nothing(sandbox: SpotSandbox) -> None:
    before = sandbox.clock.now()
    form = httpx.post(f"{sandbox.url}/_sandbox/clock", data={"speed": "60"})
    assert (form.status_code, sandbox.clock.now()) == (415, before)


def test_it_shows_cloudspaces_pools_servers_and_requests(
    sandbox: SpotSandbox, browser: httpx.Client
) -> None:
    with SpotClient(**sandbox.client_options()) as spot:
        spot.cloudspaces.create("demo", region="us-central-dfw-2", wait=True)
        spot.spot_nodepools.create(
            "demo", server_class="gp.vs2.medium-dfw2", bid_price="0.1", desired=2
        )
    sandbox.advance(minutes=10)
    shown = world(browser)
    assert [(each["name"], each["phase"], each["servers"]) for each in shown["cloudspaces"]] == [
        ("demo", "Ready", 2)
    ]
    (pool,) = shown["pools"]
    assert (pool["bid"], pool["won"], pool["desired"], pool["state"]) == ("0.1", 2, 2, "Fulfilled")
    assert {each["state"] for each in shown["servers"]} == {"Running"}
    assert shown["requests"]["total"] == len(sandbox.requests)
    assert [each["method"] for each in shown["requests"]["new"]] == [
        request.method for request in sandbox.requests
    ]
    assert world(browser, shown["requests"]["total"])["requests"]["new"] == []


def test_looking_at_it_is_not_a_request_to_the_api(
    sandbox: SpotSandbox, browser: httpx.Client
) -> None:
    browser.get("/")
    world(browser)
    assert sandbox.requests == []


def test_a_request_shows_the_fault_that_struck_it(
    sandbox: SpotSandbox, browser: httpx.Client
) -> None:
    sandbox.faults.add("status", status=503, times=1)
    httpx.get(f"{sandbox.url}/x")
    httpx.get(f"{sandbox.url}/x")
    new = world(browser)["requests"]["new"]
    assert [(each["status"], each["fault"]) for each in new] == [(503, "status"), (404, None)]


def test_requests_are_shown_again_after_the_list_was_cleared(
    sandbox: SpotSandbox, browser: httpx.Client
) -> None:
    for _ in range(3):
        httpx.get(f"{sandbox.url}/x")
    sandbox.requests.clear()
    httpx.get(f"{sandbox.url}/y")
    assert [each["path"] for each in world(browser, 3)["requests"]["new"]] == ["/y"]


@pytest.mark.parametrize("after", ["-1", "x", "1.5", "²"])
def test_a_position_that_is_no_number_is_refused(browser: httpx.Client, after: str) -> None:
    response = browser.get("/_sandbox/world", params={"after": after})
    assert (response.status_code, response.text) == (400, "after must be a whole number\n")


def test_each_class_has_its_prices(browser: httpx.Client) -> None:
    shown = browser.get("/_sandbox/prices").json()
    assert len(shown) > 50
    for each in shown:
        assert each["history"][-1] == pytest.approx(float(each["price"]))
        assert min(each["history"]) >= float(each["floor"]) - 0.001


def test_the_clock_can_be_paused_run_and_advanced(
    sandbox: SpotSandbox, browser: httpx.Client
) -> None:
    def pace(speed: object) -> httpx.Response:
        return browser.post("/_sandbox/clock", json={"speed": speed})

    before = sandbox.clock.now()
    assert pace(3600).json()["speed"] == 3600
    assert world(browser)["speed"] == 3600
    assert sandbox.clock.now() >= before
    assert pace(0).json()["speed"] == 0
    stopped = sandbox.clock.now()
    assert sandbox.clock.now() == stopped
    browser.post("/_sandbox/advance", json={"minutes": 1})
    assert sandbox.clock.now() == stopped + 60


@pytest.mark.parametrize("speed", [-1, 1e9, "fast", None, [60]])
def test_a_speed_that_is_none_is_refused_and_changes_nothing(
    sandbox: SpotSandbox, browser: httpx.Client, speed: object
) -> None:
    response = browser.post("/_sandbox/clock", json={"speed": speed})
    assert response.status_code == 400
    assert sandbox.clock.speed is None


def test_a_clock_control_without_a_speed_is_refused(browser: httpx.Client) -> None:
    assert browser.post("/_sandbox/clock", json={}).status_code == 400
