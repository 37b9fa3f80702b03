"""Dry runs: show writes, and let the server check them if it supports dry runs.

A Kubernetes API server does not carry out a request with ``dryRun=All`` in its query
(https://kubernetes.io/docs/reference/using-api/api-concepts/#dry-run). One that does not know the
parameter might ignore it, and carry the request out. So it is first asked to delete an object that
does not exist, with a value of the parameter that is not valid: only a server that knows the
parameter refuses the value.
"""

from __future__ import annotations

import re
import uuid
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from attrs import evolve, field, frozen, mutable

from rsspot.errors import InvalidInput
from rsspot.senders.extending import forward
from rsspot.senders.messages import Request
from rsspot.shapes import is_object, is_sequence

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from rsspot.flow.flow import Flow
    from rsspot.senders.messages import Response
    from rsspot.senders.sender import Sender

__all__ = ["DryRun", "DryRunRequest"]

COLLECTION = re.compile(r"(.*/apis/ngpc\.rxt\.io/[^/]+/namespaces/[^/]+/[^/]+)(?:/[^/]+)?")
SECRET = "vmUserData"  # noqa: S105 - the name of a field
REFUSED = frozenset({400, 422})


@frozen
class DryRunRequest:
    """A request that a dry run did not carry out.

    method: such as ``POST``.
    url: its URL, with the query that it would have.
    body: its JSON, or None. The user data of virtual machines is masked.
    checked: whether the server checked it, and would have carried it out.
    """

    method: str
    url: str
    body: Any
    checked: bool

    @property
    def path(self) -> str:
        """The path of the URL, with its query."""
        parts = urlsplit(self.url)
        return f"{parts.path}?{parts.query}" if parts.query else parts.path


@mutable
class DryRun:
    """The dry run of one client: where it reports to, and whether the server supports it."""

    on_request: Callable[[DryRunRequest], object] | None = None
    _known: dict[str, bool] = field(factory=dict[str, bool], init=False)

    def send(self, sender: Sender, request: Request, headers: Mapping[str, str]) -> Flow[Response]:
        """Send a write as a dry run, report it, and return the response.

        headers: those that every request of the client has.

        Raises `InvalidInput` if the server has no dry run; then nothing was sent.
        """
        supported = yield from self._is_supported(sender, request, headers)
        response = None
        if supported:
            params = {**(request.params or {}), "dryRun": "All"}
            response = yield from forward(sender, evolve(request, params=params))
        if response is None or response.ok:
            self._report(request, checked=response is not None)
        if response is None:
            raise InvalidInput(
                f"{request.method} {request.target} was not sent: this server has no dry run",
                argument="dry_run",
                hint="Pass on_request= to see the request",
                method=request.method,
                url=request.target,
            )
        return response

    def _report(self, request: Request, *, checked: bool) -> None:
        if self.on_request is None:
            return
        pairs = [f"{quote(str(k))}={quote(str(v))}" for k, v in (request.params or {}).items()]
        joint = "&" if "?" in request.url else "?"
        url = f"{request.url}{joint}{'&'.join(pairs)}" if pairs else request.url
        self.on_request(DryRunRequest(request.method, url, _masked(request.json), checked))

    def _is_supported(
        self, sender: Sender, request: Request, headers: Mapping[str, str]
    ) -> Flow[bool]:
        match = COLLECTION.fullmatch(request.target)
        if match is None:
            return False
        collection = match[1]
        if collection not in self._known:
            probe = Request(
                "DELETE",
                f"{collection}/dry-run-{uuid.uuid4()}",
                params={"dryRun": "rsspot-asks"},
                headers=headers,
                options=request.options,
            )
            response = yield from forward(sender, probe)
            refused = response.status_code in REFUSED
            self._known[collection] = refused and "dryrun" in response.text.casefold()
        return self._known[collection]


def _masked(body: Any) -> Any:
    if is_object(body):
        return {
            key: f"({len(str(value))} characters, not shown)" if key == SECRET else _masked(value)
            for key, value in body.items()
        }
    return [_masked(item) for item in body] if is_sequence(body) else body
