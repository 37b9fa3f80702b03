"""The login host: what one needs in order to verify a bearer. Signing in needs none of it."""

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
        """Its addresses, and the issuer that its tokens name."""
        data = yield from self._connection.json(api.GET_OPENID_CONFIGURATION)
        return OpenIDConfiguration(data)

    @operation
    def signing_keys(self) -> Flow[list[SigningKey]]:
        """The public keys that bearers can be verified with."""
        request = self._connection.request(api.GET_SIGNING_KEYS)
        data = yield from self._connection.json(api.GET_SIGNING_KEYS)
        return views_of(SigningKey, request, data, "keys")
