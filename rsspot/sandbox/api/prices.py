"""The public price files, as an object store serves them."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse, Response

from rsspot.sandbox.world.catalogue import CLASSES

if TYPE_CHECKING:
    from starlette.requests import Request

    from rsspot.sandbox.world.state import SandboxState

__all__ = ["Prices"]


class Prices:
    """Answers with prices; nobody has to sign in for them."""

    def __init__(self, state: SandboxState) -> None:
        self.state = state

    def percentiles(self, request: Request, _body: bytes) -> Response:
        """Market price and percentiles of each class."""
        return _file(request, self.state.market.percentiles(self.state.clock.now()))

    def comparable(self, request: Request, _body: bytes) -> Response:
        """What servers like these cost elsewhere."""
        return _file(request, self.state.market.comparable())

    def history(self, request: Request, _body: bytes) -> Response:
        """What the auctions of one class came to."""
        entry = CLASSES.get(request.path_params["server_class"])
        if entry is None:
            # An object store that may not be listed does not say what it lacks.
            text = "<?xml version='1.0'?><Error><Code>AccessDenied</Code></Error>"
            return Response(text, 403, media_type="application/xml")
        return _file(request, self.state.market.history(entry, self.state.clock.now()))


def _file(request: Request, content: Any) -> Response:
    response = JSONResponse(content)
    etag = f'"{hashlib.md5(response.body, usedforsecurity=False).hexdigest()}"'
    if request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers={"ETag": etag})
    response.headers["ETag"] = etag
    return response
