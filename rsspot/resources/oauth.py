"""Public data of the login host, to verify access tokens with. Sign-in does not use it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rsspot.models.account import OpenIDConfiguration, SigningKey
from rsspot.wire.bind import Group, M_co, operation
from rsspot.wire.endpoint import api
from rsspot.wire.responses import views_of

if TYPE_CHECKING:
    from rsspot.flow.flow import Flow

__all__ = ["OAuth"]


class OAuth(Group[M_co]):
    """What the login host publishes."""

    @operation
    def configuration(self) -> Flow[OpenIDConfiguration]:
        """Return the addresses of the login host, and the issuer that its tokens name."""
        data = yield from self._connection.json(api.GET_OPENID_CONFIGURATION)
        return OpenIDConfiguration(data)

    @operation
    def signing_keys(self) -> Flow[list[SigningKey]]:
        """Return the public keys to verify access tokens with."""
        request = self._connection.request(api.GET_SIGNING_KEYS)
        data = yield from self._connection.json(api.GET_SIGNING_KEYS)
        return views_of(SigningKey, request, data, "keys")
