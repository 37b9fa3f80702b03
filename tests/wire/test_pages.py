"""Lists are read page by page, to their end, in both modes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest

from rsspot import CacheConfig, SpotClient, StateStore, errors
from rsspot.senders import Response, Sender

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from rsspot.senders import Request

Page = dict[str, Any] | int


def page(*names: str, following: str = "") -> Page:
    """A page of cloudspaces, and the token of the next one."""
    items = [{"metadata": {"name": name, "namespace": "org-a"}} for name in names]
    return {"kind": "CloudSpaceList", "metadata": {"continue": following}, "items": items}


@pytest.fixture
def paged(connect: Callable[..., Any]) -> Callable[[dict[str, Page | list[Page]]], Any]:
    """A client of a server that answers a page for each token; a number is an HTTP status."""

    def client(pages: dict[str, Page | list[Page]], **options: Any) -> Any:
        def answer(request: httpx.Request) -> httpx.Response:
            found = pages[request.url.params.get("continue", "")]
            content = found.pop(0) if isinstance(found, list) else found
            if isinstance(content, int):
                return httpx.Response(content, json={"kind": "Status", "message": "too old"})
            return httpx.Response(200, json=content)

        return connect(
            access_token="a",
            org_id="org_a",
            base_url="https://api.example",
            httpx_options={"transport": httpx.MockTransport(answer)},
            **{"state": ":memory:", **options},
        )

    return client


def names(spaces: Any) -> list[str]:
    return [space.name for space in spaces]


def test_all_pages_are_one_list(paged: Any) -> None:
    spot = paged({"": page("a", "b", following="1"), "1": page("c", following="2"), "2": page()})
    assert names(spot.cloudspaces.list()) == ["a", "b", "c"]
    assert names(spot.cloudspaces.each()) == ["a", "b", "c"]


@pytest.mark.parametrize("method", ["list", "each"])
def test_pages_that_lead_in_a_circle_are_an_error(paged: Any, method: str) -> None:
    spot = paged({"": page("a", following="1"), "1": page(following="2"), "2": page(following="1")})
    with pytest.raises(errors.UnexpectedResponseError, match="never ends: a page refers back"):
        list(getattr(spot.cloudspaces, method)())


def test_a_list_begins_again_when_its_token_expires_and_gives_nothing_twice(paged: Any) -> None:
    old, new = page("a", following="old"), page("a", "b", following="new")
    spot = paged({"": [old, new], "old": 410, "new": page("c")})
    assert names(spot.cloudspaces.list()) == ["a", "b", "c"]


class Strict(Sender):
    """A sender of a user that raises errors for statuses itself."""

    def __init__(self) -> None:
        self.pages: list[Page] = [page("a", following="old"), 410, page("a", "b")]

    @property
    def is_async(self) -> bool:
        return False

    def send(self, request: Request) -> Response:
        content = self.pages.pop(0)
        if isinstance(content, int):
            raise errors.GoneError("It is too old", method=request.method, url=request.url)
        return Response(request.url, content=content)


def test_a_list_begins_again_also_if_the_sender_raises_the_error() -> None:
    options: Any = {"access_token": "a", "org_id": "org_a", "state": ":memory:"}
    with SpotClient(sender=Strict(), **options) as spot:
        assert names(spot.cloudspaces.list()) == ["a", "b"]
    with (
        SpotClient(sender=Strict(), **options) as spot,
        pytest.raises(errors.GoneError, match="Start over, or use `list`"),
    ):
        list(spot.cloudspaces.each())


ALL_CACHED = CacheConfig(ttl={"*": 3600.0})


def test_a_list_begun_again_takes_no_page_from_the_cache(paged: Any) -> None:
    old, new = page("a", following="old"), page("a", "b", following="new")
    spot = paged({"": [old, new], "old": 410, "new": page("c")}, cache=ALL_CACHED)
    for _ in range(2):
        assert names(spot.cloudspaces.list()) == ["a", "b", "c"]


def test_a_stream_begun_again_takes_no_page_from_the_cache_in_another_process_either(
    paged: Any, tmp_path: Path
) -> None:
    old, new = page("a", following="old"), page("a", "b", following="new")
    pages: Any = {"": [old, new], "old": 410, "new": page("c")}
    with StateStore(tmp_path / "state.db") as here, StateStore(tmp_path / "state.db") as there:
        spot, other = (paged(pages, cache=ALL_CACHED, state=state) for state in (here, there))
        with pytest.raises(errors.GoneError):
            list(spot.cloudspaces.each())
        assert names(other.cloudspaces.each()) == ["a", "b", "c"]
        assert names(spot.cloudspaces.each()) == ["a", "b", "c"]


def test_a_list_whose_tokens_expire_again_and_again_is_an_error(paged: Any) -> None:
    spot = paged({"": page("a", following="1"), "1": 410})
    with pytest.raises(errors.GoneError, match="too old"):
        spot.cloudspaces.list()


def test_a_stream_whose_token_expires_says_so_and_repeats_nothing(paged: Any) -> None:
    spot = paged({"": page("a", following="1"), "1": 410})
    with pytest.raises(errors.GoneError, match=r"too old.*Start over, or use `list`"):
        list(spot.cloudspaces.each())
