"""Which organization a client works in, in both modes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import jwt
import pytest

from rsspot import errors

if TYPE_CHECKING:
    from collections.abc import Callable

    from rsspot.sandbox import SpotSandbox

Served = list[httpx.Request]
ORGANIZATIONS = [
    {"id": "org_Own1", "name": "acme", "display_name": "Acme"},
    {"id": "org_Chart2", "name": "org_chart", "display_name": "Charts"},
    {"id": "org_Twin3", "name": "twins"},
    {"id": "org_Twin4", "name": "twins"},
]
BEARER = jwt.encode({"org_id": "org_Own1", "exp": 4_000_000_000}, "k" * 32)


@pytest.fixture
def served() -> Served:
    return []


@pytest.fixture
def client(connect: Callable[..., Any], served: Served) -> Callable[..., Any]:
    """Makes a client of a server that has organizations and no cloudspaces."""

    def answer(request: httpx.Request) -> httpx.Response:
        served.append(request)
        if request.url.path.endswith("/organizations"):
            return httpx.Response(200, json={"organizations": ORGANIZATIONS, "total": 4})
        return httpx.Response(200, json={"kind": "CloudSpaceList", "items": []})

    def made(access_token: str = BEARER, **options: Any) -> Any:
        return connect(
            access_token=access_token,
            base_url="https://api.example",
            state=":memory:",
            httpx_options={"transport": httpx.MockTransport(answer)},
            **options,
        )

    return made


def paths(served: Served) -> list[str]:
    """What was asked for, shortly: `organizations`, or the namespace."""
    parts = [request.url.path.strip("/").split("/") for request in served]
    return [part[4] if "namespaces" in part else part[-1] for part in parts]


@pytest.mark.parametrize(
    ("organization", "asked"),
    [
        ({}, ["org-own1"]),
        ({"org": "org_Own1"}, ["org-own1"]),
        ({"org_id": "org_Chart2"}, ["org-chart2"]),
        ({"org": "acme"}, ["organizations", "org-own1"]),
        ({"org": "Charts"}, ["organizations", "org-chart2"]),
        ({"org": "org_Chart2"}, ["organizations", "org-chart2"]),
        ({"org": "org_chart"}, ["organizations", "org-chart2"]),
        ({"org": "org-chart2"}, ["organizations", "org-chart2"]),
    ],
)
def test_an_organization_is_looked_up_unless_it_is_known_to_be_an_id(
    client: Any, served: Served, organization: dict[str, str], asked: list[str]
) -> None:
    client(**organization).cloudspaces.list()
    assert paths(served) == asked


def test_a_name_is_looked_up_once(client: Any, served: Served) -> None:
    spot = client(org="acme")
    for _ in range(3):
        spot.cloudspaces.list()
    assert paths(served).count("organizations") == 1


def test_a_name_that_two_have_is_an_error_with_their_ids(client: Any) -> None:
    with pytest.raises(errors.InvalidInput, match=r"2 organizations .* org_Twin3, org_Twin4"):
        client(org="twins").cloudspaces.list()
    with pytest.raises(errors.NotFoundError, match=r"no organization 'nobody'\. Known names: acme"):
        client(org="nobody").cloudspaces.list()


@pytest.mark.parametrize("sly", ["org_Own1", "org-own1"])
def test_a_name_does_not_hide_the_id_or_the_namespace_of_another(
    client: Any, monkeypatch: pytest.MonkeyPatch, sly: str
) -> None:
    monkeypatch.setitem(ORGANIZATIONS[1], "name", sly)
    assert client().organizations.get(sly).id == "org_Own1"


def test_a_token_that_names_none_of_several_wants_one_to_be_named(client: Any) -> None:
    with pytest.raises(errors.ConfigError, match="Set `org` to one of: acme, org_chart, twins"):
        client(access_token="opaque").cloudspaces.list()


def test_kubeconfigs_ask_for_the_organizations_name_once(spot: Any, sandbox: SpotSandbox) -> None:
    spot.cloudspaces.create("demo", region="us-central-dfw-2", wait=True)
    for _ in range(2):
        spot.cloudspaces.kubeconfig("demo")
        sandbox.advance(minutes=10)
    asked = [request for request in sandbox.requests if request.path.endswith("/organizations")]
    assert len(asked) == 1
