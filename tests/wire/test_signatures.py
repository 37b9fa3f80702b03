"""What `help` shows of a call is what its caller passes and gets."""

from __future__ import annotations

import inspect
import pydoc
from typing import TYPE_CHECKING, Any

import pytest

from rsspot.resources.cluster_scoped import ClusterScoped
from rsspot.resources.spot_nodepools import SpotNodePools

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rsspot import SpotClient


@pytest.fixture
def client() -> Iterator[SpotClient]:
    from rsspot import SpotClient

    with SpotClient(access_token="x", state=":memory:") as made:
        yield made


@pytest.mark.parametrize(
    ("group", "name", "shown"),
    [
        ("regions", "list", "(*, label_selector: str | None = None) -> list[Region]"),
        ("aregions", "list", "(*, label_selector: str | None = None) -> list[Region]"),
        ("regions", "get", "(name: str) -> Region"),
        ("regions", "each", "(*, page_size: int | None = None) -> Iterator[Region]"),
        ("aregions", "each", "(*, page_size: int | None = None) -> AsyncIterator[Region]"),
        ("spot_nodepools", "delete", "(name: str, *, missing_ok: bool = False) -> None"),
    ],
)
def test_a_call_shows_what_is_passed_and_what_comes(
    client: SpotClient, group: str, name: str, shown: str
) -> None:
    call: Any = getattr(getattr(client, group), name)
    assert str(inspect.signature(call)) == shown
    assert shown in pydoc.plain(pydoc.render_doc(call))


def test_the_definition_of_an_operation_has_a_signature_of_its_own() -> None:
    definition = vars(ClusterScoped)["list"]
    assert str(definition.__signature__) == ("(*, label_selector: str | None = None) -> list[V]")


def test_no_public_name_of_a_group_is_a_bare_flow() -> None:
    public = {
        name: value
        for kind in SpotNodePools.__mro__
        for name, value in vars(kind).items()
        if not name.startswith("_")
    }
    assert [name for name, value in public.items() if inspect.isgeneratorfunction(value)] == []
