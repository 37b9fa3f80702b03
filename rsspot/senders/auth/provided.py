"""Access tokens from a user's function."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from rsspot.arguments import check_arguments
from rsspot.errors import AuthError
from rsspot.flow.clock import SYSTEM_CLOCK
from rsspot.flow.flow import CallUser
from rsspot.senders.auth.sources import RenewedToken
from rsspot.senders.auth.token import Token, is_valid_token
from rsspot.values import evolve

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from rsspot.flow.clock import Clock
    from rsspot.flow.flow import Flow
    from rsspot.senders.options import Timeouts
    from rsspot.senders.sender import Sender

__all__ = ["ProvidedToken", "ProviderResult"]

ProviderResult: TypeAlias = "str | Awaitable[str]"


@check_arguments(methods=False)
class ProvidedToken(RenewedToken):
    """An access token from a function that you provide.

    All callers use a token that says when it expires (a JWT with `exp`, RFC 7519) until 60 seconds
    before that, or until it is refused; then the function is called again. A token that does not
    say so (an opaque one) is used for one request: the function is called for each, in the context
    of the caller, and may return the token of another user each time. Under an event loop, a sync
    function is called in a thread.

    Args:
        provider: Function, sync or async, that returns an access token.
        clock: Source of time and sleep, for tests (default: that of the system).
    """

    per_call = True

    def __init__(
        self, provider: Callable[[], ProviderResult], *, clock: Clock = SYSTEM_CLOCK
    ) -> None:
        super().__init__(clock=clock)
        self._provider = provider

    def identify(self) -> Flow[str | None]:
        yield from ()
        return None

    def _is_shared(self, token: Token) -> bool:
        return token.expires_at is not None

    def _renew(
        self,
        sender: Sender,  # noqa: ARG002 - the provider sends in its own way
        refused: Token | None,  # noqa: ARG002 - the provider is not given it
        timeouts: Timeouts,  # noqa: ARG002 - nor is it bounded
        *,
        force: bool,  # noqa: ARG002 - it has to be asked in any case
        alone: bool,  # noqa: ARG002 - it waits for nobody
    ) -> Flow[Token]:
        value: Any = yield CallUser(self._provider, _refused)
        if not isinstance(value, str) or not is_valid_token(value.strip()):
            raise AuthError(
                "The token provider did not return a valid token",
                hint="Return an access token as text, without spaces",
            )
        token = Token.received(value.strip(), self._clock.now())
        self._is_per_call = not self._is_shared(token)
        return evolve(token, is_new=True)


def _refused() -> AuthError:
    return AuthError(
        "The token provider is async, but the call is sync", hint="Use the async groups"
    )
