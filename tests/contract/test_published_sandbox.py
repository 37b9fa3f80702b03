"""What SDK and sandbox say to each other is valid by the document that the vendor publishes.

It has defects (docs/api-facts.md#the-published-document); where they get in the way, the
exception says which.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

import openapi_schema_validator
import pytest

from rsspot import CacheConfig, SpotClient, errors
from rsspot.sandbox import SpotSandbox
from rsspot.senders import Sender, SyncSender
from tests.contract.test_document_published import UPSTREAM, published

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rsspot.senders import Request, Response

pytestmark = pytest.mark.skipif(not UPSTREAM.exists(), reason="the published document is not here")

oas: Any = openapi_schema_validator  # not typed

REGION, CLASS = "us-central-dfw-2", "gp.vs2.medium-dfw2"
METHODS = {"get", "put", "post", "patch", "delete"}


class Exchange(NamedTuple):
    """A request and its answer."""

    request: Request
    response: Response


class Recorder(Sender):
    """An end of the chain that remembers what went through it."""

    def __init__(self) -> None:
        self.sender = SyncSender()
        self.seen: list[Exchange] = []

    @property
    def is_async(self) -> bool:
        return False

    def send(self, request: Request) -> Response:
        response = self.sender.send(request)
        self.seen.append(Exchange(request, response))
        return response

    def close(self) -> None:
        self.sender.close()


# What is not valid by the published document, and why that is right. Each must be needed.
EXCEPTIONS = {
    r"body metadata\.labels: Tried to write read-only": (
        "Labels are read-only there (defect 16), and every known client that sets them succeeds."
    ),
    r"body spec\.custom(Labels|Annotations|Taints): Tried to write read-only": (
        "So are these, which are of no use unless they are written (defect 16)."
    ),
    r"^DELETE \S+/\{name\} 200 status: .* is not of type 'string'$": (
        "Only a Status is described; an object with finalizers is returned itself "
        "(docs/api-facts.md#deletion)."
    ),
}


def operation_of(request: Request) -> tuple[str, dict[str, Any]] | None:
    """The published operation that a request is for, by its method and path."""
    path = "/" + request.url.split("/", 3)[3]
    for template, item in published()["paths"].items():
        pattern = re.sub(r"\\{[^}]+\\}", "[^/]+", re.escape(template))
        if re.fullmatch(pattern, path) and request.method.lower() in item:
            return f"{request.method} {template}", item[request.method.lower()]
    return None


def faults(validator: Any, schema: dict[str, Any], content: Any) -> Iterator[str]:
    whole = {"allOf": [schema], "components": published()["components"]}
    for error in validator(whole, format_checker=oas.oas30_format_checker).iter_errors(content):
        yield f"{'.'.join(map(str, error.absolute_path))}: {error.message}"


def complaints(exchange: Exchange) -> Iterator[str]:
    """What the published document has against a request and its answer."""
    request, response = exchange
    found = operation_of(request)
    if found is None:
        return
    name, node = found
    known = {parameter["name"] for parameter in node.get("parameters", ())}
    for parameter in request.params or {}:
        if parameter not in known:
            yield f"{name} query {parameter}: is not published"
    body = request.json if request.json is not None else request.data
    if body is not None:
        content = node["requestBody"]["content"]
        media = request.headers.get("Content-Type", "application/x-www-form-urlencoded")
        if media not in content:
            yield f"{name} body: {media} is not published"
        else:
            for fault in faults(oas.OAS30WriteValidator, content[media]["schema"], body):
                yield f"{name} body {fault}"
    status = str(response.status_code)
    if status not in node["responses"]:
        yield f"{name} {status}: is not published"
        return
    schema = node["responses"][status].get("content", {}).get("application/json", {}).get("schema")
    if schema is not None:
        for fault in faults(oas.OAS30ReadValidator, schema, response.content):
            yield f"{name} {status} {fault}"


def use_everything(spot: SpotClient, sandbox: SpotSandbox) -> None:
    """Call all that is published, through the typed methods."""
    spot.organizations.list()
    spot.regions.list()
    spot.regions.get("uk-lon-1")
    spot.server_classes.list()
    spot.server_classes.get(CLASS)
    spot.pricing.history(CLASS)
    spot.pricing.list()
    spot.pricing.suggest_bid(CLASS, percentile=50)
    spot.pricing.comparable()
    spot.cloudspaces.create("demo", region=REGION, webhook="https://hook.example/", wait=True)
    spot.cloudspaces.kubeconfig("demo")
    pools: tuple[Any, ...] = spot.spot_nodepools, spot.ondemand_nodepools
    given: dict[str, Any] = {
        "server_class": CLASS,
        "labels": {"tier": "batch"},
        "annotations": {"note": "x"},
        "taints": ["only=spot:NoSchedule"],
    }
    made = (
        spot.spot_nodepools.create("demo", bid_price="0.1", **given),
        spot.ondemand_nodepools.create("demo", **given),
    )
    sandbox.advance(minutes=30)
    for group, pool in zip(pools, made, strict=True):
        group.list()
        group.get(pool.name)
        group.update(pool.name, desired=2, labels={"tier": "web"})
        group.delete(pool.name)
        group.delete_all(confirm=sandbox.namespace)
    spot.cloudspaces.list()
    spot.cloudspaces.get("demo")
    spot.cloudspaces.update("demo", webhook="https://other.example/")
    spot.cloudspaces.delete("demo")
    spot.cloudspaces.delete_all(confirm=sandbox.namespace)
    sandbox.advance(minutes=30)
    sandbox.faults.add("expired_token", path="regions$", times=2)
    with pytest.raises(errors.AuthError):
        spot.regions.list()


def test_requests_and_answers_are_valid_by_the_published_document() -> None:
    recorder = Recorder()
    with (
        SpotSandbox(seed=1) as sandbox,
        SpotClient(
            **sandbox.client_options(), sender=recorder, cache=CacheConfig(enabled=False)
        ) as spot,
    ):
        use_everything(spot, sandbox)
    recorder.close()
    covered = {found[0] for seen in recorder.seen if (found := operation_of(seen.request))}
    everything = {
        f"{method.upper()} {path}"
        for path, item in published()["paths"].items()
        for method in item
        if method in METHODS
    }
    assert covered == everything
    assert len(everything) == 28
    said = {complaint for seen in recorder.seen for complaint in complaints(seen)}
    unexplained = {
        complaint
        for complaint in said
        if not any(re.search(pattern, complaint) for pattern in EXCEPTIONS)
    }
    assert unexplained == set()
    unused = {
        pattern
        for pattern in EXCEPTIONS
        if not any(re.search(pattern, complaint) for complaint in said)
    }
    assert unused == set(), "no longer needed"
